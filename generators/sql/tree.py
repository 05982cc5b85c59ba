"""One quick walk over a project's files, which all layouts read."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from generators.reading import SKIPPED, read_text

#: Files in which projects name their migration tool and call it.
_TELLING = re.compile(
    r"(?i)^(go\.mod|cargo\.toml|package\.json|(gnu)?makefile|.*\.mk|justfile|taskfile\.ya?ml|"
    r"(.*\.)?dockerfile.*|(docker-)?compose.*\.ya?ml|procfile|\.env(\..*)?|\.envrc|readme\.md|"
    r"(prisma|drizzle)\.config\.[cm]?[jt]s|schema\.prisma|knexfile\.[cm]?[jt]s|\.sequelizerc|"
    r"config\.ya?ml|gemfile|mix\.exs|inflections\.rb|"
    r".*\.sh|mise\.toml|\.mise\.toml|fly\.toml|flake\.nix|earthfile|tiltfile|"
    r"dbconfig\.ya?ml|tern\.conf|sqlx\.toml|diesel\.toml|refinery\.toml|atlas\.hcl|"
    r"(main|lib|build|db|database|migrations?)\.rs|"
    r"pom\.xml|build\.gradle(\.kts)?|libs\.versions\.toml|"
    r"flyway.*\.(toml|conf)|(application|bootstrap).*\.(properties|ya?ml)|"
    r"liquibase.*\.properties|"
    r"sqitch\.conf|"
    r"yoyo\.ini|pyproject\.toml|requirements.*\.txt|"
    r"\.gmrc(\.c?js)?)$"
)
_WORKFLOW = re.compile(r"(^|/)(\.github/workflows|\.circleci|\.woodpecker|scripts?|bin|ci)$")
_TELLING_SIZE = 256 * 1024
_HEAD_SIZE = 16 * 1024
_DEPTH = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A line that matched, in a telling file; ``path`` is relative to the root."""

    path: str
    match: re.Match[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """What lies below a root: folders with the names in them, and the telling files' text.

    ``folders`` holds the names of files, ``inner`` those of folders.
    """

    root: Path
    folders: dict[Path, tuple[str, ...]] = field(default_factory=dict)
    inner: dict[Path, tuple[str, ...]] = field(default_factory=dict)
    telling: dict[Path, str] = field(default_factory=dict)
    #: Beginnings of files that some layout has asked for.
    read: dict[Path, str | None] = field(default_factory=dict, repr=False)

    def search(self, pattern: re.Pattern[str]) -> Iterator[Hit]:
        """Yield every match in the telling files, nearest to the root first."""
        for path, text in self.telling.items():
            for match in pattern.finditer(text):
                yield Hit(path=self.relative(path), match=match)

    def relative(self, path: Path) -> str:
        """Return a path relative to the root, for people."""
        return path.relative_to(self.root).as_posix()

    def heads(self, folder: Path, names: Sequence[str]) -> dict[str, str]:
        """Return the beginnings of some files of a folder; unreadable ones are left out."""
        texts = {name: self._head(folder / name) for name in names}
        return {name: text for name, text in texts.items() if text is not None}

    def _head(self, path: Path) -> str | None:
        if path not in self.read:
            self.read[path] = read_text(path, limit=_HEAD_SIZE)
        return self.read[path]


def survey(root: Path) -> Tree:
    """Walk the tree once, without following links to folders and without vendored code."""
    home = root.resolve()
    tree = Tree(root=home)
    waiting = [(home, 0)]
    for folder, depth in waiting:
        try:
            with os.scandir(folder) as entries:
                found = sorted(entries, key=lambda entry: entry.name)
        except OSError:
            continue
        names: list[str] = []
        inner: list[str] = []
        workflow = _WORKFLOW.search(folder.relative_to(home).as_posix()) is not None
        for entry in found:
            if entry.is_dir(follow_symlinks=False):
                if depth < _DEPTH and _wanted(entry.name):
                    waiting.append((Path(entry.path), depth + 1))
                    inner.append(entry.name)
            elif entry.is_file(follow_symlinks=False):
                names.append(entry.name)
                if _TELLING.match(entry.name) or (workflow and not entry.name.endswith(".sql")):
                    text = read_text(Path(entry.path), limit=_TELLING_SIZE)
                    if text is not None:
                        tree.telling[Path(entry.path)] = text
        tree.folders[folder] = tuple(names)
        if inner:
            tree.inner[folder] = tuple(inner)
    return tree


def _wanted(name: str) -> bool:
    if name in SKIPPED:
        return False
    return not name.startswith(".") or name in (".github", ".circleci", ".woodpecker")
