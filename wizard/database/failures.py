"""What went wrong with a connection, as each driver tells it."""

from __future__ import annotations

import re

from wizard.database import mysql_failures
from wizard.database.failure_words import (
    clean,
    forbidden,
    gone,
    locked,
    no_database,
    no_driver,
    no_room,
    refused,
    slow,
    unreachable,
    wrong_password,
)
from wizard.database.urls import DatabaseUrl
from wizard.model.errors import ReachError

_WRONG_PASSWORD = re.compile(
    r"password authentication failed|no password supplied|authentication failed"
    r"|role \".*\" does not exist|ident authentication|peer authentication"
    r"|scram|password (?:is )?required",
    re.I,
)
_NO_DATABASE = re.compile(r"database \".*\" does not exist", re.I)
_NO_PERMISSION = re.compile(
    r"permission denied|not permitted to log in|no pg_hba\.conf entry|rejects connection", re.I
)
_NO_ROOM = re.compile(r"too many (?:clients|connections)|remaining connection slots", re.I)


def connecting(error: BaseException, url: DatabaseUrl) -> ReachError:
    """Return the ReachError for a failure to connect."""
    cause = _cause(error)
    if isinstance(cause, ImportError):
        return no_driver(url)
    if url.dialect == "sqlite":
        return _sqlite(cause, url)
    if url.dialect == "postgresql":
        return _postgresql(cause, url)
    return mysql_failures.connecting(cause, url)


def reading(error: BaseException, url: DatabaseUrl) -> ReachError:
    """Return the ReachError for a failure of a query on an open connection."""
    cause = _cause(error)
    if url.dialect in ("mysql", "mariadb"):
        return mysql_failures.reading(cause, url)
    why = clean(cause, url)
    state = getattr(cause, "sqlstate", None) or ""
    if url.dialect == "sqlite":
        if "locked" in why or "busy" in why:
            return locked(url, why)
        if "disk I/O" in why or "unable to open" in why or "malformed" in why:
            return gone(url, why)
    elif _lost(cause, state):
        return gone(url, why)
    elif state == "55P03":
        return locked(url, why)
    elif state == "57014":
        return slow(why)
    elif state.startswith("42501"):
        return forbidden(url, why, grant="USAGE on the schema and SELECT on the table")
    return refused(why)


def _cause(error: BaseException) -> BaseException:
    # SQLAlchemy wraps the driver's error; the wrapper's text holds SQL and parameters.
    original = getattr(error, "orig", None)
    return original if isinstance(original, BaseException) else error


def _lost(error: BaseException, state: str) -> bool:
    if state.startswith(("08", "57P")):
        return True
    text = str(error)
    return not state and bool(
        re.search(r"connection (?:is )?(?:lost|closed|not open)|server closed|terminat", text, re.I)
    )


def _sqlite(error: BaseException, url: DatabaseUrl) -> ReachError:
    if isinstance(error, FileNotFoundError):
        return ReachError(
            "no-database",
            f"there is no file {url.database}",
            why="SQLite would create an empty one, which migwiz never does",
            next_actions=("check the path; relative paths count from the project's folder",),
            flag="--url",
        )
    why = clean(error, url)
    if "not a database" in why:
        return ReachError(
            "no-database",
            f"{url.database} is not an SQLite database",
            why=why,
            next_actions=("give the path of the database file",),
            flag="--url",
        )
    if "locked" in why:
        return locked(url, why)
    return ReachError(
        "no-permission",
        f"cannot read {url.database}",
        why=why,
        next_actions=("check that you may read the file and its folder",),
        flag="--url",
    )


def _postgresql(error: BaseException, url: DatabaseUrl) -> ReachError:
    why = clean(error, url)
    state = getattr(error, "sqlstate", None) or ""
    where = url.host or "the local socket"
    if state == "3D000" or _NO_DATABASE.search(why):
        return no_database(where, url, why)
    if state in ("28P01", "28000") or _WRONG_PASSWORD.search(why):
        return wrong_password(where, url, why)
    if state == "42501" or _NO_PERMISSION.search(why):
        return ReachError(
            "no-permission",
            f"{where} does not let this user connect to {url.database!r}",
            why=why,
            next_actions=("ask for CONNECT on the database, or for an entry in pg_hba.conf",),
            flag="--url",
        )
    if state == "53300" or _NO_ROOM.search(why):
        return no_room(where, why)
    return unreachable(url, why)
