"""The graph of revisions, read from the version files as text; no user code runs."""

from __future__ import annotations

import ast
import os
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from generators.reading import read_text

_REVISION = re.compile(
    r"^revision(?:[ \t]*:[^=\n]+)?[ \t]*=[ \t]*(['\"])([^'\"\\\n]+)\1[ \t]*(?:#.*)?$", re.MULTILINE
)
_DOWN = re.compile(
    r"^down_revision(?:[ \t]*:[^=\n]+)?[ \t]*=[ \t]*(?:(['\"])([^'\"\\\n]+)\1|None)[ \t]*(?:#.*)?$",
    re.MULTILINE,
)
_PLAIN = re.compile(
    r"^(branch_labels|depends_on)(?:[ \t]*:[^=\n]+)?[ \t]*=[ \t]*None[ \t]*(?:#.*)?$", re.MULTILINE
)
_ASSIGNED = re.compile(
    r"^(revision|down_revision|branch_labels|depends_on)\b[^=\n]*=", re.MULTILINE
)
_DOCSTRING = re.compile(r"\A(?:\s*#.*\n|\s*\n)*[rRuU]?(\"\"\"|''')(.*?)\1", re.DOTALL)
_CREATED = re.compile(r"^Create Date:\s*(.+?)\s*$", re.MULTILINE)
_NAMES = ("revision", "down_revision", "branch_labels", "depends_on")


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One version file. ``parents`` is empty for a first revision, several for a merge."""

    revision: str
    parents: tuple[str, ...]
    path: Path
    text: str
    depends_on: tuple[str, ...] = ()
    branch_labels: tuple[str, ...] = ()

    @property
    def message(self) -> str:
        """The first line of the docstring, empty when there is none."""
        match = _DOCSTRING.match(self.text)
        lines = match.group(2).strip().splitlines() if match else []
        return lines[0].strip() if lines else ""

    @property
    def created(self) -> str:
        """The text behind Create Date in the docstring, empty when there is none."""
        match = _CREATED.search(self.text[:4_000])
        return match.group(1) if match else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """All revisions, the ids that a new one can follow, and what is broken."""

    revisions: tuple[Revision, ...] = ()
    heads: tuple[Revision, ...] = ()
    problems: tuple[str, ...] = ()

    def newest(self, count: int = 10) -> tuple[Revision, ...]:
        """Return revisions from the heads backwards: by the graph, never by name."""
        by_id = {one.revision: one for one in self.revisions}
        waiting = [*self.heads]
        seen: dict[str, Revision] = {}
        for one in waiting:
            if one.revision in seen:
                continue
            seen[one.revision] = one
            if len(seen) == count:
                break
            waiting += [by_id[parent] for parent in one.parents if parent in by_id]
        return tuple(seen.values())


def read_history(folders: Sequence[Path], *, recursive: bool = False) -> History:
    """Return the revisions of all version folders; files that are none are left out."""
    found: list[Revision] = []
    for path in _version_files(folders, recursive):
        text = read_text(path)
        if text is None or "revision" not in text:
            continue
        one = read_revision(path, text)
        if one is not None:
            found.append(one)
    followed = {parent for one in found for parent in one.parents}
    heads = [one for one in found if one.revision not in followed]
    heads.sort(key=lambda one: (one.created, one.path.name), reverse=True)
    return History(
        revisions=tuple(found), heads=tuple(heads), problems=_problems(found, bool(heads))
    )


def read_revision(path: Path, text: str) -> Revision | None:
    """Return what a version file says of itself; None when it is no version file."""
    revisions = _REVISION.findall(text)
    downs = _DOWN.findall(text)
    if len(revisions) == len(downs) == 1:
        assigned = Counter(_ASSIGNED.findall(text))
        if max(assigned.values()) == 1 and len(assigned) == 2 + len(_PLAIN.findall(text)):
            parent = downs[0][1]
            return Revision(
                revision=revisions[0][1], parents=(parent,) if parent else (), path=path, text=text
            )
    return _parsed(path, text)


def _parsed(path: Path, text: str) -> Revision | None:
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return None
    values: dict[str, tuple[str, ...]] = {}
    for node in tree.body:
        if isinstance(node, ast.Assign):
            targets: Iterable[ast.expr] = node.targets
            value: ast.expr | None = node.value
        elif isinstance(node, ast.AnnAssign):
            targets, value = (node.target,), node.value
        else:
            continue
        for target in targets:
            if isinstance(target, ast.Name) and target.id in _NAMES and value is not None:
                values[target.id] = _texts(value)
    if not values.get("revision"):
        return None
    return Revision(
        revision=values["revision"][0],
        parents=values.get("down_revision", ()),
        path=path,
        text=text,
        depends_on=values.get("depends_on", ()),
        branch_labels=values.get("branch_labels", ()),
    )


def _texts(node: ast.expr) -> tuple[str, ...]:
    match node:
        case ast.Constant(value=str(text)):
            return (text,)
        case ast.Tuple(elts=elements) | ast.List(elts=elements) | ast.Set(elts=elements):
            return tuple(text for one in elements for text in _texts(one))
        case _:
            return ()


def _version_files(folders: Sequence[Path], recursive: bool) -> list[Path]:
    found: list[Path] = []
    waiting = [str(folder) for folder in dict.fromkeys(folders)]
    for folder in waiting:
        try:
            with os.scandir(folder) as entries:
                listed = sorted(entries, key=lambda entry: entry.name)
        except OSError:
            continue
        for entry in listed:
            name = entry.name
            if name.endswith(".py") and not name.startswith((".", "__init__")):
                found.append(Path(entry.path))
            elif recursive and "." not in name and name != "__pycache__" and entry.is_dir():
                waiting.append(entry.path)
    return found


def _problems(found: Sequence[Revision], headed: bool) -> tuple[str, ...]:
    problems: list[str] = []
    known: dict[str, Revision] = {}
    for one in found:
        other = known.setdefault(one.revision, one)
        if other is not one:
            problems.append(
                f"two files have the revision {one.revision}: {other.path.name}, {one.path.name}"
            )
    for one in found:
        problems += [
            f"{one.path.name} follows {parent}, which no file has"
            for parent in one.parents
            if parent not in known
        ]
    if found and (not headed or _circular(known)):
        problems.append("the revisions follow each other in a circle")
    return tuple(problems)


def _circular(known: dict[str, Revision]) -> bool:
    """Tell whether some revision is its own ancestor: take away what has no parent left."""
    children: dict[str, list[str]] = {}
    waits = {}
    for name, one in known.items():
        parents = {parent for parent in one.parents if parent in known}
        waits[name] = len(parents)
        for parent in parents:
            children.setdefault(parent, []).append(name)
    ready = [name for name, count in waits.items() if count == 0]
    for name in ready:
        for child in children.get(name, ()):
            waits[child] -= 1
            if waits[child] == 0:
                ready.append(child)
    return len(ready) < len(known)
