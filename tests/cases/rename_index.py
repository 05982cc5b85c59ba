"""Rename index."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from cases import Case, Walk
from wizard.model.schema import Table

if TYPE_CHECKING:
    from pilot_kit import Driver


async def walk(driver: Driver) -> None:
    await driver.choose("rename an index")
    await driver.type("orders")
    await driver.press("enter")
    # The only one that can be chosen stands under the cursor already.
    await driver.press("enter")
    await driver.type("ix_orders_state")
    await driver.press("f4")


def draw_values(draw: st.DrawFn, table: Table) -> dict[str, object]:
    return {"name": draw(st.sampled_from([one.name for one in table.indexes])), "to": "fresh"}


CASE = Case(
    example={"table": "orders", "name": "ix_orders_status_code", "to": "ix_orders_state"},
    postgresql={
        "": {"table": "orders", "name": "ix_orders_status_code", "to": 'Odd "index" 100%'},
        "unique": {"table": "customers", "name": "ix_customers_token", "to": "ux_token"},
    },
    sqlite={"": {"table": "orders", "name": "ix_orders_note", "to": "ix_orders_remark"}},
    walk=Walk(
        values={"table": "orders", "name": "ix_orders_status", "to": "ix_orders_state"}, steps=walk
    ),
    draw=draw_values,
)
