"""Split column."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st
from random_tables import plain_columns

from cases import Case, Walk
from wizard.model.schema import Table

if TYPE_CHECKING:
    from pilot_kit import Driver

INTO = "first_name = split_part(name, ' ', 1), last_name = split_part(name, ' ', 2)"
#: Everything behind the first space, so that each name comes back as it was.
EXAMPLE: dict[str, object] = {
    "table": "customers",
    "column": "name",
    "into": [
        {"name": "first_name", "expression": "split_part(name, ' ', 1)", "nullable": False},
        {
            "name": "last_name",
            "type": "varchar(80)",
            "expression": "nullif(substr(name, length(split_part(name, ' ', 1)) + 2), '')",
        },
    ],
    "back": "concat_ws(' ', first_name, last_name)",
}
FAMILY: dict[str, object] = {
    "table": "customers",
    "column": "name",
    "into": "first_name required = substring_index(name, ' ', 1), last_name varchar(80) = "
    "nullif(substr(name, char_length(substring_index(name, ' ', 1)) + 2), '')",
    "back": "concat_ws(' ', first_name, last_name)",
}
SQLITE: dict[str, object] = {
    "table": "orders",
    "column": "note",
    "into": "topic = substr(note, 1, instr(note || ' ', ' ') - 1), "
    "rest = nullif(substr(note, instr(note || ' ', ' ') + 1), '')",
    "back": "topic || coalesce(' ' || rest, '')",
}


async def walk(driver: Driver) -> None:
    await driver.choose("split")
    await driver.type("customers")
    await driver.press("enter")
    await driver.type("name")
    await driver.press("enter")
    await driver.type(INTO)
    await driver.press("enter")
    await driver.type("first_name || ' ' || last_name")
    await driver.press("f4")


def draw_values(draw: st.DrawFn, table: Table) -> dict[str, object]:
    column = draw(st.sampled_from(plain_columns(table)))
    required = draw(st.booleans())
    return {
        "column": column,
        "into": [
            {"name": "fresh", "expression": column, "nullable": not required},
            {"name": "other", "type": "integer", "expression": f"coalesce({column}, '1')"},
        ],
        "back": draw(st.sampled_from([None, "coalesce(fresh, other)"])),
        "normalise": draw(st.booleans()),
    }


CASE = Case(
    example=EXAMPLE,
    engines={**dict.fromkeys(("mysql", "mariadb"), FAMILY), "sqlite": SQLITE},
    postgresql={
        "": {
            "table": "tickets",
            "column": "channel",
            "into": "\"the way\" text required = split_part(channel, ' ', 1), "
            "medium = split_part(channel, ' ', 2)",
            "back": "\"the way\" || ' ' || medium",
        },
        "numbers": {
            "table": "parcels",
            "column": "code",
            "into": "letters = split_part(code, '-', 1), "
            "number integer required = CAST(split_part(code, '-', 2) AS integer)",
            "back": "letters || '-' || number",
        },
        "normalised": {
            "table": "parcels",
            "column": "code",
            "into": "mark = upper(left(code, 1)), rest = substr(code, 2)",
            "back": "mark || rest",
            "normalise": True,
        },
        "one way": {
            "table": "orders",
            "column": "note",
            "into": "topic = split_part(note, ' ', 1), rest = split_part(note, ' ', 2)",
        },
    },
    sqlite={"": SQLITE},
    stopped=("",),
    walk=Walk(
        values={
            "table": "customers",
            "column": "name",
            "into": INTO,
            "back": "first_name || ' ' || last_name",
        },
        steps=walk,
    ),
    draw=draw_values,
)
