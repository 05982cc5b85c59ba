"""``atlas.sum``: Atlas' checksums of a folder, which it wants to be true before it does anything.

Facts: Atlas' source (sql/migrate), and three public repositories whose sums come out the same. A
running SHA-256 over each file's name and bytes, in order; the first line is one over all names and
sums. A file that begins with ``atlas:sum ignore`` counts by its name only. Other layouts may lie
beside such a file; of golang-migrate's pairs only the way up counts.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from pathlib import Path

from generators.base import Project
from generators.sql.layout import Companion, Written
from wizard.model.errors import ConflictError

NAME = "atlas.sum"
_IGNORED = re.compile(rb"[ -~]*atlas:sum +ignore(?![ -~])")
_FLYWAY = re.compile(r"[VBR][^/]*__")


def beside(project: Project, files: Sequence[Written]) -> tuple[Companion, ...]:
    """Return the changed sum of a folder that has one, whatever the layout; nothing where none is."""
    if not (project.directory / NAME).is_file():
        return ()
    return (updated(project, files),)


def updated(project: Project, files: Sequence[Written]) -> Companion:
    """Return the sum with these files, also for a folder that has none yet.

    Raises ConflictError (`stale-sum`) where the sum does not fit the files that are there.
    """
    path = project.directory / NAME
    before = path.read_text("utf-8") if path.is_file() else None
    names = _listed(before or "")
    there = _read(project.directory, names)
    if before is not None and _text(there) != before.replace("\r\n", "\n"):
        raise ConflictError(
            "stale-sum",
            f"{NAME} does not fit the files in {project.directory.name}",
            why="Atlas refuses a folder whose sum is not true, and a new one would hide the reason",
            next_actions=("see what has changed, then run: atlas migrate hash",),
        )
    new = {one.name: one.content.encode() for one in files if _counts(one.name, names)}
    return Companion(path=path, content=_text(_in_order(there, new)), before=before)


def _in_order(there: Mapping[str, bytes], new: Mapping[str, bytes]) -> dict[str, bytes]:
    if not any(map(_FLYWAY.match, new)):
        return dict(sorted({**there, **new}.items()))
    # Flyway's repeatable files come last.
    last = {name: data for name, data in there.items() if name.startswith("R")}
    return {name: data for name, data in there.items() if name not in last} | dict(new) | last


def _listed(text: str) -> tuple[str, ...]:
    lines = text.splitlines()[1:]
    return tuple(line.rpartition(" h1:")[0] for line in lines if " h1:" in line)


def _counts(name: str, listed: Sequence[str]) -> bool:
    """Tell whether a file counts: one in the folder itself, and of pairs only the way up."""
    if "/" in name or not name.endswith(".sql") or name.startswith("U"):
        return False
    return not name.endswith(".down.sql") or any(one.endswith(".down.sql") for one in listed)


def _read(folder: Path, listed: Sequence[str]) -> dict[str, bytes]:
    if any(map(_FLYWAY.match, listed)):
        return {name: (folder / name).read_bytes() for name in listed if (folder / name).is_file()}
    names = [path.name for path in folder.glob("*.sql") if _counts(path.name, listed)]
    return {name: (folder / name).read_bytes() for name in sorted(names)}


def _text(files: Mapping[str, bytes]) -> str:
    running, whole = hashlib.sha256(), hashlib.sha256()
    lines: list[str] = []
    for name, data in files.items():
        running.update(name.encode())
        if _IGNORED.match(data):
            continue
        running.update(data)
        one = b64encode(running.digest()).decode()
        whole.update(f"{name}{one}".encode())
        lines.append(f"{name} h1:{one}\n")
    return f"h1:{b64encode(whole.digest()).decode()}\n{''.join(lines)}"
