"""Drizzle: ``<counter>_<words>.sql`` with a journal and a snapshot for each, forward only.

Facts: drizzle-orm 0.45, run; drizzle-kit 0.31. The journal decides the order, and by ``when`` what
is pending. All pending files run in one transaction, cut at each ``--> statement-breakpoint``.
drizzle-kit fails where the snapshot of an entry is missing, and compares the schema in code with
the newest one.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, cast
from uuid import NAMESPACE_URL, uuid5

from generators.base import Commands, Evidence, Project
from generators.ledger import Kept, Ledger, Reading, Rows, by_name
from generators.reading import read_text
from generators.sql.enclosed import enclosed
from generators.sql.forward import repair, rollback, rollback_paths, runs
from generators.sql.layout import Companion, Draft, Interruption, Section, Written
from generators.sql.layouts.named import Named, Naming
from generators.sql.numbering import Numbering
from generators.sql.told import setting
from generators.sql.tree import Tree
from wizard.dialects.base import Dialect
from wizard.model.errors import ConflictError
from wizard.model.names import TableName, parse_table_name

BREAKPOINT = "--> statement-breakpoint"
MODEL = (
    (
        "Model",
        "change the schema in code to match; `drizzle-kit generate` then writes this change once "
        "more: keep its snapshot, and empty its SQL",
    ),
)
#: How a person makes Drizzle take a file for applied.
RECORD = "insert its row into __drizzle_migrations"
_DIALECTS = {"mariadb": "mysql"}
#: The entries' version is that of the snapshots' format.
_FORMATS = {"postgresql": "7", "mysql": "5", "sqlite": "6"}
_SIZE = 64 * 1024 * 1024
_TABLE = re.compile(r"\bmigrations['\"]?\s*:\s*\{[^}]*?\btable['\"]?\s*:\s*['\"](\w+)")
_SCHEMA = re.compile(r"\bmigrations['\"]?\s*:\s*\{[^}]*?\bschema['\"]?\s*:\s*['\"](\w+)")


class Drizzle(Named):
    """The layout with a journal."""

    name = "drizzle"
    label = "Drizzle"
    naming = Naming(
        pattern=re.compile(r"(\d+)(_.*)\.sql"),
        endings=(".sql",),
        numbering=Numbering(kind="counter", width=4),
    )
    folder = "drizzle"
    tool = re.compile(r"\"drizzle-(?:orm|kit)\"\s*:|\bdrizzle-kit\s+(?:generate|migrate)\b")
    transactions = "whole run"
    apart = (
        "this runner knows no other way: write and deploy one phase, or even one file, at a time"
    )

    def evidence(self, tree: Tree, folder: Path, names: Sequence[str]) -> Iterator[Evidence]:
        """Yield the journal."""
        journal = _journal(folder)
        if journal.name in tree.folders.get(journal.parent, ()):
            yield Evidence(what=f"a journal of {len(names)} files", where=tree.relative(journal))

    def options(self, tree: Tree, folder: Path, names: Sequence[str]) -> dict[str, str]:
        """Return the engine that the journal names."""
        text = read_text(_journal(folder), limit=_SIZE) or ""
        found = re.search(r'"dialect"\s*:\s*"(\w+)"', text)
        return {"engine": found[1]} if found else {}

    def next_versions(
        self, project: Project, *, taken: Sequence[str], now: datetime, count: int
    ) -> tuple[str, ...]:
        """Return the next versions; the first is 0000."""
        if taken or self.naming.there(project.directory):
            return super().next_versions(project, taken=taken, now=now, count=count)
        return tuple(f"{number:04d}" for number in range(count))

    def write(self, project: Project, draft: Draft) -> tuple[Written, ...]:
        """Return the migration, its way back, and what a person runs before it."""
        inside, alone = enclosed(draft, runner=self.label, mark=RECORD)
        name = f"{self.stem(project, draft)}.sql"
        content = f"{inside.comments('up', more=MODEL)}\n{statements(inside.up)}"
        up = Written(name=name, content=content, up=inside.up.text() + "\n")
        return (*alone, up, rollback(draft, name, after=forget(content, draft.dialect.name)))

    def companions(
        self, project: Project, files: Sequence[Written], *, now: datetime
    ) -> tuple[Companion, ...]:
        """Return the journal with the new entries, and a snapshot for each.

        Raises ConflictError ``broken-history`` for a journal that cannot be read.
        """
        path = _journal(project.directory)
        engine = project.options.get("engine", "postgresql")
        engine = _DIALECTS.get(engine, engine)
        before, journal = _read(path)
        if journal is None:
            journal = {"version": "7", "dialect": engine, "entries": []}
        entries = cast("list[dict[str, Any]]", journal["entries"])
        snapshot = _newest_snapshot(project.directory, entries)
        when = max([int(now.timestamp() * 1000) - 1, *(int(one["when"]) for one in entries)])
        found: list[Companion] = []
        for number, name in enumerate([one.name for one in files if "/" not in one.name], 1):
            last: dict[str, Any] = (
                entries[-1] if entries else {"idx": -1, "version": _FORMATS.get(engine, "7")}
            )
            tag = name.removesuffix(".sql")
            entry = {
                "idx": int(last["idx"]) + 1,
                "version": last["version"],
                "when": when + number,
                "tag": tag,
                "breakpoints": True,
            }
            entries.append(entry)
            if snapshot is not None:
                snapshot = {
                    **snapshot,
                    "id": str(uuid5(NAMESPACE_URL, f"{snapshot['id']}/{tag}")),
                    "prevId": snapshot["id"],
                }
                there = path.parent / f"{tag.split('_')[0]}_snapshot.json"
                text = json.dumps(snapshot, indent=2, ensure_ascii=False)
                found.append(Companion(path=there, content=text, before=None, language="json"))
        text = _like(before, journal)
        return (Companion(path=path, content=text, before=before, language="json"), *found)

    def one_statement(self, dialect: Dialect) -> bool:
        """Tell that what is for a person to run stands alone in its file."""
        return dialect.name == "postgresql"

    def repair(self, cut: Interruption) -> str:
        """Return how to go on when an index build was cut short."""
        if cut.direction == "down":
            return repair(cut)
        return (
            "when the build was cut short: drop its index, then run it again" if cut.index else ""
        )

    def ledger(self, project: Project, dialect: Dialect) -> Ledger:
        """Return the table of hashes and of the journal's times, by either of which a file is known."""
        name = parse_table_name(table_of_migrations(dialect.name))
        table = setting(project, _TABLE) or name.name
        schema = setting(project, _SCHEMA) if name.schema else None
        return Ledger(
            tables=(TableName(table, schema or name.schema),),
            columns=("hash", "created_at"),
            read=partial(_ran, project),
        )

    def commands(self, project: Project, versions: Sequence[str]) -> Commands:
        """Return Drizzle's command, and the database's own client for the way back."""
        engine = project.options.get("engine", "postgresql")
        table = table_of_migrations(engine)
        newest = f"SELECT id FROM {table} ORDER BY created_at DESC LIMIT {max(1, len(versions))}"
        # MySQL wants a limit one level deeper.
        then = f"DELETE FROM {table} WHERE id IN (SELECT id FROM ({newest}) AS newest)"
        back = runs(rollback_paths(project, versions), engine, then)
        return Commands(apply="npx drizzle-kit migrate", revert=back)


