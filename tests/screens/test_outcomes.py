"""Plans that need a word: refused ones, losses to accept, files in the way; and the mouse."""

from __future__ import annotations

from pathlib import Path

import pytest
from pilot_kit import Driver, driving
from screen_shop import make_session
from textual.color import Color
from textual.widgets import OptionList

from screens.modals import Reader, TooSmall
from screens.widgets.bars import Key
from screens.widgets.step_list import StepLine
from screens.widgets.tick import Tick
from wizard.flow import WizardStep


async def test_a_refused_plan_says_why_and_what_instead(sqlite_shop: Path) -> None:
    async with driving(make_session(sqlite_shop)) as driver:
        await driver.choose("index")
        await driver.type("orders")
        await driver.press("enter")
        await driver.type("status_code")
        await driver.press("f4", "f4")
        assert driver.step is WizardStep.PLAN, driver.text()
        assert "✗ refused" in driver.text()
        assert "ix_orders_status on orders already is this index" in driver.text()
        await driver.press("enter")
        assert driver.step is WizardStep.PLAN


async def test_a_loss_must_be_accepted_before_anything_is_written(sqlite_shop: Path) -> None:
    async with driving(make_session(sqlite_shop)) as driver:
        await driver.choose("backfill")
        await driver.type("orders")
        await driver.press("enter")
        await driver.type("total")
        await driver.press("enter")
        await driver.type("0")
        await driver.pick("keep_old", "no")
        await driver.press("f4", "f4", "f4", "f4")
        assert driver.step is WizardStep.WRITE, driver.text()
        blocked = driver.app.wizard.blocked("write")
        assert blocked == "1 loss not accepted yet"
        await driver.press("ctrl+s")
        assert driver.app.is_running
        assert not list((sqlite_shop / "migrations" / "versions").glob("2026_11*"))
        assert isinstance(driver.app.focused, Tick)
        await driver.press("space")
        assert driver.app.wizard.blocked("write") is None
        assert "--accept-loss" in driver.app.wizard.command
        await driver.press("ctrl+s")
    assert driver.app.return_value is not None
    assert list((sqlite_shop / "migrations" / "versions").glob("2026_11*"))


async def test_a_plan_that_is_kept_already_is_said_at_the_end(sqlite_shop: Path) -> None:
    async def to_the_end(driver: Driver) -> None:
        await driver.choose("add a col")
        await driver.type("orders")
        await driver.press("enter")
        await driver.type("note")
        await driver.press("enter")
        await driver.type("text")
        await driver.press("f4", "f4", "f4", "f4")

    async with driving(make_session(sqlite_shop)) as driver:
        await to_the_end(driver)
        await driver.press("d")
        assert isinstance(driver.app.screen, Reader)
        assert "+++ b/migrations/versions/" in driver.text()
        await driver.press("escape", "ctrl+s")
    assert driver.app.return_value is not None
    async with driving(make_session(sqlite_shop)) as driver:
        await to_the_end(driver)
        assert "there is a plan add-note-to-orders already" in driver.text()
        assert driver.app.wizard.blocked("write") is not None


async def test_the_mouse_goes_the_whole_way(sqlite_shop: Path) -> None:
    async with driving(make_session(sqlite_shop)) as driver:
        pilot, screen = driver.pilot, driver.app.wizard
        await pilot.click("#operations OptionList", offset=(5, 0))
        await driver.still()
        assert driver.step is WizardStep.DETAILS
        assert screen.state.answers.operations[0].kind == "add_column"
        await pilot.click("DetailsStep PickList OptionList", offset=(5, 2))
        await driver.still()
        assert screen.state.answers.operations[0].values["table"] == "orders"
        await driver.type("note")
        await driver.press("enter")
        await driver.type("text")
        for step in (WizardStep.ROLLOUT, WizardStep.PLAN):
            await pilot.click(f"#step-{driver.step.value.lower()} #go-on")
            await driver.still()
            assert driver.step is step
        key = next(one for one in screen.query(Key) if one.command and one.command.id == "next")
        await pilot.click(key)
        await driver.still()
        assert driver.step is WizardStep.PREVIEW
        line = next(one for one in screen.query(StepLine) if one.step is WizardStep.ROLLOUT)
        await pilot.click(line)
        await driver.still()
        assert driver.step is WizardStep.ROLLOUT
        line = next(one for one in screen.query(StepLine) if one.step is WizardStep.PREVIEW)
        await pilot.click(line)
        await driver.still()
        await driver.press("f4")
        assert driver.step is WizardStep.WRITE
        await pilot.click("#write")
        await driver.still()
    assert driver.app.return_value is not None


