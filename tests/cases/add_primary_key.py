"""Add primary key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cases import Case, Walk

if TYPE_CHECKING:
    from pilot_kit import Driver


async def walk(driver: Driver) -> None:
    await driver.choose("primary")
    await driver.type("visits")
    await driver.press("enter")
    await driver.type("id")
    await driver.press("f4")


CASE = Case(
    example={"table": "visits", "columns": ["id"]},
    postgresql={
        "": {"table": "plain", "columns": ["id"]},
        "several": {"table": "plain", "columns": ["code", "id"], "name": "pk_plain"},
        "from index": {"table": "stock", "columns": ["place", "code"]},
        "from index of that name": {
            "table": "stock",
            "columns": ["place", "code"],
            "name": "stock_once",
        },
        "partitioned": {"table": "events", "columns": ["id", "kind", "at"]},
    },
    sqlite={
        "": {"table": "plain", "columns": ["id"]},
        "several": {"table": "plain", "columns": ["code", "id"]},
    },
    tiny=("", "partitioned", "from index"),
    stopped=("several",),
    walk=Walk(
        values={"table": "visits", "columns": ["id"]},
        steps=walk,
        before="CREATE TABLE visits (id bigint, page text)",
    ),
)
