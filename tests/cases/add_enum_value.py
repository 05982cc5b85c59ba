"""Add enum value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cases import Case, Walk

if TYPE_CHECKING:
    from pilot_kit import Driver


async def walk(driver: Driver) -> None:
    await driver.choose("add a value")
    # The only type there is stands under the cursor already.
    await driver.press("enter")
    await driver.fill("value", "returned")
    await driver.press("f4")


CASE = Case(
    example={"type": "delivery", "value": "returned", "before": "lost"},
    engines={
        key: {"table": "items", "column": "delivery", "value": "returned"}
        for key in ("mysql", "mariadb")
    },
    postgresql={
        "": {"type": "mood", "value": "so so", "before": "bad"},
        "last": {"type": "mood", "value": "it's 100% :bad"},
        "after": {"type": "mood", "value": "better", "after": "fine"},
    },
    walk=Walk(
        values={"type": "delivery", "value": "returned"},
        steps=walk,
        before="CREATE TYPE delivery AS ENUM ('pending', 'sent', 'lost')",
    ),
)
