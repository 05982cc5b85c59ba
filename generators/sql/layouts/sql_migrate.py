"""sql-migrate: one file with an up and a down section, local seconds and a hyphen in its name.

Facts: sql-migrate 1.8, run, and its parser of sections. Files are ordered by the number in front,
then by name. A statement ends at a semicolon at a line's end unless it stands between marks, and
``notransaction`` counts for one direction. Lines that begin with a comment never reach the
server, also inside a string.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from generators.base import Commands, Evidence, Project
from generators.ledger import Ledger, by_name, list_of
from generators.sql.detecting import joined, listed, problems, separators
from generators.sql.layout import Companion, Draft, Interruption, Written
from generators.sql.marked import Marks, cut_wrongly, delimited, marked
from generators.sql.numbering import following, infer, local
from generators.sql.told import record_table
from generators.sql.tree import Tree
from wizard.dialects.base import Dialect
from wizard.dialects.lexing import Unreadable, tokens

_NAME = re.compile(r"(\d+)(.*)\.sql")
_MARK = re.compile(r"^-- \+", re.MULTILINE)
_DROPPED = re.compile(r"\n-- ")
_BODY = re.compile(r"(?s)(\$\w*\$)(.*)\1")
_DEFAULT = "migrations"
_RECORD = re.compile(
    r"(?m)^[ \t]+dialect:[^\n]*\n(?:[ \t]+[^\n]*\n)*?[ \t]+table:[ \t]*['\"]?([\w.]+)"
)


class SqlMigrate:
    """The layout; all of its knowledge of a project is in the files' names."""

    name = "sql-migrate"
    label = "sql-migrate"

    def detect(self, tree: Tree) -> list[Project]:
        """Find folders whose newest files hold sql-migrate's marks, or which it is told to use."""
        return [
            self._project(tree.root, one.folder, one.names, one.evidence)
            for one in marked(tree, _MARKS)
        ]

    def imagine(self, root: Path) -> Project:
        """Return the project that `sql-migrate new` would begin."""
        return self._project(root, root / _DEFAULT, (), ())

    def _project(
        self, root: Path, folder: Path, names: Sequence[str], evidence: tuple[Evidence, ...]
    ) -> Project:
        versions = _versions(names)
        behind, words = "-", "_"
        if names:
            rests = [match[2] for name in names if (match := _NAME.fullmatch(name))]
            behind, words = separators(rests)
        return Project(
            framework="sql",
            layout=self.name,
            root=root,
            directory=folder,
            confidence="high" if names else "medium" if evidence else "low",
            evidence=evidence,
            heads=tuple(versions[-1:]),
            latest=names[-1] if names else None,
            pattern=f"{str(infer(versions)).replace('UTC', 'local')}{behind}words.sql",
            transactions="each migration",
            options={"separator": behind, "words": words},
            problems=problems(versions),
        )

    def next_versions(
        self, project: Project, *, taken: Sequence[str], now: datetime, count: int
    ) -> tuple[str, ...]:
        """Return versions greater, as numbers, than all files there; times are local ones."""
        versions = [*_versions(_history(listed(project.directory))), *taken]
        latest = versions[-1] if versions else None
        return following(infer(versions), latest, now=local(now), count=count, order="number")

    def write(self, project: Project, draft: Draft) -> tuple[Written, ...]:
        """Return the file with its two sections."""
        behind = project.options.get("separator", "-")
        slug = joined(draft.slug, project.options.get("words", "_"))
        head = draft.comments("up", "down", more=draft.turns(self.label))
        texts = (head, draft.up.text(), draft.down.text())
        if any(map(_MARK.search, texts)) or any(
            _loses(one.sql, draft.dialect.name)
            for one in (*draft.up.statements, *draft.down.statements)
        ):
            raise cut_wrongly(self.label, draft.slug)
        lines = [head]
        for mark, section in (("Up", draft.up), ("Down", draft.down)):
            option = "" if section.transactional else " notransaction"
            lines += [f"-- +migrate {mark}{option}", delimited(section, "+migrate"), ""]
        return (
            Written(
                name=f"{draft.version}{behind}{slug}.sql",
                content="\n".join(lines),
                up=draft.up.text() + "\n",
                down=draft.down.text() + "\n",
            ),
        )

    def companions(
        self, project: Project, files: Sequence[Written], *, now: datetime
    ) -> tuple[Companion, ...]:
        """Return nothing: the folder is all there is."""
        return ()

    def one_statement(self, dialect: Dialect) -> bool:
        """Tell that statements outside a transaction are sent one by one."""
        return False

    def repair(self, cut: Interruption) -> str:
        """Return how to go on; sql-migrate records a file only when it has ended well."""
        if not cut.index:
            return ""
        if cut.direction == "up":
            return "when the build was cut short: sql-migrate down, then sql-migrate up"
        return "when the rollback was cut short: sql-migrate up, then sql-migrate down again"

    def escape(self, sql: str) -> str:
        """Return the SQL as it is: sql-migrate knows no placeholders."""
        return sql

    def ledger(self, project: Project, dialect: Dialect) -> Ledger:
        """Return the table of the files' names."""
        table = record_table(project, "gorp_migrations", _RECORD)
        return Ledger(tables=(table,), columns=("id",), read=list_of(by_name))

    def commands(self, project: Project, versions: Sequence[str]) -> Commands:
        """Return sql-migrate's commands; its configuration says where the folder is."""
        count = max(1, len(versions))
        return Commands(
            apply="sql-migrate up",
            revert=f"sql-migrate down -limit={count}",
            mark=f"sql-migrate skip -limit={count}",
        )


def _loses(sql: str, dialect: str) -> bool:
    """Tell whether a line of a quoted text would be taken for a comment, also inside a body."""
    if not _DROPPED.search(sql):
        return False
    try:
        found = [one.text for one in tokens(sql, dialect) if _DROPPED.search(one.text)]
    except Unreadable:
        return True
    for text in found:
        body = _BODY.fullmatch(text)
        if _loses(body[2], dialect) if body else text[0] in "'\"`eEnN":
            return True
    return False


def _history(names: Sequence[str]) -> tuple[str, ...]:
    keyed = [(int(match.group(1)), name) for name in names if (match := _NAME.fullmatch(name))]
    return tuple(name for _, name in sorted(keyed))


def _versions(names: Sequence[str]) -> list[str]:
    return [match.group(1) for name in names if (match := _NAME.fullmatch(name))]


_MARKS = Marks(
    label="sql-migrate",
    inside=re.compile(r"^-- \+migrate Up\b", re.MULTILINE),
    shown="-- +migrate Up",
    tool=re.compile(r"\brubenv/sql-migrate\b|(?<![\w/.-])sql-migrate\s+(?:-\w|up|down|new|redo)\b"),
    folders=re.compile(r"datasource:.*\n(?:[ \t]+\w+:.*\n)*?[ \t]+dir:[ \t]*['\"]?([\w./-]+)"),
    default=None,
    history=_history,
)
LAYOUT = SqlMigrate()
