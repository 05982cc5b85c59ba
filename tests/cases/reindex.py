"""Build an index anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from cases import Case, Walk
from wizard.model.schema import Table

if TYPE_CHECKING:
    from pilot_kit import Driver


async def walk(driver: Driver) -> None:
    await driver.choose("anew")
    await driver.type("orders")
    await driver.press("enter")
    # The only one that can be chosen stands under the cursor already.
    await driver.press("enter")


def draw_values(draw: st.DrawFn, table: Table) -> dict[str, object]:
    return {"name": draw(st.sampled_from([one.name for one in table.indexes]))}


CASE = Case(
    example={"table": "visits", "name": "ix_visits_page"},
    postgresql={
        "": {"table": "orders", "name": "ix_orders_status_code"},
        "unique": {"table": "customers", "name": "ix_customers_token"},
    },
    sqlite={"": {"table": "orders", "name": "ix_orders_note"}},
    tiny=("",),
    stopped=("unique",),
    walk=Walk(values={"table": "orders", "name": "ix_orders_status"}, steps=walk),
    draw=draw_values,
)
