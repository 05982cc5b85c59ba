"""Add foreign key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from cases import Case, Walk
from wizard.model.schema import Table

if TYPE_CHECKING:
    from pilot_kit import Driver


async def walk(driver: Driver) -> None:
    await driver.choose("foreign")
    await driver.type("orders")
    await driver.press("enter")
    await driver.type("customer_id")
    await driver.press("enter")
    await driver.type("custom")
    await driver.press("enter", "f4")


def draw_values(draw: st.DrawFn, table: Table) -> dict[str, object]:
    return {
        "columns": ["id"],
        "ref_table": "t",
        "orphans": draw(st.sampled_from(["fail", "delete"])),
    }


CASE = Case(
    example={"table": "orders", "columns": ["billing_id"], "ref_table": "customers"},
    postgresql={
        "": {
            "table": "orders",
            "columns": ["billing_id"],
            "ref_table": "customers",
            "on_delete": "set null",
        },
        "partitioned": {"table": "events", "columns": ["customer_id"], "ref_table": "customers"},
    },
    sqlite={"": {"table": "orders", "columns": ["agent_id"], "ref_table": "customers"}},
    tiny=("", "partitioned"),
    stopped=("",),
    walk=Walk(
        values={"table": "orders", "columns": ["customer_id"], "ref_table": "customers"}, steps=walk
    ),
    draw=draw_values,
)
