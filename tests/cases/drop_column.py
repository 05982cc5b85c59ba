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
        "kept": {"table": "parcels", "column": "state", "archive": "table"},
        "kept key": {"table": "parcels", "column": "ticket_id"},
        "kept unique": {"table": "parcels", "column": "code"},
        "kept included": {"table": "parcels", "column": "weight"},
        "kept moment": {"table": "parcels", "column": "sent_at"},
        "kept volatile": {"table": "customers", "column": "token"},
        "kept json": {"table": "parcels", "column": "payload"},
        "kept odd names": {"table": '"Odd Table"', "column": "größe"},
        "kept identity": {"table": "tickets", "column": "number"},
        "kept secret": {"table": "tickets", "column": "secret"},
        "set aside": {"table": "parcels", "column": "size", "archive": "tombstone"},
        "gone": {"table": "parcels", "column": "payload", "archive": "none"},
        "gone volatile": {"table": "customers", "column": "token", "archive": "none"},
        "gone required": {"table": "tickets", "column": "secret", "archive": "none"},
        "gone computed": {"table": "tickets", "column": "label"},
    },
    sqlite={
        "": {"table": "parcels", "column": "state"},
        "checked": {"table": "parcels", "column": "weight"},
        "key": {"table": "parcels", "column": "owner_id"},
        "unique": {"table": "parcels", "column": "code"},
    },
    tiny=("kept", "kept key", "gone"),
    stopped=("kept", "kept included"),
    walk=Walk(
        values={"table": "orders", "column": "total", "archive": "tombstone"},
        steps=walk,
    ),
    draw=draw_values,
)
