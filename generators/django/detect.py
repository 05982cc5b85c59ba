"""Django projects found by reading: one for each app that has migrations, or could have its first."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from generators.base import Evidence, Project
from generators.django.history import History, read_history, read_source
from generators.django.surroundings import Surroundings, Version, app_label, look_around

#: What migwiz writes for where nothing tells Django's version: no newer features.
OLDEST: Version = (4, 2)
#: What an imagined project uses.
NEWEST: Version = (5, 2)


def detect(root: Path) -> list[Project]:
    """Return the apps below a root as projects: the nearest with the newest migration first.

    That one is sure, the others less so: a plan's table decides where its files go.
    """
    around = look_around(root)
    histories = list(_histories(around))
    if not histories and not around.manage:
        return []
    places = {one.label: str(one.folder) for one in histories}
    found = [_project(around, one, places) for one in histories]
    found += [
        _first(around, label, folder, places)
        for label, folder in _without_migrations(around, set(places))
    ]
    found.sort(key=lambda one: (one.options.get("new", ""), -_newest(one), str(one.directory)))
    return [one if at == 0 else _less_sure(one) for at, one in enumerate(found)]


def _newest(project: Project) -> int:
    try:
        return (project.directory / (project.latest or "")).stat().st_mtime_ns
    except OSError:
        return 0


def _less_sure(project: Project) -> Project:
    return replace(project, confidence="medium" if project.confidence == "high" else "low")


def _histories(around: Surroundings) -> Iterator[History]:
    moved = {
        label: _folder_of(around, module)
        for label, module in around.modules.items()
        if module is not None
    }
    disabled = {label for label, module in around.modules.items() if module is None}
    seen: set[Path] = set()
    for label, folder in moved.items():
        if folder is None or folder in seen:
            continue
        history = read_history(folder, label)
        if history is not None:
            seen.add(folder)
            yield history
    for folder in around.folders:
        if folder in seen:
            continue
        history = read_history(folder, app_label(folder.parent))
        if history is None or history.label in disabled or history.label in moved:
            continue
        yield history


def _folder_of(around: Surroundings, module: str) -> Path | None:
    """Return where a dotted module lies: below the root, or beside a manage.py."""
    for base in (*(one.parent for one in around.manage), around.root):
        folder = base.joinpath(*module.split("."))
        if folder.is_dir() and folder.resolve().is_relative_to(around.root):
            return folder
    return None


def _without_migrations(around: Surroundings, known: set[str]) -> Iterator[tuple[str, Path]]:
    """Yield apps that have models and no migration yet."""
    for manage in around.manage:
        for models in sorted(manage.parent.glob("*/models.py")):
            label = app_label(models.parent)
            text = read_source(models) or ""
            if label not in known and "models.Model" in text:
                known.add(label)
                yield label, models.parent / "migrations"


def _project(around: Surroundings, history: History, places: dict[str, str]) -> Project:
    root, folder = around.root, history.folder
    shown = folder.relative_to(root).as_posix() if folder.is_relative_to(root) else str(folder)
    leaf = history.leaves[-1] if history.leaves else None
    evidence = [
        Evidence(what=f"{len(history.outlines)} migrations of the app {history.label}", where=shown)
    ]
    manage = _manage(around, folder)
    if manage is not None:
        evidence.append(Evidence(what="manage.py", where=manage.relative_to(root).as_posix()))
    return Project(
        framework="django",
        layout=None,
        root=root,
        directory=folder,
        confidence="high" if manage is not None else "medium",
        evidence=tuple(evidence),
        heads=history.leaves,
        latest=f"{leaf}.py" if leaf else None,
        pattern="NNNN_name.py",
        transactions="file decides",
        options={
            "label": history.label,
            "version": ".".join(map(str, _version(around, history))),
            "manage": str(manage.parent) if manage else "",
            "apps": json.dumps(places),
            **_add_ons(around, folder),
            **_timeouts(around),
        },
        problems=history.problems,
    )


def _first(around: Surroundings, label: str, folder: Path, places: dict[str, str]) -> Project:
    manage = _manage(around, folder)
    return Project(
        framework="django",
        layout=None,
        root=around.root,
        directory=folder,
        confidence="medium",
        evidence=(
            Evidence(
                what=f"the app {label} has models and no migration yet",
                where=folder.parent.relative_to(around.root).as_posix(),
            ),
        ),
        pattern="NNNN_name.py",
        transactions="file decides",
        options={
            "label": label,
            "version": ".".join(map(str, around.version or around.at_least or OLDEST)),
            "manage": str(manage.parent) if manage else "",
            "apps": json.dumps({**places, label: str(folder)}),
            "new": "yes",
            **_add_ons(around, folder),
            **_timeouts(around),
        },
    )


def _manage(around: Surroundings, folder: Path) -> Path | None:
    above = [one for one in around.manage if folder.is_relative_to(one.parent)]
    chosen = max(above, key=lambda one: len(one.parts), default=None)
    return chosen or next(iter(around.manage), None)


def _version(around: Surroundings, history: History) -> Version:
    """Return the version that files fix, else the newest that wrote a migration here."""
    if around.version is not None:
        return around.version
    written = [one.version for one in history.outlines if one.version is not None]
    return max([*written, around.at_least or OLDEST])


def _add_ons(around: Surroundings, folder: Path) -> dict[str, str]:
    """Return the files and packages around that want something of each migration."""
    found: dict[str, str] = {}
    if (folder / "max_migration.txt").is_file():
        found["max_migration"] = "yes"
    for base in (around.root, *(one.parent for one in around.manage)):
        if (base / "migrations_lockfile.txt").is_file():
            found["lockfile"] = str(base / "migrations_lockfile.txt")
            break
    if "safemigrate" in around.add_ons:
        found["safe"] = "yes"
    return found


def _timeouts(around: Surroundings) -> dict[str, str]:
    """Return what settings do to long work, for people."""
    told = [
        f"{name} in {path.relative_to(around.root).as_posix()}"
        for name, path in sorted(around.timeouts.items())
    ]
    return {"timeouts": " and ".join(told)} if told else {}
