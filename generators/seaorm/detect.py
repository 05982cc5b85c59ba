"""Finding SeaORM's migrations below a root, without running cargo."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from generators.base import Evidence, Project, Transactions
from generators.reading import SKIPPED, read_text
from generators.seaorm.manifests import Crate, read_crate
from generators.seaorm.naming import is_stem, read_scheme
from generators.seaorm.registry import Registry, read
from generators.seaorm.style import read_style

_DEPTH = 16
_SIZE = 1024 * 1024
_RECENT = 10
#: Since then a migration gets a connection on which transactions can be opened.
_OLDEST = (0, 11)
#: Files that may hold the list; a crate's other sources are not read.
_HOLDERS = re.compile(r"(?i)^(lib|mod|main|.*migrat\w*)\.rs$")
_LISTS = re.compile(r"\bMigratorTrait\b|\bMigrationTrait\s*>")
_TOLD = re.compile(
    r"(?m)^\s*(?:export\s+)?MIGRATION_DIR\s*[:=]+\s*['\"]?([\w./-]+)"
    r"|\bsea-orm-cli\s+migrate\b[^\n]*?\s(?:-d|--migration-dir)[ =]['\"]?([\w./-]+)"
)
_CALLED = re.compile(r"\bsea-orm-cli\s+migrate\b")
_TELLING = re.compile(
    r"(?i)^(\.env(\..*)?|\.envrc|(gnu)?makefile(\.toml)?|justfile|taskfile\.ya?ml|readme\.md|"
    r".*\.sh|(.*\.)?dockerfile.*|.*\.ya?ml)$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A file that registers migrations, and the folder in which they lie."""

    registry: Path
    folder: Path
    text: str
    found: Registry


def detect(root: Path) -> list[Project]:
    """Return every set of SeaORM migrations below the root, nearest first."""
    home = root.resolve()
    manifests, telling = _survey(home)
    called, told = _mentions(home, telling)
    found: list[Project] = []
    for manifest in manifests:
        crate = read_crate(manifest, home)
        if crate is None:
            continue
        inner = [one.parent for one in manifests if one.parent != manifest.parent]
        for place in _places(crate, inner):
            found.append(_project(home, crate, place, called, told))
    return sorted(found, key=lambda one: (len(one.directory.parts), str(one.directory)))


def _survey(root: Path) -> tuple[list[Path], list[Path]]:
    """Return Cargo's manifests and files in which commands are told, without following links."""
    manifests: list[Path] = []
    telling: list[Path] = []
    waiting = [(str(root), 0)]
    for folder, depth in waiting:
        try:
            with os.scandir(folder) as entries:
                found = sorted(entries, key=lambda entry: entry.name)
        except OSError:
            continue
        for entry in found:
            if entry.name == "Cargo.toml":
                manifests.append(Path(entry.path))
            elif _TELLING.match(entry.name):
                if entry.is_file(follow_symlinks=False):
                    telling.append(Path(entry.path))
            elif (
                depth < _DEPTH
                and "." not in entry.name[:1]
                and entry.name not in SKIPPED
                and not entry.name.endswith(".rs")
                and entry.is_dir(follow_symlinks=False)
            ):
                waiting.append((entry.path, depth + 1))
    return manifests, telling


def _mentions(root: Path, telling: Sequence[Path]) -> tuple[bool, dict[Path, Evidence]]:
    """Return whether sea-orm-cli is called, and the folders that it is told to use."""
    called = False
    told: dict[Path, Evidence] = {}
    for path in telling:
        text = read_text(path, limit=256 * 1024) or ""
        called = called or _CALLED.search(text) is not None
        for match in _TOLD.finditer(text):
            name = match[1] or match[2]
            folder = Path(os.path.normpath(root / name))
            where = path.relative_to(root).as_posix()
            told.setdefault(folder, Evidence(what=f"migrations are in {name}", where=where))
    return called, told


