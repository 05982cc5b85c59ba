"""The ways of a rename in the wizard: compared beside the question, and the way back on the plan."""

from __future__ import annotations

from pathlib import Path

from pilot_kit import driving
from screen_shop import make_session

from wizard.flow import WizardStep


async def test_the_ways_are_compared_beside_the_question_and_the_plan_says_the_way_back(
    sqlite_shop: Path,
) -> None:
    async with driving(make_session(sqlite_shop)) as driver:
        await driver.choose("rename")
        await driver.type("orders")
        await driver.press("enter")
        await driver.type("total")
        await driver.press("enter")
        await driver.type("amount")
        await driver.press("enter")
        shown = driver.text()
        assert driver.app.wizard.state.options[0].value == "map"
        # Twice: as a choice, and beside the question with what else there is to know of it.
        assert shown.count("expand and contract, two-way sync") == 2
        assert shown.count("no migration · no risk") == 2
        await driver.pick("how", "sync")
        await driver.press("f4", "f4")
        assert driver.step is WizardStep.PLAN, driver.text()
        assert "back  " in driver.text()
