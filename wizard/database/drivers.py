"""Opening a session with each engine's driver: for reading only, with short timeouts.

Only the runner of backfills asks for sessions that write.
"""

from __future__ import annotations

from typing import Any

from wizard.database.mysql_session import BEGIN, open_mysql
from wizard.database.urls import DatabaseUrl

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
# TCP probes after ten seconds of silence, and gives up after fifteen without an answer.
_WATCHFUL: dict[str, str] = {
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "15000",
}
# A pooler such as PgBouncer may hand out another session for each transaction, so the settings of
# the start-up packet are repeated where they matter.
_BEGIN_POSTGRESQL = (
    "SELECT set_config('statement_timeout', %s, true), set_config('lock_timeout', %s, true)"
)


def open_session(url: DatabaseUrl) -> Any:
    """Return a new DB-API connection that can only read; raises the driver's own errors."""
    if url.dialect == "sqlite":
        return _open_sqlite(url.database)
    if url.dialect == "postgresql":
        return _open_postgresql(url)
    return open_mysql(
        url,
        connect_seconds=CONNECT_SECONDS,
        statement_ms=STATEMENT_MS,
        lock_ms=LOCK_MS,
        idle_ms=IDLE_MS,
    )


def begin(session: Any, url: DatabaseUrl) -> None:
    """Begin a read-only transaction; fails when the session is gone."""
    if url.dialect == "sqlite":
        session.execute("BEGIN")
    elif url.dialect == "postgresql":
        # Also opens the transaction, so that it costs no extra round trip beyond BEGIN itself.
        session.execute(_BEGIN_POSTGRESQL, (str(STATEMENT_MS), str(LOCK_MS)))
    else:
        # The session says so too, but a proxy may hand out another one for each transaction.
        with session.cursor() as cursor:
            cursor.execute(BEGIN)


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

    given = _given(url)
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


def open_writing_sqlite(path: str) -> Any:
    """Return a new connection that writes and leaves transactions to its user; any thread's."""
    import sqlite3
    from pathlib import Path

    file = Path(path)
    if not file.exists():
        raise FileNotFoundError(path)
    return sqlite3.connect(
        f"{file.absolute().as_uri()}?mode=rw",
        uri=True,
        timeout=CONNECT_SECONDS,
        check_same_thread=False,
        isolation_level=None,
    )


def open_writing_postgresql(url: DatabaseUrl) -> Any:
    """Return a new connection that writes and leaves transactions to its user.

    One whose other end is gone without a word fails within half a minute.
    """
    import psycopg

    given = _given(url)
    for key, value in _WATCHFUL.items():
        given.setdefault(key, value)
    return psycopg.connect(**given, autocommit=True)


def _given(url: DatabaseUrl) -> dict[str, Any]:
    """Return what libpq is told."""
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
    return given
