"""What one step's SQL really locks, rewrites and reads on one PostgreSQL server.

In a transaction all of it can be seen from inside, before the rollback: locks last until then, and
the counters of the transaction are its own. A statement that refuses a transaction is watched from
a second session, while a third one holds it up.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wizard.dialects.lexing import Unreadable, tokens
from wizard.dialects.postgresql.words import table as quoted
from wizard.model.errors import RehearsalError
from wizard.model.names import TableName
from wizard.model.plan import Work
from wizard.rehearsal.trace_queries import (
    MODES,
    Watched,
    modes_of,
    rows_read,
    shapes_of,
    watched,
)

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[tuple[Any, ...]]

#: How long a statement outside a transaction may take, in seconds.
PATIENCE = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TableTrace:
    """What happened to one table. ``mode`` is its strongest lock, None when it had none.

    A lock that stops queries counts as the table's also where only one of its indexes is held:
    every query locks them all. ``rewritten``: its file was replaced; ``read``: rows were read one after the other; ``built``:
    an index is new, for which its rows were read.
    """

    table: TableName
    mode: str | None
    rewritten: bool = False
    read: bool = False
    built: bool = False

    @property
    def work(self) -> Work:
        """The work in the words of a lock fact."""
        if self.rewritten:
            return "rewrite"
        if self.built:
            return "build"
        return "scan" if self.read else "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """What was seen, and how long the statements took. ``undone`` is false for what stays."""

    tables: tuple[TableTrace, ...]
    milliseconds: float
    undone: bool = True

    def of(self, table: TableName) -> TableTrace:
        """Return what happened to one of the tables that were asked for."""
        return next(one for one in self.tables if one.table == table)


def trace(
    connection_url: str,
    statements: Sequence[str],
    *,
    tables: Sequence[TableName],
    before: Sequence[str] = (),
) -> Trace:
    """Run the statements and report on the tables, which must exist beforehand.

    ``connection_url`` is an SQLAlchemy or libpq URL. ``before`` runs first and is not part of what
    is seen. All is rolled back, unless a statement refuses a transaction: then both stay done and
    the trace says so. Raises RehearsalError (`trace-failed`) when a statement fails.
    """
    import psycopg

    url = plain_url(connection_url)
    try:
        if any(_alone(one) for one in statements):
            return _watch(url, statements, tables, before)
        with psycopg.connect(url, autocommit=True) as connection:
            return _look(connection, statements, tables, before)
    except psycopg.Error as error:
        raise RehearsalError(
            "trace-failed",
            "the step did not run on the scratch database",
            why=str(error).strip(),
        ) from None


def plain_url(url: str) -> str:
    """Return a URL of SQLAlchemy as libpq reads it."""
    scheme, separator, rest = url.partition("://")
    return f"{scheme.partition('+')[0]}{separator}{rest}"


def _alone(statement: str) -> bool:
    """Tell whether a statement refuses to run inside a transaction."""
    try:
        return any(one.upper == "CONCURRENTLY" for one in tokens(statement, "postgresql"))
    except Unreadable:
        return False


def _look(
    connection: Connection,
    statements: Sequence[str],
    tables: Sequence[TableName],
    before: Sequence[str],
) -> Trace:
    """Run in one transaction, look from inside, roll back."""
    connection.execute("BEGIN")
    try:
        for one in before:
            connection.execute(one.encode())
        if before:
            # Locks that were taken in preparation must not count: they end with this part.
            connection.execute("COMMIT")
            connection.execute("BEGIN")
        found = watched(connection, tables)
        shapes, read = shapes_of(connection, found), rows_read(connection, found)
        started = time.perf_counter()
        for one in statements:
            connection.execute(one.encode())
        elapsed = (time.perf_counter() - started) * 1000
        modes = modes_of(connection, found, connection.info.backend_pid)
        after, now = shapes_of(connection, found), rows_read(connection, found)
    finally:
        connection.rollback()
    return Trace(
        tables=tuple(
            TableTrace(
                table=table,
                mode=modes[table],
                rewritten=after[table].file not in (0, shapes[table].file),
                read=now[table] > read[table],
                built=bool(after[table].indexes - shapes[table].indexes),
            )
            for table in tables
        ),
        milliseconds=elapsed,
        undone=not before,
    )


def _watch(
    url: str, statements: Sequence[str], tables: Sequence[TableName], before: Sequence[str]
) -> Trace:
    """Run outside a transaction, held up by a blocker while a second session looks."""
    import psycopg

    with (
        psycopg.connect(url, autocommit=True) as worker,
        psycopg.connect(url, autocommit=True) as observer,
        psycopg.connect(url, autocommit=True) as blocker,
    ):
        for one in before:
            worker.execute(one.encode())
        found = watched(observer, tables)
        shapes = shapes_of(observer, found)
        worker.execute(f"SET statement_timeout = '{PATIENCE:.0f}s'".encode())
        modes: dict[TableName, str | None] = dict.fromkeys(tables)
        elapsed = 0.0
        for one in statements:
            seen, taken = _held_up(worker, observer, blocker, one, found)
            elapsed += taken
            for table in tables:
                both = [mode for mode in (modes[table], seen[table]) if mode is not None]
                modes[table] = max(both, key=MODES.index, default=None)
        after = shapes_of(observer, found)
    return Trace(
        tables=tuple(
            TableTrace(
                table=table,
                mode=modes[table],
                rewritten=after[table].file not in (0, shapes[table].file),
                read=False,
                built=bool(after[table].indexes - shapes[table].indexes),
            )
            for table in tables
        ),
        milliseconds=elapsed,
        undone=False,
    )


def _held_up(
    worker: Connection,
    observer: Connection,
    blocker: Connection,
    statement: str,
    tables: Watched,
) -> tuple[dict[TableName, str | None], float]:
    """Run one statement; return what it held while it waited for the blocker, and its own time.

    The blocker writes nothing: it holds the lock of a writer, for which concurrent work waits
    after it has taken its own lock.
    """
    from concurrent.futures import ThreadPoolExecutor

    listed = ", ".join(quoted(one) for one in tables.oids)
    blocker.execute("BEGIN")
    blocker.execute(f"LOCK TABLE {listed} IN ROW EXCLUSIVE MODE".encode())
    pid = worker.info.backend_pid
    try:
        with ThreadPoolExecutor(max_workers=1) as pool:
            job = pool.submit(worker.execute, statement.encode())
            deadline = time.monotonic() + PATIENCE
            waiting = False
            # Its end without having waited counts as well: then it held nothing for long.
            while not waiting and not job.done() and time.monotonic() < deadline:
                row = observer.execute(
                    "SELECT count(*) FROM pg_locks WHERE pid = %s AND NOT granted", (pid,)
                ).fetchone()
                waiting = bool(row and row[0])
            modes = modes_of(observer, tables, pid)
            blocker.rollback()
            started = time.perf_counter()
            job.result(timeout=PATIENCE)
            return modes, (time.perf_counter() - started) * 1000
    finally:
        blocker.rollback()
