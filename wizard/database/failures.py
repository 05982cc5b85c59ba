"""What went wrong with a connection, told to a user: what, why, what next, never a password."""

from __future__ import annotations

import re
from urllib.parse import quote, quote_plus

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
    return _sqlite(cause, url) if url.dialect == "sqlite" else _postgresql(cause, url)


def reading(error: BaseException, url: DatabaseUrl) -> ReachError:
    """Return the ReachError for a failure of a query on an open connection."""
    cause = _cause(error)
    why = clean(cause, url)
    state = getattr(cause, "sqlstate", None) or ""
    if url.dialect == "sqlite":
        if "locked" in why or "busy" in why:
            return _locked(url, why)
        if "disk I/O" in why or "unable to open" in why or "malformed" in why:
            return gone(url, why)
    elif _lost(cause, state):
        return gone(url, why)
    elif state == "55P03":
        return _locked(url, why)
    elif state == "57014":
        return ReachError(
            "query-timeout",
            "the database took longer than 10 seconds to answer",
            why=why,
            next_actions=("try again when the database is less busy",),
        )
    elif state.startswith("42501"):
        return ReachError(
            "no-permission",
            f"the user of {url.shown} may not read this",
            why=why,
            next_actions=("grant the user USAGE on the schema and SELECT on the table",),
        )
    return ReachError(
        "query-failed",
        "the database did not accept a query",
        why=why,
        next_actions=("check the query against the database's own manual",),
    )


def gone(url: DatabaseUrl, why: str) -> ReachError:
    """Return the ReachError for a database that was there a moment ago."""
    return ReachError(
        "gone",
        f"the database {url.shown} went away",
        why=why,
        next_actions=("start the database again, then try once more; nothing is lost here",),
    )


def no_driver(url: DatabaseUrl) -> ReachError:
    """Return the ReachError for a driver that is not installed or cannot be loaded."""
    return ReachError(
        "no-driver",
        f"the driver for {url.dialect} cannot be loaded",
        why="psycopg is missing, or finds no libpq on this machine",
        next_actions=("pip install 'psycopg[binary]' beside migwiz",),
    )


def clean(error: BaseException, url: DatabaseUrl) -> str:
    """Return the first lines of an error's text without the URL's password in any spelling."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    text = " ".join(lines[:2])
    # psycopg repeats the whole history when it has tried several addresses.
    text = re.sub(r"^(connection failed: )+", "", text)
    secrets = {value for key, value in url.options if "pass" in key.lower()}
    if url.password:
        secrets.add(url.password)
    for secret in sorted((s for s in secrets if s), key=len, reverse=True):
        for spelling in (secret, quote(secret, safe=""), quote_plus(secret)):
            text = text.replace(spelling, "***")
    return text


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


def _locked(url: DatabaseUrl, why: str) -> ReachError:
    return ReachError(
        "locked",
        f"another session holds a lock that keeps {url.shown} from being read",
        why=why,
        next_actions=("wait for the other session to finish, then try again",),
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
        return _locked(url, why)
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
        return ReachError(
            "no-database",
            f"there is no database {url.database!r} on {where}",
            why=why,
            next_actions=("create it, or correct the name at the end of the URL",),
            flag="--url",
        )
    if state in ("28P01", "28000") or _WRONG_PASSWORD.search(why):
        return ReachError(
            "wrong-password",
            f"{where} does not accept the user or the password of {url.shown}",
            why=why,
            next_actions=(
                "correct the user and the password",
                "write special characters of the password as %XX, such as %40 for @",
            ),
            flag="--url",
        )
    if state == "42501" or _NO_PERMISSION.search(why):
        return ReachError(
            "no-permission",
            f"{where} does not let this user connect to {url.database!r}",
            why=why,
            next_actions=("ask for CONNECT on the database, or for an entry in pg_hba.conf",),
            flag="--url",
        )
    if state == "53300" or _NO_ROOM.search(why):
        return ReachError(
            "unreachable",
            f"{where} has no free connection",
            why=why,
            next_actions=("close other connections, or raise max_connections",),
        )
    return ReachError(
        "unreachable",
        f"cannot reach the database at {url.shown}",
        why=why,
        next_actions=(
            "check that the server runs and that host and port are right",
            "a database inside Docker is reached through its published port",
        ),
        flag="--url",
    )
