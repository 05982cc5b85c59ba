"""The whole wizard, once per operation: what it writes is what a headless session writes."""

from __future__ import annotations

import shutil
from collections.abc import Awaitable, Callable, Mapping
from configparser import ConfigParser
from pathlib import Path
from typing import Any

import pytest
from pilot_kit import Driver, driving
from screen_shop import make_session

from wizard.flow import WizardStep
from wizard.model.answers import from_document

Walk = Callable[[Driver], Awaitable[None]]

ROLLOUT = {"deployment": "rolling", "migrate": "before"}


async def add_column(driver: Driver) -> None:
    await driver.choose("add a col")
    await driver.type("ord")
    await driver.press("enter")
    await driver.type("note")
    await driver.press("enter")
    await driver.type("text")
    await driver.press("f4")


async def add_index(driver: Driver) -> None:
    await driver.choose("index")
    await driver.type("orders")
    await driver.press("enter")
    await driver.type("cust")
    await driver.press("enter")
    await driver.type(", total desc")
    await driver.press("f4")


async def add_foreign_key(driver: Driver) -> None:
    await driver.choose("foreign")
    await driver.type("orders")
    await driver.press("enter")
    await driver.type("customer_id")
    await driver.press("enter")
    await driver.type("custom")
    await driver.press("enter", "f4")


async def set_not_null(driver: Driver) -> None:
    await driver.choose("required")
    await driver.type("customers")
    await driver.press("enter")
    await driver.type("ema")
    await driver.press("enter")
    await driver.type("'none'")
    await driver.press("f4")


async def rename_column(driver: Driver) -> None:
    await driver.choose("rename")
    await driver.type("customers")
    await driver.press("enter")
    await driver.type("name")
    await driver.press("enter")
    await driver.type("full_name")
    await driver.press("enter")
    await driver.pick("how", "sync")
    await driver.press("f4")


async def backfill(driver: Driver) -> None:
    await driver.choose("backfill")
    await driver.type("orders")
    await driver.press("enter")
    await driver.type("curr")
    await driver.press("enter")
    await driver.type("'EUR'")
    await driver.press("enter")
    await driver.type("currency IS NULL")
    await driver.press("f4")


async def on_column(driver: Driver, words: str, column: str) -> None:
    """Choose an operation, the table of orders, and a column."""
    await driver.choose(words)
    await driver.type("orders")
    await driver.press("enter")
    await driver.type(column)


async def drop_not_null(driver: Driver) -> None:
    await on_column(driver, "be empty", "status_code")
    await driver.press("f4")


async def set_default(driver: Driver) -> None:
    await on_column(driver, "set a column", "total")
    await driver.press("enter")
    await driver.type("0")
    await driver.press("f4")


async def drop_default(driver: Driver) -> None:
    await on_column(driver, "drop a column", "currency")
    await driver.press("f4")


async def add_check(driver: Driver) -> None:
    await driver.choose("add a check")
    await driver.type("orders")
    await driver.press("enter")
    await driver.type("total < 1000")
    await driver.press("f4")


async def add_unique(driver: Driver) -> None:
    await driver.choose("unique")
    await driver.type("customers")
    await driver.press("enter")
    await driver.type("email")
    await driver.press("f4")


async def drop_index(driver: Driver) -> None:
    await driver.choose("drop an index")
    await driver.type("orders")
    await driver.press("enter")
    # The only one that can be chosen stands under the cursor already.
    await driver.press("enter")


async def drop_constraint(driver: Driver) -> None:
    await driver.choose("drop a constraint")
    await driver.type("orders")
    await driver.press("enter")
    # The only one that can be chosen stands under the cursor already.
    await driver.press("enter")


#: What has to be there before it can be dropped; the shop of the pictures has neither.
BEFORE = {
    "drop_default": "ALTER TABLE orders ALTER currency SET DEFAULT 'EUR'",
    "drop_constraint": "ALTER TABLE orders ADD CONSTRAINT ck_orders_total CHECK (total > 0)",
}

WALKS: Mapping[str, tuple[Walk, dict[str, Any]]] = {
    "add_column": (add_column, {"table": "orders", "column": "note", "type": "text"}),
    "add_index": (
        add_index,
        {"table": "orders", "columns": ["customer_id", "total desc"]},
    ),
    "add_foreign_key": (
        add_foreign_key,
        {
            "table": "orders",
            "columns": ["customer_id"],
            "ref_table": "customers",
        },
    ),
    "set_not_null": (
        set_not_null,
        {"table": "customers", "column": "email", "fill": "'none'"},
    ),
    "rename_column": (
        rename_column,
        {"table": "customers", "column": "name", "to": "full_name", "how": "sync"},
    ),
    "backfill": (
        backfill,
        {"table": "orders", "set": {"currency": "'EUR'"}, "where": "currency IS NULL"},
    ),
    "drop_not_null": (drop_not_null, {"table": "orders", "column": "status_code"}),
    "set_default": (set_default, {"table": "orders", "column": "total", "default": "0"}),
    "drop_default": (drop_default, {"table": "orders", "column": "currency"}),
    "add_check": (add_check, {"table": "orders", "expression": "total < 1000"}),
    "add_unique": (add_unique, {"table": "customers", "columns": ["email"]}),
    "drop_index": (drop_index, {"table": "orders", "name": "ix_orders_status"}),
    "drop_constraint": (drop_constraint, {"table": "orders", "name": "ck_orders_total"}),
}


def contents(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted((root / "migrations").rglob("*"))
        if path.is_file()
    }


def prepare(root: Path, statement: str) -> None:
    """Change the project's database before the walk."""
    import psycopg

    config = ConfigParser(interpolation=None)
    config.read(root / "alembic.ini")
    url = config["alembic"]["sqlalchemy.url"].replace("%%", "%")
    with psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://")) as connection:
        connection.execute(statement)


async def walk_and_compare(root: Path, kind: str) -> None:
    twin = root.parent / "twin" / "shop"
    shutil.copytree(root, twin)
    walk, values = WALKS[kind]
    session = make_session(root)
    async with driving(session) as driver:
        await walk(driver)
        assert driver.step is WizardStep.ROLLOUT, driver.text()
        await driver.press("f4")
        assert driver.step is WizardStep.PLAN
        await driver.press("enter")
        assert driver.step is WizardStep.PREVIEW
        await driver.press("f4")
        assert driver.step is WizardStep.WRITE
        for box in driver.app.wizard.query(".loss"):
            box.focus()
            await driver.press("space")
        await driver.press("ctrl+s")
    written = driver.app.return_value
    assert written is not None, driver.text()

    answers = from_document(
        {"version": 1, "rollout": ROLLOUT, "operation": [{"kind": kind, **values}]}, source="test"
    )
    headless = make_session(twin, answers)
    headless.accepted = frozenset({"all"})
    headless.write()
    assert contents(root) == contents(twin)
    assert len(contents(root)) > 4


@pytest.mark.parametrize("kind", WALKS)
async def test_walk_on_postgresql(postgres_shop: Path, kind: str) -> None:
    if kind in BEFORE:
        prepare(postgres_shop, BEFORE[kind])
    await walk_and_compare(postgres_shop, kind)


@pytest.mark.parametrize("kind", ["add_column", "add_index", "backfill"])
async def test_walk_on_sqlite(sqlite_shop: Path, kind: str) -> None:
    await walk_and_compare(sqlite_shop, kind)


def test_every_operation_is_walked(sqlite_shop: Path) -> None:
    assert {one.kind for one in make_session(sqlite_shop).operations()} == set(WALKS)
