"""Rename column."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st
from random_tables import plain_columns

from cases import Case, Walk
from wizard.model.schema import Table

if TYPE_CHECKING:
    from pilot_kit import Driver


async def walk(driver: Driver) -> None:
    await driver.choose("rename")
    await driver.type("customers")
    await driver.press("enter")
    await driver.type("name")
    await driver.press("enter")
    await driver.type("full_name")
    await driver.press("enter")
    await driver.pick("how", "sync")
    await driver.press("f4")


def draw_values(draw: st.DrawFn, table: Table) -> dict[str, object]:
    return {
        "column": draw(st.sampled_from(plain_columns(table))),
        "to": "fresh",
        "how": draw(st.sampled_from(["map", "sync", "view"])),
    }


CASE = Case(
    example={"table": "orders", "column": "status_code", "to": "status", "how": "sync"},
    engines={"sqlite": {"table": "orders", "column": "note", "to": "remark", "how": "sync"}},
    postgresql={
        "sync": {"table": "orders", "column": "status_code", "to": "status", "how": "sync"},
        "sync key": {"table": "orders", "column": "customer_id", "to": "buyer_id", "how": "sync"},
        "sync unique": {"table": "orders", "column": "code", "to": "reference", "how": "sync"},
        "sync json": {"table": "orders", "column": "payload", "to": "body", "how": "sync"},
        "sync partitioned": {
            "table": "ticks",
            "column": "price",
            "to": "amount",
            "how": "sync",
        },
        "sync partitioned key": {
            "table": "ticks",
            "column": "owner_id",
            "to": "holder_id",
            "how": "sync",
        },
        "sync numbered": {"table": "tickets", "column": "number", "to": "no", "how": "sync"},
        "sync primary": {"table": "tickets", "column": "id", "to": "ticket_no", "how": "sync"},
        "sync primary serial": {
            "table": "journal",
            "column": "id",
            "to": "entry_id",
            "how": "sync",
        },
        "sync primary composite": {
            "table": "ticket_tags",
            "column": "ticket_id",
            "to": "of_ticket",
            "how": "sync",
        },
        "view": {"table": "orders", "column": "note", "to": "remark", "how": "view"},
    },
    sqlite={"": {"table": "orders", "column": "note", "to": "remark", "how": "sync"}},
    tiny=("sync",),
    walk=Walk(
        values={"table": "customers", "column": "name", "to": "full_name", "how": "sync"},
        steps=walk,
    ),
    draw=draw_values,
)
