"""Set default."""

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
    await on_column(driver, "set a column", "total")
    await driver.press("enter")
    await driver.type("0")
    await driver.press("f4")


def draw_values(draw: st.DrawFn, table: Table) -> dict[str, object]:
    column = draw(st.sampled_from(plain_columns(table)))
    return {"column": column, "default": draw(st.sampled_from(["'1'", "'2'", "now()"]))}


CASE = Case(
    example={"table": "orders", "column": "note", "default": "'none'"},
    postgresql={"": {"table": "orders", "column": "status_code", "default": "'it''s 100%'"}},
    sqlite={"": {"table": "customers", "column": "email", "default": "'it''s 100% :new'"}},
    walk=Walk(values={"table": "orders", "column": "total", "default": "0"}, steps=walk),
    draw=draw_values,
)
