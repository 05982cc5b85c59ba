"""What Cargo manifests say: which crates use a library, and what their macros name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from generators.base import Evidence
from generators.sql.detecting import normal, shorten
from generators.sql.tree import Hit, Tree


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Why a folder belongs to a library: ``sure`` when it is named, or lies in a crate that uses it."""

    evidence: Evidence
    sure: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Crates:
    """The crates of a tree that use a library.

    ``users`` are their folders, ``named`` the folders of migrations that a macro, a configuration
    or a call names, ``naming`` the crates with such a macro. ``workspaces`` hold crates that use it.
    """

    users: Mapping[Path, Evidence]
    workspaces: Mapping[Path, Evidence]
    named: Mapping[Path, Evidence]
    naming: frozenset[Path]

    def claim(self, folder: Path) -> Claim | None:
        """Return why the folder may be the library's; None when nothing speaks for it."""
        if folder in self.named:
            return Claim(evidence=self.named[folder], sure=True)
        for home in (folder, *folder.parents):
            if home in self.users:
                # Another folder is named: this one may be for another database, or a fixture.
                return Claim(evidence=self.users[home], sure=home not in self.naming)
        for home in folder.parents:
            if home in self.workspaces:
                return Claim(evidence=self.workspaces[home], sure=False)
        return None


def crates_with(
    tree: Tree, library: str, *, macro: re.Pattern[str], calls: re.Pattern[str], default: str
) -> Crates:
    """Return the crates that depend on ``library``.

    The first group of ``macro`` that matched is a folder, relative to the crate, ``default``
    without one; that of ``calls`` is relative to the file or to the root.
    """
    manifests = {path: text for path, text in tree.telling.items() if path.name == "Cargo.toml"}
    depends = _dependency(library)
    users = {
        path.parent: Evidence(what=f"depends on {library}", where=tree.relative(path))
        for path, text in manifests.items()
        if depends.search(text)
    }
    workspaces = {
        path.parent: evidence
        for path, text in manifests.items()
        if re.search(r"(?m)^\[workspace\]", text)
        for home, evidence in users.items()
        if home.is_relative_to(path.parent)
    }
    named: dict[Path, Evidence] = {}
    naming: set[Path] = set()
    for hit in tree.search(macro):
        path = tree.root / hit.path
        home = next((one for one in path.parents if one / "Cargo.toml" in manifests), None)
        if path.suffix == ".rs" and home is not None:
            said = _said(tree, hit, (home,), default)
            named = said | named
            naming |= {home} if said else set()
    for hit in tree.search(calls):
        named = _said(tree, hit, (tree.root, (tree.root / hit.path).parent), default) | named
    return Crates(users=users, workspaces=workspaces, named=named, naming=frozenset(naming))


def _said(tree: Tree, hit: Hit, bases: Sequence[Path], default: str) -> dict[Path, Evidence]:
    """Return the existing folders that a line may mean, relative to any of ``bases``."""
    text = next((group for group in hit.match.groups() if group), default)
    what = shorten(hit.match.group().strip().splitlines()[-1])
    folders = [normal(base, text) for base in bases]
    evidence = Evidence(what=what, where=hit.path)
    return {one: evidence for one in folders if one in tree.folders}


def _dependency(library: str) -> re.Pattern[str]:
    name = re.escape(library)
    return re.compile(
        rf'(?m)^\s*"?{name}"?\s*(?:=|\.workspace)|^\[[^\]\n]*dependencies\.{name}\]'
        rf'|^[^#\n]*package\s*=\s*"{name}"'
    )
