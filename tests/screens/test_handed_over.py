"""A hand-over in the step of the plan: read, scrolled to, and copied."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pilot_kit import Driver, driving
from screen_shop import make_offline_session, make_session
from textual.pilot import Pilot
from textual.widgets import Static

from screens.app import MigwizApp
from wizard.flow import WizardStep


async def to_the_plan(driver: Driver) -> None:
    await driver.choose("add a check")
    await driver.type("orders")
    await driver.press("enter")
    await driver.type("total < 1000")
    await driver.press("f4", "f4")
    assert driver.step is WizardStep.PLAN


@pytest.mark.parametrize("size", [(160, 45), (80, 24)], ids=["wide", "narrow"])
async def test_the_command_is_shown_and_copied(tmp_path: Path, size: tuple[int, int]) -> None:
    async with driving(make_offline_session(tmp_path / "shop"), size) as driver:
        await to_the_plan(driver)
        shown = str(driver.app.wizard.current.query_one("#plan-handovers", Static).visual)
        assert "Let pt-online-schema-change add check orders_total_check to orders" in shown
        assert "--execute \\" in shown
        assert "without running it" in shown
        await driver.press("y")
        copied = driver.app.clipboard
        assert copied.startswith("# Let pt-online-schema-change")
        assert "#     --dry-run \\" in copied
        assert "#     --execute \\" in copied
        assert all(line.startswith("#") for line in copied.splitlines())


async def test_a_plan_without_one_copies_the_command_line(sqlite_shop: Path) -> None:
    async with driving(make_session(sqlite_shop)) as driver:
        await driver.choose("add an index")
        await driver.type("orders")
        await driver.press("enter")
        await driver.type("currency")
        await driver.press("f4", "f4")
        assert driver.step is WizardStep.PLAN
        assert not driver.app.wizard.current.query_one("#plan-handovers").display
        await driver.press("y")
        assert driver.app.clipboard.startswith("migwiz write add-index")


def test_picture_of_a_hand_over(snap_compare: Any, tmp_path: Path) -> None:
    app = MigwizApp(make_offline_session(tmp_path / "shop"))
    app.animation_level = "none"

    async def run_before(pilot: Pilot[object]) -> None:
        driver = Driver(app, pilot)
        await driver.still()
        await to_the_plan(driver)
        part = app.wizard.current.query_one("#plan-handovers")
        app.wizard.current.query_one("#plan-scroll").scroll_to_widget(part, top=True, animate=False)
        app.clear_notifications()
        await driver.still()

    assert snap_compare(app, terminal_size=(80, 24), run_before=run_before)
