"""Rename enum value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cases import Case, Walk

if TYPE_CHECKING:
    from pilot_kit import Driver


async def walk(driver: Driver) -> None:
    await driver.choose("rename a value")
    # The only type there is stands under the cursor already.
    await driver.press("enter")
    await driver.pick("value", "lost")
    await driver.fill("to", "missing")
    await driver.pick("how", "add")
    await driver.press("f4")


CASE = Case(
    example={"type": "delivery", "value": "lost", "to": "missing", "how": "add"},
    engines={
        key: {
            "table": "items",
            "column": "delivery",
            "value": "lost",
            "to": "missing",
            "how": "add",
        }
        for key in ("mysql", "mariadb")
    },
    postgresql={
        "add": {"type": "mood", "value": "bad", "to": "it's 100% :bad", "how": "add"},
        "add default": {"type": "mood", "value": "fine", "to": "good", "how": "add"},
    },
    stopped=("add",),
    window={
        "postgresql": {"direct": {"type": "mood", "value": "bad", "to": "poor", "how": "direct"}}
    },
    tiny=("add",),
    walk=Walk(
        values={"type": "delivery", "value": "lost", "to": "missing", "how": "add"},
        steps=walk,
        before="CREATE TYPE delivery AS ENUM ('pending', 'sent', 'lost');"
        "ALTER TABLE orders ADD delivery delivery",
    ),
)
