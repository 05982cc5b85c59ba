"""Writing batches to PostgreSQL.

Keys travel as the server's own text and go back through a cast, so that nothing is lost on the way.
Statements are never prepared: a plan that is made without the batch's limits may read the whole
table (PostgreSQL manual, PREPARE, on generic plans).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wizard.backfilling.engines.base import Result, Trouble, Words
from wizard.database.drivers import open_writing_postgresql
from wizard.database.urls import DatabaseUrl
from wizard.dialects.parameters import rebind
from wizard.dialects.postgresql.types import short
from wizard.model.steps import Batched

_DEADLOCK, _LOCKED, _SLOW = ("40P01", "40001"), ("55P03",), ("57014",)
#: Connection exceptions, shutdowns, a lack of connections, a transaction cut for being idle.
# CockroachDB's 40003 says that nobody knows whether a commit came through (its documentation,
# "Transaction Retry Error Reference" and "Common Errors"): asked anew, the database knows.
_LOST = ("08", "57P", "53300", "25P0", "40003")
# A runner that is stopped in the middle of a batch must not hold its locks for long.
_IDLE_MS = 30_000
# Types whose values are understood as they are written.
_PLAIN = frozenset({"smallint", "integer", "bigint"})

_WORDS = Words(
    key="varchar(190)",
    text="text",
    whole="bigint",
    moment="double precision",
    now="extract(epoch FROM clock_timestamp())",
    session="SELECT pg_backend_pid()",
)


@dataclass(frozen=True, slots=True)
class PostgresWriter:
    """A connection of psycopg."""

    session: Any

    def begin(self, *, lock_ms: int, statement_ms: int) -> None:
        """Begin, with limits of this transaction alone: a pooler may hand out another session."""
        self.session.execute(
            f"BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SET LOCAL lock_timeout = {lock_ms}; "
            f"SET LOCAL statement_timeout = {statement_ms}; "
            f"SET LOCAL idle_in_transaction_session_timeout = {_IDLE_MS}"
        )

    def run(self, sql: str, values: Mapping[str, object]) -> Result:
        """Run one statement."""
        cursor = self.session.execute(sql.encode(), dict(values), prepare=False)
        found = cursor.pgresult
        rows = tuple(
            tuple(
                None if (value := found.get_value(at, column)) is None else value.decode()
                for column in range(found.nfields)
            )
            for at in range(found.ntuples)
        )
        return Result(rows=rows, changed=max(0, cursor.rowcount))

    def commit(self) -> None:
        """Commit."""
        self.session.execute("COMMIT")

    def rollback(self) -> None:
        """Roll back."""
        self.session.rollback()

    def close(self) -> None:
        """Close."""
        self.session.close()


@dataclass(frozen=True, slots=True)
class Postgres:
    """PostgreSQL."""

    compares_rows: bool = True
    schema_in_columns: bool = True
    one_writer: bool = False
    words: Words = _WORDS

    @property
    def errors(self) -> tuple[type[Exception], ...]:
        """What psycopg raises."""
        import psycopg

        return (psycopg.Error, OSError)

    def open(self, url: DatabaseUrl) -> PostgresWriter:
        """Connect."""
        return PostgresWriter(open_writing_postgresql(url))

    def prepare(self, sql: str) -> str:
        """Return SQL for psycopg."""
        return rebind(sql, "psycopg")

    def own(self, sql: str) -> str:
        """Return SQL of ours for psycopg."""
        return re.sub(r":(\w+)", r"%(\1)s", sql)

    def parameter(self, name: str, kind: str, /) -> str:
        """Return the parameter with a cast, where its text alone would be read as another type."""
        return f":{name}" if kind in _PLAIN else f"CAST(:{name} AS {short(kind)})"

    def trouble(self, error: Exception) -> Trouble:
        """Tell by the SQLSTATE, which is missing where the connection is."""
        state = getattr(error, "sqlstate", None) or ""
        if not state or state.startswith(_LOST):
            import psycopg

            known = isinstance(error, (psycopg.OperationalError, psycopg.InterfaceError, OSError))
            return "lost" if known else "permanent"
        if state in _DEADLOCK:
            return "deadlock"
        if state in _LOCKED:
            return "locked"
        return "slow" if state in _SLOW else "permanent"

    def obstacle(self, step: Batched) -> str | None:
        """Every type that can be a key has one order, and one text."""
        return None if step.key else "the table has no key to walk along"


ENGINE = Postgres()
