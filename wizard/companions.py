"""Files that change together with a new migration: found, and told with the reason.

Two signs, which on 164 real projects found 57 of the 61 files listed by hand (formats.md §4.4): the
name or id of the latest migration stands in a file that is no migration, and files that the commits
of the last migrations changed as well. What a generator edits by itself is not told again.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from generators.base import Project
from wizard.git import Commit, mentions, newest_additions

_RECENT = 10
#: Larger commits are imports and reformatting.
_LARGEST = 150
_SHARE = 0.4
_FEWEST = 3
#: Shorter ids stand in too many files for another reason.
_TELLING_ID = 8
_SKIPPED = frozenset(
    {"node_modules", "vendor", "venv", "env", "target", "dist", "build", "__pycache__"}
)
_TEXT_LIMIT = 256 * 1024
_FILES_LIMIT = 20_000
_ORDINARY = re.compile(
    r"(^|/)(CHANGELOG|CHANGES|NEWS|HISTORY)[^/]*$|\.(lock|snap|po)$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Todo:
    """A file (or, for a sibling, a folder) to think of, relative to the root, and why.

    ``must`` files name the latest migration; ``usual`` ones changed with most of the last ones;
    a ``sibling`` gets a file of the same name, in another dialect or for another driver.
    """

    path: str
    why: str
    how: Literal["must", "usual", "sibling"]


def companions(
    project: Project, done: Iterable[Path] = (), *, plans: Path | None = None
) -> tuple[Todo, ...]:
    """Return what else is to be changed with a new migration, the surest first.

    ``done`` are the files that are written or edited anyway, ``plans`` is the folder of plan files,
    which name what they have written and need no look. Reads the disk and asks git; takes no
    longer than some tenths of a second.
    """
    if project.latest is None:
        return ()
    root = project.root
    own = _relative(project.directory, root)
    skip = {_relative(path, root) for path in done}
    named = [
        Todo(path=path, why=f"names {_stem(project.latest)}, the latest migration", how="must")
        for path in _naming(project, own)
        if path not in skip
    ]
    commits = newest_additions(root, own, count=_RECENT * 2, largest=_LARGEST)[:_RECENT]
    siblings = [
        Todo(
            path=folder,
            why=f"got a file of the same name in {count} of the last {len(commits)}",
            how="sibling",
        )
        for folder, count in _often(_twins(commits, own), len(commits))
    ]
    known = skip | {one.path for one in named}
    beside = tuple(f"{one.path}/" for one in siblings)
    usual = [
        Todo(
            path=path,
            why=f"changed with {count} of the last {len(commits)} migrations",
            how="usual",
        )
        for path, count in _often(_changed(commits), len(commits))
        if path not in known and not path.startswith(beside) and not _ORDINARY.search(path)
    ]
    there = (one for one in (*named, *siblings, *usual) if (root / one.path).exists())
    own_records = f"{_relative(plans, root)}/" if plans is not None else None
    return tuple(
        one for one in there if own_records is None or not one.path.startswith(own_records)
    )


def _relative(path: Path, root: Path) -> str:
    return Path(os.path.relpath(path, root)).as_posix()


def _stem(name: str) -> str:
    return PurePosixPath(name).name.split(".")[0]


def _naming(project: Project, own: str) -> Iterator[str]:
    """Yield the files that name the latest migration and are none themselves."""
    latest = project.latest or ""
    stem = _stem(latest)
    texts = [stem] if len(stem) >= _TELLING_ID else []
    texts += [one for one in project.heads[:1] if len(one) >= _TELLING_ID and one not in texts]
    if not texts:
        return
    suffix = PurePosixPath(latest).suffix
    found = mentions(project.root, texts)
    for path in _walked(project.root, texts) if found is None else found:
        is_migration = path.startswith(f"{own}/") and path.endswith(suffix) and suffix
        # Other apps' migrations follow this one; plan files remember it.
        elsewhere = "/migrations/" in f"/{path}" and not path.startswith(f"{own}/")
        if not (is_migration or elsewhere):
            yield path


def _walked(root: Path, texts: Sequence[str]) -> Iterator[str]:
    """Yield what `mentions` would find, where git cannot be asked."""
    wanted = [text.encode() for text in texts]
    count = 0
    for folder, folders, files in os.walk(root):
        folders[:] = [one for one in folders if one not in _SKIPPED and one[0] != "."]
        for name in files:
            count += 1
            if count > _FILES_LIMIT:
                return
            path = Path(folder, name)
            try:
                if path.is_symlink() or path.stat().st_size > _TEXT_LIMIT:
                    continue
                data = path.read_bytes()
            except OSError:
                continue
            if any(text in data for text in wanted):
                yield path.relative_to(root).as_posix()


def _often(found: Iterable[str], commits: int) -> list[tuple[str, int]]:
    """Return what was found in enough of the commits, the most frequent first."""
    if commits < _FEWEST:
        return []
    return [
        (one, count)
        for one, count in Counter(found).most_common()
        if count >= max(2, commits * _SHARE)
    ]


def _changed(commits: Sequence[Commit]) -> Iterator[str]:
    for commit in commits:
        yield from (path for path in commit.changed if not path.startswith("migrations/plans/"))


def _twins(commits: Sequence[Commit], own: str) -> Iterator[str]:
    """Yield the other folders to which a commit added a file that is called alike."""
    for commit in commits:
        slugs = {_slug(path) for path in commit.added if path.startswith(f"{own}/")} - {""}
        others = {
            str(PurePosixPath(path).parent)
            for path in commit.added
            if not path.startswith(f"{own}/") and _slug(path) in slugs
        }
        yield from others


def _slug(path: str) -> str:
    """Return the words of a file's name without its version and its endings."""
    stem = _stem(PurePosixPath(path).name)
    return re.sub(r"^[VUR]?[\d.\-_T]+", "", stem).strip("_-")
