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
    # The primary key stands under the cursor, the check below it.
    await driver.press("down", "enter")


def draw_values(draw: st.DrawFn, table: Table) -> dict[str, object]:
    return {"name": draw(st.sampled_from([one.name for one in table.constraints]))}


CASE = Case(
    example={"table": "orders", "name": "orders_customer_id_fkey"},
    postgresql={
        "check": {"table": "orders", "name": "ck_orders_status"},
        "key": {"table": "orders", "name": "orders_customer_id_fkey"},
        "unique": {"table": "orders", "name": "orders_code_key"},
        "unique covering": {"table": "orders", "name": "uq_orders_covering"},
        "primary": {"table": '"Odd Table"', "name": "Odd Table_pkey"},
        "primary partitioned": {"table": "ticks", "name": "ticks_pkey"},
        "exclusion": {"table": "stock", "name": "stock_apart"},
        "partitioned key": {"table": "events", "name": "fk_events_payer"},
        "partitioned unique": {"table": "events", "name": "uq_events"},
    },
    sqlite={
        "check": {"table": "orders", "name": "ck_orders_billing"},
        "key": {"table": "orders", "name": "fk_orders_billing"},
        "unique": {"table": "orders", "name": "uq_orders_agent"},
        "primary": {"table": "places", "name": "places_key"},
    },
    tiny=("unique", "primary", "primary partitioned"),
    stopped=("key", "unique", "exclusion"),
    walk=Walk(
        values={"table": "orders", "name": "ck_orders_total"},
        steps=walk,
        before="ALTER TABLE orders ADD CONSTRAINT ck_orders_total CHECK (total > 0)",
    ),
    draw=draw_values,
)
