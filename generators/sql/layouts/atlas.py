"""Atlas: ``<number>_<words>.sql``, forward only, and ``atlas.sum`` beside the files.

Facts: Atlas' library, run, and its source. Files are ordered as text, and none is run whose sum is
not true. A file is read statement by statement, in a transaction unless the comment at its top
says ``-- atlas:txmode none``. ``-- atlas:delimiter`` on the first line says how statements end.
The community's build has no way back.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from generators.base import Commands, Evidence, Project
from generators.ledger import Ledger, list_of, number
from generators.sql import atlas_sum
from generators.sql.detecting import (
    foreign,
    joined,
    listed,
    mentioned_folders,
    problems,
    separators,
    shell_path,
)
from generators.sql.forward import by_hand, rollback
from generators.sql.layout import Companion, Draft, Interruption, Section, Written
from generators.sql.marked import cut_wrongly
from generators.sql.numbering import following, infer
from generators.sql.told import setting
from generators.sql.tree import Tree
from wizard.dialects.base import Dialect
from wizard.model.names import TableName

_NAME = re.compile(r"(\d+)(_.*)?\.sql")
_PAIR = re.compile(r"\.(?:up|down)\.sql$")
_FOLDER = re.compile(
    r"\bdir\s*=\s*\"file://([\w./-]+)\"|\batlas\s+migrate\b[^\n#]*?--dir[= ]\s*['\"]?file://([\w./-]+)"
)
_DIRECTIVE = re.compile(r"^(?:--|#).*\batlas:\w", re.MULTILINE)
_END = "-- end"
_DEFAULT = "migrations"
_RECORD = re.compile(r"\brevisions_schema\s*=\s*\"(\w+)\"|--revisions-schema[= ]\s*['\"]?(\w+)")


class Atlas:
    """The layout; all of its knowledge of a project is in the files' names and their sum."""

    name = "atlas"
    label = "Atlas"

    def detect(self, tree: Tree) -> list[Project]:
        """Find folders with a sum, or which Atlas is told to use, that hold no other runner's files."""
        told = mentioned_folders(tree, _FOLDER, None, default=None)
        found: list[Project] = []
        for folder, files in tree.folders.items():
            summed = atlas_sum.NAME in files
            hint = told.get(folder)
            if not summed and not (hint and not any(one.endswith(".sql") for one in files)):
                continue
            names = _history(files)
            if foreign(tree, folder, names) or _formatted(files):
                continue
            evidence = [hint] if hint else []
            if summed:
                where = tree.relative(folder / atlas_sum.NAME)
                evidence.insert(0, Evidence(what="sums of the files beside it", where=where))
            found.append(self._project(tree.root, folder, names, tuple(evidence), sure=summed))
        return found

    def imagine(self, root: Path) -> Project:
        """Return the project that `atlas migrate new` would begin."""
        return self._project(root, root / _DEFAULT)

    def _project(
        self,
        root: Path,
        folder: Path,
        names: Sequence[str] = (),
        evidence: tuple[Evidence, ...] = (),
        *,
        sure: bool = False,
    ) -> Project:
        versions = _versions(names)
        rests = [match[2] or "" for name in names if (match := _NAME.fullmatch(name))]
        _, words = separators(rests)
        bare = bool(rests) and not any(rests[-10:])
        return Project(
            framework="sql",
            layout=self.name,
            root=root,
            directory=folder,
            confidence="high" if sure else "medium" if evidence else "low",
            evidence=evidence,
            heads=tuple(versions[-1:]),
            latest=names[-1] if names else None,
            pattern=f"{infer(versions)}{'' if bare else '_words'}.sql",
            transactions="each migration",
            options={"words": words, **({"bare": "yes"} if bare else {})},
            problems=problems(versions),
        )

    def next_versions(
        self, project: Project, *, taken: Sequence[str], now: datetime, count: int
    ) -> tuple[str, ...]:
        """Return versions that sort as text behind all files there."""
        versions = [*_versions(_history(listed(project.directory))), *taken]
        latest = versions[-1] if versions else None
        return following(infer(versions), latest, now=now, count=count, order="text")

    def write(self, project: Project, draft: Draft) -> tuple[Written, ...]:
        """Return the file, and its way back beside the folder."""
        slug = f"_{joined(draft.slug, project.options.get('words', '_'))}"
        name = f"{draft.version}{'' if project.options.get('bare') else slug}.sql"
        head = draft.comments("up")
        text = draft.up.text()
        directives: list[str] = []
        if draft.dialect.name != "postgresql" and _bodies(draft.up):
            if _END in text:
                raise cut_wrongly(self.label, draft.slug)
            directives.append(f"-- atlas:delimiter {_END}\n")
            text = _ended(draft.up)
        if not draft.up.transactional:
            directives.append("-- atlas:txmode none\n")
        if _DIRECTIVE.search(head):
            raise cut_wrongly(self.label, draft.slug)
        up = Written(
            name=name,
            content=f"{''.join(directives)}{head}\n{text}\n",
            up=draft.up.text() + "\n",
        )
        after = (
            f"DELETE FROM atlas_schema_revisions WHERE version = '{draft.version}', which lies in "
            "a schema of the same name unless the URL names one"
        )
        return up, rollback(draft, name, after=after)

    def companions(
        self, project: Project, files: Sequence[Written], *, now: datetime
    ) -> tuple[Companion, ...]:
        """Return the sum, also for a folder that has none yet."""
        return (atlas_sum.updated(project, files),)

    def one_statement(self, dialect: Dialect) -> bool:
        """Tell that statements are sent one by one."""
        return False

    def repair(self, cut: Interruption) -> str:
        """Return how to go on; Atlas remembers the statement at which it stopped."""
        if not cut.index:
            return ""
        if cut.direction == "up":
            return (
                "when the build was cut short: drop the index, build it by hand as this migration "
                "does, then apply again"
            )
        return "when it was cut short: drop the index, then run it again"

    def escape(self, sql: str) -> str:
        """Return the SQL as it is: only folders that are declared as templates are filled in."""
        return sql

    def ledger(self, project: Project, dialect: Dialect) -> Ledger:
        """Return the table of revisions, on PostgreSQL in a schema of its own unless the URL names one."""
        schema = setting(project, _RECORD)
        name = "atlas_schema_revisions"
        own = (TableName(name, schema or name),) if dialect.name == "postgresql" else ()
        return Ledger(
            tables=(*own, TableName(name)),
            columns=("version", "applied", "total"),
            read=list_of(failed=lambda row: number(row[1]) < number(row[2])),
        )

    def commands(self, project: Project, versions: Sequence[str]) -> Commands:
        """Return Atlas' command; the community's build knows no way back."""
        where = f'--dir "file://{shell_path(project)}" --url "$DATABASE_URL"'
        mark = f"atlas migrate set {versions[-1]} {where}" if versions else ""
        return Commands(
            apply=f"atlas migrate apply {where}",
            revert=by_hand(project, [f"{one}*" for one in versions]),
            mark=mark,
        )


def _bodies(section: Section) -> bool:
    """Tell whether a statement holds others, or begins what looks to Atlas as if it did."""
    return any(";" in one.sql or one.sql.startswith("BEGIN") for one in section.statements)


def _ended(section: Section) -> str:
    """Return the statements, each with its semicolon and the end that the first line declares."""
    lines: list[str] = []
    for one in section.statements:
        lines += [f"-- {line}".rstrip() for line in one.note.splitlines()]
        if one.sql:
            lines += [f"{one.sql};", _END]
    return "\n".join(lines)


def _formatted(files: Sequence[str]) -> bool:
    """Tell whether names are of another tool's shape: Atlas can write those, too."""
    return any(_PAIR.search(one) or re.match(r"[VUR][^/]*__", one) for one in files)


def _history(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted(name for name in names if _NAME.fullmatch(name)))


def _versions(names: Sequence[str]) -> list[str]:
    return [match[1] for name in names if (match := _NAME.fullmatch(name))]


LAYOUT = Atlas()
