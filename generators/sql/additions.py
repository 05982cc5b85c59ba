"""The project's hand as its newest additions show it, by git where there is git.

A runner's own order is not the order in which people wrote: late branches bring lower versions
(formats.md §0, a median of 11 % of files). What joins words, endings and parts of names are taken
from the files added last; versions still follow the runner's own order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from generators.base import Project
from generators.sql.detecting import listed
from generators.sql.layout import Layout
from generators.sql.tree import survey
from wizard.git import newest_additions

#: How many migrations show a hand, in one file or in two.
_RECENT = 10
_FEWEST = 3
_LARGEST = 150
#: What says something of the whole folder, not of a hand.
_WHOLE = ("broken",)


def as_lately_added(project: Project, layout: Layout) -> Project:
    """Return the project with the naming options that its last additions have.

    The project itself outside a repository, and where git does not know the files.
    """
    if not any((one / ".git").exists() for one in (project.root, *project.root.parents)):
        return project
    names = _latest(project.root, project.directory, tuple(sorted(listed(project.directory))))
    if len(names) < _FEWEST:
        return project
    tree = survey(project.root)
    tree.folders[project.directory] = names
    found = (one for one in layout.detect(tree) if one.directory == project.directory)
    lately = next(found, None)
    if lately is None:
        return project
    hand = {key: value for key, value in lately.options.items() if key not in _WHOLE}
    return replace(project, options={**project.options, **hand})


@lru_cache(maxsize=64)
def _latest(root: Path, folder: Path, there: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of the files that were added last and are still there, sorted."""
    inside = folder.relative_to(root).as_posix()
    return tuple(sorted(_added(root, inside, frozenset(there))))


def _added(root: Path, inside: str, there: frozenset[str]) -> Iterator[str]:
    head = "" if inside == "." else f"{inside}/"
    stems: set[str] = set()
    for commit in newest_additions(root, inside, count=2 * _RECENT, largest=_LARGEST):
        for path in commit.added:
            name = path.removeprefix(head)
            stem = name.split(".")[0]
            if not path.startswith(head) or name not in there:
                continue
            if stem in stems or len(stems) < _RECENT:
                stems.add(stem)
                yield name
