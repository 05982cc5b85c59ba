"""Merge columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st
from random_tables import plain_columns

from cases import Case, Walk
from wizard.model.schema import Table

if TYPE_CHECKING:
    from pilot_kit import Driver

EXPRESSION = "name || coalesce(' <' || email || '>', '')"
EXAMPLE: dict[str, object] = {
    "table": "customers",
    "columns": ["name", "email"],
    "to": "contact",
    "expression": EXPRESSION,
    "back": {
        "name": "split_part(contact, ' <', 1)",
        "email": "nullif(rtrim(split_part(contact, ' <', 2), '>'), '')",
    },
    "nullable": False,
}
FAMILY: dict[str, object] = {
    **EXAMPLE,
    "type": "varchar(420)",
    "expression": "concat(name, coalesce(concat(' <', email, '>'), ''))",
    "back": {
        "name": "substring_index(contact, ' <', 1)",
        "email": "nullif(substr(trim(trailing '>' from contact), "
        "char_length(substring_index(contact, ' <', 1)) + 3), '')",
    },
}
SQLITE: dict[str, object] = {
    "table": "orders",
    "columns": ["note", "total"],
    "to": "remark",
    "expression": "coalesce(total, '') || '/' || coalesce(note, '')",
    "back": {
        "note": "nullif(substr(remark, instr(remark, '/') + 1), '')",
        "total": "cast(nullif(substr(remark, 1, instr(remark, '/') - 1), '') as numeric)",
    },
}


async def walk(driver: Driver) -> None:
    await driver.choose("merge")
    await driver.type("customers")
    await driver.press("enter")
    await driver.fill("columns", "name,email")
    await driver.fill("to", "contact")
    await driver.fill("expression", EXPRESSION)
    await driver.press("f4")


def draw_values(draw: st.DrawFn, table: Table) -> dict[str, object]:
    columns = draw(
        st.lists(st.sampled_from(plain_columns(table)), min_size=2, max_size=3, unique=True)
    )
    return {
        "columns": columns,
        "to": "fresh",
        "type": draw(st.sampled_from([None, "text"])),
        "expression": f"coalesce({', '.join(columns)})",
        "back": draw(st.sampled_from([None, dict.fromkeys(columns, "fresh")])),
        "nullable": draw(st.booleans()),
    }


CASE = Case(
    example=EXAMPLE,
    engines={
        **dict.fromkeys(("mysql", "mariadb"), FAMILY),
        "sqlite": SQLITE,
    },
    postgresql={
        "": {
            "table": "tickets",
            "columns": ["priority", "channel"],
            "to": "urgency",
            "expression": "coalesce(priority, '') || '/' || channel",
            "back": {
                "priority": "nullif(split_part(urgency, '/', 1), '')",
                "channel": "split_part(urgency, '/', 2)",
            },
            "nullable": False,
        },
    },
    walk=Walk(
        values={
            "table": "customers",
            "columns": ["name", "email"],
            "to": "contact",
            "expression": EXPRESSION,
        },
        steps=walk,
    ),
    draw=draw_values,
)
