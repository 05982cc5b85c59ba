from __future__ import annotations

import ast
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from servers import TestServer
from sqlalchemy import create_engine, inspect

from wizard.demo import build
from wizard.demo.build import build_demo, run_alembic
from wizard.model.errors import ReachError

pytestmark = pytest.mark.server

# Sums of the hashes of all rows: they change when shop.sql does, and never otherwise.
DIGESTS = {
    "customers": "1032430906138853690954",
    "orders": "614317749582434881821",
    "order_items": "518208904377098697748",
    "payments": "266456547999062819641",
    "events": "-1192995457495717542151",
}

PROJECT = Path(build.__file__).parent / "project"


class Shop:
    """A built shop: its folder, its URL and an open connection."""

    def __init__(self, root: Path, url: str, connection: psycopg.Connection) -> None:
        self.root, self.url, self.connection = root, url, connection

    def one(self, query: str) -> object:
        row = self.connection.execute(query.encode()).fetchone()
        assert row is not None
        return row[0]


@pytest.fixture(scope="module")
def shop(postgres18: TestServer) -> Iterator[Shop]:
    root = Path(tempfile.mkdtemp(prefix="shop-"))
    # A name that the shell must not be able to bend: the project's own .env decides.
    before = os.environ.get("DATABASE_URL")
    os.environ["DATABASE_URL"] = "postgresql://nobody@127.0.0.1:1/nowhere"
    try:
        with postgres18.database("shop") as url:
            build_demo(root, url)
            address = url.replace("+psycopg", "")
            with psycopg.connect(address, autocommit=True) as connection:
                yield Shop(root, url, connection)
    finally:
        if before is None:
            del os.environ["DATABASE_URL"]
        else:
            os.environ["DATABASE_URL"] = before
        shutil.rmtree(root)


def test_the_history_is_a_line_of_reversible_revisions() -> None:
    files = sorted((PROJECT / "migrations" / "versions").glob("*.py"))
    assert len(files) >= 6
    previous: object = None
    for file in files:
        tree = ast.parse(file.read_text())
        values = {
            node.target.id: ast.literal_eval(node.value)
            for node in tree.body
            if isinstance(node, ast.AnnAssign)
            and isinstance(node.target, ast.Name)
            and node.value is not None
        }
        assert values["down_revision"] == previous
        assert f"-{values['revision']}_" in file.name
        previous = values["revision"]
        downgrade = next(n for n in tree.body if getattr(n, "name", "") == "downgrade")
        assert isinstance(downgrade, ast.FunctionDef)
        assert not any(isinstance(node, ast.Pass) for node in downgrade.body)


def test_the_url_is_kept_for_this_user_only(shop: Shop) -> None:
    dotenv = shop.root / ".env"
    assert dotenv.read_text() == f"DATABASE_URL={shop.url}\n"
    assert stat.S_IMODE(dotenv.stat().st_mode) == 0o600


def test_nothing_of_this_checkout_is_copied(shop: Shop) -> None:
    copied = {path.name for path in shop.root.iterdir()}
    assert copied - {"__pycache__"} == {".env", "alembic.ini", "migrations", "models.py"}


def test_the_models_tell_the_truth(shop: Shop) -> None:
    assert "No new upgrade operations detected" in run_alembic(shop.root, "check")


def test_sizes(shop: Shop) -> None:
    engine = create_engine(shop.url)
    tables = {name for name in inspect(engine).get_table_names() if not name.startswith("events_")}
    engine.dispose()
    assert len(tables - {"alembic_version"}) >= 8
    assert shop.one("SELECT count(*) FROM orders") == 100_000
    assert shop.one("SELECT count(*) FROM order_items") == 200_000
    # Statistics are there at once: the wizard reads sizes from them.
    assert shop.one("SELECT reltuples::int FROM pg_class WHERE relname = 'orders'") == 100_000


