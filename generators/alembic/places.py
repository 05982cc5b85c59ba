"""Where Alembic's environments lie: from its configuration files, or from env.py alone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from generators.alembic.config import Settings, read_ini, read_pyproject
from generators.alembic.files import Sites, relative
from generators.base import Evidence
from generators.reading import read_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where one environment's scripts are; ``settings`` is None when no configuration names it."""

    scripts: Path
    settings: Settings | None
    evidence: tuple[Evidence, ...]


def find_places(sites: Sites) -> Iterator[Place]:
    """Yield every environment that a configuration file names, then those that none names."""
    taken: set[Path] = set()
    configured: list[tuple[Settings, Evidence]] = []
    beside = {path.parent: path for path in sites.pyprojects}
    served: set[Path] = set()
    for ini in sites.inis:
        for settings in read_ini(ini, beside.get(ini.parent)):
            where = relative(ini, sites.root)
            configured.append(
                (settings, Evidence(what=f"section [{settings.section}]", where=where))
            )
            if settings.pyproject:
                served.add(settings.pyproject)
    for path in sites.pyprojects:
        alone = None if path in served else read_pyproject(path)
        if alone is not None:
            where = relative(path, sites.root)
            configured.append((alone, Evidence(what="[tool.alembic]", where=where)))
    for settings, evidence in configured:
        scripts, how = _scripts(settings, sites.root)
        if scripts is None:
            continue
        taken.add(scripts)
        where = relative(settings.ini or settings.pyproject or scripts, sites.root)
        yield Place(
            scripts=scripts,
            settings=settings,
            evidence=(evidence, Evidence(what=how, where=where)),
        )
    for path in sites.environments:
        if path.parent in taken or not _versions_beside(path.parent):
            continue
        if "alembic" in (read_text(path) or ""):
            what = "env.py beside versions/, named by no configuration file"
            yield Place(
                scripts=path.parent,
                settings=None,
                evidence=(Evidence(what=what, where=relative(path, sites.root)),),
            )


def _versions_beside(folder: Path) -> bool:
    return (folder / "versions").is_dir() or (folder / "script.py.mako").is_file()


def _scripts(settings: Settings, root: Path) -> tuple[Path | None, str]:
    """Return the folder of env.py that a configuration means, and how it says so."""
    location = settings.get("script_location")
    if not location:
        folder = settings.base
        if (folder / "env.py").is_file():
            return folder, "lies beside env.py and names no script_location"
        return None, ""
    for folder in _candidates(location, settings, root):
        plain = Path(os.path.normpath(folder))
        if plain.is_relative_to(root) and _is_environment(plain):
            return plain, f"script_location = {_shown(location, root)}"
    return None, ""


def _shown(location: str, root: Path) -> str:
    return relative(Path(location), root) if Path(location).is_absolute() else location


def _is_environment(folder: Path) -> bool:
    return (folder / "env.py").is_file() or _versions_beside(folder)


def _candidates(location: str, settings: Settings, root: Path) -> Iterator[Path]:
    if ":" in location and not Path(location).is_absolute():
        package, _, inside = location.partition(":")
        inner = Path(*package.split("."), inside)
        bases = [*(settings.base / one for one in settings.search), settings.base, root]
        for base in bases:
            yield base / inner
            yield base / "src" / inner
        for up in settings.base.parents:
            if up.is_relative_to(root):
                yield up / inner
                yield up / "src" / inner
        return
    if Path(location).is_absolute():
        yield Path(location)
        return
    yield settings.base / location
    for up in settings.base.parents:
        if up.is_relative_to(root):
            yield up / location


def version_folders(place: Place, root: Path) -> tuple[Path, ...]:
    """Return the folders of version files that lie below the root."""
    settings = place.settings
    found: list[Path] = []
    for location in settings.version_locations if settings else ():
        assert settings is not None
        for candidate in _candidates(location, settings, root):
            plain = Path(os.path.normpath(candidate))
            if plain.is_dir() and plain.is_relative_to(root):
                found.append(plain)
                break
    return tuple(dict.fromkeys(found)) or (place.scripts / "versions",)
