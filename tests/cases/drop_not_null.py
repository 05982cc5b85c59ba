"""Drop not null."""

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
    await on_column(driver, "be empty", "status_code")
    await driver.press("f4")


def draw_values(draw: st.DrawFn, table: Table) -> dict[str, object]:
    return {"column": draw(st.sampled_from(plain_columns(table)))}


CASE = Case(
    example={"table": "orders", "column": "customer_id"},
    postgresql={"": {"table": "orders", "column": "customer_id"}},
    sqlite={"": {"table": "orders", "column": "customer_id"}},
    tiny=("",),
    stopped=("",),
    walk=Walk(values={"table": "orders", "column": "status_code"}, steps=walk),
    draw=draw_values,
)
