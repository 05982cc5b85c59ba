"""What one step's SQL really waits for, rebuilds and builds on one MariaDB (or MySQL) server.

Nothing can be rolled back here: what is traced stays done. Each table has two transactions open, one
that has read it and one that means to write to it; the performance schema shows for which lock a
statement waits, and then the transaction in its way ends. What InnoDB has rebuilt has another id
afterwards.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wizard.dialects.mysql_family.words import table as quoted
from wizard.model.errors import RehearsalError
from wizard.model.names import TableName
from wizard.rehearsal.tracer import PATIENCE, TableTrace, Trace

# The driver has no types of its own.
Connection = Any

#: What the server must be started with.
SETTINGS: Mapping[str, str] = {
    "performance_schema": "ON",
    "performance_schema_instrument": "wait/lock/metadata/sql/mdl=ON",
}

# Weakest first: what each stops is in the MySQL manual, "The metadata_locks Table".
MODES = (
    *("SHARED_READ", "SHARED_WRITE", "SHARED_UPGRADABLE", "SHARED_READ_ONLY", "SHARED_NO_WRITE"),
    *("SHARED_NO_READ_WRITE", "EXCLUSIVE"),
)

# What only a writer's transaction is in the way of.
_STOPS_WRITERS = ("SHARED_READ_ONLY", "SHARED_NO_WRITE")

_WAITS = (
    "SELECT object_name, lock_type FROM performance_schema.metadata_locks AS locks "
    "JOIN performance_schema.threads AS threads ON threads.thread_id = locks.owner_thread_id "
    "WHERE processlist_id = %s AND object_type = 'TABLE' AND object_schema = %s "
    "AND lock_status = 'PENDING'"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Watch:
    """Who runs the statements, who looks, whose transactions are in the way, and what was seen."""

    worker: Connection
    observer: Connection
    database: str
    readers: Mapping[TableName, Connection]
    writers: Mapping[TableName, Connection]
    modes: dict[TableName, str | None]


@dataclass(frozen=True, slots=True)
class _Shape:
    """A table's id in InnoDB, and those of its indexes; a new id means that it was made anew."""

    table: int | None
    indexes: frozenset[int]


def trace(
    connection_url: str,
    statements: Sequence[str],
    *,
    tables: Sequence[TableName],
    before: Sequence[str] = (),
) -> Trace:
    """Run the statements and report on tables of the URL's database, which exist beforehand.

    ``before`` runs first and is not part of what is seen. A table's mode is the strongest lock that
    was waited for, None where nobody's open transaction was in the way. Raises RehearsalError
    (`trace-failed`) when a statement fails or the server shows no metadata locks.
    """
    import pymysql

    try:
        with contextlib.ExitStack() as stack:
            worker = stack.enter_context(connected(connection_url))
            observer = stack.enter_context(connected(connection_url))
            _require_instrument(observer)
            for one in before:
                _run(worker, one)
            database = _value(observer, "SELECT DATABASE()")
            shapes = _shapes(observer, database, tables)
            watch = _Watch(
                worker=worker,
                observer=observer,
                database=database,
                readers={one: stack.enter_context(connected(connection_url)) for one in tables},
                writers={one: stack.enter_context(connected(connection_url)) for one in tables},
                modes=dict.fromkeys(tables),
            )
            started = time.perf_counter()
            for one in statements:
                _held_up(watch, one)
            elapsed = (time.perf_counter() - started) * 1000
            after = _shapes(observer, database, tables)
    except pymysql.Error as error:
        raise RehearsalError(
            "trace-failed",
            "the step did not run on the scratch database",
            why=str(error.args[-1]) if error.args else "",
        ) from None
    return Trace(
        tables=tuple(
            TableTrace(
                table=one,
                mode=watch.modes[one],
                rewritten=None not in (shapes[one].table, after[one].table)
                and shapes[one].table != after[one].table,
                built=shapes[one].table is not None
                and bool(after[one].indexes - shapes[one].indexes),
            )
            for one in tables
        ),
        milliseconds=elapsed,
        undone=False,
    )


