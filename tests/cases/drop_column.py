"""Drop column."""

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
    await on_column(driver, "drop a column", "total")
    await driver.press("enter")
    await driver.pick("archive", "tombstone")
    await driver.press("f4")


def draw_values(draw: st.DrawFn, table: Table) -> dict[str, object]:
    return {
        "column": draw(st.sampled_from(plain_columns(table))),
        "archive": draw(st.sampled_from([None, "none", "table"])),
    }


CASE = Case(
    example={"table": "orders", "column": "status_code"},
    postgresql={
        "kept": {"table": "orders", "column": "status_code", "archive": "table"},
        "kept key": {"table": "orders", "column": "customer_id"},
        "kept unique": {"table": "orders", "column": "code"},
        "kept covered": {"table": "orders", "column": "billing_id"},
        "kept included": {"table": "orders", "column": "total"},
        "kept volatile": {"table": "customers", "column": "token"},
        "kept json": {"table": "orders", "column": "payload"},
        "kept odd names": {"table": '"Odd Table"', "column": "größe"},
        "kept identity": {"table": "tickets", "column": "number"},
        "set aside": {"table": "orders", "column": "note", "archive": "tombstone"},
        "gone": {"table": "orders", "column": "payload", "archive": "none"},
        "gone volatile": {"table": "customers", "column": "token", "archive": "none"},
        "gone required": {"table": "tickets", "column": "secret", "archive": "none"},
        "gone computed": {"table": "tickets", "column": "label"},
    },
    sqlite={
        "": {"table": "orders", "column": "note"},
        "checked": {"table": "orders", "column": "total"},
        "key": {"table": "orders", "column": "billing_id"},
        "unique": {"table": "orders", "column": "agent_id"},
    },
    tiny=("kept", "kept key", "gone"),
    stopped=("kept", "kept included"),
    walk=Walk(
        values={"table": "orders", "column": "total", "archive": "tombstone"},
        steps=walk,
    ),
    draw=draw_values,
)
