"""``atlas.sum``: Atlas' checksums of a folder, which it wants to be true before it does anything.

Facts: Atlas' source (sql/migrate), and three public repositories whose sums come out the same. A
running SHA-256 over each file's name and bytes, in order; the first line is one over all names and
sums. A file that begins with ``atlas:sum ignore`` counts by its name only. Other layouts may lie
beside such a file. Which of their files count, and in which order, differs between versions of
Atlas: what makes the sum that is there goes on.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Mapping, Sequence

from generators.base import Project
from generators.sql.layout import Companion, Written
from wizard.model.errors import ConflictError

NAME = "atlas.sum"
_IGNORED = re.compile(rb"[ -~]*atlas:sum +ignore(?![ -~])")
_FLYWAY = re.compile(r"[VB]\d[^/]*__")
_NAME = re.compile(r"[^/]+\.sql")

Files = Mapping[str, bytes]


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
    before = path.read_text("utf-8", "replace") if path.is_file() else None
    there = {each.name: each.read_bytes() for each in project.directory.glob("*.sql")}
    chosen = _everything
    if before is not None:
        rules = _RULES if any(map(_FLYWAY.match, there)) else _RULES[1:]
        fitting = [one for one in rules if total(one(there)) == before.replace("\r\n", "\n")]
        if not fitting:
            raise ConflictError(
                "stale-sum",
                f"{NAME} does not fit the files in {project.directory.name}",
                why="Atlas refuses a folder whose sum is not true; a new one would hide the reason",
                next_actions=("see what has changed, then run: atlas migrate hash",),
            )
        chosen = fitting[0]
    # As they will be written.
    new = {
        one.name: one.content.replace("\r\n", "\n").encode()
        for one in files
        if _NAME.fullmatch(one.name)
    }
    return Companion(path=path, content=total(chosen({**there, **new})), before=before)


def _upward(files: Files) -> Files:
    """Return what counts in pairs: as newer versions of Atlas do for golang-migrate's."""
    return {name: files[name] for name in sorted(files) if not name.endswith(".down.sql")}


def _flyway(files: Files) -> Files:
    """Return what counts of Flyway's files, by version, the repeatable ones last."""
    kinds = [name for name in sorted(files) if name[0] in "BVR"]
    ordered = sorted(kinds, key=lambda name: ("BVR".index(name[0]), _parts(name)))
    return {name: files[name] for name in ordered}


def _everything(files: Files) -> Files:
    return dict(sorted(files.items()))


def _parts(name: str) -> list[int]:
    if name[0] == "R":
        return []
    version = name.partition("__")[0][1:].replace("_", ".")
    return [int(part) if part.isdigit() else 0 for part in version.split(".")]


#: Where several fit, the first: that of newer versions of Atlas.
_RULES = (_flyway, _upward, _everything)


def total(files: Files) -> str:
    """Return the text of a sum over these files, in their order."""
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
