"""Pictures of the important screens. Look at the report before you update them.

Update: pytest tests/screens/test_snapshots.py --snapshot-update
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from pilot_kit import Driver
from screen_shop import make_session
from textual.pilot import Pilot

from screens.app import MigwizApp

SIZES = {"wide": (160, 45), "narrow": (80, 24)}

Steps = Callable[[Driver], Awaitable[None]]


async def change(driver: Driver) -> None:
    await driver.press("down")


async def table(driver: Driver) -> None:
    await driver.choose("rename")
    await driver.type("o")


async def details(driver: Driver) -> None:
    await driver.choose("rename")
    await driver.type("customers")
    await driver.press("enter")
    await driver.type("name")
    await driver.press("enter")
    await driver.type("full_name")
    await driver.press("enter")
    await driver.pick("how", "sync")


async def problem(driver: Driver) -> None:
    await driver.choose("add a col")
    await driver.type("orders")
    await driver.press("enter")
    await driver.type("total")
    await driver.press("f4")


async def rollout(driver: Driver) -> None:
    await details(driver)
    await driver.press("f4")


async def plan(driver: Driver) -> None:
    await rollout(driver)
    await driver.press("f4")


async def preview(driver: Driver) -> None:
    await plan(driver)
    await driver.press("enter")


async def write(driver: Driver) -> None:
    await preview(driver)
    await driver.press("f4")


async def project(driver: Driver) -> None:
    await driver.press("escape", "escape")


async def connect(driver: Driver) -> None:
    await driver.press("escape")


SHOTS: dict[str, Steps] = {
    one.__name__: one
    for one in (project, connect, change, table, details, problem, rollout, plan, preview, write)
}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", SHOTS)
def test_picture(snap_compare: Any, sqlite_shop: Path, name: str, size: str) -> None:
    app = MigwizApp(make_session(sqlite_shop))
    app.animation_level = "none"  # a view that is still scrolling is another picture

    async def run_before(pilot: Pilot[object]) -> None:
        driver = Driver(app, pilot)
        await driver.still()
        await SHOTS[name](driver)
        app.clear_notifications()
        await driver.settled()

    assert snap_compare(app, terminal_size=SIZES[size], run_before=run_before)
