"""What pymysql, MySQL and MariaDB say when they fail, by the numbers of their errors."""

from __future__ import annotations

import ssl

from wizard.database.failure_words import (
    clean,
    forbidden,
    gone,
    locked,
    no_database,
    no_room,
    refused,
    slow,
    unreachable,
    wrong_password,
)
from wizard.database.urls import DatabaseUrl
from wizard.model.errors import ReachError

_LOGIN = {1045, 1698, 1820, 1862, 1873}
_SOCKET_ONLY = 1698
_UNKNOWN_DATABASE = 1049
_FORBIDDEN = {1044, 1129, 1130, 3118, 3955, 4151}
_NO_ROOM = {1040, 1203, 1226}
_NEEDS_ENCRYPTION = 3159
_ENCRYPTION_FAILED = 2026
_UNKNOWN_LOGIN = {1251, 2059}
# Lost, killed, shut down, or closed for being idle; 0 is the driver's own "already closed".
GONE = {0, 1053, 1152, 1158, 1159, 1160, 1161, 1927, 2002, 2003, 2006, 2013, 2014, 2055, 4031}
_LOCKED = {1205, 1213, 3572}
SLOW = {1969, 3024}
_MAY_NOT = {1044, 1142, 1143, 1227, 1370}


def connecting(error: BaseException, url: DatabaseUrl) -> ReachError:
    """Return the ReachError for a failure to connect."""
    why, number = clean(error, url), _number(error)
    where = url.host or "the local socket"
    if number in _LOGIN:
        hints = []
        if number == _SOCKET_ONLY:
            hints.append("give the server's socket: ?unix_socket=/run/mysqld/mysqld.sock")
        if ("ssl_mode", "disabled") in url.options:
            # MariaDB says no more than this to a session that it wants encrypted (measured).
            hints.append("leave ssl_mode=disabled out: the server may want encryption")
        return wrong_password(where, url, why, *hints)
    if number == _UNKNOWN_DATABASE:
        return no_database(where, url, why)
    if number in _FORBIDDEN:
        return ReachError(
            "no-permission",
            f"{where} does not let this user connect to {url.database!r}",
            why=why,
            next_actions=(
                "check the name of the database: one that is not there looks the same",
                "ask for an account that may log in from this machine, with SELECT on the database",
            ),
            flag="--url",
        )
    if number in _NO_ROOM:
        return no_room(where, why)
    if number in _UNKNOWN_LOGIN or isinstance(error, RuntimeError):
        return ReachError(
            "no-driver",
            f"the driver cannot log in to {where} in the way that it asks for",
            why=why,
            next_actions=(
                "add ?ssl_mode=required to the URL, if the server can encrypt",
                "or pip install cryptography beside migwiz",
                "or give a user that logs in with a plain password",
            ),
            flag="--url",
        )
    if number == _NEEDS_ENCRYPTION:
        return unreachable(url, why, "add ?ssl_mode=required to the URL")
    files = [value for key, value in url.options if key.startswith("ssl_")]
    missing = isinstance(error, OSError) and error.filename in files
    behind = getattr(error, "original_exception", error)
    if number == _ENCRYPTION_FAILED or isinstance(behind, ssl.SSLError) or missing:
        return unreachable(
            url, why, "check ssl_mode and ssl_ca in the URL against the server's certificate"
        )
    return unreachable(url, why)


def reading(error: BaseException, url: DatabaseUrl) -> ReachError:
    """Return the ReachError for a failure of a query on an open connection."""
    why, number = clean(error, url), _number(error)
    if number in GONE or isinstance(error, OSError):
        return gone(url, why)
    if number in _LOCKED:
        return locked(url, why)
    if number in SLOW:
        return slow(why)
    if number in _MAY_NOT:
        return forbidden(url, why, grant="SELECT and SHOW VIEW on the database")
    return refused(why)


def _number(error: BaseException) -> int | None:
    first = error.args[0] if error.args else None
    return first if isinstance(first, int) and not isinstance(error, OSError) else None