def statements(section: Section) -> str:
    """Return a section as Drizzle cuts it; raises ConflictError for text that holds its mark."""
    if not section.runs:
        # A server may refuse a query that is a comment only.
        return f"{section.text()}\nSELECT 1;\n"
    parts = [Section(statements=(one,)).text() for one in section.statements]
    if any(BREAKPOINT in part for part in parts):
        raise ConflictError(
            "section-mark",
            "Drizzle would cut the file in the wrong place",
            why=f"a text in it holds {BREAKPOINT}",
            next_actions=("write that default or comment without it",),
        )
    return f"{BREAKPOINT}\n".join(parts) + "\n"


def forget(content: str, engine: str) -> str:
    """Return the statement by which Drizzle forgets a file, which it knows by its checksum."""
    return f"DELETE FROM {table_of_migrations(engine)} WHERE hash = '{hashlib.sha256(content.encode()).hexdigest()}'"


def table_of_migrations(engine: str) -> str:
    """Return the table in which Drizzle keeps what has run."""
    return "drizzle.__drizzle_migrations" if engine == "postgresql" else "__drizzle_migrations"


def _ran(project: Project, rows: Rows, files: Sequence[Kept]) -> Reading:
    """Return what is applied: by the hash of a file, or by the time that its journal has for it."""
    text = read_text(_journal(project.directory), limit=_SIZE) or ""
    try:
        times = {str(one["tag"]): str(one["when"]) for one in json.loads(text)["entries"]}
    except (ValueError, TypeError, KeyError):
        times = {}
    hashes, moments = ({str(row[at]) for row in rows} for at in (0, 1))

    def applied(one: Kept) -> bool:
        if times.get(by_name(one)) in moments:
            return True
        content = read_text(project.root / one.path, limit=_SIZE)
        return content is not None and hashlib.sha256(content.encode()).hexdigest() in hashes

    return Reading(
        applied=frozenset(one.revision for one in files if one.revision and applied(one))
    )


def _journal(folder: Path) -> Path:
    return folder / "meta" / "_journal.json"


def _read(path: Path) -> tuple[str | None, dict[str, Any] | None]:
    """Return the journal's text and what it says; nothing of a journal that is not there."""
    if not path.exists():
        return None, None
    text = read_text(path, limit=_SIZE)
    try:
        journal = json.loads(text or "")
        entries = journal["entries"]
        whole = all({"idx", "when", "tag", "version"} <= set(one) for one in entries)
    except (ValueError, TypeError, KeyError):
        whole = False
    if not whole:
        raise ConflictError(
            "broken-history",
            f"{path.name} is not a journal of Drizzle",
            why="a new file needs an entry behind those that are there",
            next_actions=("repair it, or take it from version control, then write again",),
        )
    return text, cast("dict[str, Any]", journal)


def _newest_snapshot(folder: Path, entries: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    if not entries:
        return None
    prefix = str(entries[-1]["tag"]).split("_", maxsplit=1)[0]
    text = read_text(folder / "meta" / f"{prefix}_snapshot.json", limit=_SIZE)
    try:
        found = json.loads(text or "")
    except ValueError:
        return None
    return cast("dict[str, Any]", found) if isinstance(found, dict) and "id" in found else None


def _like(before: str | None, journal: dict[str, Any]) -> str:
    """Return the journal as text, indented and ended as it was."""
    found = re.search(r"\n([ \t]+)\S", before or "")
    indent: str | int = found[1] if found else 2
    end = "\n" if (before or "").endswith("\n") else ""
    return json.dumps(journal, indent=indent, ensure_ascii=False) + end


LAYOUT = Drizzle()
