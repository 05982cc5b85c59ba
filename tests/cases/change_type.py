"""Change type."""

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
    await on_column(driver, "change a column's type", "total")
    await driver.press("enter")
    await driver.fill("type", "numeric(14,4)")
    await driver.press("f4")


def draw_values(draw: st.DrawFn, table: Table) -> dict[str, object]:
    return {
        "column": draw(st.sampled_from(plain_columns(table))),
        "type": draw(st.sampled_from(["bigint", "text", "varchar(50)"])),
        "how": draw(st.sampled_from([None, "shadow"])),
    }


CASE = Case(
    example={"table": "orders", "column": "total", "type": "numeric(14,4)"},
    postgresql={
        "numbers": {"table": "parcels", "column": "size", "type": "integer"},
        "some numbers": {"table": "tickets", "column": "priority", "type": "bigint"},
        "small numbers": {"table": "tickets", "column": "rating", "type": "smallint"},
        "document": {"table": "parcels", "column": "payload", "type": "jsonb"},
        "digits": {"table": "parcels", "column": "weight", "type": "numeric(12,3)"},
        "zone": {"table": "parcels", "column": "sent_at", "type": "timestamptz", "utc": True},
        "named zone": {
            "table": "parcels",
            "column": "sent_at",
            "type": "timestamptz",
            "using": "sent_at AT TIME ZONE 'Europe/Berlin'",
            "back": "sent_at AT TIME ZONE 'Europe/Berlin'",
        },
        "label": {"table": "journal", "column": "felt_before", "type": "text"},
        "unique label": {"table": "walls", "column": "shade", "type": "text"},
        "pointing": {"table": "parcels", "column": "ticket_id", "type": "bigint"},
        "volatile": {"table": "customers", "column": "token", "type": "text"},
        "odd names": {"table": '"Odd Table"', "column": "größe", "type": "bigint"},
        "narrow identity": {
            "table": "tickets",
            "column": "number",
            "type": "integer",
            "how": "shadow",
        },
        "viewed": {"table": "orders", "column": "status_code", "type": "text"},
        "viewed in place": {"table": "customers", "column": "name", "type": "varchar"},
        "check": {"table": "orders", "column": "note", "type": "varchar(200)"},
        "in place": {"table": "tickets", "column": "channel", "type": "varchar(40)"},
        "in place pointing": {"table": "parcels", "column": "tag", "type": "varchar(40)"},
        "in place key": {"table": "ticket_tags", "column": "tag", "type": "varchar(40)"},
        "in place exact": {"table": "tickets", "column": "priority", "type": "varchar"},
        "collation": {"table": "journal", "column": "said", "collation": "POSIX"},
        "key": {"table": "tickets", "column": "id", "type": "bigint"},
        "key serial": {"table": "journal", "column": "id", "type": "bigint"},
        "key alone": {"table": "parcels", "column": "id", "type": "bigint"},
        "key composite": {"table": "ticket_tags", "column": "ticket_id", "type": "bigint"},
        "key odd names": {"table": '"Odd Table"', "column": "a b", "type": "bigint"},
    },
    sqlite={
        "": {"table": "parcels", "column": "size", "type": "INTEGER"},
        "real": {"table": "parcels", "column": "weight", "type": "REAL"},
    },
    tiny=("numbers", "document", "zone", "key", "in place"),
    stopped=("numbers", "key"),
    walk=Walk(
        values={"table": "orders", "column": "total", "type": "numeric(14,4)"},
        steps=walk,
    ),
    draw=draw_values,
)
