"""The query for production's size, and what people paste back."""

from __future__ import annotations

import sqlite3

import psycopg
import pytest
from mysql_client import load
from servers import TestServer

from wizard.database.opening import open_catalog
from wizard.database.statistics import read_pasted, statistics_sql
from wizard.database.urls import parse_url
from wizard.model.errors import AnswerError
from wizard.model.names import TableName


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "   rows    |    bytes    \n-----------+-------------\n 120000000 | 48000000000\n(1 row)\n",
            (120_000_000, 48_000_000_000),
        ),
        ("-[ RECORD 1 ]---\nrows  | 5\nbytes | 6\n", (5, 6)),
        ("rows|bytes\n5|6\n(1 row)", (5, 6)),
        ("rows,bytes\n5,6\n", (5, 6)),
        ('"bytes","rows"\n"6","5"\n', (5, 6)),
        ("| rows | bytes |\n|---|---|\n| 5 | 6 |", (5, 6)),
        (
            "│ rows │ bytes │\n├──────┼───────┤\n│ 5 │ 6 │".replace(
                "├──────┼───────┤", "──────┼──────"
            ),
            (5, 6),
        ),
        ("rows\tbytes\n5\t6", (5, 6)),
        ("5 6", (5, 6)),
        ("120,000,000", (120_000_000, None)),
        ("120_000_000", (120_000_000, None)),
        ("1.2e+08", (120_000_000, None)),
        ("5", (5, None)),
        ("rows | bytes\n-----+------\n   5 | \n(1 row)", (5, None)),
        (
            "+------+-------+\n| rows | bytes |\n+------+-------+\n|    5 |     6 |\n"
            "+------+-------+\n1 row in set (0.012 sec)\n",
            (5, 6),
        ),
        (
            "*************************** 1. row ***************************\n rows: 5\nbytes: 6\n",
            (5, 6),
        ),
    ],
)
def test_pasted(text: str, expected: tuple[int, int | None]) -> None:
    assert read_pasted(text) == expected


@pytest.mark.parametrize(
    "text", ["", "nothing", "(0 rows)", "-5", "ERROR: relation does not exist"]
)
def test_what_holds_no_number_is_refused(text: str) -> None:
    with pytest.raises(AnswerError) as caught:
        read_pasted(text)
    assert caught.value.code == "bad-statistics"


def test_postgresql_query(fresh_database: str) -> None:
    url = fresh_database.replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute('CREATE TABLE "a\'b""c" (id int) PARTITION BY RANGE (id)')
        connection.execute('CREATE TABLE p1 PARTITION OF "a\'b""c" DEFAULT')
        connection.execute("INSERT INTO p1 SELECT generate_series(1, 300)")
        connection.execute("ANALYZE p1")
        row = connection.execute(statistics_sql("postgresql", TableName("a'b\"c"))).fetchone()  # type: ignore[arg-type]
    assert row is not None
    assert row[0] == 300
    assert row[1] >= 8192


def test_sqlite_query() -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute('CREATE TABLE "a""b" (x)')
    connection.execute('INSERT INTO "a""b" VALUES (1), (2)')
    rows, size = connection.execute(statistics_sql("sqlite", TableName('a"b'))).fetchone()
    assert rows == 2
    assert size > 0
    connection.close()


@pytest.mark.parametrize("name", ["orders", "it's `odd`"])
def test_mariadb_query(mariadb: TestServer, name: str) -> None:
    with mariadb.database() as url:
        quoted = "`" + name.replace("`", "``") + "`"
        load(
            mariadb,
            url,
            f"CREATE TABLE {quoted} (id int PRIMARY KEY);"
            f"INSERT INTO {quoted} SELECT seq FROM seq_1_to_3000; ANALYZE TABLE {quoted};",
        )
        for schema in (None, parse_url(url).database):
            catalog = open_catalog(url)
            query = statistics_sql("mariadb", TableName(name, schema))
            ((rows, size),) = catalog.query(query)
            assert 2000 < rows < 4000  # type: ignore[operator]
            assert size >= 65_536  # type: ignore[operator]
            catalog.close()


def test_mysql_query_asks_for_fresh_figures() -> None:
    query = statistics_sql("mysql", TableName("t"))
    setting, _, rest = query.partition(";\n")
    assert setting == "SET SESSION information_schema_stats_expiry = 0"
    assert rest == statistics_sql("mariadb", TableName("t"))


def test_other_engines() -> None:
    with pytest.raises(AnswerError):
        statistics_sql("oracle", TableName("t"))
