"""sqlx: ``<number>_<words>.sql``, or pairs ``.up.sql`` and ``.down.sql``; the newest file decides.

Facts: sqlx-cli 0.9, run, and its source. Versions are ordered as numbers, two files of one version
are refused, and so is a name without a number in front. A file is sent as one string, in a
transaction unless it begins with ``-- no-transaction``. On MySQL that line means nothing, and a
file that fails half-way stays marked.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from generators.base import Commands, Evidence, Project
from generators.ledger import Ledger, list_of
from generators.sql.crates import crates_with
from generators.sql.detecting import (
    foreign,
    joined,
    listed,
    problems,
    separators,
    shell_path,
)
from generators.sql.forward import by_hand, rollback
from generators.sql.layout import Companion, Draft, Interruption, Section, Written
from generators.sql.numbering import Numbering, following, infer
from generators.sql.tree import Tree
from wizard.dialects.base import Dialect
from wizard.model.names import parse_table_name

_NAME = re.compile(r"(\d+)(_.*?)(\.up|\.down)?\.sql")
_UNREAD = re.compile(r"[^_]*_.*\.sql")
_ALONE = "-- no-transaction\n"
_DEFAULT = "migrations"
_TABLE = "_sqlx_migrations"
_NOTHING: Mapping[str, str] = MappingProxyType({})
_MACRO = re.compile(r'\bmigrate!\(\s*(?:"([^"]*)")?\s*\)')
_CALLS = re.compile(
    r"\bsqlx\s+(?:migrate|database)\b[^\n#]*?\s--source[= ]\s*['\"]?([\w./-]+)"
    r"|(?m:^\s*migrations-dir\s*=\s*['\"]([^'\"]+))"
)
_BY_HAND = (
    "when the build was cut short: drop the index, build it by hand as this migration does, "
    "then run it again"
)


class Sqlx:
    """The layout; its knowledge of a project is in the files' names and in sqlx.toml."""

    name = "sqlx"
    label = "sqlx"

    def detect(self, tree: Tree) -> list[Project]:
        """Find folders of numbered files that sqlx is told to use, or in crates that depend on it."""
        crates = crates_with(tree, "sqlx", macro=_MACRO, calls=_CALLS, default=_DEFAULT)
        found: list[Project] = []
        for folder, files in tree.folders.items():
            claim = crates.claim(folder)
            names = _history(files) if claim else ()
            if claim is None or (not names and folder not in crates.named):
                continue
            if foreign(tree, folder, names):
                continue
            evidence = [claim.evidence]
            if names:
                what = f"{len(set(_versions(names)))} numbered files"
                where = tree.relative(folder / names[-1])
                evidence.append(Evidence(what=what, where=where))
            found.append(
                self._project(
                    tree.root,
                    folder,
                    files,
                    evidence=tuple(evidence),
                    sure=claim.sure and bool(names),
                    configured=_configured(tree, folder),
                )
            )
        return found

    def imagine(self, root: Path) -> Project:
        """Return the project that `sqlx migrate add -r` would begin."""
        return self._project(root, root / _DEFAULT)

    def _project(
        self,
        root: Path,
        folder: Path,
        files: Sequence[str] = (),
        *,
        evidence: tuple[Evidence, ...] = (),
        sure: bool = False,
        configured: Mapping[str, str] = _NOTHING,
    ) -> Project:
        names = _history(files)
        versions = list(dict.fromkeys(_versions(names)))
        rests = [match[2] for name in names if (match := _NAME.fullmatch(name))]
        _, words = separators(rests)
        numbering = configured.get("migration-versioning", "")
        simple = configured.get("migration-type") == "simple"
        if names:
            simple = not names[-1].endswith((".up.sql", ".down.sql"))
        form = infer(versions, default=_default(numbering))
        broken = (*problems(_upward(names)), *_unread(files))
        return Project(
            framework="sql",
            layout=self.name,
            root=root,
            directory=folder,
            confidence="high" if sure else "medium" if evidence else "low",
            evidence=evidence,
            heads=tuple(versions[-1:]),
            latest=names[-1] if names else None,
            pattern=f"{form}_words{'' if simple else '.up'}.sql",
            transactions="each migration",
            options={
                "words": words,
                "type": "simple" if simple else "reversible",
                "numbering": numbering,
                "table": configured.get("table-name", _TABLE),
                **({"broken": "yes"} if broken else {}),
            },
            problems=broken,
        )

    def next_versions(
        self, project: Project, *, taken: Sequence[str], now: datetime, count: int
    ) -> tuple[str, ...]:
        """Return versions greater, as numbers, than all files there, in the form of the newest."""
        there = list(dict.fromkeys(_versions(_history(listed(project.directory)))))
        versions = [*there, *(one for one in taken if one not in there)]
        form = infer(versions, default=_default(project.options.get("numbering", "")))
        latest = versions[-1] if versions else None
        return following(form, latest, now=now, count=count, order="number")

    def write(self, project: Project, draft: Draft) -> tuple[Written, ...]:
        """Return the pair, or the one file and its way back beside the folder."""
        stem = f"{draft.version}_{joined(draft.slug, project.options.get('words', '_'))}"
        table = project.options.get("table", _TABLE)
        more = _remarks(draft, table)
        simple = project.options.get("type") == "simple"
        if simple:
            draft = replace(
                draft, repairs={way: _BY_HAND for way, told in draft.repairs.items() if told}
            )
        up = draft.up.text() + "\n"
        head = draft.comments("up", more=more)
        one = Written(
            name=f"{stem}.sql" if simple else f"{stem}.up.sql",
            content=f"{_opened(draft.up)}{head}\n{up}",
            up=up,
        )
        if simple:
            after = f"DELETE FROM {table} WHERE version = {int(draft.version)}"
            return one, rollback(draft, f"{stem}.sql", after=after)
        down = draft.down.text() + "\n"
        head = draft.comments("down", more=more)
        back = Written(
            name=f"{stem}.down.sql", content=f"{_opened(draft.down)}{head}\n{down}", down=down
        )
        return one, back

    def companions(
        self, project: Project, files: Sequence[Written], *, now: datetime
    ) -> tuple[Companion, ...]:
        """Return nothing: the folder is all there is."""
        return ()

    def one_statement(self, dialect: Dialect) -> bool:
        """Tell whether the server takes the file for one transaction when it holds several."""
        return dialect.name == "postgresql"

    def repair(self, cut: Interruption) -> str:
        """Return how to go on; sqlx records a file only when it has ended well."""
        if not cut.index:
            return ""
        if cut.direction == "up":
            return "when the build was cut short: sqlx migrate revert, then sqlx migrate run"
        return "when the way back was cut short: sqlx migrate run, then revert again"

    def escape(self, sql: str) -> str:
        """Return the SQL as it is: sqlx knows no placeholders in migrations."""
        return sql

    def ledger(self, project: Project, dialect: Dialect) -> Ledger:
        """Return the table of versions; a row without success is a run that was cut short."""
        name = parse_table_name(project.options.get("table", _TABLE))
        return Ledger(
            tables=(name,),
            columns=("version", "success"),
            read=list_of(failed=lambda row: not row[1]),
        )

    def commands(self, project: Project, versions: Sequence[str]) -> Commands:
        """Return sqlx's commands; it reverts one file at a time."""
        folder = shell_path(project)
        source = "" if folder == _DEFAULT else f" --source {folder}"
        back = " && ".join([f"sqlx migrate revert{source}"] * max(1, len(versions)))
        if project.options.get("type") == "simple":
            back = by_hand(project, [f"{one}_*" for one in versions])
        last = int(versions[-1]) if versions else 0
        mark = f"sqlx migrate override skip{source} --target-version {last}"
        return Commands(
            apply=f"sqlx migrate run{source}", revert=back, mark=mark if versions else ""
        )


