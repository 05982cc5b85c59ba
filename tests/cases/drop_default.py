"""Drop default."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st
from random_tables import plain_columns
from walking import on_column

from cases import Case, Walk
from wizard.model.schema import Table

if TYPE_CHECKING:
    from pilot_kit import Driver


async def walk(driver: Driver) -> None:
    await on_column(driver, "drop a column's default", "currency")
    await driver.press("f4")


def draw_values(draw: st.DrawFn, table: Table) -> dict[str, object]:
    return {"column": draw(st.sampled_from(plain_columns(table)))}


CASE = Case(
    example={"table": "orders", "column": "created_at"},
    postgresql={"": {"table": "orders", "column": "created_at"}},
    sqlite={"": {"table": "orders", "column": "total"}},
    walk=Walk(
        values={"table": "orders", "column": "currency"},
        steps=walk,
        before="ALTER TABLE orders ALTER currency SET DEFAULT 'EUR'",
    ),
    draw=draw_values,
)
