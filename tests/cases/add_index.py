"""Add index."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st
from random_tables import plain_columns

from cases import Case, Walk
from wizard.model.schema import Table

if TYPE_CHECKING:
    from pilot_kit import Driver


async def walk(driver: Driver) -> None:
    await driver.choose("index")
    await driver.type("orders")
    await driver.press("enter")
    await driver.type("cust")
    await driver.press("enter")
    await driver.type(", total desc")
    await driver.press("f4")


def draw_values(draw: st.DrawFn, table: Table) -> dict[str, object]:
    column = draw(st.sampled_from(plain_columns(table)))
    return {"columns": [column], "unique": draw(st.booleans()), "name": "ix_new"}


CASE = Case(
    example={"table": "orders", "columns": ["status_code", "total"]},
    postgresql={
        "expression": {
            "table": "customers",
            "columns": ["lower(email)", "rating desc nulls last"],
            "where": "email LIKE '%@example.org'",
            "include": ["name"],
        },
        "unique": {"table": "customers", "columns": ["name"], "unique": True},
        "partitioned": {"table": "events", "columns": ["customer_id"]},
        "partitioned branch": {"table": "events", "columns": ["id"], "name": "ix_events_id"},
        "partitioned unique": {
            "table": "events",
            "columns": ["id", "at", "lower(kind)", "kind"],
            "unique": True,
            "where": "id > 5",
            "name": "events_once",
        },
        "odd names": {"table": '"Odd Table"', "columns": ["größe"], "name": 'Odd "index"'},
    },
    sqlite={
        "": {
            "table": "customers",
            "columns": ["lower(email)", "rating desc"],
            "where": "rating > 1",
        }
    },
    stopped=("unique", "partitioned"),
    tiny=("partitioned unique",),
    walk=Walk(values={"table": "orders", "columns": ["customer_id", "total desc"]}, steps=walk),
    draw=draw_values,
)
