"""Cargo's files: which crate depends on sea-orm-migration, and which version it gets."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from generators.base import Evidence
from generators.reading import read_text

CRATE = "sea-orm-migration"
_SIZE = 4 * 1024 * 1024
_VERSION = re.compile(r"(\d+)(?:\.(\d+))?(?:\.(\d+))?")
_LOCKED = re.compile(r'name = "sea-orm-migration"\s*\n\s*version = "([^"]+)"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Crate:
    """A crate that uses SeaORM's migrations. ``version`` is major and minor, None if unknown."""

    manifest: Path
    version: tuple[int, int] | None
    evidence: tuple[Evidence, ...]
    #: Whether it can be run: it has a main.rs, or names a binary.
    runs: bool


def read_crate(manifest: Path, root: Path) -> Crate | None:
    """Return the crate of a manifest, None when it does not use SeaORM's migrations."""
    table = _toml(manifest)
    wanted = next((one[CRATE] for one in _dependencies(table) if CRATE in one), None)
    if wanted is None:
        return None
    where = manifest.relative_to(root).as_posix()
    evidence = [Evidence(what=f"depends on {CRATE}", where=where)]
    asked = _asked(wanted)
    if asked is None and isinstance(wanted, Mapping) and wanted.get("workspace"):
        for parent in _manifests_above(manifest, root):
            workspace = _toml(parent).get("workspace")
            shared = workspace.get("dependencies") if isinstance(workspace, Mapping) else None
            if isinstance(shared, Mapping) and CRATE in shared:
                asked = _asked(shared[CRATE])
                told = f"the workspace's {CRATE} {asked}" if asked else f"the workspace's {CRATE}"
                evidence.append(Evidence(what=told, where=parent.relative_to(root).as_posix()))
                break
    version = _version(asked)
    locked = _locked(manifest, root, version)
    if locked is not None:
        text, lock = locked
        version = _version(text)
        evidence.append(Evidence(what=f"{CRATE} {text}", where=lock.relative_to(root).as_posix()))
    elif asked:
        evidence.append(Evidence(what=f"{CRATE} {asked}", where=where))
    folder = manifest.parent
    return Crate(
        manifest=manifest,
        version=version,
        evidence=tuple(dict.fromkeys(evidence)),
        runs=(folder / "src" / "main.rs").is_file() or bool(table.get("bin")),
    )


def _toml(path: Path) -> dict[str, object]:
    text = read_text(path, limit=_SIZE)
    try:
        return tomllib.loads(text or "")
    except tomllib.TOMLDecodeError:
        return {}


def _dependencies(table: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    places = [table, *(one for one in _tables(table.get("target")))]
    for place in places:
        for key in ("dependencies", "dev-dependencies", "build-dependencies"):
            found = place.get(key)
            if isinstance(found, Mapping):
                yield found


def _tables(value: object) -> Iterator[Mapping[str, object]]:
    if isinstance(value, Mapping):
        yield from (one for one in value.values() if isinstance(one, Mapping))


def _asked(wanted: object) -> str | None:
    if isinstance(wanted, str):
        return wanted
    found = wanted.get("version") if isinstance(wanted, Mapping) else None
    return found if isinstance(found, str) else None


def _version(text: str | None) -> tuple[int, int] | None:
    match = _VERSION.search(text or "")
    return None if match is None else (int(match[1]), int(match[2] or 0))


def _manifests_above(manifest: Path, root: Path) -> Iterator[Path]:
    for folder in manifest.parent.parents:
        if not folder.is_relative_to(root):
            return
        path = folder / "Cargo.toml"
        if path.is_file():
            yield path


def _locked(manifest: Path, root: Path, asked: tuple[int, int] | None) -> tuple[str, Path] | None:
    """Return the version in the nearest Cargo.lock; of several, the one that was asked for."""
    for folder in manifest.parents:
        if not folder.is_relative_to(root):
            return None
        path = folder / "Cargo.lock"
        if not path.is_file():
            continue
        found = _LOCKED.findall(read_text(path, limit=_SIZE) or "")
        same = [one for one in found if asked is None or (_version(one) or (0, 0))[0] == asked[0]]
        if same:
            return same[-1], path
    return None
