"""The first step: which project, when more than one is there or none is sure."""

from __future__ import annotations

from pathlib import Path

from pilot_kit import driving
from screen_shop import make_session

from screens.widgets.choice_list import ChoiceList
from wizard.flow import WizardStep


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


async def test_one_of_several_is_chosen_from_the_list(tmp_path: Path) -> None:
    for service in ("api", "jobs"):
        folder = tmp_path / service / "db" / "migrations"
        write(folder / "20260101000000_start.sql", "-- migrate:up\n-- migrate:down\n")
    async with driving(make_session(tmp_path)) as driver:
        assert driver.step is WizardStep.PROJECT
        assert "Several are here." in driver.text()
        assert "--framework" not in driver.text()
        driver.app.screen.query_one("#projects", ChoiceList).focus()
        await driver.press("down")
        assert "Several are here." not in driver.text()
        assert driver.app.wizard.state.answers.text("project.directory") == "jobs/db/migrations"


async def test_what_only_looks_like_migrations_is_asked_for(tmp_path: Path) -> None:
    write(tmp_path / "sql" / "0001_start.sql", "CREATE TABLE t (id int);\n")
    write(tmp_path / "sql" / "0002_more.sql", "ALTER TABLE t ADD x int;\n")
    async with driving(make_session(tmp_path)) as driver:
        assert driver.step is WizardStep.PROJECT
        assert "Only the look of its files speaks for this one." in driver.text()
        driver.app.screen.query_one("#projects", ChoiceList).focus()
        await driver.press("enter")
        assert driver.app.wizard.state.answers.text("project.layout") == "plain"
        assert driver.app.wizard.state.project_error is None
