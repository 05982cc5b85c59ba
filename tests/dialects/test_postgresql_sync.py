"""Two columns under a trigger, and a table behind a view, against real servers."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import psycopg
import pytest
from step_examples import SHOP, VIEW

from wizard.dialects import dialect
from wizard.dialects.base import Dialect
from wizard.model.names import TableName
from wizard.model.steps import (
    Assignment,
    Backfill,
    CreateShadowView,
    CreateSync,
    DropShadowView,
    DropSync,
    ShadowView,
    Step,
    Sync,
)
from wizard.rehearsal.tracer import plain_url

Connection = psycopg.Connection[tuple[object, ...]]

# Type, comparison, and values of which no two are equal.
KINDS = (
    ("text", None, ("'a'", "'A'", "'it''s'", "''", "NULL")),
    ("integer", None, ("0", "1", "-1", "7", "NULL")),
    ("json", "text", ("'{\"a\": 1}'", "'[]'", "'{\"a\":1}'", "'1'", "NULL")),
    ("jsonb", None, ("'{\"a\": 1}'", "'[]'", "'2'", "'1'", "NULL")),
    ("timestamptz", None, ("'2020-01-01'", "'2021-01-01'", "'infinity'", "'epoch'", "NULL")),
)


@pytest.fixture
def server(fresh_database: str) -> Iterator[Connection]:
    with psycopg.connect(plain_url(fresh_database), autocommit=True) as connection:
        yield connection


@pytest.fixture
def engine(server: Connection) -> Dialect:
    number = server.info.server_version
    return dialect("postgresql", (number // 10000, number % 10000))


def _do(server: Connection, engine: Dialect, *steps: Step) -> None:
    for step in steps:
        for one in engine.sql(step):
            server.execute(one.encode())


def _pair(server: Connection, table: str, key: int) -> tuple[object, object]:
    row = server.execute(
        f'SELECT "Old"::text, "select"::text FROM {table} WHERE id = {key}'.encode()
    ).fetchone()
    assert row is not None
    return row[0], row[1]


@pytest.mark.parametrize(("kind", "compare_as", "values"), KINDS, ids=lambda one: str(one)[:12])
def test_both_columns_are_equal_after_every_write(
    kind: str, compare_as: str | None, values: tuple[str, ...], server: Connection, engine: Dialect
) -> None:
    default = values[3]
    server.execute('CREATE SCHEMA "Shop\'s"')
    table = '"Shop\'s"."T 1"'
    server.execute(
        f'CREATE TABLE {table} (id int PRIMARY KEY, "Old" {kind} DEFAULT {default}, "select" {kind})'.encode()
    )
    sync = Sync(
        name="zz_sync T",
        table=TableName("T 1", "Shop's"),
        old="Old",
        new="select",
        compare_as=compare_as,
    )
    _do(server, engine, CreateSync(sync=sync))
    shown = {
        one: server.execute(f"SELECT ({one}::{kind})::text".encode()).fetchone()[0]  # type: ignore[index]
        for one in values
    }
    number = 0

    def insert(columns: str, given: str) -> tuple[object, object]:
        nonlocal number
        number += 1
        names = f"id, {columns}" if columns else "id"
        listed = f"{number}, {given}" if given else str(number)
        server.execute(f"INSERT INTO {table} ({names}) VALUES ({listed})".encode())
        return _pair(server, table, number)

    assert insert("", "") == (shown[default], shown[default])
    for value in values:
        assert insert('"Old"', value) == (shown[value], shown[value])
        expected = shown[value] if value != "NULL" else shown[default]
        assert insert('"select"', value) == (expected, expected)
    for old, new in itertools.product(values, values):
        winner = shown[new] if new != "NULL" else shown[old]
        assert insert('"Old", "select"', f"{old}, {new}") == (winner, winner)

    for start, value in itertools.product(values, values):
        for column in ('"Old"', '"select"'):
            server.execute(
                f"INSERT INTO {table} VALUES (9999, {start}, {start}) ON CONFLICT (id) DO UPDATE "
                f'SET "Old" = {start}, "select" = {start}'.encode()
            )
            server.execute(f"UPDATE {table} SET {column} = {value} WHERE id = 9999".encode())
            assert _pair(server, table, 9999) == (shown[value], shown[value]), (start, value)
    # Both at once: the new name wins when it changed.
    server.execute(f'UPDATE {table} SET "Old" = {values[0]}, "select" = {values[0]}'.encode())
    server.execute(f'UPDATE {table} SET "Old" = {values[1]}, "select" = {values[2]}'.encode())
    assert _pair(server, table, 1) == (shown[values[2]], shown[values[2]])
    server.execute(f'UPDATE {table} SET "Old" = {values[1]}, "select" = "select"'.encode())
    assert _pair(server, table, 1) == (shown[values[1]], shown[values[1]])

    _do(server, engine, DropSync(sync=sync))
    left = server.execute("SELECT count(*) FROM pg_proc WHERE proname = 'zz_sync T'").fetchone()
    assert left == (0,)


def test_the_trigger_sees_what_another_trigger_writes(server: Connection, engine: Dialect) -> None:
    server.execute('CREATE TABLE t (id int, "Old" text, "select" text, touched int)')
    server.execute(
        "CREATE FUNCTION early() RETURNS trigger LANGUAGE plpgsql AS "
        '\'BEGIN NEW."Old" := upper(NEW."Old"); RETURN NEW; END\''
    )
    server.execute(
        "CREATE TRIGGER early BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION early()"
    )
    sync = Sync(name="zz_sync", table=TableName("t"), old="Old", new="select")
    _do(server, engine, CreateSync(sync=sync))
    server.execute("INSERT INTO t (id, \"Old\") VALUES (1, 'a')")
    assert _pair(server, "t", 1) == ("A", "A")
    server.execute("ALTER TABLE t DISABLE TRIGGER zz_sync")
    server.execute("UPDATE t SET \"select\" = 'x', \"Old\" = 'x'")
    server.execute("ALTER TABLE t DISABLE TRIGGER early")
    server.execute("UPDATE t SET \"select\" = 'x', \"Old\" = 'x'")
    server.execute("ALTER TABLE t ENABLE TRIGGER zz_sync")
    server.execute("ALTER TABLE t ENABLE TRIGGER early")
    # Neither column is named by the statement: a trigger with a column list would not fire.
    server.execute("UPDATE t SET touched = 1")
    assert _pair(server, "t", 1) == ("X", "X")


def test_the_backfill_and_the_trigger_get_along(server: Connection, engine: Dialect) -> None:
    server.execute('CREATE TABLE t (id int PRIMARY KEY, "Old" json, "select" json)')
    server.execute('INSERT INTO t (id, "Old") SELECT n, to_json(n) FROM generate_series(1, 500) n')
    sync = Sync(name="zz", table=TableName("t"), old="Old", new="select", compare_as="text")
    _do(server, engine, CreateSync(sync=sync))
    server.execute('UPDATE t SET "select" = \'"new"\' WHERE id = 3')
    step = Backfill(
        table=TableName("t"),
        assignments=(Assignment(column="select", expression='"Old"'),),
        needed='CAST("select" AS text) IS DISTINCT FROM CAST("Old" AS text)',
        key=("id",),
        key_types=("integer",),
    )
    server.execute(engine.batch_script(step)[0].encode())
    differ = server.execute(
        'SELECT count(*) FROM t WHERE "Old"::text IS DISTINCT FROM "select"::text'
    ).fetchone()
    assert differ == (0,)
    assert _pair(server, "t", 3) == ('"new"', '"new"')


def test_a_view_takes_writes_under_both_names_and_keeps_the_grants(
    server: Connection, engine: Dialect
) -> None:
    for one in SHOP:
        server.execute(one.encode())
    server.execute('CREATE ROLE "app user" LOGIN')
    server.execute("CREATE ROLE owner_of_shop")
    try:
        server.execute("ALTER TABLE orders OWNER TO owner_of_shop")
        server.execute('GRANT SELECT, INSERT, UPDATE, DELETE ON orders TO "app user"')
        _do(server, engine, CreateShadowView(view=VIEW))
        server.execute('SET ROLE "app user"')
        server.execute("INSERT INTO orders (id, code, status) VALUES (1001, 'x', 'a')")
        server.execute("INSERT INTO orders (id, code, status_code) VALUES (1002, 'y', 'b')")
        server.execute("INSERT INTO orders (id, code) VALUES (1003, 'z')")
        server.execute("UPDATE orders SET status = 'c' WHERE status_code = 'b'")
        server.execute(
            "INSERT INTO orders (id, code) VALUES (1001, 'x') ON CONFLICT (id) DO UPDATE "
            "SET status_code = 'd'"
        )
        found = server.execute(
            "SELECT id, status_code, status FROM orders WHERE id > 1000 ORDER BY id FOR UPDATE"
        ).fetchall()
        assert found == [(1001, "d", "d"), (1002, "c", "c"), (1003, "new", "new")]
        server.execute("RESET ROLE")
        owner = "SELECT relowner::regrole::text FROM pg_class WHERE relname = 'orders'"
        assert server.execute(owner).fetchone() == ("owner_of_shop",)
        _do(server, engine, DropShadowView(view=VIEW))
        server.execute('SET ROLE "app user"')
        assert server.execute("SELECT count(*) FROM orders").fetchone() == (203,)
    finally:
        server.execute("RESET ROLE")
        server.execute('DROP OWNED BY "app user", owner_of_shop CASCADE')
        server.execute('DROP ROLE IF EXISTS "app user", owner_of_shop, somebody')


def test_a_view_over_awkward_names(server: Connection, engine: Dialect) -> None:
    server.execute('CREATE SCHEMA "S""x"')
    server.execute('CREATE TABLE "S""x"."T\'y" (id int, "a %s b" text)')
    view = ShadowView(
        table=TableName("T'y", 'S"x'),
        base="T base",
        columns=("id", "a %s b"),
        old="a %s b",
        new="B",
    )
    _do(server, engine, CreateShadowView(view=view))
    server.execute('INSERT INTO "S""x"."T\'y" ("B") VALUES (\'v\')')
    assert server.execute('SELECT "a %%s b" FROM "S""x"."T\'y"', ()).fetchone() == ("v",)
    _do(server, engine, DropShadowView(view=view))


def test_a_view_that_would_change_rights_is_refused(server: Connection, engine: Dialect) -> None:
    old = dialect("postgresql", (14,))
    for one in SHOP:
        server.execute(one.encode())
    server.execute("GRANT SELECT (id, status_code) ON orders TO PUBLIC")
    server.execute("BEGIN")
    with pytest.raises(psycopg.errors.FeatureNotSupported, match="single columns"):
        _do(server, engine, CreateShadowView(view=VIEW))
    server.execute("ROLLBACK")
    # A view with its owner's rights keeps them, under both names.
    server.execute("BEGIN")
    _do(server, old, CreateShadowView(view=VIEW))
    found = server.execute(
        "SELECT string_agg(attname, ' ' ORDER BY attname) FROM pg_attribute "
        "WHERE attrelid = 'orders'::regclass AND attacl IS NOT NULL"
    ).fetchone()
    assert found == ("id status status_code",)
    server.execute("ROLLBACK")
    server.execute("ALTER TABLE orders ENABLE ROW LEVEL SECURITY")
    server.execute("BEGIN")
    with pytest.raises(psycopg.errors.FeatureNotSupported, match="row security"):
        _do(server, old, CreateShadowView(view=VIEW))
    server.execute("ROLLBACK")
