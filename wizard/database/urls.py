"""Connection URLs: read them, tell their engine, and show them without their passwords."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote, urlencode

from wizard.model.errors import AnswerError

#: The scheme before any ``+driver``, and the engine it means.
_DIALECTS: Mapping[str, str] = {
    "postgres": "postgresql",
    "postgresql": "postgresql",
    "pgsql": "postgresql",
    "postgis": "postgresql",
    "sqlite": "sqlite",
    "sqlite3": "sqlite",
    "mysql": "mysql",
    "mysql2": "mysql",
    "mysqlgis": "mysql",
    "trilogy": "mysql",
    "mariadb": "mariadb",
}
SUPPORTED = ("postgresql", "mysql", "mariadb", "sqlite")

_SCHEME = re.compile(r"^([a-zA-Z][a-zA-Z0-9]*)(?:\+([a-zA-Z0-9_]+))?:")
_SECRET_KEY = re.compile(
    r"([?&;\s](?:\w*pass(?:word|wd|phrase)?|pwd|\w*secret|\w*token)=)[^&;\s]*", re.I
)
#: Query parameters of other drivers and frameworks that libpq refuses to hear.
_FOREIGN_KEYS = frozenset(
    [
        "schema",
        "pgbouncer",
        "connection_limit",
        "pool_timeout",
        "socket_timeout",
        "pool_size",
        "max_overflow",
        "prepared_statement_cache_size",
        "async_fallback",
        "server_version",
        "serverversion",
        "charset",
        "statement_cache_size",
        "conn_max_age",
        "conn_health_checks",
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseUrl:
    """A URL taken apart. ``shown`` is safe to print; ``url`` and ``password`` are not.

    ``host`` is empty for a local socket. For SQLite ``database`` is the file's absolute path.
    ``options`` are query parameters for the driver. Of MySQL and MariaDB only the server itself can
    say which of them it is.
    """

    dialect: str
    url: str
    shown: str
    database: str
    host: str = ""
    port: str = ""
    user: str | None = None
    password: str | None = None
    options: tuple[tuple[str, str], ...] = ()

    def __repr__(self) -> str:
        return f"DatabaseUrl({self.shown!r})"


def dialect_of(url: str) -> str | None:
    """Return the engine's name that a URL is for, None when its scheme is not known."""
    match = _SCHEME.match(url.strip())
    return _DIALECTS.get(match.group(1).lower()) if match else None


def redact(url: str) -> str:
    """Return the URL with every password replaced by ``***``; it need not be a proper URL."""
    text = _SECRET_KEY.sub(r"\1***", url.strip())
    head, separator, rest = text.partition("://")
    if not separator:
        return text if dialect_of(text) == "sqlite" else "(not a URL)"
    # The last @ before the query ends the password, which may itself hold @ or /.
    place, mark, query = rest.partition("?")
    if "@" in query:  # hides a harmless parameter now and then, rather than half a password ever
        place, mark, query = rest, "", ""
    userinfo, at, host = place.rpartition("@")
    if at and ":" in userinfo:
        userinfo = userinfo.partition(":")[0] + ":***"
    return f"{head}://{userinfo}{at}{host}{mark}{query}"


def parse_url(text: str, *, root: Path | None = None) -> DatabaseUrl:
    """Read a connection URL; a relative SQLite path is taken from ``root`` (else from here).

    Async drivers and other drivers of the same engine are accepted and ignored. Raises
    AnswerError (`bad-url`).
    """
    url = text.strip()
    dialect = dialect_of(url)
    if dialect is None or (dialect != "sqlite" and "://" not in url):
        raise AnswerError(
            "bad-url",
            "the database URL is not one that migwiz understands",
            why="it does not start with postgresql://, mysql://, mariadb:// or sqlite:///",
            next_actions=(
                "write postgresql://user@host:5432/name or mysql://user@host:3306/name",
                "or sqlite:///path/to/file.db",
            ),
            flag="--url",
        )
    if dialect == "sqlite":
        return _sqlite(url, root)
    if dialect == "postgresql":
        return _postgresql(url)
    from wizard.database.mysql_url import read_mysql_url

    return read_mysql_url(url, dialect)


