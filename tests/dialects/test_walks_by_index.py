"""Each batch reads as many index entries as it has rows, also along keys of several columns."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import psycopg
import pytest
import servers
from servers import TestServer

from wizard.database.urls import parse_url
from wizard.dialects import dialect
from wizard.dialects.parameters import rebind
from wizard.model.names import TableName
from wizard.model.schema import Column, Index, IndexPart, Table
from wizard.model.steps import Assignment, Backfill
from wizard.operations.blocks import row_key
from wizard.rehearsal.tracer import plain_url

FILL = Backfill(
    table=TableName("items"),
    assignments=(Assignment(column="note", expression="'x'"),),
    needed="note IS NULL",
    key=("a", "b"),
    key_types=("integer", "text"),
)
ROWS, SIZE = 20_000, 500


@pytest.mark.parametrize("major", [12, 18])
@pytest.mark.parametrize(
    ("kind", "value", "index"),
    [
        ("text", "md5(n::text)", "PRIMARY KEY (a, b)"),
        ("uuid", "md5(n::text)::uuid", "PRIMARY KEY (a, b)"),
        ("timestamp with time zone", "now() + n * interval '1 s'", "UNIQUE (a, b)"),
        ("text", "md5(n::text)", ""),
    ],
    ids=["text", "uuid", "moment", "descending"],
)
def test_postgresql(
    major: int, kind: str, value: str, index: str, start_postgres: Callable[[int], TestServer]
) -> None:
    with (
        start_postgres(major).database() as url,
        psycopg.connect(plain_url(url), autocommit=True) as connection,
    ):

        def run(sql: str) -> None:
            connection.execute(sql.encode())

        run(f"CREATE TABLE items (a int NOT NULL, b {kind} NOT NULL, note text)")
        run(f"INSERT INTO items SELECT n % 50, {value} FROM generate_series(1, {ROWS}) n")
        if index:
            run(f"ALTER TABLE items ADD {index}")
        else:
            run("CREATE UNIQUE INDEX ON items (a DESC, b DESC)")
        run("VACUUM ANALYZE items")
        found = connection.execute(f"SELECT a, b::text FROM items ORDER BY a, b OFFSET {ROWS // 2}")
        start = found.fetchone()
        assert start is not None
        step = replace(FILL, key_types=("integer", kind))
        sql = rebind(dialect("postgresql", (major,)).batch(step).following, "psycopg")
        values = {"after_0": start[0], "after_1": start[1], "size": SIZE}
        lines = connection.execute(
            b"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) " + sql.encode(), values
        ).fetchall()
    plan = [str(line[0]) for line in lines]
    assert not [line for line in plan if "Seq Scan" in line], plan
    scans = [line for line in plan if re.search(r"(Index|Bitmap).* Scan", line)]
    assert len(scans) >= 2
    for line in scans:
        read = re.search(r"actual rows=(\d+)", line)
        assert read is not None
        assert int(read[1]) <= SIZE, plan


def reads(cursor: Any, sql: str, values: dict[str, object]) -> int:
    """How many index entries and rows a statement reads."""
    cursor.execute("FLUSH STATUS")
    cursor.execute(sql, values)
    cursor.fetchall()
    cursor.execute("SHOW SESSION STATUS LIKE 'Handler_read_%'")
    counted = {name.lower(): int(count) for name, count in cursor.fetchall()}
    return counted["handler_read_next"] + counted["handler_read_prev"]


@pytest.mark.parametrize("index", ["PRIMARY KEY (a, b)", "UNIQUE KEY u (a DESC, b DESC)"])
def test_the_family(index: str, mysql_family: TestServer) -> None:
    name = parse_url(mysql_family.url).dialect
    engine = dialect(name, mysql_family.version)
    batch = engine.batch(replace(FILL, key_types=("int", "varchar(40)")))
    with mysql_family.database() as url, servers.connected(url) as cursor:
        cursor.execute(
            f"CREATE TABLE items (a int NOT NULL, b varchar(40) NOT NULL, note text, {index})"
        )
        rows = [(n % 50, f"{n * 7919 % 1_000_003:032x}") for n in range(ROWS)]
        cursor.executemany("INSERT INTO items (a, b) VALUES (%s, %s)", rows)
        cursor.execute("ANALYZE TABLE items")
        cursor.fetchall()
        values: dict[str, object] = {"after_0": 25, "after_1": "0", "size": SIZE}
        walk = rebind(batch.walk_following or "", "psycopg", name)
        assert reads(cursor, walk, values) <= SIZE
        cursor.execute(walk, values)
        last = cursor.fetchone()
        upto = {"upto_0": last[0], "upto_1": last[1]}
        # A change through another index than the primary one looks at its neighbours, too.
        assert reads(cursor, rebind(batch.following, "psycopg", name), values | upto) <= 2 * SIZE


def test_sqlite() -> None:
    batch = dialect("sqlite", (3, 40, 1)).batch(FILL)
    values = {"after_0": 1, "after_1": "x", "upto_0": 2, "upto_1": "y", "size": 10}
    with sqlite3.connect(":memory:") as connection:
        connection.execute(
            "CREATE TABLE items (a int, b text, note text, PRIMARY KEY (a, b)) WITHOUT ROWID"
        )
        for sql, wanted in (
            (batch.walk_following, "SEARCH items USING PRIMARY KEY ((a,b)>(?,?))"),
            (
                batch.following,
                "SEARCH items USING PRIMARY KEY ((a,b)>(?,?) AND (a,b)<(?,?))",
            ),
        ):
            lines = connection.execute(f"EXPLAIN QUERY PLAN {sql}", values).fetchall()
            assert wanted in {line[3] for line in lines}, lines
    connection.close()


@pytest.mark.parametrize(
    ("parts", "walked"),
    [
        ((IndexPart(column="a"), IndexPart(column="b")), True),
        ((IndexPart(column="a", order="desc"), IndexPart(column="b", order="desc")), True),
        ((IndexPart(column="a"), IndexPart(column="b", order="desc")), False),
        ((IndexPart(column="a"), IndexPart(column="b", length=10)), False),
        ((IndexPart(column="a"), IndexPart(column="b", opclass="text_pattern_ops")), False),
    ],
)
def test_an_index_that_sorts_otherwise_is_no_way_to_walk(
    parts: tuple[IndexPart, ...], walked: bool
) -> None:
    table = Table(
        name=FILL.table,
        columns=tuple(Column(name=one, type="text", nullable=False) for one in ("a", "b")),
        indexes=(Index(name="u", parts=parts, unique=True),),
    )
    assert row_key(table) == (("a", "b") if walked else ())
