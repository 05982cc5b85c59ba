"""Validate constraint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cases import Case, Walk

if TYPE_CHECKING:
    from pilot_kit import Driver


async def walk(driver: Driver) -> None:
    await driver.choose("prove")
    await driver.type("orders")
    await driver.press("enter")
    # The only one that can be chosen stands under the cursor already.
    await driver.press("enter")


CASE = Case(
    example={"table": "visits", "name": "ck_visits_seconds"},
    # Whether a key was proven is not told there, and a check always is.
    engines={
        engine: {"table": "orders", "name": "orders_customer_id_fkey"}
        for engine in ("mysql", "mariadb")
    },
    postgresql={
        "check": {"table": "plain", "name": "ck_plain_note"},
        "key": {"table": "stock", "name": "fk_stock_rating"},
    },
    tiny=("check",),
    stopped=("key",),
    walk=Walk(
        values={"table": "orders", "name": "ck_orders_total"},
        steps=walk,
        before="ALTER TABLE orders ADD CONSTRAINT ck_orders_total CHECK (total > 0) NOT VALID",
    ),
)
