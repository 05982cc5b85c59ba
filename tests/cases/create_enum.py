"""Create enum."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cases import Case, Walk

if TYPE_CHECKING:
    from pilot_kit import Driver


async def walk(driver: Driver) -> None:
    await driver.choose("create an enum")
    await driver.type("delivery")
    await driver.press("enter")
    await driver.type("pending, sent, lost")
    await driver.press("f4")


CASE = Case(
    example={"type": "payment", "values": ["open", "paid", "refunded"]},
    postgresql={
        "": {"type": "payment", "values": "open, paid, 'it''s 100% :back, later'"},
        "odd names": {"type": '"Neue ""Größe"""', "values": ["größer", "a,b", "it's"]},
    },
    walk=Walk(values={"type": "delivery", "values": "pending, sent, lost"}, steps=walk),
)
