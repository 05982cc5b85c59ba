"""Batches run to completion on real servers, in whatever order keys come, and again for nothing."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import replace

import psycopg
import pytest
from servers import TestServer

from wizard.dialects import dialect
from wizard.dialects.parameters import rebind
from wizard.model.names import TableName
from wizard.model.steps import Assignment, Backfill, DeleteRows
from wizard.rehearsal.tracer import plain_url

Connection = psycopg.Connection[tuple[object, ...]]
ENGINE = dialect("postgresql", (15,))
ITEMS = TableName("Items 2", "Shop")
NAME = '"Shop"."Items 2"'

FILL = Backfill(
    table=ITEMS,
    assignments=(
        Assignment(column="new", expression="old || ':size'"),
        Assignment(column="Order", expression="CASE WHEN n > 0 THEN 1 ELSE 0 END"),
    ),
    needed="new IS NULL AND old IS NOT NULL OR false",
    key=("id",),
    key_types=("bigint",),
    batch=7,
)

# Key columns with their types, and how a row's key is made of its number.
KEYS = (
    (("id",), ("bigint",), "n * n * 3 - 500"),
    (("small",), ("smallint",), "n"),
    (("text key",), ("text",), "md5(n::text)"),
    (("a", "select"), ("integer", "character varying(40)"), "n % 5, md5(n::text)"),
    (("u",), ("uuid",), "md5(n::text)::uuid"),
    (("t", "b", "d"), ("timestamp with time zone", "boolean", "numeric(12,3)"),
     "'2020-01-01'::timestamptz + (n / 10) * interval '1 hour', n % 2 = 0, n / 7.0"),
)  # fmt: skip


@pytest.fixture
def server(fresh_database: str) -> Iterator[Connection]:
    with psycopg.connect(plain_url(fresh_database), autocommit=True) as connection:
        yield connection


def _set_up(server: Connection, names: tuple[str, ...], kinds: tuple[str, ...], made: str) -> None:
    columns = ", ".join(f'"{name}" {kind}' for name, kind in zip(names, kinds, strict=True))
    listed = ", ".join(f'"{name}"' for name in names)
    server.execute('CREATE SCHEMA IF NOT EXISTS "Shop"')
    server.execute(f"DROP TABLE IF EXISTS {NAME}".encode())
    server.execute(
        f'CREATE TABLE {NAME} ({columns}, n int, old text, new text, "Order" int, size int, '
        f"PRIMARY KEY ({listed}))".encode()
    )
    server.execute(
        f"INSERT INTO {NAME} ({listed}, n, old, new) SELECT {made}, n, "
        "CASE WHEN n % 10 <> 0 THEN 'v' || n END, CASE WHEN n % 3 = 0 THEN 'kept' END "
        "FROM generate_series(1, 300) n".encode()
    )


def _walk(server: Connection, step: Backfill | DeleteRows, size: int) -> tuple[int, int]:
    """Run the batches; return how many there were and how many rows they changed."""
    found, values, batches, total = ENGINE.batch(step), {"size": size}, 0, 0
    sql = found.first
    while True:
        row = server.execute(rebind(sql, "psycopg").encode(), values).fetchone()
        assert row is not None
        if row[0] is None:
            assert row[-1] == 0
            return batches, total
        batches, total, sql = batches + 1, total + int(str(row[-1])), found.following
        values |= {f"after_{at}": one for at, one in enumerate(row[:-1])}  # type: ignore[misc]


def _expect_filled(server: Connection) -> None:
    row = server.execute(
        f"SELECT count(*) FILTER (WHERE new = 'kept'), "
        f"count(*) FILTER (WHERE new = old || ':size' AND \"Order\" = 1), "
        f"count(*) FILTER (WHERE new IS NULL AND old IS NULL) FROM {NAME}".encode()
    ).fetchone()
    assert row == (100, 180, 20)


@pytest.mark.parametrize(("names", "kinds", "made"), KEYS, ids=lambda one: str(one)[:20])
@pytest.mark.parametrize("size", [1, 7, 300, 1000])
def test_batches_fill_what_needs_it_and_nothing_else(
    names: tuple[str, ...], kinds: tuple[str, ...], made: str, size: int, server: Connection
) -> None:
    if size == 1 and names != ("id",):
        return  # one by one is tried with one kind of key
    _set_up(server, names, kinds, made)
    step = replace(FILL, key=names, key_types=kinds)
    batches, changed = _walk(server, step, size)
    assert batches == -(-300 // size)
    assert changed == 180
    _expect_filled(server)
    assert _walk(server, step, size)[1] == 0


@pytest.mark.parametrize(("names", "kinds", "made"), KEYS, ids=lambda one: str(one)[:20])
def test_the_script_does_the_same(
    names: tuple[str, ...], kinds: tuple[str, ...], made: str, server: Connection
) -> None:
    _set_up(server, names, kinds, made)
    said: list[str] = []
    server.add_notice_handler(lambda one: said.append(str(one.message_primary)))
    (script,) = ENGINE.batch_script(replace(FILL, key=names, key_types=kinds))
    for _ in range(2):
        server.execute(script.encode())
    _expect_filled(server)
    assert said == ["180 rows changed", "0 rows changed"]


def test_the_script_commits_each_batch(server: Connection) -> None:
    """Rows that come after a failure keep what was changed before it."""
    _set_up(server, *KEYS[0])
    server.execute(
        f"ALTER TABLE {NAME} ADD CONSTRAINT fails CHECK (n <> 251 OR new IS NULL)".encode()
    )
    (script,) = ENGINE.batch_script(FILL)
    with pytest.raises(psycopg.errors.CheckViolation):
        server.execute(script.encode())
    row = server.execute(f"SELECT count(*) FROM {NAME} WHERE new LIKE 'v%%'", ()).fetchone()  # type: ignore[arg-type]
    assert row is not None
    # Seven rows, then a fifth more each time, but never fewer than a hundred after the second.
    assert 0 < int(str(row[0])) < 180


def test_a_row_that_somebody_holds_is_waited_for(server: Connection, fresh_database: str) -> None:
    _set_up(server, *KEYS[0])
    script = ENGINE.batch_script(FILL)[0]
    assert "pg_sleep(walk.attempt +" in script
    quick = script.replace("'2s'", "'20ms'").replace("(walk.attempt +", "(walk.attempt * 0.01 +")
    with psycopg.connect(plain_url(fresh_database)) as other:
        other.execute(f"SELECT 1 FROM {NAME} WHERE n = 202 FOR UPDATE".encode())
        with pytest.raises(psycopg.errors.LockNotAvailable):
            server.execute(quick.encode())
        other.rollback()
    server.execute(quick.encode())
    _expect_filled(server)


def test_an_empty_table_is_no_trouble(server: Connection) -> None:
    _set_up(server, *KEYS[0])
    server.execute(f"TRUNCATE {NAME}".encode())
    assert _walk(server, FILL, 10) == (0, 0)
    server.execute(ENGINE.batch_script(FILL)[0].encode())


def test_values_from_another_table(server: Connection) -> None:
    _set_up(server, *KEYS[0])
    server.execute("CREATE TABLE batch (id bigint, value text)")
    server.execute(f"INSERT INTO batch SELECT id, 'from ' || n FROM {NAME} WHERE n < 50".encode())
    step = Backfill(
        table=ITEMS,
        assignments=(Assignment(column="new", expression="batch.value"),),
        needed=f"{NAME}.new IS DISTINCT FROM batch.value",
        key=("id",),
        key_types=("bigint",),
        join="batch",
        on=f"batch.id = {NAME}.id",
    )
    assert _walk(server, step, 20) == (15, 49)
    server.execute(f"UPDATE {NAME} SET new = NULL".encode())
    server.execute(ENGINE.batch_script(step)[0].encode())
    count = server.execute(f"SELECT count(*) FROM {NAME} WHERE new LIKE 'from %%'", ()).fetchone()  # type: ignore[arg-type]
    assert count == (49,)
    server.execute(f"UPDATE {NAME} SET new = NULL".encode())
    assert server.execute(ENGINE.sql(step)[0].encode()).rowcount == 49


def test_rows_are_deleted_in_batches(server: Connection) -> None:
    _set_up(server, *KEYS[3])
    step = DeleteRows(
        table=ITEMS,
        needed="old IS NULL OR n > 290",
        key=KEYS[3][0],
        key_types=KEYS[3][1],
    )
    batches, changed = _walk(server, step, 50)
    assert changed == 39
    assert batches == 6
    assert _walk(server, step, 50)[1] == 0
    _set_up(server, *KEYS[3])
    server.execute(ENGINE.batch_script(step)[0].encode())
    assert server.execute(f"SELECT count(*) FROM {NAME}".encode()).fetchone() == (261,)


def test_a_volatile_value_is_new_for_each_row(server: Connection) -> None:
    _set_up(server, *KEYS[0])
    step = replace(
        FILL,
        assignments=(Assignment(column="new", expression="random()::text"),),
        needed="new IS NULL",
    )
    _walk(server, step, 50)
    count = server.execute(f"SELECT count(DISTINCT new) FROM {NAME}".encode()).fetchone()
    assert count == (201,)


def test_psql_runs_the_script(postgres: TestServer) -> None:
    (script,) = ENGINE.batch_script(FILL)
    with postgres.database() as url, psycopg.connect(plain_url(url), autocommit=True) as server:
        _set_up(server, *KEYS[0])
        done = subprocess.run(
            [str(postgres.bin / "psql"), plain_url(url), "-X", "-q", "-v", "ON_ERROR_STOP=1"],
            input=f"{script};\n",
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert "180 rows changed" in done.stderr
        _expect_filled(server)


def test_a_large_batch_reads_only_its_own_rows(server: Connection) -> None:
    """The planner must not read the whole table for a batch, however large: it has a range."""
    server.execute('CREATE SCHEMA "Shop"')
    server.execute(
        f'CREATE TABLE {NAME} (id bigint PRIMARY KEY, n int, old text, new text, "Order" int)'.encode()
    )
    server.execute(
        f"INSERT INTO {NAME} SELECT n, n, 'v' FROM generate_series(1, 100000) n".encode()
    )
    server.execute(f"VACUUM ANALYZE {NAME}".encode())
    sql = rebind(ENGINE.batch(FILL).following, "psycopg")
    rows = server.execute(f"EXPLAIN {sql}".encode(), {"size": 5_000, "after_0": 20_000}).fetchall()
    text = "\n".join(str(row[0]) for row in rows)
    assert "Seq Scan" not in text, text
