"""Drop enum value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cases import Case, Walk

if TYPE_CHECKING:
    from pilot_kit import Driver


async def walk(driver: Driver) -> None:
    await driver.choose("out of use")
    # The only type there is stands under the cursor already.
    await driver.press("enter")
    await driver.pick("value", "lost")
    await driver.press("f4")


CASE = Case(
    example={"type": "delivery", "value": "lost"},
    engines={
        key: {"table": "items", "column": "delivery", "value": "lost"}
        for key in ("mysql", "mariadb")
    },
    postgresql={
        "check": {"type": "mood", "value": "awful"},
        "check, twice": {"type": "shade", "value": "dark"},
    },
    window={
        "postgresql": {
            "type": {"type": "mood", "value": "awful", "how": "type"},
            "type, arrays": {"type": "shade", "value": "dark", "how": "type"},
            "type, unused": {"type": "unused", "value": "b", "how": "type"},
        }
    },
    tiny=("check",),
    stopped=("check",),
    walk=Walk(
        values={"type": "delivery", "value": "lost"},
        steps=walk,
        before="CREATE TYPE delivery AS ENUM ('pending', 'sent', 'lost');"
        "ALTER TABLE orders ADD delivery delivery",
    ),
)
