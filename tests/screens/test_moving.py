"""Back, Next, jumping, help and quitting: nothing typed is lost, and only Next validates."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from pilot_kit import driving
from screen_shop import make_session
from textual.widgets import OptionList

from screens.modals import Confirm, Reader
from screens.widgets.code_view import CodeView
from screens.widgets.field import Field
from screens.widgets.pick_list import PickList
from wizard.drafts import draft_path, load_draft
from wizard.flow import WizardStep


async def test_first_question_is_the_change_when_all_was_detected(sqlite_shop: Path) -> None:
    async with driving(make_session(sqlite_shop)) as driver:
        assert driver.step is WizardStep.CHANGE
        shown = driver.text()
        assert "shop.db @ SQLite" in shown
        assert "✓ Project" in shown
        assert "✓ Connect" in shown
        assert "Rename a column" in shown


async def test_back_keeps_what_was_typed_even_when_it_is_wrong(sqlite_shop: Path) -> None:
    async with driving(make_session(sqlite_shop)) as driver:
        await driver.choose("add a col")
        await driver.type("orders")
        await driver.press("enter")
        await driver.type("total")  # there is such a column already
        await driver.press("escape")
        assert driver.step is WizardStep.CHANGE
        await driver.press("enter")
        assert driver.step is WizardStep.DETAILS
        values = driver.app.wizard.state.answers.operations[0].values
        assert dict(values) == {"table": "orders", "column": "total"}
        assert {one.question.key: one.control.text for one in driver.app.screen.query(Field)}[
            "column"
        ] == "total"


async def test_only_next_says_what_is_missing(sqlite_shop: Path) -> None:
    async with driving(make_session(sqlite_shop)) as driver:
        await driver.choose("add a col")
        await driver.type("orders")
        await driver.press("enter")
        assert "an answer is needed" not in driver.text()
        await driver.press("f4")
        assert driver.step is WizardStep.DETAILS
        assert "✗ Name: an answer is needed" in driver.text()
        focused = driver.app.focused
        assert focused is not None
        assert any(
            isinstance(one, Field) and one.question.key == "column" for one in focused.ancestors
        )


async def test_a_wrong_name_is_said_when_the_field_is_left(sqlite_shop: Path) -> None:
    async with driving(make_session(sqlite_shop)) as driver:
        await driver.choose("add a col")
        await driver.type("orders")
        await driver.press("enter")
        await driver.type("total")
        assert "has a column total already" not in driver.text()
        await driver.press("tab")
        assert "orders has a column total already; choose another name" in driver.text()


async def test_changing_the_operation_keeps_shared_answers(sqlite_shop: Path) -> None:
    async with driving(make_session(sqlite_shop)) as driver:
        await driver.choose("rename")
        await driver.type("orders")
        await driver.press("enter", "escape")
        await driver.fill_filter("index")
        await driver.press("enter")
        assert driver.app.wizard.state.answers.operations[0].kind == "add_index"
        assert driver.app.wizard.state.answers.operations[0].values["table"] == "orders"


async def test_digits_jump_only_to_reached_steps_and_only_outside_fields(
    sqlite_shop: Path,
) -> None:
    async with driving(make_session(sqlite_shop)) as driver:
        await driver.press("1")  # typed into the filter
        assert driver.step is WizardStep.CHANGE
        await driver.press("backspace")
        driver.app.wizard.set_focus(None)
        await driver.press("7")
        assert driver.step is WizardStep.CHANGE
        await driver.press("1")
        assert driver.step is WizardStep.PROJECT
        await driver.press("2")
        assert driver.step is WizardStep.CONNECT


async def test_escape_at_the_first_step_stays(sqlite_shop: Path) -> None:
    async with driving(make_session(sqlite_shop)) as driver:
        await driver.press("escape", "escape", "escape", "escape")
        assert driver.step is WizardStep.PROJECT
        assert driver.app.is_running


async def test_f2_shows_the_files_and_goes_back(sqlite_shop: Path) -> None:
    async with driving(make_session(sqlite_shop)) as driver:
        await driver.choose("add a col")
        await driver.press("f2")
        assert driver.step is WizardStep.PREVIEW
        assert "table is missing" in driver.text()
        await driver.press("f2")
        assert driver.step is WizardStep.DETAILS
        await driver.type("orders")
        await driver.press("enter")
        await driver.type("note")
        await driver.press("enter")
        await driver.type("text")
        await driver.press("f2")
        assert "add_column" in driver.app.screen.query_one("#up", CodeView).code
        assert "drop_column" in driver.app.screen.query_one("#down", CodeView).code
        await driver.press("escape")
        assert driver.step is WizardStep.DETAILS


async def test_f3_maximises_and_takes_back(sqlite_shop: Path) -> None:
    async with driving(make_session(sqlite_shop)) as driver:
        await driver.choose("add a col")
        await driver.type("orders")
        await driver.press("enter")
        await driver.type("note")
        await driver.press("enter")
        await driver.type("text")
        await driver.press("f2", "f3")
        assert isinstance(driver.app.screen.maximized, CodeView)
        await driver.press("escape")
        assert driver.app.screen.maximized is None
        assert driver.step is WizardStep.PREVIEW


async def test_help_shows_the_question_in_focus_and_all_keys(sqlite_shop: Path) -> None:
    async with driving(make_session(sqlite_shop)) as driver:
        await driver.choose("add a col")
        await driver.press("f1")
        assert isinstance(driver.app.screen, Reader)
        shown = driver.text()
        assert "The table that gets the column." in shown
        assert "--table" in shown
        assert "^S" in shown
        await driver.press("escape")
        assert driver.step is WizardStep.DETAILS


async def test_names_are_never_markup(sqlite_shop: Path) -> None:
    async with driving(make_session(sqlite_shop)) as driver:
        await driver.choose("rename")
        assert "a[b]" in driver.text()  # the list of tables is open
        await driver.type("a[b")
        await driver.press("enter")
        assert driver.app.wizard.state.answers.operations[0].values["table"] == "a[b]"
        options = driver.app.wizard.current.query(PickList)[1].query_one(OptionList)
        assert "[red]" in str(options.get_option_at_index(1).prompt)


async def test_a_draft_is_kept_and_offered(sqlite_shop: Path) -> None:
    async with driving(make_session(sqlite_shop)) as driver:
        await driver.choose("rename")
        await driver.type("orders")
        await driver.press("enter", "ctrl+q")
    assert driver.app.return_value is None
    assert load_draft(sqlite_shop) is not None
    assert draft_path(sqlite_shop).stat().st_mode & 0o777 == 0o600
    async with driving(make_session(sqlite_shop)) as driver:
        assert isinstance(driver.app.screen, Confirm)
        assert "There is a draft from before" in driver.text()
        assert "rename orders.… to …" in driver.text()
        await driver.press("enter")
        assert driver.app.wizard.state.answers.operations[0].values["table"] == "orders"
    async with driving(make_session(sqlite_shop)) as driver:
        await driver.press("right", "enter")
        assert driver.app.wizard.state.answers.operations == ()
    assert load_draft(sqlite_shop) is None


async def test_ctrl_c_hints_first_and_leaves_then(sqlite_shop: Path) -> None:
    async with driving(make_session(sqlite_shop)) as driver:
        driver.app.wizard.set_focus(None)
        await driver.press("ctrl+c")
        assert driver.app.is_running
        await driver.press("ctrl+c")
    assert driver.app.return_value == "interrupted"
    assert driver.app.return_code == 130


async def test_a_database_that_goes_away_loses_nothing(sqlite_shop: Path) -> None:
    async with driving(make_session(sqlite_shop)) as driver:
        await driver.choose("add a col")
        await driver.type("orders")
        await driver.press("enter")
        await driver.type("note")
        await driver.press("enter")
        await driver.type("text")
        (sqlite_shop / "shop.db").rename(sqlite_shop / "away.db")
        driver.app.wizard.gathering.connect_again()
        await driver.still()
        assert "✗ stopped" in driver.text()
        assert driver.app.wizard.state.answers.operations[0].values["column"] == "note"
        (sqlite_shop / "away.db").rename(sqlite_shop / "shop.db")
        await driver.pilot.click("DetailsStep Notice Button")
        await driver.still()
        await driver.press("f4")
        assert driver.step is WizardStep.ROLLOUT, driver.text()


async def test_an_unreachable_database_is_said_and_another_one_can_be_typed(
    sqlite_shop: Path,
) -> None:
    ini = sqlite_shop / "alembic.ini"
    good = sqlite_shop / "shop.db"
    ini.write_text(ini.read_text().replace("sqlite:///shop.db", "sqlite:////nowhere/shop.db"))
    good.rename(sqlite_shop / "shop.data")  # so that it is not found by its ending
    async with driving(make_session(sqlite_shop)) as driver:
        assert driver.step is WizardStep.CONNECT
        assert "✗ stopped" in driver.text()
        await driver.press("f4")
        assert driver.step is WizardStep.CONNECT
        await driver.press("down", "enter")
        await driver.type(f"sqlite:///{sqlite_shop}/shop.data")
        await driver.press("enter")
        assert driver.step is WizardStep.CHANGE, driver.text()
        assert "shop.data @ SQLite" in driver.text()


async def test_a_password_is_in_no_picture_and_no_draft(sqlite_shop: Path) -> None:
    (sqlite_shop / ".env").write_text("DATABASE_URL=postgresql://u:s3cret@127.0.0.1:1/x\n")
    async with driving(make_session(sqlite_shop)) as driver:
        assert driver.step is WizardStep.CONNECT
        assert "u:***@127.0.0.1" in "".join(
            str(one.prompt) for one in driver.app.screen.query_one("#sources", OptionList).options
        )
        await driver.press("down")  # the SQLite file of alembic.ini
        await driver.press("f4")
        await driver.choose("rename")
        await driver.press("ctrl+q")
        assert "s3cret" not in driver.app.export_screenshot()
    assert "s3cret" not in draft_path(sqlite_shop).read_text()


async def test_a_new_database_without_an_alembic_history_is_no_obstacle(tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "empty.db").close()
    async with driving(make_session(tmp_path)) as driver:
        assert driver.step is WizardStep.PROJECT
        assert "no set of migrations" in driver.text()
