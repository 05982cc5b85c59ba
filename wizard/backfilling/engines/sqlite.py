"""Writing batches to SQLite: one connection at a time, readers go on."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wizard.backfilling.engines.base import Result, Trouble, Words
from wizard.database.drivers import open_writing_sqlite
from wizard.database.urls import DatabaseUrl
from wizard.model.steps import Batched

_WORDS = Words(
    key="TEXT",
    text="TEXT",
    whole="INTEGER",
    moment="REAL",
    now="((julianday('now') - 2440587.5) * 86400.0)",
)
# How many steps of its machine pass between two looks at the clock.
_STEPS = 5_000


@dataclass(frozen=True, slots=True)
class SQLiteWriter:
    """A connection of sqlite3."""

    session: Any

    def begin(self, *, lock_ms: int, statement_ms: int) -> None:
        """Begin with the right to write, so that no later statement has to wait for it."""
        self.session.execute(f"PRAGMA busy_timeout = {lock_ms}")
        if statement_ms:
            end = time.monotonic() + statement_ms / 1_000
            self.session.set_progress_handler(lambda: time.monotonic() > end, _STEPS)
        else:
            self.session.set_progress_handler(None, 0)
        self.session.execute("BEGIN IMMEDIATE")

    def run(self, sql: str, values: Mapping[str, object]) -> Result:
        """Run one statement."""
        cursor = self.session.execute(sql, dict(values))
        return Result(rows=tuple(cursor.fetchall()), changed=max(0, cursor.rowcount))

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
class SQLite:
    """SQLite."""

    compares_rows: bool = True
    schema_in_columns: bool = False
    one_writer: bool = True
    words: Words = _WORDS

    @property
    def errors(self) -> tuple[type[Exception], ...]:
        """What sqlite3 raises."""
        import sqlite3

        return (sqlite3.Error, OSError)

    def open(self, url: DatabaseUrl) -> SQLiteWriter:
        """Open the file."""
        return SQLiteWriter(open_writing_sqlite(url.database))

    def prepare(self, sql: str) -> str:
        """Return the SQL: the driver reads it as it is."""
        return sql

    def own(self, sql: str) -> str:
        """Return the SQL: the driver reads it as it is."""
        return sql

    def parameter(self, name: str, _kind: str, /) -> str:
        """Return the parameter: values keep their type."""
        return f":{name}"

    def trouble(self, error: Exception) -> Trouble:
        """Tell by the result code, which its extended forms end with."""
        import sqlite3

        code = getattr(error, "sqlite_errorcode", None)
        if code is None:
            return "permanent"
        match code & 0xFF:
            case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
                return "locked"
            case sqlite3.SQLITE_INTERRUPT:
                return "slow"
            case _:
                return "permanent"

    def obstacle(self, step: Batched) -> str | None:
        """Values keep their type, and with it their order."""
        return None if step.key else "the table has no key to walk along"


ENGINE = SQLite()
