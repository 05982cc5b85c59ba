"""Rename table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from cases import Case, Walk
from wizard.model.schema import Table

if TYPE_CHECKING:
    from pilot_kit import Driver


async def walk(driver: Driver) -> None:
    await driver.choose("rename a table")
    await driver.type("orders")
    await driver.press("enter")
    await driver.type("purchases")
    await driver.press("enter")
    await driver.pick("how", "view")
    await driver.press("f4")


def draw_values(draw: st.DrawFn, table: Table) -> dict[str, object]:
    return {"to": "fresh", "how": draw(st.sampled_from(["map", "view", "direct"]))}


CASE = Case(
    example={"table": "orders", "to": "purchases", "how": "view"},
    postgresql={
        "view": {"table": "orders", "to": "purchases", "how": "view"},
        "view odd names": {"table": '"Odd Table"', "to": 'Neue "Größe" 100%', "how": "view"},
    },
    tiny=("view",),
    window={
        "postgresql": {"direct": {"table": "journal", "to": "diary", "how": "direct"}},
        "sqlite": {"direct": {"table": "orders", "to": "purchases", "how": "direct"}},
    },
    walk=Walk(values={"table": "orders", "to": "purchases", "how": "view"}, steps=walk),
    draw=draw_values,
)
