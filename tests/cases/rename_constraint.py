"""Rename constraint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from cases import Case, Walk
from wizard.model.schema import Table

if TYPE_CHECKING:
    from pilot_kit import Driver


async def walk(driver: Driver) -> None:
    await driver.choose("rename a constraint")
    await driver.type("orders")
    await driver.press("enter")
    await driver.pick("name", "ck_orders_total")
    await driver.fill("to", "ck_total")
    await driver.press("f4")


def draw_values(draw: st.DrawFn, table: Table) -> dict[str, object]:
    return {"name": draw(st.sampled_from([one.name for one in table.constraints])), "to": "fresh"}


CASE = Case(
    example={"table": "orders", "name": "ck_orders_status", "to": "ck_orders_status_code"},
    postgresql={
        "check": {"table": "orders", "name": "ck_orders_status", "to": 'Odd "check" 100%'},
        "key": {"table": "orders", "name": "orders_customer_id_fkey", "to": "fk_orders_customer"},
        "unique": {"table": "orders", "name": "uq_orders_covering", "to": "uq_orders_all"},
        "primary": {"table": '"Odd Table"', "name": "Odd Table_pkey", "to": "pk_odd"},
    },
    sqlite={
        "check": {"table": "orders", "name": "ck_orders_billing", "to": "ck_billing"},
        "key": {"table": "orders", "name": "fk_orders_billing", "to": "fk_billing"},
        "unique": {"table": "orders", "name": "uq_orders_agent", "to": "uq_agent"},
    },
    stopped=("check",),
    walk=Walk(
        values={"table": "orders", "name": "ck_orders_total", "to": "ck_total"},
        steps=walk,
        before="ALTER TABLE orders ADD CONSTRAINT ck_orders_total CHECK (total > 0)",
    ),
    draw=draw_values,
)
