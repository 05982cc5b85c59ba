"""What stands around a table is read whole: dropped and made again, nothing is different."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from servers import TestServer

from wizard.database.opening import open_catalog
from wizard.dialects import dialect
from wizard.model.inverse import change
from wizard.model.names import TableName
from wizard.model.plan import Migration
from wizard.model.rollout import Rollout
from wizard.model.schema import Schema, Table, comparable
from wizard.model.simulate import apply_all
from wizard.model.steps import ChangeType, CreateDependent, DropDependent, Step
from wizard.operations.base import Context
from wizard.operations.blocks import ddl
from wizard.operations.dependents import around
from wizard.rehearsal.tracer import plain_url

AROUND = Path(__file__).with_name("around_schema.sql")
ORDERS = TableName("orders")
ROLES = ("reader", "keeper", "stranger", "Odd Role")


@pytest.fixture
def shop(postgres: TestServer) -> Iterator[str]:
    with postgres.database() as url:
        with psycopg.connect(plain_url(url), autocommit=True) as connection:
            for role in ROLES:
                connection.execute(f'CREATE ROLE "{role}"'.encode())
            connection.execute(AROUND.read_bytes())
        yield url
        with psycopg.connect(plain_url(url), autocommit=True) as connection:
            for role in ROLES:
                connection.execute(f'DROP OWNED BY "{role}" CASCADE; DROP ROLE "{role}"'.encode())


def table(url: str, name: TableName = ORDERS) -> Table:
    catalog = open_catalog(url)
    try:
        return catalog.table(name)
    finally:
        catalog.close()


def dump(url: str, postgres: TestServer) -> list[str]:
    """All that pg_dump knows, in an order that does not depend on when it was made."""
    pg_dump = (postgres.bin / "initdb").resolve().parent / "pg_dump"
    done = subprocess.run(
        [pg_dump, "--schema-only", "--restrict-key=none", plain_url(url)],
        capture_output=True,
        text=True,
        check=False,
    )
    if "unrecognized option" in done.stderr:
        done = subprocess.run(
            [pg_dump, "--schema-only", plain_url(url)], capture_output=True, text=True, check=True
        )
    assert done.stdout, done.stderr
    return sorted(part for part in done.stdout.split("\n\n") if "restrict" not in part)


def populated(connection: psycopg.Connection[tuple[object, ...]]) -> list[tuple[object, ...]]:
    return connection.execute(
        "SELECT relname, relispopulated FROM pg_class WHERE relkind = 'm' ORDER BY 1"
    ).fetchall()


def run(
    connection: psycopg.Connection[tuple[object, ...]], version: tuple[int, ...], *steps: Step
) -> None:
    known = dialect("postgresql", version)
    for step in steps:
        assert known.supports(step) is None
        for sql in known.sql(step):
            connection.execute(sql.encode())


def widening(orders: Table, version: tuple[int, ...]) -> Migration:
    """Change the type of the note, with all that stands around it, in one transaction."""
    context = Context(
        dialect=dialect("postgresql", version), tables=lambda _: orders, rollout=Rollout(rows=9)
    )
    note = orders.column("note")
    assert note is not None
    wider = replace(note, type="character varying(200)")
    step = change(ChangeType(table=ORDERS, column=note, to=wider))
    return ddl(context, "widen", *around(context, orders, ("note",), (step,)))


def test_everything_is_listed_in_an_order_in_which_it_can_be_made(shop: str) -> None:
    found = [(str(one), set(one.columns)) for one in table(shop).dependents]
    odd = 'Odd "Column'
    assert dict(found) == {
        "view noted": {"id", "note", odd},
        'view Odd Schema."A ""view"': {"id", "note", odd, "total"},
        "view sales.a_first": {"id", "note", odd},
        "materialized view sales.sums": {"id", "note", odd, "total"},
        "materialized view sales.empty": {"note"},
        "view sales.top": {"id", "note", odd, "total"},
        "view untouched": {"spare"},
        "policy seen": {"note"},
        "policy written": {"note"},
        "policy through a view on other": {"id", "note", odd},
        "trigger orders_put": {"note", "total"},
        "trigger orders_late": {"note"},
        "rule orders_keep": {"note"},
        "rule also on other": {"note"},
    }
    names = [name for name, _ in found]
    for below, above in (
        ("view noted", 'view Odd Schema."A ""view"'),
        ("view noted", "view sales.a_first"),
        ('view Odd Schema."A ""view"', "materialized view sales.sums"),
        ("materialized view sales.sums", "view sales.top"),
        ("view noted", "policy through a view on other"),
    ):
        assert names.index(below) < names.index(above)


def test_dropped_and_made_again_nothing_is_different(shop: str, postgres: TestServer) -> None:
    before = table(shop)
    written = dump(shop, postgres)
    done = widening(before, postgres.version)
    with psycopg.connect(plain_url(shop)) as connection:
        filled = populated(connection)
        assert filled == [("empty", False), ("sums", True)]
        # Owners and grants are those of the database, not those that were read when planning.
        connection.execute("GRANT DELETE ON sales.a_first TO reader WITH GRANT OPTION")
        connection.commit()
        granted = dump(shop, postgres)
        run(connection, postgres.version, *done.up)
        connection.commit()
        assert populated(connection) == filled
        note = table(shop).column("note")
        assert note is not None
        assert note.type == "character varying(200)"
        run(connection, postgres.version, *done.down)
        connection.commit()
        assert populated(connection) == filled
        assert dump(shop, postgres) == granted
        connection.execute("REVOKE DELETE ON sales.a_first FROM reader")
    assert dump(shop, postgres) == written
    # The server may have counted the rows meanwhile.
    after = replace(table(shop), rows=before.rows, bytes=before.bytes)
    assert after == before


def test_the_simulator_foresees_the_same(shop: str, postgres: TestServer) -> None:
    schema = Schema(tables=(table(shop),))
    done = widening(schema.tables[0], postgres.version)
    after = apply_all(schema, done.up)
    assert set(after.tables[0].dependents) == set(schema.tables[0].dependents)
    assert comparable(apply_all(after, done.down)) == comparable(schema)


def test_what_was_dropped_in_another_transaction_gets_the_grants_that_were_read(
    shop: str, postgres: TestServer
) -> None:
    kept = tuple(one for one in table(shop).dependents if "note" in one.columns)
    drops = [DropDependent(table=ORDERS, dependent=one) for one in reversed(kept)]
    with psycopg.connect(plain_url(shop)) as connection:
        run(connection, postgres.version, *drops)
        connection.commit()
        # A role of then that is not here any more stops nothing.
        connection.execute('DROP OWNED BY "Odd Role"; DROP ROLE "Odd Role"')
        connection.execute('CREATE ROLE "Somebody"')
        gone = tuple(one for one in kept if str(one) != "policy seen")
        run(
            connection,
            postgres.version,
            *(CreateDependent(table=ORDERS, dependent=one) for one in gone),
        )
        connection.commit()
        granted = connection.execute(
            "SELECT grantee, string_agg(privilege_type, ',' ORDER BY privilege_type)"
            " FROM information_schema.role_table_grants WHERE table_name = 'noted'"
            " AND grantee <> 'postgres' GROUP BY 1 ORDER BY 1"
        ).fetchall()
        connection.execute('DROP ROLE "Somebody"')
        connection.execute('CREATE ROLE "Odd Role"')
    # Who owned it then keeps what an owner may do: the owner now is who ran the migration.
    assert granted == [
        ("keeper", "INSERT,REFERENCES,SELECT,TRIGGER,TRUNCATE,UPDATE"),
        ("reader", "INSERT,SELECT"),
    ]


@pytest.mark.parametrize(
    ("sql", "obstacle"),
    [
        (
            "CREATE FUNCTION uses() RETURNS bigint LANGUAGE sql"
            " BEGIN ATOMIC SELECT count(*) FROM noted; END",
            "function uses() needs it",
        ),
        ("CREATE TABLE holds (one noted)", "column one of table holds needs it"),
        ("CREATE FUNCTION gives() RETURNS SETOF noted LANGUAGE sql AS ''", None),
    ],
)
def test_a_view_that_others_hold_on_to_has_no_definition(
    sql: str, obstacle: str | None, shop: str, postgres: TestServer
) -> None:
    with psycopg.connect(plain_url(shop), autocommit=True) as connection:
        connection.execute("SET check_function_bodies = off")
        connection.execute(sql.encode())
    found = {one.name: one for one in table(shop).dependents}["noted"]
    assert found.definition == ()
    assert found.obstacle == (obstacle or "function gives() needs it")
    reason = dialect("postgresql", postgres.version).supports(
        DropDependent(table=ORDERS, dependent=found)
    )
    assert reason == f"the view noted cannot be dropped and made again: {found.obstacle}"


def test_the_partitions_of_a_table_belong_to_it(fresh_database: str) -> None:
    with psycopg.connect(plain_url(fresh_database), autocommit=True) as connection:
        connection.execute(
            """
            CREATE TABLE events (id int, at int, kind text) PARTITION BY RANGE (at);
            CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (0) TO (9)
                PARTITION BY LIST (id);
            CREATE TABLE events_1_a (kind text, at int, id int);
            ALTER TABLE events_1 ATTACH PARTITION events_1_a FOR VALUES IN (1);
            CREATE VIEW of_leaf AS SELECT kind FROM events_1_a;
            CREATE POLICY leaf_only ON events_1_a USING (kind <> '');
            CREATE FUNCTION put() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
            CREATE TRIGGER whole BEFORE UPDATE OF kind ON events FOR EACH ROW EXECUTE FUNCTION put();
            """
        )
    found = {str(one): one.columns for one in table(fresh_database, TableName("events")).dependents}
    assert found == {
        "view of_leaf": ("kind",),
        "trigger whole": ("kind",),
        "policy leaf_only on events_1_a": ("kind",),
    }


def test_views_that_read_each_other_are_read_once(fresh_database: str) -> None:
    with psycopg.connect(plain_url(fresh_database), autocommit=True) as connection:
        connection.execute(
            "CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t;"
            "CREATE VIEW w AS SELECT a FROM v;"
            "CREATE OR REPLACE VIEW v AS SELECT a FROM t UNION SELECT a FROM w"
        )
    found = table(fresh_database, TableName("t")).dependents
    assert sorted(str(one) for one in found) == ["view v", "view w"]
