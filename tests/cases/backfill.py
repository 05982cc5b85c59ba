"""Backfill."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st
from random_tables import plain_columns

from cases import Case, Walk
from wizard.model.schema import Table

if TYPE_CHECKING:
    from pilot_kit import Driver


async def walk(driver: Driver) -> None:
    await driver.choose("backfill")
    await driver.type("orders")
    await driver.press("enter")
    await driver.type("curr")
    await driver.press("enter")
    await driver.type("'EUR'")
    await driver.press("enter")
    await driver.type("currency IS NULL")
    await driver.press("f4")


def draw_values(draw: st.DrawFn, table: Table) -> dict[str, object]:
    column = draw(st.sampled_from(plain_columns(table)))
    return {"set": {column: "'1'"}, "where": f"{column} IS NULL"}


CASE = Case(
    example={"table": "orders", "set": {"note": "'none'"}, "where": "note IS NULL"},
    postgresql={
        "": {"table": "orders", "set": {"note": "'order ' || id"}, "where": "note IS NULL"},
        "composite key": {
            "table": '"Odd Table"',
            "set": {"größe": '"a b"'},
            "where": '"größe" IS NULL',
        },
        "from": {
            "table": "orders",
            "set": {"note": "customers.name"},
            "from": "customers",
            "where": "orders.customer_id = customers.id AND orders.note IS NULL",
        },
    },
    sqlite={"": {"table": "orders", "set": {"note": "'order ' || id"}, "where": "note IS NULL"}},
    walk=Walk(
        values={"table": "orders", "set": {"currency": "'EUR'"}, "where": "currency IS NULL"},
        steps=walk,
    ),
    draw=draw_values,
)
