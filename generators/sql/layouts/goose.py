"""goose: one file with an up and a down section, a number in front of its name.

Facts: goose 3.30, run, and its parser of sections. Versions are ordered as numbers, two files of
one version are refused. A statement ends at a semicolon at a line's end unless it stands between
marks. ``NO TRANSACTION`` counts for both directions; the statements are then sent one by one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from generators.base import Commands, Evidence, Project
from generators.ledger import Ledger, last_word
from generators.sql.detecting import joined, listed, problems, separators, shell_path
from generators.sql.layout import Companion, Draft, Interruption, Section, Written
from generators.sql.marked import Marks, cut_wrongly, delimited, marked
from generators.sql.numbering import following, infer
from generators.sql.told import record_table
from generators.sql.tree import Tree
from wizard.dialects.base import Dialect

_NAME = re.compile(r"(\d+)(_.*)\.(?:sql|go)")
_MARK = re.compile(r"^\s*--.*\+goose", re.MULTILINE)
_DEFAULT = "migrations"
_RECORD = re.compile(
    r"(?:GOOSE_TABLE['\"]?\s*[:=]\s*|\bgoose\b[^\n#]*?\s-table[= ]\s*)['\"]?([\w.]+)"
)


class Goose:
    """The layout; all of its knowledge of a project is in the files' names."""

    name = "goose"
    label = "goose"

    def detect(self, tree: Tree) -> list[Project]:
        """Find folders whose newest files hold goose's marks, or which goose is told to use."""
        return [
            self._project(tree.root, one.folder, one.names, one.evidence)
            for one in marked(tree, _MARKS)
        ]

    def imagine(self, root: Path) -> Project:
        """Return the project that `goose -dir migrations create` would begin."""
        return self._project(root, root / _DEFAULT, (), ())

    def _project(
        self, root: Path, folder: Path, names: Sequence[str], evidence: tuple[Evidence, ...]
    ) -> Project:
        versions = _versions(names)
        _, words = separators([match[2] for name in names if (match := _NAME.fullmatch(name))])
        broken = problems(versions)
        return Project(
            framework="sql",
            layout=self.name,
            root=root,
            directory=folder,
            confidence="high" if names else "medium" if evidence else "low",
            evidence=evidence,
            heads=tuple(versions[-1:]),
            latest=names[-1] if names else None,
            pattern=f"{infer(versions)}_words.sql",
            transactions="each migration",
            options={"words": words, **({"broken": "yes"} if broken else {})},
            problems=broken,
        )

    def next_versions(
        self, project: Project, *, taken: Sequence[str], now: datetime, count: int
    ) -> tuple[str, ...]:
        """Return versions greater, as numbers, than all files there."""
        versions = [*_versions(_history(listed(project.directory))), *taken]
        latest = versions[-1] if versions else None
        return following(infer(versions), latest, now=now, count=count, order="number")

    def write(self, project: Project, draft: Draft) -> tuple[Written, ...]:
        """Return the file with its two sections."""
        slug = joined(draft.slug, project.options.get("words", "_"))
        alone = not (draft.up.transactional and draft.down.transactional)
        up, down = (_section(one, draft.dialect, alone) for one in (draft.up, draft.down))
        head = draft.comments("up", "down", more=draft.turns(self.label))
        if any(_MARK.search(one) for one in (head, draft.up.text(), draft.down.text())):
            raise cut_wrongly(self.label, draft.slug)
        lines = [head]
        if alone:
            lines.append("-- +goose NO TRANSACTION")
        lines += ["-- +goose Up", up, "", "-- +goose Down", down, ""]
        return (
            Written(
                name=f"{draft.version}_{slug}.sql",
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
        """Return how to go on; goose records a file only when it has ended well."""
        if not cut.index:
            return ""
        if cut.direction == "up":
            return "when the build was cut short: goose down, then goose up"
        return "when the rollback was cut short: goose up, then goose down again"

    def escape(self, sql: str) -> str:
        """Return the SQL as it is: variables are replaced only behind an ENVSUB mark."""
        return sql

    def ledger(self, project: Project, dialect: Dialect) -> Ledger:
        """Return the log of versions: the last row of a version counts, older releases keep all."""
        table = record_table(project, "goose_db_version", _RECORD)
        return Ledger(
            tables=(table,),
            columns=(
                "version_id",
                "id",
                "is_applied",
            ),
            read=last_word(lambda row: bool(row[2])),
        )

    def commands(self, project: Project, versions: Sequence[str]) -> Commands:
        """Return goose's commands; it takes back one file at a time."""
        call = f'goose -dir {shell_path(project)} "$GOOSE_DRIVER" "$GOOSE_DBSTRING"'
        back = " && ".join([f"{call} down"] * max(1, len(versions)))
        return Commands(apply=f"{call} up", revert=back)


def _section(section: Section, dialect: Dialect, alone: bool) -> str:
    """Return a section's text; in a file without a transaction it brings its own as one piece."""
    framed = alone and section.transactional and section.runs
    if framed and dialect.capabilities.transactional_ddl:
        text = f"BEGIN;\n{section.text()}\nCOMMIT;"
        return f"-- +goose StatementBegin\n{text}\n-- +goose StatementEnd"
    return delimited(section, "+goose")


def _history(names: Sequence[str]) -> tuple[str, ...]:
    keyed = [(int(match.group(1)), name) for name in names if (match := _NAME.fullmatch(name))]
    return tuple(name for _, name in sorted(keyed))


def _versions(names: Sequence[str]) -> list[str]:
    return [match.group(1) for name in names if (match := _NAME.fullmatch(name))]


_MARKS = Marks(
    label="goose",
    inside=re.compile(r"^--\s*\+goose\s+up\b|\bgoose\.AddMigration", re.MULTILINE | re.IGNORECASE),
    shown="-- +goose Up",
    tool=re.compile(
        r"\bpressly/goose\b|\bGOOSE_\w+"
        r"|(?<![\w/.-])goose\s+(?:-\w|up\b|down\b|create\b|status\b|postgres|sqlite3|mysql)"
    ),
    folders=re.compile(
        r"GOOSE_MIGRATION_DIR['\"]?\s*[:=]\s*['\"]?([\w./-]+)"
        r"|(?<![\w/.-])goose\b[^\n#]*?\s-{1,2}dir[= ]\s*['\"]?([\w./-]+)"
    ),
    default=None,
    history=_history,
)
LAYOUT = Goose()
