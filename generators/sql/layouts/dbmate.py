"""dbmate: one file with an up and a down section, UTC seconds in front of its name.

Facts: dbmate 2.36, run; its parser of sections. Files are ordered as text. A section is sent to
PostgreSQL as one string, so ``transaction:false`` allows a single statement there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from generators.base import Commands, Evidence, Project
from generators.ledger import Ledger, list_of
from generators.sql.detecting import joined, listed, problems, separators, shell_path
from generators.sql.layout import Companion, Draft, Interruption, Section, Written
from generators.sql.marked import Marks, cut_wrongly, marked
from generators.sql.numbering import following, infer
from generators.sql.told import record_table
from generators.sql.tree import Tree
from wizard.dialects.base import Dialect

_NAME = re.compile(r"(\d+)(.*)\.sql")
_UP = re.compile(r"^--\s*migrate:up(\s|$)", re.MULTILINE)
_MARK = re.compile(r"^--\s*migrate:(?:up|down)", re.MULTILINE)
_TOOL = re.compile(r"(?<![\w/.-])(?:\S*/)?dbmate(?![\w.])|\bDBMATE_\w+")
_FOLDER = re.compile(
    r"DBMATE_MIGRATIONS_DIR['\"]?\s*[:=]\s*['\"]?([\w./-]+)"
    r"|dbmate\b[^\n#]*?\s(?:--migrations-dir[= ]|-d[= ]?)['\"]?([\w./-]+)"
)
_DEFAULT = "db/migrations"
_RECORD = re.compile(
    r"(?:DBMATE_MIGRATIONS_TABLE['\"]?\s*[:=]\s*|--migrations-table[= ]\s*)['\"]?([\w.]+)"
)


class Dbmate:
    """The layout; all of its knowledge of a project is in the files' names."""

    name = "dbmate"
    label = "dbmate"

    def detect(self, tree: Tree) -> list[Project]:
        """Find folders whose newest files hold dbmate's section marks, or which dbmate is told."""
        return [
            self._project(tree.root, one.folder, one.names, one.evidence)
            for one in marked(tree, _MARKS)
        ]

    def imagine(self, root: Path) -> Project:
        """Return the project that `dbmate new` would begin."""
        return self._project(root, root / _DEFAULT, (), ())

    def _project(
        self, root: Path, folder: Path, names: Sequence[str], evidence: tuple[Evidence, ...]
    ) -> Project:
        versions = _versions(names)
        behind, words = separators([match[2] for name in names if (match := _NAME.fullmatch(name))])
        return Project(
            framework="sql",
            layout=self.name,
            root=root,
            directory=folder,
            confidence="high" if names else "medium" if evidence else "low",
            evidence=evidence,
            heads=tuple(versions[-1:]),
            latest=names[-1] if names else None,
            pattern=f"{infer(versions)}{behind}words.sql",
            transactions="each migration",
            options={"separator": behind, "words": words},
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
        """Return the file with its two sections."""
        behind = project.options.get("separator", "_")
        slug = joined(draft.slug, project.options.get("words", "_"))
        lines = [draft.comments("up", "down")]
        for mark, section in (("up", draft.up), ("down", draft.down)):
            lines += [f"-- migrate:{mark}{_option(section)}", section.text(), ""]
        content = "\n".join(lines)
        if len(_MARK.findall(content)) != 2:
            raise cut_wrongly(self.label, draft.slug)
        return (
            Written(
                name=f"{draft.version}{behind}{slug}.sql",
                content=content,
                up=draft.up.text() + "\n",
                down=draft.down.text() + "\n",
            ),
        )

    def companions(
        self,
        project: Project,
        files: Sequence[Written],
        *,
        now: datetime,
    ) -> tuple[Companion, ...]:
        """Return nothing: the folder is all there is."""
        return ()

    def one_statement(self, dialect: Dialect) -> bool:
        """Tell whether the server takes the section for one transaction when it holds several."""
        return dialect.name == "postgresql"

    def repair(self, cut: Interruption) -> str:
        """Return how to go on; dbmate records a file only when it has ended well."""
        if not cut.index:
            return ""
        if cut.direction == "up":
            return "when the build was cut short: dbmate rollback, then dbmate up"
        return "when the rollback was cut short: dbmate up, then roll back again"

    def escape(self, sql: str) -> str:
        """Return the SQL as it is: dbmate knows no placeholders."""
        return sql

    def ledger(self, project: Project, dialect: Dialect) -> Ledger:
        """Return the table of versions; a row for each file that is applied."""
        table = record_table(project, "schema_migrations", _RECORD)
        return Ledger(tables=(table,), columns=("version",), read=list_of())

    def commands(self, project: Project, versions: Sequence[str]) -> Commands:
        """Return dbmate's commands; it rolls back one file at a time."""
        folder = shell_path(project)
        call = "dbmate" if folder == _DEFAULT else f"dbmate --migrations-dir {folder}"
        back = " && ".join([f"{call} rollback"] * max(1, len(versions)))
        return Commands(apply=f"{call} up", revert=back)


def _option(section: Section) -> str:
    return "" if section.transactional else " transaction:false"


def _history(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted(name for name in names if _NAME.fullmatch(name)))


def _versions(names: Sequence[str]) -> list[str]:
    return [match.group(1) for name in names if (match := _NAME.fullmatch(name))]


_MARKS = Marks(
    label="dbmate",
    inside=_UP,
    shown="-- migrate:up",
    tool=_TOOL,
    folders=_FOLDER,
    default=_DEFAULT,
    history=_history,
)
LAYOUT = Dbmate()