def _places(crate: Crate, others: Sequence[Path]) -> Iterator[Place]:
    """Yield the files of a crate that list migrations; other crates' folders are theirs."""
    waiting = [str(crate.manifest.parent)]
    elsewhere = {str(one) for one in others}
    for folder in waiting:
        try:
            with os.scandir(folder) as entries:
                found = sorted(entries, key=lambda entry: entry.name)
        except OSError:
            continue
        for entry in found:
            if entry.name.endswith(".rs"):
                # A migration lists none: they are many, and not read.
                if _HOLDERS.match(entry.name) and not is_stem(entry.name[:-3]):
                    place = (
                        _place(Path(entry.path)) if entry.is_file(follow_symlinks=False) else None
                    )
                    if place is not None:
                        yield place
            elif (
                "." not in entry.name
                and entry.name not in SKIPPED
                and entry.path not in elsewhere
                and entry.is_dir(follow_symlinks=False)
            ):
                waiting.append(entry.path)


def _place(path: Path) -> Place | None:
    text = exact_text(path)
    if text is None or not _LISTS.search(text):
        return None
    found = read(text)
    if not found.lists and not found.broken:
        return None
    folder = path.parent
    if path.name not in ("lib.rs", "mod.rs", "main.rs") and (folder / path.stem).is_dir():
        folder = folder / path.stem
    return Place(registry=path, folder=folder, text=text, found=found)


def exact_text(path: Path) -> str | None:
    """Return a file's whole text with plain line ends; None when it cannot be read as UTF-8."""
    try:
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError):
        return None


def _project(
    root: Path, crate: Crate, place: Place, called: bool, told: dict[Path, Evidence]
) -> Project:
    version = crate.version
    order = [one for one in place.found.order if one]
    stems = [one for one in order if is_stem(one)] or order
    newest = order[-1] if order else None
    texts = [
        text
        for one in reversed(order[-_RECENT:])
        if (text := read_text(place.folder / f"{one}.rs", limit=_SIZE)) is not None
    ]
    known = version or _guessed(texts)
    style = read_style(texts, known)
    scheme = read_scheme(stems)
    home = crate.manifest.parent
    listed = len(order)
    where = place.registry.relative_to(root).as_posix()
    evidence = [
        *crate.evidence,
        Evidence(what=f"registers {listed} migration{'' if listed == 1 else 's'}", where=where),
        *(one for folder, one in told.items() if folder in (home, place.folder)),
    ]
    problems = tuple(_problems(place, order, known))
    return Project(
        framework="seaorm",
        layout=None,
        root=root,
        directory=place.folder,
        keeping=place.folder.parent / "plans",
        confidence="medium" if problems or version is None else "high",
        evidence=tuple(evidence),
        heads=() if newest is None else (newest,),
        latest=None if newest is None else f"{newest}.rs",
        pattern=str(scheme),
        transactions=transactions(known),
        options={
            "registry": str(place.registry),
            "manifest": str(crate.manifest),
            "version": f"{known[0]}.{known[1]}",
            "name": style.name,
            "idens": style.idens,
            "order": " ".join(stems),
            "crate": "yes" if crate.runs and place.folder == home / "src" else "",
            "cli": "yes" if called else "",
        },
        problems=problems,
    )


def transactions(version: tuple[int, int]) -> Transactions:
    """Return what SeaORM does on PostgreSQL; elsewhere it opens no transaction by itself."""
    if version >= (2, 0):
        return "each migration"
    return "whole run" if version >= _OLDEST else "none"


def _guessed(texts: Sequence[str]) -> tuple[int, int]:
    """Return a version where no manifest says one: what only SeaORM 2 knows tells."""
    signs = ("fn use_transaction", "query_one_raw", "execute_raw")
    return (2, 0) if any(sign in text for text in texts for sign in signs) else (1, 1)


def _problems(place: Place, order: Sequence[str], version: tuple[int, int]) -> Iterator[str]:
    if version < _OLDEST:
        yield f"sea-orm-migration {version[0]}.{version[1]} is older than what migwiz writes for, 0.11"
    if place.found.broken:
        yield f"{place.registry.name} is not valid Rust"
    for name, count in Counter(order).items():
        if count > 1:
            yield f"{name} is registered {count} times"
    there = set(os.listdir(place.folder))
    for name in order:
        if is_stem(name) and f"{name}.rs" not in there and name not in there:
            yield f"{name} is registered, but there is no {name}.rs"
            return
