"""One quick walk for what Alembic projects are known by, and lenient reading of text."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from generators.reading import SKIPPED

_DEPTH = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Sites:
    """Where Alembic may be configured below a root: ini files, pyproject files, env.py files."""

    root: Path
    inis: tuple[Path, ...]
    pyprojects: tuple[Path, ...]
    environments: tuple[Path, ...]


def survey(root: Path) -> Sites:
    """Walk the tree once, without following links to folders and without vendored code."""
    home = root.resolve()
    inis: list[Path] = []
    pyprojects: list[Path] = []
    environments: list[Path] = []
    waiting = [(str(home), 0)]
    for folder, depth in waiting:
        try:
            with os.scandir(folder) as entries:
                found = list(entries)
        except OSError:
            continue
        for entry in found:
            name = entry.name
            if name.endswith(".ini"):
                inis.append(Path(entry.path))
            elif name == "pyproject.toml":
                pyprojects.append(Path(entry.path))
            elif name == "env.py":
                environments.append(Path(entry.path))
            elif (
                depth < _DEPTH
                and name not in SKIPPED
                and not name.startswith(".")
                and entry.is_dir(follow_symlinks=False)
            ):
                waiting.append((entry.path, depth + 1))
    return Sites(
        root=home,
        inis=tuple(sorted(inis, key=_nearness)),
        pyprojects=tuple(sorted(pyprojects, key=_nearness)),
        environments=tuple(sorted(environments, key=_nearness)),
    )


def _nearness(path: Path) -> tuple[int, str]:
    return len(path.parts), str(path)


def relative(path: Path, root: Path) -> str:
    """Return a path relative to the root for people, or as it is when it lies outside."""
    try:
        return path.relative_to(root).as_posix() or "."
    except ValueError:
        return path.as_posix()
