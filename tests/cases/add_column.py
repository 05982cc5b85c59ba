"""Add column."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from cases import Case, Walk
from wizard.model.schema import Table

if TYPE_CHECKING:
    from pilot_kit import Driver


async def walk(driver: Driver) -> None:
    await driver.choose("add a col")
    await driver.type("ord")
    await driver.press("enter")
    await driver.type("note")
    await driver.press("enter")
    await driver.type("text")
    await driver.press("f4")


def draw_values(draw: st.DrawFn, table: Table) -> dict[str, object]:
    nullable = draw(st.booleans())
    values: dict[str, object] = {
        "column": "fresh",
        "type": "text",
        "nullable": nullable,
        "unique": draw(st.booleans()),
    }
    if draw(st.booleans()):
        values["references"] = {"table": "t", "columns": ["id"]}
    default = draw(st.sampled_from([None, "'x'", "now()", "gen_random_uuid()"]))
    if default and not values["unique"]:
        values["default"] = default
    elif not nullable:
        values["fill"] = "'y'"
    return values


CASE = Case(
    example={
        "table": "orders",
        "column": "currency",
        "type": "varchar(3)",
        "nullable": False,
        "default": "'EUR'",
    },
    postgresql={
        "constant": {
            "table": "orders",
            "column": "currency",
            "type": "varchar(3)",
            "nullable": False,
            "default": "'EUR'",
            "comment": 'ISO 4217: 100% "quoted" :colon',
        },
        "volatile required": {
            "table": "orders",
            "column": "token",
            "type": "uuid",
            "nullable": False,
            "default": "gen_random_uuid()",
        },
        "required filled unique": {
            "table": "orders",
            "column": "number",
            "type": "bigint",
            "nullable": False,
            "fill": "id + 1000",
            "unique": True,
        },
        "reference": {
            "table": "orders",
            "column": "agent_id",
            "type": "bigint",
            "references": {"table": "customers", "columns": ["id"], "on_delete": "set null"},
        },
        "enum": {"table": "customers", "column": "mood", "type": "mood", "default": "'fine'"},
        "odd names": {
            "table": '"Odd Table"',
            "column": "Höhe in cm",
            "type": "numeric(5,1)",
            "nullable": False,
            "fill": 'coalesce("größe", 0) * 2.5',
        },
    },
    sqlite={
        "": {
            "table": "orders",
            "column": "currency",
            "type": "text",
            "nullable": False,
            "default": "'EUR'",
        },
        "stable": {
            "table": "orders",
            "column": "seen",
            "type": "text",
            "default": "CURRENT_TIMESTAMP",
        },
        "filled": {
            "table": "customers",
            "column": "number",
            "type": "integer",
            "nullable": False,
            "fill": "id + 7",
            "unique": True,
        },
    },
    walk=Walk(values={"table": "orders", "column": "note", "type": "text"}, steps=walk),
    draw=draw_values,
)
