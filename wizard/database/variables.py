"""URLs put together from variables for their parts, as images and command-line tools read them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from wizard.database.urls import build_url


def put_together(values: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield URLs made of variables for the parts of one, each with the variable of the database."""
    url = _pg_variables(values)
    if url:
        yield url, "PGDATABASE"
    for prefix, dialect in (("MYSQL", "mysql"), ("MARIADB", "mariadb")):
        found = _mysql_variables(values, prefix, dialect)
        if found:
            yield found


def _pg_variables(values: Mapping[str, str]) -> str | None:
    """Put libpq's own variables together; a database and a host or user must be among them."""
    database, host, user = (values.get(name, "") for name in ("PGDATABASE", "PGHOST", "PGUSER"))
    if not database or not (host or user):
        return None
    return build_url(
        "postgresql",
        user=user,
        password=values.get("PGPASSWORD", ""),
        host=host,
        port=values.get("PGPORT", ""),
        database=database,
        options={"sslmode": values["PGSSLMODE"]} if values.get("PGSSLMODE") else None,
    )


def _mysql_variables(
    values: Mapping[str, str], prefix: str, dialect: str
) -> tuple[str, str] | None:
    """Put MYSQL_HOST and its like together; a database and a host or socket must be among them.

    Without a host they are meant for a container, which Docker Compose's file tells of.
    """

    def first(*names: str) -> tuple[str, str]:
        found = ((f"{prefix}_{name}", values.get(f"{prefix}_{name}", "")) for name in names)
        return next((one for one in found if one[1]), ("", ""))

    name, database = first("DATABASE", "DB")
    _, host = first("HOST", "UNIX_PORT", "SOCKET")
    if not database or not host:
        return None
    _, user = first("USER", "USERNAME")
    url = build_url(
        dialect,
        user=user or "root",
        password=(first("PASSWORD", "PWD") if user else first("ROOT_PASSWORD", "PASSWORD"))[1],
        host=host,
        port="" if host.startswith("/") else first("PORT", "TCP_PORT")[1],
        database=database,
    )
    return url, name
