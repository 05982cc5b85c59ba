"""Ways through the wizard that the walks of several operations share."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pilot_kit import Driver


async def on_column(driver: Driver, words: str, column: str) -> None:
    """Choose an operation, the table of orders, and a column."""
    await driver.choose(words)
    await driver.type("orders")
    await driver.press("enter")
    await driver.type(column)
