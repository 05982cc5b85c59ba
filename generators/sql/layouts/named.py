"""What layouts share whose history is in names: a version, and words behind it.

A migration is a file, or a folder with a file of a fixed name in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from generators.base import Evidence, Project, Transactions
from generators.sql.detecting import joined, listed, mentioned_folders, problems, separators
from generators.sql.layout import Companion, Draft, Interruption, Written
from generators.sql.numbering import UTC_SECONDS, Numbering, Order, following, infer
from generators.sql.tree import Hit, Tree
from wizard.dialects.base import Dialect

RECENT = 10
NEVER = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """How a runner names its migrations.

    ``pattern`` matches whole names: the version in group 1, what is behind it in group 2. The
    names end in one of ``endings``; with ``inside`` they are those of folders which hold that file.
    ``words`` stands between words when there is no file yet. ``baseline`` is the version of what
    was there before the runner, which says nothing about how others are made.
    """

    pattern: re.Pattern[str]
    endings: tuple[str, ...] = ("",)
    inside: str = ""
    order: Order = "text"
    numbering: Numbering = UTC_SECONDS
    behind: str = "_"
    words: str = "_"
    unique: bool = True
    baseline: str = ""

    def form(self, versions: Sequence[str]) -> Numbering:
        """Return how versions are made, as the newest show."""
        shown = [one for one in versions if one != self.baseline]
        return infer(shown, default=self.numbering)

    def sorted(self, names: Sequence[str]) -> tuple[str, ...]:
        """Return the migrations among names, in the runner's order."""
        found = [
            (match.group(1), name)
            for name in names
            if name.endswith(self.endings) and (match := self.pattern.fullmatch(name))
        ]
        if self.order == "number":
            return tuple(name for _, name in sorted((int(one), name) for one, name in found))
        return tuple(name for _, name in sorted(found, key=lambda one: one[1]))

    def versions(self, names: Sequence[str]) -> list[str]:
        """Return the versions in names, in their order; a time is its digits."""
        found = [match.group(1) for name in names if (match := self.pattern.fullmatch(name))]
        return [one.replace("T", "").replace("Z", "") for one in found]

    def rests(self, names: Sequence[str]) -> list[str]:
        """Return what is behind the versions in names."""
        return [match.group(2) for name in names if (match := self.pattern.fullmatch(name))]

    def histories(self, tree: Tree) -> Iterator[tuple[Path, tuple[str, ...]]]:
        """Yield every folder of a tree with its migrations; most have none."""
        for folder, files in tree.folders.items():
            if not self.inside:
                yield folder, self.sorted(files)
                continue
            names = self.sorted(tree.inner.get(folder, ()))
            yield (
                folder,
                tuple(one for one in names if self.inside in tree.folders.get(folder / one, ())),
            )

    def there(self, folder: Path) -> tuple[str, ...]:
        """Return the migrations that are on disk now."""
        names = self.sorted(listed(folder))
        return tuple(one for one in names if not self.inside or (folder / one).is_dir())


