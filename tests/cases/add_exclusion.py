"""Add exclusion."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cases import Case, Walk

if TYPE_CHECKING:
    from pilot_kit import Driver


async def walk(driver: Driver) -> None:
    await driver.choose("exclusion")
    await driver.type("visits")
    await driver.press("enter")
    await driver.type("stay WITH &&")
    await driver.press("f4")


CASE = Case(
    example={"table": "visits", "elements": "stay WITH &&"},
    postgresql={
        "": {"table": "plain", "elements": "span WITH &&"},
        "expression": {
            "table": "plain",
            "elements": ["span WITH &&", "int4range(id::int, id::int + 1) WITH -|-"],
            "where": "note <> 'x'",
            "name": "Plain 'apart'",
        },
    },
    tiny=("", "expression"),
    stopped=("",),
    direct=("", "expression"),
    walk=Walk(
        values={"table": "visits", "elements": "stay WITH &&"},
        steps=walk,
        before="CREATE TABLE visits (id bigint, stay tstzrange)",
    ),
)
