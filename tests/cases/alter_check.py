"""Alter check."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cases import Case, Walk

if TYPE_CHECKING:
    from pilot_kit import Driver


async def walk(driver: Driver) -> None:
    await driver.choose("change a check")
    await driver.type("orders")
    await driver.press("enter")
    # The only one that can be chosen stands under the cursor already.
    await driver.press("enter")
    await driver.type("total >= 5")
    await driver.press("f4")


CASE = Case(
    example={
        "table": "orders",
        "name": "ck_orders_status",
        "expression": "status_code IN ('new', 'paid', 'sent')",
    },
    postgresql={
        "": {
            "table": "orders",
            "name": "ck_orders_status",
            "expression": "status_code IN ('new', 'paid', 'sent')",
        },
        "loose": {"table": "plain", "name": "ck_plain_note", "expression": "length(note) < 9"},
        "partitioned": {"table": "ticks", "name": "ticks_price_check", "expression": "price >= 1"},
    },
    sqlite={"": {"table": "orders", "name": "ck_orders_billing", "expression": "billing_id >= 1"}},
    tiny=("", "loose"),
    stopped=("partitioned",),
    walk=Walk(
        values={"table": "orders", "name": "ck_orders_total", "expression": "total >= 5"},
        steps=walk,
        before="ALTER TABLE orders ADD CONSTRAINT ck_orders_total CHECK (total > 0)",
    ),
)