async def test_figures_may_be_written_as_people_write_them(sqlite_shop: Path) -> None:
    async with driving(make_session(sqlite_shop)) as driver:
        await driver.choose("add a col")
        await driver.type("orders")
        await driver.press("enter")
        await driver.type("note")
        await driver.press("enter")
        await driver.type("text")
        await driver.press("f4")
        await driver.fill("rollout.rows", "120M")
        await driver.fill("rollout.lock_budget_ms", "3 s")
        answers = driver.app.wizard.state.answers
        assert answers.get("rollout.rows") == 120_000_000
        assert answers.get("rollout.lock_budget_ms") == 3_000
        await driver.fill("rollout.rows", "many")
        await driver.press("f4")
        assert driver.step is WizardStep.ROLLOUT
        assert "write a number such as" in driver.text()
        assert "maintenance" in driver.text()


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (60, 16)])
async def test_a_small_window_still_leads_to_the_end(
    sqlite_shop: Path, size: tuple[int, int]
) -> None:
    async with driving(make_session(sqlite_shop), size) as driver:
        await driver.choose("add a col")
        await driver.type("orders")
        await driver.press("enter")
        await driver.type("note")
        await driver.press("enter")
        await driver.type("text")
        await driver.press("f4", "f4", "f4", "f4")
        assert driver.step is WizardStep.WRITE, driver.text()
        keys = [one for one in driver.app.wizard.query(Key) if one.display]
        assert len(keys) <= 6
        assert all(one.region.right <= size[0] for one in keys)
        await driver.press("ctrl+s")
    assert driver.app.return_value is not None


async def test_below_the_floor_there_is_a_message_and_no_key_acts(sqlite_shop: Path) -> None:
    async with driving(make_session(sqlite_shop), (80, 24)) as driver:
        await driver.choose("add a col")
        await driver.pilot.resize_terminal(40, 10)
        await driver.still()
        assert isinstance(driver.app.screen, TooSmall)
        assert "40 × 10" in driver.text()
        await driver.press("o", "enter", "escape", "f2", "ctrl+s")
        assert isinstance(driver.app.screen, TooSmall)
        assert driver.step is WizardStep.DETAILS
        assert dict(driver.app.wizard.state.answers.operations[0].values) == {}
        await driver.pilot.resize_terminal(80, 24)
        await driver.still()
        assert not isinstance(driver.app.screen, TooSmall)
        await driver.type("orders")
        await driver.press("enter")
        assert driver.app.wizard.state.answers.operations[0].values["table"] == "orders"


async def test_without_colour_every_state_has_a_sign_and_a_word(
    sqlite_shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with driving(make_session(sqlite_shop)) as driver:
        await driver.choose("rename")
        await driver.type("orders")
        await driver.press("enter")
        await driver.type("status_code")
        await driver.press("enter")
        shown = driver.text()
        assert "✓ Change" in shown
        assert "▸ Details" in shown
        assert "· Rollout" in shown
        assert "cannot: only in a maintenance window" in shown
        strips = driver.app.screen._compositor.render_strips()
        for strip in strips:
            for segment in strip:
                colour = segment.style.color if segment.style else None
                if colour is not None and colour.triplet is not None:
                    red, green, blue = colour.triplet
                    assert Color(red, green, blue).hsl.s < 0.05 or red == green == blue


@pytest.mark.parametrize("theme", ["ansi-dark", "ansi-light", "textual-light", "nord"])
async def test_other_themes_show_the_preview(sqlite_shop: Path, theme: str) -> None:
    async with driving(make_session(sqlite_shop)) as driver:
        driver.app.theme = theme
        await driver.choose("add a col")
        await driver.type("orders")
        await driver.press("enter")
        await driver.type("note")
        await driver.press("enter")
        await driver.type("text")
        await driver.press("f2")
        assert "op.add_column" in driver.text()
        assert driver.app.screen.query_one("#files", OptionList).option_count == 1


async def test_a_disabled_button_and_key_say_why(sqlite_shop: Path) -> None:
    async with driving(make_session(sqlite_shop)) as driver:
        key = next(
            one
            for one in driver.app.wizard.query(Key)
            if one.command is not None and one.command.id == "preview"
        )
        assert key.reason == "choose first what should change"
        assert "Not now: choose first what should change" in str(key.tooltip)
        assert driver.app.wizard.blocked("write") == "the files are written from the last step"
