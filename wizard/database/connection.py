"""One connection that can only read: short timeouts, read-only transactions, clear failures."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from wizard.database import failures
from wizard.database.urls import DatabaseUrl
from wizard.model.errors import ReachError

if TYPE_CHECKING:
    import sqlalchemy

CONNECT_SECONDS = 5
STATEMENT_MS = 10_000
LOCK_MS = 1_000
IDLE_MS = 60_000

_SETTINGS = {
    "default_transaction_read_only": "on",
    "statement_timeout": str(STATEMENT_MS),
    "lock_timeout": str(LOCK_MS),
    "idle_in_transaction_session_timeout": str(IDLE_MS),
}

Row = tuple[Any, ...]
Read = Callable[..., list[Row]]


class Reader(Protocol):
    """What a catalogue needs of a connection."""

    def reading(self) -> contextlib.AbstractContextManager[Read]:
        """Yield a function ``read(sql, parameters, limit=None) -> rows``."""

    def rows(self, sql: str, parameters: Sequence[Any] = (), limit: int | None = None) -> list[Row]:
        """Run one query and return its rows."""

    def close(self) -> None:
        """Close the connection; harmless when it is closed."""


class Connection:
    """A read-only connection that may be used from any thread, by one at a time.

    It connects on first use, holds no transaction between two calls, and connects anew when the
    server has dropped it meanwhile. Every method may raise ReachError.
    """

    def __init__(self, url: DatabaseUrl) -> None:
        self.url = url
        self._engine = _engine(url)
        self._connection: sqlalchemy.Connection | None = None
        self._lock = threading.RLock()
        self._was_open = False

    @contextlib.contextmanager
    def reading(self) -> Iterator[Read]:
        """Yield a function ``read(sql, parameters, limit=None) -> rows``, all in one transaction.

        The transaction is read-only and always rolled back.
        """
        with self._lock:
            connection = self._connected()
            try:
                yield lambda sql, parameters=(), limit=None: self._run(
                    connection, sql, parameters, limit
                )
            finally:
                with contextlib.suppress(Exception):
                    connection.rollback()

    def rows(self, sql: str, parameters: Sequence[Any] = (), limit: int | None = None) -> list[Row]:
        """Run one query in a transaction of its own and return its rows."""
        with self.reading() as read:
            return read(sql, parameters, limit)

    def close(self) -> None:
        """Close the connection; harmless when it is closed or gone."""
        with self._lock:
            connection, self._connection = self._connection, None
            if connection is not None:
                with contextlib.suppress(Exception):
                    connection.invalidate()
                with contextlib.suppress(Exception):
                    connection.close()

    def _connected(self) -> sqlalchemy.Connection:
        if self._connection is not None and self._alive(self._connection):
            return self._connection
        self.close()
        failure: ReachError
        try:
            self._connection = self._engine.connect()
            self._begin(self._connection)
        except Exception as error:  # every driver has its own tree of errors
            failure = failures.connecting(error, self.url)
        else:
            self._was_open = True
            return self._connection
        self.close()
        if self._was_open and failure.code in ("unreachable", "no-database"):
            failure = failures.gone(self.url, failure.why)
        raise failure from None

    def _alive(self, connection: sqlalchemy.Connection) -> bool:
        # Also opens the transaction, so that the check costs no extra round trip on PostgreSQL
        # beyond BEGIN itself.
        try:
            self._begin(connection)
        except Exception:
            return False
        return True

    def _begin(self, connection: sqlalchemy.Connection) -> None:
        if self.url.dialect == "sqlite":
            connection.exec_driver_sql("BEGIN")
        else:
            # A pooler such as PgBouncer may hand out another session for each transaction, so the
            # settings of the start-up packet are repeated where they matter.
            connection.exec_driver_sql(
                "SELECT set_config('statement_timeout', %s, true),"
                " set_config('lock_timeout', %s, true)",
                (str(STATEMENT_MS), str(LOCK_MS)),
            )

    def _run(
        self,
        connection: sqlalchemy.Connection,
        sql: str,
        parameters: Sequence[Any],
        limit: int | None,
    ) -> list[Row]:
        failure: ReachError
        try:
            result = connection.exec_driver_sql(sql, tuple(parameters))
            rows = result.fetchall() if limit is None else result.fetchmany(limit)
            result.close()
            return [tuple(row) for row in rows]
        except Exception as error:
            failure = failures.reading(error, self.url)
        if failure.code == "gone":
            self.close()
        raise failure from None


def _engine(url: DatabaseUrl) -> sqlalchemy.Engine:
    import sqlalchemy
    from sqlalchemy.pool import NullPool

    if url.dialect == "sqlite":
        return sqlalchemy.create_engine(
            "sqlite://", creator=lambda: _open_sqlite(url.database), poolclass=NullPool
        )
    failure: ReachError
    try:
        return sqlalchemy.create_engine(
            "postgresql+psycopg://",
            creator=lambda: _open_postgresql(url),
            poolclass=NullPool,
            # The type of hstore and the server's quoting are looked up otherwise, before each use.
            use_native_hstore=False,
        )
    except Exception:
        failure = failures.no_driver(url)
    raise failure from None


def _open_sqlite(path: str) -> Any:
    import sqlite3
    from pathlib import Path

    file = Path(path)
    if not file.exists():
        raise FileNotFoundError(path)
    connection = sqlite3.connect(
        f"{file.absolute().as_uri()}?mode=ro",
        uri=True,
        timeout=CONNECT_SECONDS,
        check_same_thread=False,
        isolation_level=None,
    )
    try:
        connection.execute("PRAGMA query_only = ON")
        connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
    except Exception:
        connection.close()
        raise
    return connection


def _open_postgresql(url: DatabaseUrl) -> Any:
    import psycopg

    given: dict[str, Any] = dict(url.options)
    for key, value in (
        ("host", url.host),
        ("port", url.port),
        ("user", url.user),
        ("password", url.password),
        ("dbname", url.database),
    ):
        if value:
            given[key] = value
    given.setdefault("connect_timeout", CONNECT_SECONDS)
    given.setdefault("client_encoding", "utf8")
    given.setdefault("application_name", "migwiz")
    ours = " ".join(f"-c {name}={value}" for name, value in _SETTINGS.items())
    try:
        connection = psycopg.connect(
            **{**given, "options": f"{given.get('options', '')} {ours}".strip()}
        )
    except psycopg.OperationalError as error:
        if "unsupported startup parameter" not in str(error):
            raise
        connection = psycopg.connect(**given)
    # Every BEGIN then says READ ONLY, also behind a pooler that drops the settings above.
    connection.read_only = True
    return connection
