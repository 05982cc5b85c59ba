"""Set not null."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st
from random_tables import plain_columns

from cases import Case, Walk
from wizard.model.schema import Table

if TYPE_CHECKING:
    from pilot_kit import Driver


async def walk(driver: Driver) -> None:
    await driver.choose("required")
    await driver.type("customers")
    await driver.press("enter")
    await driver.type("ema")
    await driver.press("enter")
    await driver.type("'none'")
    await driver.press("f4")


def draw_values(draw: st.DrawFn, table: Table) -> dict[str, object]:
    column = draw(st.sampled_from(plain_columns(table)))
    return {"column": column, "fill": draw(st.sampled_from([None, "'1'"]))}


CASE = Case(
    example={"table": "customers", "column": "email", "fill": "''"},
    postgresql={"": {"table": "customers", "column": "email", "fill": "''"}},
    sqlite={"": {"table": "customers", "column": "email", "fill": "''"}},
    tiny=("",),
    stopped=("",),
    walk=Walk(values={"table": "customers", "column": "email", "fill": "'none'"}, steps=walk),
    draw=draw_values,
)
