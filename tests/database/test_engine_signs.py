"""Engines recognised over a real PostgreSQL: the plain one as none, in one round trip; stand-ins.

The extensions themselves cannot be had from a package registry. What stands in for them has their
documented names, so that the queries run for real on every version; what they would answer is
recorded in tests/dialects/flavours/test_recognition.py.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any

import psycopg
import pytest

from wizard.database.connection import Connection, Read, Row
from wizard.database.opening import open_catalog
from wizard.database.postgresql import PostgresCatalog
from wizard.database.urls import parse_url
from wizard.dialects.flavours import engine, flavours
from wizard.model.names import TableName
from wizard.model.schema import Spread


def execute(url: str, *statements: str) -> None:
    plain = url.replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(plain, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)  # type: ignore[arg-type]


class Counting:
    """A `Reader` that counts the queries which it passes on."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.asked: list[str] = []

    @contextlib.contextmanager
    def reading(self) -> Iterator[Read]:
        with self.connection.reading() as read:

            def counted(sql: str, *rest: Any, **named: Any) -> list[Row]:
                self.asked.append(sql)
                return read(sql, *rest, **named)

            yield counted

    def rows(self, sql: str, parameters: Sequence[Any] = (), limit: int | None = None) -> list[Row]:
        self.asked.append(sql)
        return self.connection.rows(sql, parameters, limit)

    def close(self) -> None:
        self.connection.close()


def test_plain_postgresql_is_itself_after_one_query(fresh_database: str) -> None:
    execute(fresh_database, "CREATE TABLE orders (id bigint PRIMARY KEY, note text)")
    counting = Counting(Connection(parse_url(fresh_database)))
    catalog = PostgresCatalog(counting)
    assert len(counting.asked) == 1
    assert catalog.flavour == ""
    table = catalog.table(TableName("orders"))
    assert table.spread is None
    assert not any("timescaledb" in one or "pg_dist" in one for one in counting.asked)
    catalog.close()
    made = engine("postgresql", catalog.version, catalog.flavour)
    assert made.label == f"PostgreSQL {catalog.version[0]}"


def test_extensions_that_come_with_postgresql_change_nothing(fresh_database: str) -> None:
    execute(fresh_database, "CREATE SCHEMA x", "CREATE EXTENSION IF NOT EXISTS plpgsql")
    catalog = open_catalog(fresh_database)
    assert catalog.flavour == ""
    catalog.close()


def test_aurora_is_recognised_by_its_function(fresh_database: str) -> None:
    execute(
        fresh_database,
        "CREATE FUNCTION aurora_version() RETURNS text LANGUAGE sql AS $$ SELECT '15.4.1' $$",
    )
    catalog = open_catalog(fresh_database)
    assert catalog.flavour == "aurora-postgresql"
    catalog.close()


def installed(url: str, name: str, version: str) -> None:
    """Let the catalogue say that an extension is installed, which nobody can install here."""
    execute(
        url,
        "SET allow_system_table_mods = on",
        "INSERT INTO pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)"
        f" VALUES (99999, '{name}', 10, 2200, false, '{version}')",
    )


TIMESCALE = (
    "CREATE SCHEMA timescaledb_information",
    "CREATE TABLE timescaledb_information.hypertables (hypertable_schema name,"
    " hypertable_name name, compression_enabled boolean)",
    "CREATE TABLE timescaledb_information.dimensions (hypertable_schema name,"
    " hypertable_name name, dimension_number bigint, column_name name)",
    "CREATE TABLE timescaledb_information.chunks (hypertable_schema name, hypertable_name name,"
    " is_compressed boolean)",
    "CREATE TABLE public.metrics (at timestamptz, device int)",
    "CREATE TABLE public.devices (id int)",
    "INSERT INTO timescaledb_information.hypertables VALUES ('public', 'metrics', true)",
    "INSERT INTO timescaledb_information.dimensions VALUES ('public', 'metrics', 2, 'device'),"
    " ('public', 'metrics', 1, 'at')",
    "INSERT INTO timescaledb_information.chunks VALUES ('public', 'metrics', false),"
    " ('public', 'metrics', true)",
)


def test_hypertables_are_read_with_their_columns(fresh_database: str) -> None:
    execute(fresh_database, *TIMESCALE)
    installed(fresh_database, "timescaledb", "2.21.0")
    catalog = open_catalog(fresh_database)
    assert catalog.flavour == "timescaledb 2.21.0"
    assert catalog.table(TableName("metrics")).spread == Spread(
        kind="chunks", columns=("at", "device"), compression=True, compressed=True
    )
    assert catalog.table(TableName("devices")).spread == Spread(kind="whole")
    catalog.close()


CITUS = (
    # In the first schema of the path, where the extension has them in pg_catalog.
    'CREATE TABLE public.pg_dist_partition (logicalrelid regclass, partmethod "char",'
    ' partkey text, repmodel "char")',
    "CREATE FUNCTION public.column_to_column_name(regclass, text) RETURNS text LANGUAGE sql"
    " AS $$ SELECT $2 $$",
    "CREATE TABLE public.orders (id int, tenant_id int)",
    "CREATE TABLE public.countries (id int)",
    "CREATE TABLE public.jobs (id int)",
    "CREATE TABLE public.settings (id int)",
    "INSERT INTO public.pg_dist_partition VALUES ('orders', 'h', 'tenant_id', 's'),"
    " ('countries', 'n', NULL, 't'), ('jobs', 'n', NULL, 's')",
)


def test_distributed_tables_are_read_with_their_column(fresh_database: str) -> None:
    execute(fresh_database, *CITUS)
    installed(fresh_database, "citus", "12.1-1")
    catalog = open_catalog(fresh_database)
    assert catalog.flavour == "citus 12.1"
    assert {
        name: catalog.table(TableName(name)).spread
        for name in ("orders", "countries", "jobs", "settings")
    } == {
        "orders": Spread(kind="sharded", columns=("tenant_id",)),
        "countries": Spread(kind="copied"),
        "jobs": Spread(kind="whole"),
        "settings": Spread(kind="whole"),
    }
    catalog.close()


@pytest.mark.parametrize("name", sorted(flavours()))
def test_what_is_asked_for_a_table_has_its_four_columns(name: str) -> None:
    query = flavours()[name].spread_query
    assert query is None or query.count("%s") == 2