class Named:
    """What such a layout does unless it says otherwise.

    ``folder`` is the tool's default. The newest files must hold ``mark``; ``tool`` finds the tool
    in manifests and scripts, ``setting`` a folder that it is told to use.
    """

    name: str
    label: str
    naming: Naming
    folder: str
    mark: re.Pattern[str] = NEVER
    tool: re.Pattern[str] = NEVER
    setting: re.Pattern[str] = NEVER
    transactions: Transactions = "each migration"
    apart: str | None = None
    #: Whether the runner complains of what is no migration in its folder.
    beside: bool = False

    def detect(self, tree: Tree) -> list[Project]:
        """Find the folders whose newest files are this tool's, or which it is told to use."""
        tools = list(tree.search(self.tool))
        told = mentioned_folders(
            tree, self.setting, tools[0] if tools else None, default=self.folder
        )
        found: list[Project] = []
        for folder, names in self.naming.histories(tree):
            hint = told.get(folder)
            if not names and not (hint and _empty(tree, folder)):
                continue
            evidence = list(self.evidence(tree, folder, names)) if names else []
            if names and not evidence:
                continue
            tool = _nearest(tree, tools, folder)
            if hint:
                evidence.append(hint)
            elif tool:
                evidence.append(Evidence(what=f"names {self.label}", where=tool.path))
            found.append(self.project(tree.root, folder, names, evidence, tree=tree))
        return found

    def evidence(self, tree: Tree, folder: Path, names: Sequence[str]) -> Iterator[Evidence]:
        """Yield why a folder with migrations is this tool's: nothing when it is not."""
        recent = names[-RECENT:]
        paths = [f"{name}/{self.naming.inside}" if self.naming.inside else name for name in recent]
        texts = tree.heads(folder, paths)
        marked = [
            (name, match) for name in paths if (match := self.mark.search(texts.get(name, "")))
        ]
        if len(marked) * 2 > len(recent):
            name, match = marked[-1]
            what = " ".join(match.group().split())
            yield Evidence(
                what=f"{what} in {len(marked)} of the newest {len(recent)} files",
                where=tree.relative(folder / name),
            )

    def imagine(self, root: Path) -> Project:
        """Return the project that the tool's own generator would begin."""
        return self.project(root, root / self.folder, (), ())

    def project(
        self,
        root: Path,
        folder: Path,
        names: Sequence[str],
        evidence: Sequence[Evidence],
        *,
        tree: Tree | None = None,
    ) -> Project:
        """Return the project of a folder; ``tree`` is what it was found in."""
        versions = self.naming.versions(names)
        behind, words = separators(self.naming.rests(names))
        if not names:
            behind, words = self.naming.behind, self.naming.words
        options = {
            "separator": behind,
            "words": words,
            **(self.options(tree, folder, names) if tree is not None else {}),
        }
        return Project(
            framework="sql",
            layout=self.name,
            root=root,
            directory=folder,
            keeping=folder.parent / "plans" if self.naming.inside or self.beside else None,
            confidence="high" if names else "medium" if evidence else "low",
            evidence=tuple(evidence),
            heads=tuple(versions[-1:]),
            latest=names[-1] if names else None,
            pattern=f"{self.naming.form(versions)}{behind}words{self.ending(options)}",
            transactions=self.transactions,
            apart=self.apart,
            options=options,
            problems=problems(versions) if self.naming.unique else (),
        )

    def options(self, tree: Tree, folder: Path, names: Sequence[str]) -> dict[str, str]:
        """Return the layout's own knowledge of a project."""
        return {}

    def ending(self, options: dict[str, str]) -> str:
        """Return what is behind the words in a name, for people."""
        return f"/{self.naming.inside}" if self.naming.inside else ".sql"

    def stem(self, project: Project, draft: Draft) -> str:
        """Return the name of a migration without an ending."""
        behind = project.options.get("separator", self.naming.behind)
        words = project.options.get("words", self.naming.words)
        return f"{draft.version}{behind}{joined(draft.slug, words)}"

    def next_versions(
        self, project: Project, *, taken: Sequence[str], now: datetime, count: int
    ) -> tuple[str, ...]:
        """Return versions which the runner takes as newer than all migrations there."""
        versions = self.naming.versions(self.naming.there(project.directory))
        versions += [one for one in taken if one not in versions]
        form, latest = self.naming.form(versions), versions[-1] if versions else None
        return following(form, latest, now=now, count=count, order=self.naming.order)

    def companions(
        self, project: Project, files: Sequence[Written], *, now: datetime
    ) -> tuple[Companion, ...]:
        """Return nothing: the folder is all there is."""
        return ()

    def one_statement(self, dialect: Dialect) -> bool:
        """Tell that statements are sent one by one, so that a file may hold several."""
        return False

    def repair(self, cut: Interruption) -> str:
        """Return how to go on; the runner records a file only when it has ended well."""
        if not cut.index:
            return ""
        if cut.direction == "up":
            return "when the build was cut short: take one file back, then apply again"
        return "when the build was cut short: apply one file again, then take it back again"

    def escape(self, sql: str) -> str:
        """Return the text as it is: what the runner would change in it is escaped in `write`."""
        return sql


def _empty(tree: Tree, folder: Path) -> bool:
    """Tell whether a folder holds nothing but placeholders."""
    return all(name[0] == "." for name in tree.folders.get(folder, ())) and not tree.inner.get(
        folder
    )


def _nearest(tree: Tree, hits: Sequence[Hit], folder: Path) -> Hit | None:
    """Return the mention nearest to a folder: in a folder above it, else any."""
    above = [hit for hit in hits if folder.is_relative_to((tree.root / hit.path).parent)]
    return above[-1] if above else hits[0] if hits else None
