"""What can go wrong with a connection, told to a user: what, why, what next, never a password."""

from __future__ import annotations

import re
from urllib.parse import quote, quote_plus

from wizard.database.urls import DatabaseUrl
from wizard.model.errors import ReachError


def clean(error: BaseException, url: DatabaseUrl) -> str:
    """Return the first lines of an error's text without the URL's password in any spelling."""
    # The errors of pymysql are pairs of a number and a text.
    told = str(error)
    if len(error.args) > 1 and isinstance(error.args[1], str) and not isinstance(error, OSError):
        told = error.args[1]
    lines = [line.strip() for line in told.splitlines() if line.strip()]
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


def unreachable(url: DatabaseUrl, why: str, *more: str) -> ReachError:
    """Return the ReachError for a server that does not answer; ``more`` is tried first."""
    return ReachError(
        "unreachable",
        f"cannot reach the database at {url.shown}",
        why=why,
        next_actions=(
            *more,
            "check that the server runs and that host and port are right",
            "a database inside Docker is reached through its published port",
        ),
        flag="--url",
    )


def no_room(where: str, why: str) -> ReachError:
    """Return the ReachError for a server that takes no more connections."""
    return ReachError(
        "unreachable",
        f"{where} has no free connection",
        why=why,
        next_actions=("close other connections, or raise max_connections",),
    )


def wrong_password(where: str, url: DatabaseUrl, why: str, *more: str) -> ReachError:
    """Return the ReachError for a login that is not accepted; ``more`` is tried first."""
    return ReachError(
        "wrong-password",
        f"{where} does not accept the user or the password of {url.shown}",
        why=why,
        next_actions=(
            *more,
            "correct the user and the password",
            "write special characters of the password as %XX, such as %40 for @",
        ),
        flag="--url",
    )


def no_database(where: str, url: DatabaseUrl, why: str) -> ReachError:
    """Return the ReachError for a database that is not on the server."""
    return ReachError(
        "no-database",
        f"there is no database {url.database!r} on {where}",
        why=why,
        next_actions=("create it, or correct the name at the end of the URL",),
        flag="--url",
    )


def no_driver(url: DatabaseUrl) -> ReachError:
    """Return the ReachError for a driver that is not installed or cannot be loaded."""
    return ReachError(
        "no-driver",
        f"the driver for {url.dialect} cannot be loaded",
        why="psycopg is missing, or finds no libpq on this machine"
        if url.dialect == "postgresql"
        else "pymysql is missing",
        next_actions=(
            "pip install 'psycopg[binary]' beside migwiz"
            if url.dialect == "postgresql"
            else "pip install pymysql beside migwiz",
        ),
    )


def gone(url: DatabaseUrl, why: str) -> ReachError:
    """Return the ReachError for a database that was there a moment ago."""
    return ReachError(
        "gone",
        f"the database {url.shown} went away",
        why=why,
        next_actions=("start the database again, then try once more; nothing is lost here",),
    )


def locked(url: DatabaseUrl, why: str) -> ReachError:
    """Return the ReachError for what another session keeps to itself."""
    return ReachError(
        "locked",
        f"another session holds a lock that keeps {url.shown} from being read",
        why=why,
        next_actions=("wait for the other session to finish, then try again",),
    )


def slow(why: str) -> ReachError:
    """Return the ReachError for a query that was stopped by its timeout."""
    return ReachError(
        "query-timeout",
        "the database took longer than 10 seconds to answer",
        why=why,
        next_actions=("try again when the database is less busy",),
    )


def forbidden(url: DatabaseUrl, why: str, *, grant: str) -> ReachError:
    """Return the ReachError for what the user may not read."""
    return ReachError(
        "no-permission",
        f"the user of {url.shown} may not read this",
        why=why,
        next_actions=(f"grant the user {grant}",),
    )


def refused(why: str) -> ReachError:
    """Return the ReachError for any other failure of a query."""
    return ReachError(
        "query-failed",
        "the database did not accept a query",
        why=why,
        next_actions=("check the query against the database's own manual",),
    )
