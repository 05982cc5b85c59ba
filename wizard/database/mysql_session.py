"""Opening a session on MySQL or MariaDB: for reading only, with short timeouts.

Only the runner of backfills asks for one that writes.
"""

from __future__ import annotations

import contextlib
import errno
import socket
import ssl
from pathlib import Path
from typing import Any

from wizard.database.mysql_server import SERVER, Engine, plain_mode, read_engine
from wizard.database.urls import DatabaseUrl

BEGIN = "START TRANSACTION READ ONLY"

#: How long the driver itself waits for an answer: longer than any patience that a gate may have.
_READ_SECONDS = 660
_WRITE_SECONDS = 10
# Where servers listen when a URL names neither a host nor a socket.
_SOCKETS = (
    *("/run/mysqld/mysqld.sock", "/var/run/mysqld/mysqld.sock", "/tmp/mysql.sock"),
    *("/var/lib/mysql/mysql.sock", "/var/run/mysql/mysql.sock"),
)


def open_mysql(
    url: DatabaseUrl, *, connect_seconds: int, statement_ms: int, lock_ms: int, idle_ms: int
) -> Any:
    """Return a new connection that can only read; raises pymysql's own errors."""
    session = _connect(url, connect_seconds)
    try:
        with session.cursor() as cursor:
            cursor.execute(SERVER)
            version, comment, mode, _, _ = cursor.fetchone()
            engine = read_engine(str(version), str(comment))
            # Of MySQL's own kin some know no more than this, and this is what matters.
            cursor.execute("SET SESSION TRANSACTION READ ONLY")
            _set(cursor, _settings(engine, str(mode), statement_ms, lock_ms, idle_ms))
    except BaseException:
        session.close()
        raise
    # What has been answered at once so far may now take its time; there is no public way.
    session._read_timeout = _READ_SECONDS
    return session


def open_writing_mysql(url: DatabaseUrl, *, connect_seconds: int) -> Any:
    """Return a new connection that writes, on which every statement commits unless BEGIN says else.

    One whose other end is gone without a word fails within half a minute.
    """
    session = _connect(url, connect_seconds)
    try:
        with session.cursor() as cursor:
            cursor.execute("SHOW VARIABLES LIKE 'binlog_format'")
            found = cursor.fetchone()
            # By statement, the server logs only what locks gaps, too.
            if found is None or str(found[1]).upper() != "STATEMENT":
                cursor.execute("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED")
    except BaseException:
        session.close()
        raise
    # A count may take its time, so that the connection itself is watched; there is no public way.
    session._read_timeout = None
    _watch(session._sock)
    return session


def _watch(connected: socket.socket) -> None:
    """Let the system find out that the other end is gone: after ten seconds of silence, and fifteen."""
    if connected.family == socket.AF_UNIX:
        return
    connected.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in (
        *(("TCP_KEEPIDLE", 10), ("TCP_KEEPINTVL", 5), ("TCP_KEEPCNT", 3)),
        ("TCP_USER_TIMEOUT", 15_000),
    ):
        # Not every system knows all of them.
        option = getattr(socket, name, None)
        if option is not None:
            connected.setsockopt(socket.IPPROTO_TCP, option, value)


def _connect(url: DatabaseUrl, seconds: int) -> Any:
    import pymysql

    options = dict(url.options)
    given: dict[str, Any] = {
        "user": url.user or "",
        # As bytes: the driver would take a text for Latin-1.
        "password": (url.password or "").encode(),
        "database": url.database,
        "charset": "utf8mb4",
        "autocommit": True,
        "local_infile": False,
        "connect_timeout": seconds,
        "read_timeout": seconds,
        "write_timeout": _WRITE_SECONDS,
        "program_name": "migwiz",
    }
    for name in ("read_default_file", "read_default_group"):
        if name in options:
            given[name] = options[name]
    if url.user is None and "read_default_file" in options:
        del given["user"], given["password"]
    path = options.get("unix_socket")
    if path is None and not url.host and "read_default_file" not in options:
        path = next((one for one in _SOCKETS if Path(one).is_socket()), None)
    if path is not None:
        if not Path(path).is_socket():
            # The driver would say the same and leave its own end open.
            raise FileNotFoundError(errno.ENOENT, "there is no socket", path)
        return pymysql.connect(**given, unix_socket=path, ssl_disabled=True)
    if url.host:
        given["host"] = url.host
    if url.port:
        given["port"] = int(url.port)
    return pymysql.connect(**given, **_encryption(options))


def _encryption(options: dict[str, str]) -> dict[str, Any]:
    """Return the driver's options; without a word about it, it encrypts where the server can."""
    mode = options.get("ssl_mode")
    files = options.get("ssl_ca"), options.get("ssl_cert")
    if mode == "disabled":
        return {"ssl_disabled": True}
    if mode in (None, "preferred") and not any(files):
        return {}
    for name in ("ssl_ca", "ssl_cert", "ssl_key"):
        if name in options and not Path(options[name]).is_file():
            raise FileNotFoundError(errno.ENOENT, "there is no file", options[name])
    context = ssl.create_default_context(cafile=options.get("ssl_ca"))
    # The certificates that servers make for themselves lack what a strict reading asks for.
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    context.check_hostname = mode == "verify_identity"
    proven = mode in ("verify_ca", "verify_identity") or (mode is None and "ssl_ca" in options)
    context.verify_mode = ssl.CERT_REQUIRED if proven else ssl.CERT_NONE
    if "ssl_cert" in options:
        context.load_cert_chain(options["ssl_cert"], options.get("ssl_key"))
    return {"ssl": context}


def _settings(
    engine: Engine, mode: str, statement_ms: int, lock_ms: int, idle_ms: int
) -> dict[str, str]:
    """Return the session's settings and their values as SQL."""
    lock_seconds, idle_seconds = max(1, lock_ms // 1000), max(1, idle_ms // 1000)
    found = {
        "lock_wait_timeout": str(lock_seconds),
        "innodb_lock_wait_timeout": str(lock_seconds),
        "sql_quote_show_create": "1",
    }
    if engine.maria:
        found["max_statement_time"] = str(statement_ms / 1000)
        found["idle_transaction_timeout"] = str(idle_seconds)
        found["idle_readonly_transaction_timeout"] = str(idle_seconds)
    else:
        found["max_execution_time"] = str(statement_ms)
    plain = plain_mode(mode)
    if plain != mode:
        found["sql_mode"] = f"'{plain}'"
    return found


def _set(cursor: Any, settings: dict[str, str]) -> None:
    """Make the settings; where a server or a proxy does not know one, make the others."""
    import pymysql

    try:
        cursor.execute("SET SESSION " + _assignments(settings))
    except pymysql.MySQLError:
        for name, value in settings.items():
            with contextlib.suppress(pymysql.MySQLError):
                cursor.execute("SET SESSION " + _assignments({name: value}))


def _assignments(settings: dict[str, str]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in settings.items())
