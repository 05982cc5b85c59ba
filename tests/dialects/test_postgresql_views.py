"""A table under two names, by a view, against real servers."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import psycopg
import pytest
from servers import TestServer
from step_examples import ORDERS, PURCHASES, SHOP

from wizard.dialects import dialect
from wizard.dialects.base import Dialect
from wizard.model.names import TableName
from wizard.model.steps import (
    CreateTableView,
    DropTableView,
    RenameTable,
    Step,
    SwapTableView,
    TableView,
)
from wizard.rehearsal.tracer import plain_url

Connection = psycopg.Connection[tuple[object, ...]]


@pytest.fixture
def url(fresh_database: str) -> str:
    with psycopg.connect(plain_url(fresh_database), autocommit=True) as connection:
        for one in SHOP:
            connection.execute(one.encode())
    return plain_url(fresh_database)


@pytest.fixture
def server(url: str) -> Iterator[Connection]:
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


@pytest.fixture
def engine(postgres: TestServer) -> Dialect:
    return dialect("postgresql", postgres.version)


def _do(server: Connection, engine: Dialect, *steps: Step) -> None:
    with server.transaction():
        for step in steps:
            for one in engine.sql(step):
                server.execute(one.encode())


def _works(server: Connection, name: str) -> None:
    """What an application does with a table."""
    server.execute(f"INSERT INTO {name} (id, code) VALUES (1001, 'x')".encode())
    upsert = f"INSERT INTO {name} (id, code) VALUES (1001, 'y') ON CONFLICT (id) DO UPDATE SET code = 'z'"
    server.execute(upsert.encode())
    given = server.execute(f"UPDATE {name} SET note = 'n' WHERE id = 1001 RETURNING code".encode())
    assert given.fetchone() == ("z",)
    found = server.execute(f"SELECT status_code FROM {name} WHERE id = 1001 FOR UPDATE".encode())
    assert found.fetchone() == ("new",)
    server.execute(f"DELETE FROM {name} WHERE id = 1001".encode())


def test_both_names_take_everything_before_and_after_the_swap(
    server: Connection, engine: Dialect
) -> None:
    server.execute("CREATE ROLE app_user")
    try:
        server.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON orders TO app_user")
        for step in (
            CreateTableView(view=PURCHASES),
            SwapTableView(view=PURCHASES),
            SwapTableView(view=PURCHASES.swapped),
        ):
            _do(server, engine, step)
            server.execute("SET ROLE app_user")
            _works(server, "orders")
            _works(server, "purchases")
            server.execute("RESET ROLE")
        _do(server, engine, DropTableView(view=PURCHASES))
        server.execute("SET ROLE app_user")
        _works(server, "orders")
    finally:
        server.execute("RESET ROLE")
        server.execute("DROP OWNED BY app_user CASCADE")
        server.execute("DROP ROLE app_user")


@pytest.mark.parametrize("prepared", [False, True])
def test_who_waits_for_the_swap_finds_the_table_under_its_name(
    url: str, server: Connection, engine: Dialect, prepared: bool
) -> None:
    _do(server, engine, CreateTableView(view=PURCHASES))
    said: list[object] = []
    with psycopg.connect(url, autocommit=True) as reader:
        query = "SELECT count(*) FROM purchases"
        reader.execute(query, prepare=prepared)
        with server.transaction():
            for one in engine.sql(SwapTableView(view=PURCHASES)):
                server.execute(one.encode())
            waits = threading.Thread(
                target=lambda: said.append(reader.execute(query, prepare=prepared).fetchone())
            )
            waits.start()
            waiting = "SELECT 1 FROM pg_locks WHERE pid = %s AND NOT granted"
            pid = reader.info.backend_pid
            while waits.is_alive() and not server.execute(waiting, (pid,)).fetchone():
                server.execute("SELECT pg_sleep(0.01)")
        waits.join(timeout=20)
    assert said == [(200,)]


def test_awkward_names(server: Connection, engine: Dialect) -> None:
    server.execute('CREATE SCHEMA "S""x"')
    server.execute('CREATE TABLE "S""x"."T\'y" (id int, "a %s b" text)')
    view = TableView(table=TableName("T'y", 'S"x'), name="a %s", columns=("id", "a %s b"))
    _do(server, engine, CreateTableView(view=view), SwapTableView(view=view))
    server.execute('INSERT INTO "S""x"."T\'y" VALUES (1, \'v\')')
    found = server.execute('SELECT "a %%s b" FROM "S""x"."a %%s"', ())
    assert found.fetchone() == ("v",)
    _do(server, engine, DropTableView(view=view.swapped))


def test_rights_that_a_view_cannot_keep_are_refused(server: Connection, engine: Dialect) -> None:
    server.execute("GRANT SELECT (id) ON orders TO PUBLIC")
    with pytest.raises(psycopg.errors.FeatureNotSupported, match="orders has privileges on single"):
        _do(server, engine, CreateTableView(view=PURCHASES))
    # A view with its owner's rights keeps them.
    with server.transaction(force_rollback=True):
        _do(server, dialect("postgresql", (14,)), CreateTableView(view=PURCHASES))
        found = server.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = 'purchases'::regclass "
            "AND attacl IS NOT NULL"
        ).fetchall()
        assert found == [("id",)]
    server.execute("ALTER TABLE orders ENABLE ROW LEVEL SECURITY")
    with pytest.raises(psycopg.errors.FeatureNotSupported, match="orders has row security"):
        _do(server, dialect("postgresql", (14,)), CreateTableView(view=PURCHASES))


def test_what_a_view_does_not_take(server: Connection, engine: Dialect) -> None:
    """The limits that the finding names."""
    server.execute("ALTER TABLE orders ADD CONSTRAINT code_key UNIQUE (code)")
    _do(server, engine, CreateTableView(view=PURCHASES))
    for refused in (
        "TRUNCATE purchases",
        "CREATE INDEX ON purchases (note)",
        "CREATE TABLE items (order_id bigint REFERENCES purchases (id))",
        "INSERT INTO purchases (id, code) VALUES (1, 'x') ON CONFLICT ON CONSTRAINT code_key "
        "DO NOTHING",
        "COPY purchases TO STDOUT",
    ):
        with pytest.raises(psycopg.Error):
            server.execute(refused.encode())
    _do(server, engine, DropTableView(view=PURCHASES), RenameTable(table=ORDERS, new="purchases"))
    _works(server, "purchases")
