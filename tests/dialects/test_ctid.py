"""Tables without a key: PostgreSQL's are walked by blocks, SQLite's by the number of the row."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from servers import TestServer

from wizard.dialects import dialect
from wizard.dialects.base import Dialect
from wizard.dialects.parameters import rebind
from wizard.model.names import TableName
from wizard.model.schema import Column, Table
from wizard.model.steps import Assignment, Backfill, DeleteRows
from wizard.rehearsal.tracer import plain_url

ITEMS = TableName("items")
FILL = Backfill(
    table=ITEMS,
    assignments=(Assignment(column="note", expression="'filled ' || n"),),
    needed="note IS NULL",
    key=("ctid",),
    key_types=("tid",),
    batch=500,
)
ROWS = 20_000


@pytest.fixture(params=[12, 18], ids=["pg12", "pg18"])
def shop(
    request: pytest.FixtureRequest, start_postgres: Callable[[int], TestServer]
) -> Iterator[tuple[Dialect, psycopg.Connection[Any]]]:
    server = start_postgres(request.param)
    with (
        server.database() as url,
        psycopg.connect(plain_url(url), autocommit=True) as connection,
    ):
        connection.execute("CREATE TABLE items (n int, note text, pad text)")
        connection.execute(
            f"INSERT INTO items SELECT n, CASE WHEN n % 10 = 0 THEN 'kept' END, repeat('x', 60) "
            f"FROM generate_series(1, {ROWS}) n"
        )
        yield dialect("postgresql", (request.param,)), connection


def walk(
    engine: Dialect,
    connection: psycopg.Connection[Any],
    step: Backfill | DeleteRows,
    between: Callable[[int], None] = lambda _: None,
) -> tuple[int, int]:
    """Run the batches; return how many there were and how many rows they changed."""
    sql = rebind(engine.batch(step).following, "psycopg").encode()
    after, batches, changed = -(2**63), 0, 0
    while True:
        row = connection.execute(sql, {"after_0": after, "size": 500}).fetchone()
        assert row is not None
        if row[0] is None:
            assert row[1] == 0
            return batches, changed
        after, batches, changed = row[0], batches + 1, changed + row[1]
        assert batches < 5_000
        between(batches)


def expect_filled(connection: psycopg.Connection[Any]) -> None:
    row = connection.execute(
        "SELECT count(*), count(*) FILTER (WHERE note = 'kept'), "
        "count(*) FILTER (WHERE note = 'filled ' || n) FROM items"
    ).fetchone()
    assert row == (ROWS, ROWS // 10, ROWS - ROWS // 10)


def test_a_table_without_a_key_is_filled(shop: tuple[Dialect, psycopg.Connection[Any]]) -> None:
    engine, connection = shop
    batches, changed = walk(engine, connection, FILL)
    assert changed == ROWS - ROWS // 10
    assert batches > 20
    expect_filled(connection)
    assert walk(engine, connection, FILL)[1] == 0


def test_a_batch_reads_only_its_blocks(shop: tuple[Dialect, psycopg.Connection[Any]]) -> None:
    engine, connection = shop
    connection.execute("ANALYZE items")
    sql = rebind(engine.batch(FILL).following, "psycopg").encode()
    lines = connection.execute(
        b"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) " + sql, {"after_0": 99, "size": 500}
    ).fetchall()
    plan = [str(line[0]) for line in lines]
    scan = "Tid Range Scan on items" if engine.version >= (14,) else "Tid Scan on items"
    assert any(scan in line for line in plan), plan
    # The look for rows that are left waits for the end of a sweep.
    assert all("never executed" in line for line in plan if "Seq Scan on items" in line), plan


def test_rows_that_move_behind_the_walk_are_found_by_the_next_sweep(
    shop: tuple[Dialect, psycopg.Connection[Any]],
) -> None:
    engine, connection = shop
    connection.execute("DELETE FROM items WHERE n <= 2000")

    def move(batch: int) -> None:
        if batch == 10:
            connection.execute("VACUUM items")
            connection.execute("UPDATE items SET pad = 'moved' WHERE n > 19500")

    walk(engine, connection, FILL, move)
    front = connection.execute(
        "SELECT count(*) FROM items WHERE pad = 'moved' AND ctid < '(20,0)'"
    ).fetchone()
    assert front is not None
    assert front[0] > 0, "nothing has moved in front, so that this test tests nothing"
    left = connection.execute("SELECT count(*) FROM items WHERE note IS NULL").fetchone()
    assert left == (0,)


def test_a_walk_ends_though_rows_stay(shop: tuple[Dialect, psycopg.Connection[Any]]) -> None:
    engine, connection = shop
    connection.execute("DELETE FROM items WHERE n > 1000")
    connection.execute("VACUUM ANALYZE items")
    connection.execute(
        "CREATE FUNCTION stay() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'"
    )
    connection.execute(
        "CREATE TRIGGER stays BEFORE UPDATE ON items FOR EACH ROW EXECUTE FUNCTION stay()"
    )
    assert walk(engine, connection, FILL)[1] == 0
    (script,) = engine.batch_script(replace(FILL, batch=10_000))
    connection.execute(script.replace("rest numeric := 0.2", "rest numeric := 0").encode())


def test_the_script_does_the_same(shop: tuple[Dialect, psycopg.Connection[Any]]) -> None:
    engine, connection = shop
    said: list[str] = []
    connection.add_notice_handler(lambda one: said.append(str(one.message_primary)))
    (script,) = engine.batch_script(FILL)
    for _ in range(2):
        connection.execute(script.encode())
    expect_filled(connection)
    assert said == [f"{ROWS - ROWS // 10} rows changed", "0 rows changed"]


def test_values_from_another_table_and_deletions(
    shop: tuple[Dialect, psycopg.Connection[Any]],
) -> None:
    engine, connection = shop
    connection.execute("CREATE TABLE notes AS SELECT n AS item, 'joined' AS said FROM items")
    joined = replace(
        FILL,
        assignments=(Assignment(column="note", expression="notes.said"),),
        needed="true",
        join="notes",
        on="notes.item = items.n AND items.note IS NULL",
    )
    assert walk(engine, connection, joined)[1] == ROWS - ROWS // 10
    gone = DeleteRows(table=ITEMS, needed="note = 'joined'", key=("ctid",), key_types=("tid",))
    assert walk(engine, connection, gone)[1] == ROWS - ROWS // 10
    every = DeleteRows(table=ITEMS, needed="true", key=("ctid",), key_types=("tid",))
    assert walk(engine, connection, every)[1] == ROWS // 10
    connection.execute("TRUNCATE items")
    assert walk(engine, connection, every) == (0, 0)


def test_what_is_hidden_where() -> None:
    columns = (Column(name="n", type="integer"),)
    plain = Table(name=ITEMS, columns=columns)
    postgresql, sqlite = dialect("postgresql", (15,)), dialect("sqlite", (3, 40, 1))
    assert postgresql.hidden_key(plain) == Column(name="ctid", type="tid", nullable=False)
    assert postgresql.hidden_key(replace(plain, kind="partitioned")) is None
    assert dialect("mysql", (8, 0, 36)).hidden_key(plain) is None
    assert sqlite.hidden_key(plain) == Column(name="rowid", type="rowid", nullable=False)
    named = replace(plain, columns=(*columns, Column(name="ROWID", type="text")))
    assert sqlite.hidden_key(named) == Column(name="_rowid_", type="rowid", nullable=False)
    every = tuple(Column(name=one, type="text") for one in ("rowid", "_rowid_", "oid"))
    assert sqlite.hidden_key(replace(plain, columns=every)) is None


@pytest.mark.parametrize("name", ["rowid", "_rowid_"])
def test_sqlite_walks_the_numbers_of_rows(name: str) -> None:
    step = replace(FILL, key=(name,), key_types=("rowid",))
    found = dialect("sqlite", (3, 40, 1)).batch(step)
    with sqlite3.connect(":memory:", isolation_level=None) as connection:
        connection.execute("CREATE TABLE items (n int, note text)")
        connection.executemany("INSERT INTO items (n) VALUES (?)", [(n,) for n in range(1_000)])
        connection.execute("DELETE FROM items WHERE n % 3 = 0")
        values: dict[str, int] = {"size": 100}
        keys, change, batches = found.walk_first or "", found.first, 0
        while True:
            ((last,),) = connection.execute(keys, values).fetchall()
            if last is None:
                break
            connection.execute(change, values | {"upto_0": last})
            values["after_0"] = last
            keys, change, batches = found.walk_following or "", found.following, batches + 1
        assert batches == 7
        left = "SELECT count(*) FROM items WHERE note IS NULL OR note <> 'filled ' || n"
        assert connection.execute(left).fetchone() == (0,)
        plan = connection.execute(f"EXPLAIN QUERY PLAN {found.walk_following}", values).fetchall()
        assert any("INTEGER PRIMARY KEY (rowid>?)" in str(line) for line in plan), plan
    connection.close()
