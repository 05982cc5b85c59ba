"""Drop constraint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from cases import Case, Walk
from wizard.model.schema import Table

if TYPE_CHECKING:
    from pilot_kit import Driver


async def walk(driver: Driver) -> None:
    await driver.choose("drop a constraint")
    await driver.type("orders")
    await driver.press("enter")
    # The only one that can be chosen stands under the cursor already.
    await driver.press("enter")


def draw_values(draw: st.DrawFn, table: Table) -> dict[str, object]:
    return {"name": draw(st.sampled_from([one.name for one in table.constraints]))}


CASE = Case(
    example={"table": "orders", "name": "orders_customer_id_fkey"},
    postgresql={
        "check": {"table": "orders", "name": "ck_orders_status"},
        "key": {"table": "orders", "name": "orders_customer_id_fkey"},
        "unique": {"table": "orders", "name": "orders_code_key"},
        "unique covering": {"table": "orders", "name": "uq_orders_covering"},
        "partitioned key": {"table": "events", "name": "fk_events_payer"},
        "partitioned unique": {"table": "events", "name": "uq_events"},
    },
    sqlite={
        "check": {"table": "orders", "name": "ck_orders_billing"},
        "key": {"table": "orders", "name": "fk_orders_billing"},
        "unique": {"table": "orders", "name": "uq_orders_agent"},
    },
    tiny=("unique",),
    stopped=("key", "unique"),
    walk=Walk(
        values={"table": "orders", "name": "ck_orders_total"},
        steps=walk,
        before="ALTER TABLE orders ADD CONSTRAINT ck_orders_total CHECK (total > 0)",
    ),
    draw=draw_values,
)
