"""Alter foreign key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cases import Case, Walk

if TYPE_CHECKING:
    from pilot_kit import Driver


async def walk(driver: Driver) -> None:
    await driver.choose("change a foreign")
    await driver.type("orders")
    await driver.press("enter")
    # The only one that can be chosen stands under the cursor already.
    await driver.press("enter")
    await driver.pick("on_delete", "cascade")
    await driver.press("f4")


CASE = Case(
    example={"table": "orders", "name": "orders_customer_id_fkey", "on_delete": "cascade"},
    postgresql={
        "": {"table": "orders", "name": "orders_customer_id_fkey", "on_delete": "cascade"},
        "deferred": {
            "table": "orders",
            "name": "orders_customer_id_fkey",
            "on_update": "cascade",
            "deferrable": True,
        },
        "loose": {"table": "stock", "name": "fk_stock_rating", "on_delete": "set null"},
        "partitioned": {"table": "ticks", "name": "ticks_owner_id_fkey", "on_delete": "set null"},
    },
    sqlite={"": {"table": "orders", "name": "fk_orders_billing", "on_delete": "cascade"}},
    tiny=("", "partitioned"),
    stopped=("deferred",),
    direct=("partitioned",),
    walk=Walk(
        values={"table": "orders", "name": "fk_orders_customer", "on_delete": "cascade"},
        steps=walk,
        before="ALTER TABLE orders ADD CONSTRAINT fk_orders_customer FOREIGN KEY (customer_id) "
        "REFERENCES customers (id)",
    ),
)