@contextlib.contextmanager
def connected(url: str) -> Iterator[Connection]:
    """Yield a connection of its own to an SQLAlchemy URL, each statement its own transaction."""
    import pymysql
    from sqlalchemy import make_url

    parts = make_url(url)
    connection = pymysql.connect(
        host=parts.host or "localhost",
        port=parts.port or 3306,
        unix_socket=parts.query.get("unix_socket"),
        user=parts.username,
        password=str(parts.password or ""),
        database=parts.database,
        charset="utf8mb4",
        autocommit=True,
    )
    try:
        yield connection
    finally:
        connection.close()


def _run(connection: Connection, statement: str) -> tuple[tuple[Any, ...], ...]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return tuple(cursor.fetchall())


def _value(connection: Connection, query: str, *values: object) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        row = cursor.fetchone()
        return None if row is None else row[0]


def _require_instrument(observer: Connection) -> None:
    shown = _value(
        observer,
        "SELECT count(*) FROM performance_schema.setup_instruments "
        "WHERE name = 'wait/lock/metadata/sql/mdl' AND enabled = 'YES' AND @@performance_schema",
    )
    if not shown:
        raise RehearsalError(
            "trace-failed",
            "the scratch server does not show who waits for which lock",
            next_actions=tuple(
                f"start it with --{name.replace('_', '-')}={value}"
                for name, value in SETTINGS.items()
            ),
        )


def _held_up(watch: _Watch, statement: str) -> None:
    """Run one statement; whenever it waits for a table, note it and let that transaction end."""
    from concurrent.futures import ThreadPoolExecutor

    for name in watch.modes:
        if _exists(watch, name):
            for one, end in ((watch.readers, "LIMIT 1"), (watch.writers, "WHERE 1 = 0 FOR UPDATE")):
                _run(one[name], "START TRANSACTION")
                _run(one[name], f"SELECT 1 FROM {quoted(name)} {end}")
    with ThreadPoolExecutor(max_workers=1) as pool:
        job = pool.submit(_run, watch.worker, statement)
        deadline = time.monotonic() + PATIENCE
        while not job.done() and time.monotonic() < deadline:
            _release(watch)
        for one in (*watch.readers.values(), *watch.writers.values()):
            one.rollback()
        job.result(timeout=PATIENCE)


def _release(watch: _Watch) -> None:
    """Note the locks that are waited for, and end the transactions in their way."""
    by_name = {one.name: one for one in watch.modes}
    with watch.observer.cursor() as cursor:
        cursor.execute(_WAITS, (watch.worker.thread_id(), watch.database))
        waits = cursor.fetchall()
    for name, mode in waits:
        table = by_name.get(name)
        if table is None:
            continue
        both = [one for one in (watch.modes[table], str(mode)) if one in MODES]
        watch.modes[table] = max(both, key=MODES.index, default=None)
        watch.writers[table].rollback()
        if mode not in _STOPS_WRITERS:
            watch.readers[table].rollback()


def _exists(watch: _Watch, name: TableName) -> bool:
    query = (
        "SELECT count(*) FROM information_schema.tables WHERE table_schema = %s AND table_name = %s"
    )
    return bool(_value(watch.observer, query, watch.database, name.name))


def _shapes(
    observer: Connection, database: str, tables: Sequence[TableName]
) -> dict[TableName, _Shape]:
    maria = "MariaDB" in str(_value(observer, "SELECT VERSION()"))
    kept = "innodb_sys_" if maria else "innodb_"
    found = {}
    for one in tables:
        number = _value(
            observer,
            f"SELECT table_id FROM information_schema.{kept}tables WHERE name = %s",
            f"{database}/{one.name}",
        )
        with observer.cursor() as cursor:
            cursor.execute(
                f"SELECT index_id FROM information_schema.{kept}indexes WHERE table_id = %s",
                (number,),
            )
            found[one] = _Shape(number, frozenset(int(row[0]) for row in cursor.fetchall()))
    return found