@pytest.mark.parametrize(
    ("what", "query"),
    [
        ("a view", "SELECT count(*) FROM pg_views WHERE viewname = 'open_orders'"),
        ("a partial index", "SELECT count(*) FROM pg_index WHERE indpred IS NOT NULL"),
        ("an enum", "SELECT count(*) FROM pg_type WHERE typname = 'order_channel'"),
        ("a partitioned table", "SELECT count(*) FROM pg_partitioned_table"),
        ("a check", "SELECT count(*) FROM pg_constraint WHERE conname = 'ck_orders_status_code'"),
        ("a trigger", "SELECT count(*) FROM pg_trigger WHERE tgname = 'audit_orders'"),
    ],
)
def test_one_of_everything(shop: Shop, what: str, query: str) -> None:
    assert shop.one(query) == 1, what


@pytest.mark.parametrize(
    ("operation", "query", "value"),
    [
        (
            "add_column: orders have no currency",
            "SELECT count(*) FROM pg_attribute"
            " WHERE attrelid = 'orders'::regclass AND attname = 'currency'",
            0,
        ),
        (
            "add_index: nothing leads to an item by its product",
            "SELECT count(*) FROM pg_index WHERE indrelid = 'order_items'::regclass",
            1,
        ),
        (
            "add_foreign_key: no address is missing …",
            "SELECT count(*) FROM orders o WHERE shipping_address_id IS NOT NULL"
            " AND NOT EXISTS (SELECT FROM addresses a WHERE a.id = o.shipping_address_id)",
            0,
        ),
        (
            "add_foreign_key: … though nothing enforces it",
            "SELECT count(*) FROM pg_constraint"
            " WHERE conrelid = 'orders'::regclass AND confrelid = 'addresses'::regclass",
            0,
        ),
        ("set_not_null", "SELECT count(*) FROM customers WHERE email IS NULL", 400),
        ("rename_column", "SELECT count(DISTINCT status_code) FROM orders", 5),
        ("backfill", "SELECT count(*) FROM customers WHERE full_name IS NULL", 20_000),
    ],
)
def test_each_operation_has_a_natural_example(
    shop: Shop, operation: str, query: str, value: int
) -> None:
    assert shop.one(query) == value, operation


def test_the_audit_trigger_works(shop: Shop) -> None:
    count = "SELECT count(*) FROM order_audit WHERE order_id = 99999"
    with shop.connection.transaction(force_rollback=True):
        before = shop.one(count)
        shop.connection.execute("UPDATE orders SET total_cents = total_cents + 1 WHERE id = 99999")
        assert shop.one(count) == int(str(before)) + 1


def test_rows_are_the_same_every_time(shop: Shop) -> None:
    digest = "SELECT sum(hashtextextended(t::text, 0)) FROM {} AS t"
    assert {
        table: str(shop.one(digest.format(table)))
        for table in ("customers", "orders", "order_items", "payments", "events")
    } == DIGESTS


def test_down_to_nothing_and_up_again(postgres: TestServer, tmp_path: Path) -> None:
    with postgres.database("shop") as url:
        shutil.copytree(PROJECT, tmp_path, dirs_exist_ok=True)
        (tmp_path / ".env").write_text(f"DATABASE_URL={url}\n")
        for _ in range(2):
            run_alembic(tmp_path, "upgrade", "head")
            run_alembic(tmp_path, "downgrade", "base")
        left = "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        types = "SELECT count(*) FROM pg_type t WHERE typnamespace = 'public'::regnamespace"
        with psycopg.connect(url.replace("+psycopg", "")) as connection:
            # alembic_version and its primary key stay, as Alembic wants it.
            assert connection.execute(left).fetchone() == (2,)
            assert connection.execute(types).fetchone() == (2,)
            routines = "SELECT count(*) FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
            assert connection.execute(routines).fetchone() == (0,)


def test_a_server_that_is_not_there_is_explained(tmp_path: Path) -> None:
    with pytest.raises(ReachError) as caught:
        build_demo(tmp_path, "postgresql+psycopg://postgres:secret@127.0.0.1:1/shop")
    assert caught.value.code == "demo-build"
    assert "secret" not in f"{caught.value.message} {caught.value.why}"


def test_a_full_database_is_explained(shop: Shop, tmp_path: Path) -> None:
    with pytest.raises(ReachError) as caught:
        build_demo(tmp_path, shop.url)
    assert caught.value.code == "demo-build"
    assert "duplicate key" in caught.value.why
