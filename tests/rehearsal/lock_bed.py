"""The lock-truth bed: what a step does on a real server, up and down, beside what its fact says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import majors
import psycopg
from servers import TestServer
from step_examples import EXAMPLES, SHOP, Example

from wizard.dialects import dialect
from wizard.dialects.base import Dialect
from wizard.dialects.lexing import tokens
from wizard.model.inverse import inverse
from wizard.model.names import TableName
from wizard.model.plan import Lock
from wizard.model.steps import Impossible, Step
from wizard.rehearsal.tracer import Trace, plain_url, trace

# Modes that stop neither readers nor writers may be taken on tables which a fact does not name.
HARMLESS = {None, "ACCESS SHARE", "ROW SHARE"}

WORKS = ("none", "scan", "build", "rewrite")

_TREES = "SELECT inhrelid::regclass::text, inhparent::regclass::text FROM pg_inherits"
_TABLES = """
    SELECT relname, nullif(nspname, 'public') FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
    WHERE relkind IN ('r', 'p', 'v') AND nspname NOT IN ('pg_catalog', 'information_schema')
    AND nspname NOT LIKE 'pg_toast%' ORDER BY c.oid
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A step to watch, after the steps of ``before``, on one version of the server."""

    name: str
    step: Step
    before: tuple[Step, ...] = ()
    major: int


def ups(major: int) -> Iterator[Case]:
    """Yield each example that the version has."""
    for one in _known(major):
        if not isinstance(one.step, Impossible):
            yield Case(name=one.name, step=one.step, before=one.before, major=major)


def downs(major: int) -> Iterator[Case]:
    """Yield each step of each example's way back, after what it takes back."""
    for one in _known(major):
        undo = () if isinstance(one.step, Impossible) else inverse(one.step)[0]
        done = (*one.before, one.step)
        for number, step in enumerate(undo):
            if not isinstance(step, Impossible):
                name = f"undo {one.name}" + (f", {number + 1}" if len(undo) > 1 else "")
                yield Case(name=name, step=step, before=done + undo[:number], major=major)


def _known(major: int) -> Iterator[Example]:
    engine = dialect("postgresql", (major, 0))
    for one in EXAMPLES:
        if one.since <= (major,) and engine.supports(one.step) is None:
            yield one


class Bed:
    """A database with the shop on one server, made anew whenever something was left in it."""

    def __init__(self, server: TestServer, url: str) -> None:
        self.version = server.version
        self.engine: Dialect = dialect("postgresql", server.version)
        self.url = url
        self.connection = psycopg.connect(plain_url(url), autocommit=True)
        self._clean = False

    def close(self) -> None:
        """End the connection, so that the database can be dropped."""
        self.connection.close()

    def renew(self) -> None:
        """Bring the shop into the state that the examples expect."""
        if not self._clean:
            whole = ("DROP SCHEMA public CASCADE", "CREATE SCHEMA public", *SHOP)
            self.connection.execute(";".join(whole).encode())
        self._clean = True

    def watch(self, case: Case, named: Sequence[TableName]) -> Trace:
        """Run a case in the shop as new; tell what was seen on all tables, and on what is named."""
        prepared = [sql for step in case.before for sql in self.engine.sql(step)]
        return self.watch_sql(self.engine.sql(case.step), prepared, named)

    def watch_sql(
        self,
        statements: Sequence[str],
        prepared: Sequence[str] = (),
        named: Sequence[TableName] = (),
    ) -> Trace:
        """Run statements in the shop as new, after preparations which are not looked at."""
        self.renew()
        self._clean = False
        self._prepare(prepared)
        seen = trace(self.url, statements, tables=list(dict.fromkeys((*self.tables(), *named))))
        self._clean = seen.undone and not prepared
        return seen

    def tables(self) -> list[TableName]:
        """Return all tables and views."""
        rows = self.connection.execute(_TABLES).fetchall()
        return [TableName(name, schema) for name, schema in rows]

    def trees(self) -> dict[TableName, TableName]:
        """Return the partitioned table of each partition."""
        rows = self.connection.execute(_TREES).fetchall()
        return {TableName(child): TableName(parent) for child, parent in rows}

    def _prepare(self, statements: Sequence[str]) -> None:
        """Run statements in as few transactions as they allow."""
        for one in statements:
            inside = self.connection.info.transaction_status
            alone = any(token.upper == "CONCURRENTLY" for token in tokens(one, "postgresql"))
            if alone and inside:
                self.connection.execute("COMMIT")
            elif not alone and not inside:
                self.connection.execute("BEGIN")
            self.connection.execute(one.encode())
        if self.connection.info.transaction_status:
            self.connection.execute("COMMIT")


def disagreements(fact: Lock, seen: Trace, trees: Mapping[TableName, TableName]) -> list[str]:
    """Return what the server did otherwise than a fact says, one line for each.

    ``trees`` names the partitioned table of each partition: a fact about it speaks of its
    partitions, too, which may be held like it.
    """
    modes = {one.table: one.mode for one in seen.tables}
    found = [
        f"{table}: {fact.mode} expected, {modes[table]} seen"
        for table in fact.on
        if modes[table] != fact.mode
    ]
    found += [
        f"{table}: no lock expected, {mode} seen"
        for table, mode in modes.items()
        if table not in fact.on and mode not in HARMLESS
        if trees.get(table) not in fact.on or mode != fact.mode
    ]
    # What is read may be a table that a fact need not name, because reading it stops nobody.
    work = max(
        (one.work for one in seen.tables if one.mode is not None), key=WORKS.index, default="none"
    )
    expected = "scan" if fact.work == "batches" else fact.work
    if work != expected:
        found.append(f"work: {expected} expected, {work} seen")
    return found


CASES = [case for major in majors.MAJORS for each in (ups, downs) for case in each(major)]