def _sqlite(url: str, root: Path | None) -> DatabaseUrl:
    path = url.partition(":")[2].partition("?")[0]
    # sqlite:///relative, sqlite:////absolute, sqlite:relative; file: is SQLite's own URI form.
    if path.startswith("///"):
        path = path[3:]
    elif path.startswith("//"):
        path = path[2:].rpartition("@")[2]  # drivers with encryption write a password there
    path = unquote(path.removeprefix("file:"))
    if not path or path.startswith(":memory:"):
        raise AnswerError(
            "bad-url",
            "the SQLite URL names no file",
            why="a database in memory is empty and gone when migwiz ends",
            next_actions=("write sqlite:///path/to/file.db",),
            flag="--url",
        )
    file = Path(path).expanduser()
    if not file.is_absolute():
        file = (root or Path.cwd()) / file
    return DatabaseUrl(dialect="sqlite", url=url, shown=redact(url), database=str(file))


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Parts:
    """The pieces of a URL with a server: ``options`` are all of its query parameters."""

    hosts: tuple[str, ...]
    ports: tuple[str, ...]
    user: str
    password: str | None
    database: str
    options: dict[str, str]


def split_url(url: str) -> Parts:
    """Take a URL with a server apart; raises AnswerError (`bad-url`) for an unreadable host."""
    place, _, query = url.partition("://")[2].partition("?")
    userinfo, _, location = place.rpartition("@")
    hosts, _, database = location.partition("/")
    user, colon, password = userinfo.partition(":")
    names: list[str] = []
    ports: list[str] = []
    for one in hosts.split(",") if hosts else ():
        match = re.fullmatch(r"(\[[0-9a-fA-F:.%]+\]|[^:\[\]/]*)(?::(\d*))?", one)
        # A bare ? in a password ends the URL too early, with the real host behind it.
        torn = "@" in re.split("[&=]", query, maxsplit=1)[0]
        if match is None or torn or int(match.group(2) or 0) > 65_535:
            raise AnswerError(
                "bad-url",
                "the database URL cannot be read",
                why="the part between @ and / must be host or host:port",
                next_actions=(
                    "write special characters of the password as %XX, such as %40 for @",
                ),
                flag="--url",
            )
        names.append(unquote(match.group(1).strip("[]")))
        ports.append(match.group(2) or "")
    return Parts(
        hosts=tuple(names),
        ports=tuple(ports),
        user=unquote(user),
        password=unquote(password) if colon else None,
        database=unquote(database),
        options=dict(parse_qsl(query, keep_blank_values=True)),
    )


def _postgresql(url: str) -> DatabaseUrl:
    parts = split_url(url)
    options = dict(parts.options)
    user = options.pop("user", "") or parts.user
    password = options.pop("password", None) or parts.password
    name = options.pop("dbname", "") or parts.database
    port = options.pop("port", "") or (",".join(parts.ports) if any(parts.ports) else "")
    host = options.pop("host", "") or ",".join(parts.hosts)
    if options.pop("ssl", "").lower() in ("true", "1", "require"):
        options.setdefault("sslmode", "require")
    return DatabaseUrl(
        dialect="postgresql",
        url=url,
        shown=redact(url),
        database=name or user,
        host=host,
        port=port,
        user=user or None,
        password=password or None,
        options=tuple((k, v) for k, v in options.items() if k.lower() not in _FOREIGN_KEYS),
    )


def build_url(
    dialect: str,
    *,
    user: str = "",
    password: str = "",
    host: str = "",
    port: str = "",
    database: str = "",
    options: Mapping[str, str] | None = None,
) -> str:
    """Put a URL together from its parts, each escaped; a local socket goes to the query."""
    query = dict(options or {})
    if host.startswith("/"):
        query["host" if dialect.startswith("postgres") else "unix_socket"], host = host, ""
        if port:
            query["port"], port = port, ""
    if ":" in host:
        host = f"[{host}]"
    login = quote(user, safe="") + (f":{quote(password, safe='')}" if password else "")
    tail = f"?{urlencode(query)}" if query else ""
    return (
        f"{dialect}://{login}{'@' if login else ''}{host}{f':{port}' if port else ''}"
        f"/{quote(database, safe='')}{tail}"
    )
