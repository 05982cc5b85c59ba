"""Drop table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from cases import Case, Walk
from wizard.model.schema import Table

if TYPE_CHECKING:
    from pilot_kit import Driver


async def walk(driver: Driver) -> None:
    await driver.choose("drop a table")
    await driver.type("orders")
    await driver.press("enter", "f4")


def draw_values(draw: st.DrawFn, table: Table) -> dict[str, object]:
    return {"archive": draw(st.sampled_from(["tombstone", "table", "none"]))}


CASE = Case(
    example={"table": "items"},
    postgresql={
        "tombstone": {"table": "orders"},
        "kept": {"table": "orders", "archive": "table"},
        "at once": {"table": "orders", "archive": "none"},
        "serial": {"table": "journal"},
        "odd names": {"table": '"Odd Table"', "archive": "none"},
    },
    sqlite={
        "tombstone": {"table": "orders"},
        "kept": {"table": "orders", "archive": "table"},
        "at once": {"table": "orders", "archive": "none"},
    },
    tiny=("tombstone",),
    stopped=("tombstone", "at once"),
    walk=Walk(values={"table": "orders"}, steps=walk),
    draw=draw_values,
)
