"""Add unique."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st
from random_tables import plain_columns

from cases import Case, Walk
from wizard.model.schema import Table

if TYPE_CHECKING:
    from pilot_kit import Driver


async def walk(driver: Driver) -> None:
    await driver.choose("unique")
    await driver.type("customers")
    await driver.press("enter")
    await driver.type("email")
    await driver.press("f4")


def draw_values(draw: st.DrawFn, table: Table) -> dict[str, object]:
    names = plain_columns(table)
    columns = draw(st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True))
    return {"columns": columns, "name": draw(st.sampled_from([None, "fresh_key"]))}


CASE = Case(
    example={"table": "customers", "columns": ["email"]},
    postgresql={
        "": {"table": "customers", "columns": ["name"]},
        "deferred": {
            "table": "orders",
            "columns": ["id", "customer_id"],
            "deferrable": True,
            "initially": "deferred",
        },
        "partitioned": {"table": "events", "columns": ["id", "at", "kind"]},
        "from index": {"table": "customers", "columns": ["token"]},
        "from index of that name": {
            "table": "customers",
            "columns": ["token"],
            "name": "ix_customers_token",
        },
    },
    sqlite={"": {"table": "customers", "columns": ["name"]}},
    tiny=("",),
    stopped=("from index",),
    walk=Walk(values={"table": "customers", "columns": ["email"]}, steps=walk),
    draw=draw_values,
)
