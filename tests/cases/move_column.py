"""Move column."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cases import Case, Walk

if TYPE_CHECKING:
    from pilot_kit import Driver

#: Every order gets the address of its customer.
EXAMPLE: dict[str, object] = {
    "table": "customers",
    "column": "email",
    "to_table": "orders",
    "to": "contact",
}
SQLITE: dict[str, object] = {**EXAMPLE, "key": "customer_id"}


async def walk(driver: Driver) -> None:
    await driver.choose("move a column")
    await driver.type("customers")
    await driver.press("enter")
    await driver.type("email")
    await driver.press("enter")
    await driver.type("orders")
    await driver.press("enter")
    await driver.fill("to", "contact")
    await driver.press("f4")


CASE = Case(
    example=EXAMPLE,
    postgresql={
        "": EXAMPLE,
        "required": {
            "table": "tickets",
            "column": "rating",
            "to_table": "parcels",
            "to": "the rating",
        },
        "checked": {"table": "tickets", "column": "channel", "to_table": "parcels"},
    },
    sqlite={"": SQLITE},
    stopped=("",),
    walk=Walk(
        values=EXAMPLE,
        steps=walk,
        before="ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customers (id)",
    ),
)
