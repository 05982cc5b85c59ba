"""Runners that cut a file into an up and a down section at marks of their own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from generators.base import Evidence
from generators.sql.detecting import mentioned_folders
from generators.sql.layout import Section
from generators.sql.tree import Tree
from wizard.model.errors import ConflictError

_RECENT = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What tells a runner's folders.

    ``inside`` is the mark at the beginning of an up section, ``shown`` the mark for people.
    ``tool`` matches a call of the runner or its name in a manifest, ``folders`` what it is told
    to use. ``history`` returns a folder's migrations in the runner's own order.
    """

    label: str
    inside: re.Pattern[str]
    shown: str
    tool: re.Pattern[str]
    folders: re.Pattern[str]
    default: str | None
    history: Callable[[Sequence[str]], tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A folder of a runner, its migrations in order, and why it is the runner's."""

    folder: Path
    names: tuple[str, ...]
    evidence: tuple[Evidence, ...]


def marked(tree: Tree, marks: Marks) -> Iterator[Found]:
    """Yield folders whose newest files hold the mark, and empty ones that the runner is told."""
    tool = next(tree.search(marks.tool), None)
    told = mentioned_folders(tree, marks.folders, tool, default=marks.default)
    for folder, files in tree.folders.items():
        # A look at both ends, before thousands of names are put into order.
        seen = tree.heads(folder, _sample(files)).values()
        if folder not in told and not any(map(marks.inside.search, seen)):
            continue
        names = marks.history(files)
        recent = names[-_RECENT:]
        texts = tree.heads(folder, recent)
        holding = [name for name, text in texts.items() if marks.inside.search(text)]
        hint = told.get(folder)
        if len(holding) * 2 <= len(texts) and not (hint and not names):
            continue
        evidence = []
        if holding:
            what = f"{marks.shown} in {len(holding)} of the newest {len(texts)} files"
            evidence.append(Evidence(what=what, where=tree.relative(folder / holding[-1])))
        if hint:
            evidence.append(hint)
        elif tool and holding:
            evidence.append(Evidence(what=f"calls {marks.label}", where=tool.path))
        yield Found(folder=folder, names=names, evidence=tuple(evidence))


def _sample(files: Sequence[str]) -> list[str]:
    ends = files if len(files) <= 2 * _RECENT else (*files[:_RECENT], *files[-_RECENT:])
    return [name for name in ends if name.endswith(".sql")]


def delimited(section: Section, mark: str) -> str:
    """Return the section for a runner that ends statements at the semicolon of a line's end.

    What holds a semicolon, or anything that the runner would take for a comment, stands between
    ``StatementBegin`` and ``StatementEnd``.
    """
    lines: list[str] = []
    for one in section.statements:
        lines += [f"-- {line}".rstrip() for line in one.note.splitlines()]
        if one.sql and (";" in one.sql or "--" in one.sql):
            lines += [f"-- {mark} StatementBegin", f"{one.sql};", f"-- {mark} StatementEnd"]
        elif one.sql:
            lines.append(f"{one.sql};")
    return "\n".join(lines)


def cut_wrongly(label: str, slug: str) -> ConflictError:
    """Return the error for text of the user that reads like a mark."""
    return ConflictError(
        "section-mark",
        f"{label} would cut {slug} in the wrong place",
        why=f"a line of its text reads like one of {label}'s own section marks",
        next_actions=("write that default or comment on one line",),
    )
