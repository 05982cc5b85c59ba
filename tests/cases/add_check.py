"""Add check."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st
from random_tables import plain_columns

from cases import Case, Walk
from wizard.model.schema import Table

if TYPE_CHECKING:
    from pilot_kit import Driver


async def walk(driver: Driver) -> None:
    await driver.choose("add a check")
    await driver.type("orders")
    await driver.press("enter")
    await driver.type("total < 1000")
    await driver.press("f4")


def draw_values(draw: st.DrawFn, table: Table) -> dict[str, object]:
    column = draw(st.sampled_from(plain_columns(table)))
    return {"expression": draw(st.sampled_from([f"{column} > '0'", f"{column} <> '9'"]))}


CASE = Case(
    example={"table": "orders", "expression": "total >= 0"},
    postgresql={
        "": {"table": "orders", "expression": "total > 0 OR note LIKE '100%'"},
        "odd names": {
            "table": '"Odd Table"',
            "expression": '"größe" IS DISTINCT FROM 5',
            "name": "Größe ≠ 5",
        },
    },
    sqlite={"": {"table": "orders", "expression": "total >= billing_id"}},
    tiny=("",),
    walk=Walk(values={"table": "orders", "expression": "total < 1000"}, steps=walk),
    draw=draw_values,
)