def _opened(section: Section) -> str:
    return "" if section.transactional else _ALONE


def _remarks(draft: Draft, table: str) -> tuple[tuple[str, str], ...]:
    sections = (draft.up, draft.down)
    if not draft.dialect.capabilities.transactional_ddl:
        told = (
            "when this file fails half-way, put right what it did, then DELETE FROM "
            f"{table} WHERE version = {int(draft.version)} AND NOT success"
        )
        return (("Repair", told),)
    if draft.dialect.name == "sqlite" and not all(one.transactional for one in sections):
        told = (
            "needs sqlx 0.9; older ones put SQLite's files into a transaction, where this one "
            "fails and changes nothing"
        )
        return (("Runner", told),)
    return draft.turns("sqlx")


def _default(numbering: str) -> Numbering:
    return Numbering(kind="counter", width=4) if numbering == "sequential" else Numbering()


def _configured(tree: Tree, folder: Path) -> Mapping[str, str]:
    """Return what the nearest sqlx.toml above sets of a migration's type, numbers and table."""
    for home in folder.parents:
        text = tree.telling.get(home / "sqlx.toml")
        if text is None:
            continue
        try:
            migrate = tomllib.loads(text).get("migrate", {})
        except tomllib.TOMLDecodeError:
            return _NOTHING
        if not isinstance(migrate, dict):
            return _NOTHING
        defaults = migrate.get("defaults", {})
        both = {**migrate, **(defaults if isinstance(defaults, dict) else {})}
        return {key: value for key, value in both.items() if isinstance(value, str)}
    return _NOTHING


def _history(names: Sequence[str]) -> tuple[str, ...]:
    keyed = [(int(match[1]), name) for name in names if (match := _NAME.fullmatch(name))]
    return tuple(name for _, name in sorted(keyed))


def _versions(names: Sequence[str]) -> list[str]:
    return [match[1] for name in names if (match := _NAME.fullmatch(name))]


def _upward(names: Sequence[str]) -> list[str]:
    return _versions([name for name in names if not name.endswith(".down.sql")])


def _unread(files: Sequence[str]) -> tuple[str, ...]:
    odd = sorted(one for one in files if _UNREAD.fullmatch(one) and not _NAME.fullmatch(one))
    return (f"{odd[0]} has no number in front",) if odd else ()


LAYOUT = Sqlx()
