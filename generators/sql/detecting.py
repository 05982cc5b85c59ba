"""What layouts share when they look at a project: mentions of a tool, separators, problems."""

from __future__ import annotations

import re
import shlex
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from generators.base import Evidence, Project
from generators.sql.tree import Hit, Tree

_RECENT = 10
#: Marks of runners who cut a file into sections, and of those with a format of their own.
_MARKED = re.compile(
    r"(?m)^--\s*(?:migrate:up|\+goose|\+migrate|bun:split|liquibase formatted|-- create above)"
    r"|^--! |^--> statement-breakpoint"
)


def mentioned_folders(
    tree: Tree, pattern: re.Pattern[str], tool: Hit | None, *, default: str | None
) -> dict[Path, Evidence]:
    """Return the existing folders that a tool is told to use, with the line that says so.

    The first group of ``pattern`` that matched is the folder, relative to the file that names it
    or to the root. ``default`` counts when the tool is used at all.
    """
    found: dict[Path, Evidence] = {}
    for hit in tree.search(pattern):
        text = next((group for group in hit.match.groups() if group), "")
        for base in (tree.root, (tree.root / hit.path).parent):
            folder = normal(base, text)
            if folder in tree.folders:
                said = hit.match.group().strip().splitlines()[-1]
                found.setdefault(folder, Evidence(what=shorten(said), where=hit.path))
    if default is not None and tool is not None:
        for base in (tree.root, (tree.root / tool.path).parent):
            folder = base / default
            if folder in tree.folders:
                what = f"calls {shorten(tool.match.group())}, whose folder this is by default"
                found.setdefault(folder, Evidence(what=what, where=tool.path))
    return found


def normal(base: Path, text: str) -> Path:
    """Return the path without ``..``; never looks at the disk."""
    parts = list(base.parts)
    for part in Path(text.lstrip("/") if text.startswith("//") else text).parts:
        if part == "..":
            parts = parts[:-1]
        elif part not in (".", "/"):
            parts.append(part)
    return Path(*parts)


def shorten(text: str, limit: int = 60) -> str:
    """Return one line of at most ``limit`` characters, without anything like a password."""
    line = re.sub(r"://[^@\s]*@", "://…@", " ".join(text.split()))
    return line if len(line) <= limit else line[: limit - 1] + "…"


def separators(rests: Sequence[str], *, words: str = "") -> tuple[str, str]:
    """Return what the newest files put behind the version, and between words: each _ or -.

    ``rests`` are what follows the version in the names, in the runner's order. ``words`` is what
    the tool itself puts between words, where no name has two.
    """
    recent = rests[-_RECENT:]
    behind = Counter(rest[0] for rest in recent if rest[:1] in ("_", "-"))
    between = Counter(mark for rest in recent for mark in "_-" if mark in rest[1:].strip("_-"))
    first = behind.most_common(1)[0][0] if behind else "_"
    return first, between.most_common(1)[0][0] if between else words or first


def foreign(tree: Tree, folder: Path, names: Sequence[str]) -> bool:
    """Tell whether most of the newest files hold marks of a runner that cuts them into sections."""
    texts = tree.heads(folder, names[-_RECENT:]).values()
    return sum(bool(_MARKED.search(text)) for text in texts) * 2 > len(texts)


def joined(slug: str, words: str) -> str:
    """Return the slug with the project's separator between its words."""
    return slug.replace("_", words)


def listed(folder: Path) -> list[str]:
    """Return the names in a folder; none when it is not there yet."""
    return [path.name for path in folder.iterdir()] if folder.is_dir() else []


def problems(versions: Sequence[str]) -> tuple[str, ...]:
    """Return sentences about versions which two files share."""
    twice = sorted(version for version, count in Counter(versions).items() if count > 1)
    return tuple(f"version {version} is used by more than one file" for version in twice[:3])


def shell_path(project: Project) -> str:
    """Return the folder relative to the root, quoted for a shell."""
    return shlex.quote(project.directory.relative_to(project.root).as_posix())


def pascal(slug: str, acronyms: Mapping[str, str] | None = None) -> str:
    """Return the slug as a class is named; ``acronyms`` are words that are written otherwise."""
    known = acronyms or {}
    return "".join(known.get(word, word[:1].upper() + word[1:]) for word in slug.split("_"))


def unused(slug: str, rests: Sequence[str]) -> str:
    """Return the slug, numbered where a migration has that name; ``rests`` are those names.

    For runners that refuse two of one name.
    """
    taken = {rest.strip("_-") for rest in rests}
    number, found = 1, slug
    while found in taken:
        number += 1
        found = f"{slug}_{number}"
    return found
