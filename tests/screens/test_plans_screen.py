"""The plans under way: what the list, the line in time and the bottom say, and how they are asked."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from pilot_kit import driving
from sample_standings import ABANDONED, EXPAND, FINISHED, PLANS, RENAME, STUCK, WAITING, many
from screen_kit import viewing
from screen_shop import make_session
from textual.widgets import OptionList

from screens.backfill_words import RUNS, WORKERS
from screens.modals import Reader
from screens.plans_reader import PlansReader
from screens.plans_screen import PlansScreen
from screens.standing_words import FILES, GATES, PHASES, Mark, current_phase
from screens.standing_words import PLANS as PLAN_MARKS
from screens.widgets.plan_view import PlanView
from wizard.model.answers import Answers
from wizard.model.errors import AnswerError, ReachError
from wizard.standing import PlanStanding


def telling(*plans: PlanStanding) -> Callable[[], PlansScreen]:
    async def read() -> tuple[PlanStanding, ...]:
        return plans

    return lambda: PlansScreen(read, clock=lambda: 0.0)


async def test_what_needs_somebody_comes_first_and_each_says_where_it_stands() -> None:
    async with viewing(telling(*PLANS)) as viewer:
        assert [line.split("\n") for line in viewer.listed()] == [
            [f"✗ {STUCK.title}", "  blocked: contract"],
            [f"▸ {RENAME.title}", "  next: backfill"],
            [f"· {WAITING.title}", "  waiting: backfill"],
            [f"✓ {FINISHED.title}", "  finished"],
            [f"– {ABANDONED.title}", "  abandoned"],
        ]
        assert "3 plans under way · 1 finished · 1 abandoned" in viewer.text("Head Static")


@pytest.mark.parametrize("size", [(160, 45), (120, 40), (80, 24)])
async def test_a_plan_shows_its_line_the_phase_to_look_at_and_what_to_do(
    size: tuple[int, int],
) -> None:
    async with viewing(telling(RENAME), size) as viewer:
        line = viewer.text(".before")
        assert line.split("\n")[0].split() == [
            *("EXPAND", "BACKFILL", "VALIDATE", "DEPLOY", "1", "CONTRACT"),
        ]
        signs = [one for one in line.split("\n")[1] if one not in "━─ "]
        assert signs == ["●", "◒", "○", "◇", "○"]
        for words in ("applied", "written", "waits", "2/2 files", "0/1 file", "✗ gate fails"):
            assert words in line
        chosen = viewer.text(".phase")
        assert "○ not applied" in chosen
        assert "9d10_fill_status_of_orders.py" in chosen
        assert "still reads status_code" in chosen
        assert "BACKFILL  ◒ written  phase 2 of 4" in chosen
        bottom = viewer.text(".todo *")
        assert "▸ next" in bottom
        assert "$ alembic upgrade 9d10" in bottom


async def test_a_name_too_long_for_its_line_stands_above_its_state() -> None:
    file = replace(EXPAND.files[0], path="migrations/versions/" + "x" * 52 + ".py")
    phase = replace(EXPAND, state="partly applied", files=(file, EXPAND.files[1]))
    async with viewing(telling(replace(RENAME, phases=(phase,))), (80, 24)) as viewer:
        rows = [line.split() for line in viewer.text(".phase").split("\n")]
        at = rows.index(["files", "●", "x" * 52 + ".py"])
        assert rows[at + 1] == ["applied"]


async def test_a_narrow_window_draws_a_long_line_downwards() -> None:
    phases = tuple(
        replace(one, name=name)
        for one, name in zip(
            (EXPAND, *RENAME.phases[1:], RENAME.phases[-1]),
            ("expand", "backfill", "validate", "switch", "contract"),
            strict=True,
        )
    )
    async with viewing(telling(replace(RENAME, phases=phases)), (66, 24)) as viewer:
        upper = viewer.text(".before").split("\n")
        assert [line.split()[1] for line in upper] == ["EXPAND", "BACKFILL"]
        assert "applied · 2/2 files" in upper[0]
        lower = viewer.text(".after")
        assert "DEPLOY 1" in lower
        assert "DEPLOY 2" in lower
        await viewer.pilot.resize_terminal(160, 45)
        await viewer.still()
        assert "SWITCH" in viewer.text(".before").split("\n")[0]
        assert viewer.text(".after") == ""


async def test_arrows_look_at_the_other_phases_and_their_gates() -> None:
    async with viewing(telling(RENAME)) as viewer:
        await viewer.press("right")
        shown = viewer.text(".phase")
        assert "✗ fails" in shown
        assert "17, 18, 204" in shown
        assert "SELECT id FROM orders" in shown
        await viewer.press("right", "right", "right")  # the last one stays the last one
        shown = viewer.text(".phase")
        assert "phase 4 of 4" in shown
        assert "◇ only people know" in shown
        assert "closes here" in shown
        await viewer.press("left", "left", "left")
        assert "! changed since it was written" in viewer.text(".phase")


async def test_a_click_on_a_phase_looks_at_it() -> None:
    async with viewing(telling(RENAME)) as viewer:
        line = viewer.text(".before").split("\n")[0]
        await viewer.pilot.click(".before", offset=(line.index("VALIDATE") + 1, 0))
        await viewer.still()
        assert "phase 3 of 4" in viewer.text(".phase")


async def test_enter_reads_the_plan_and_escape_goes_back_to_the_list_first() -> None:
    async with viewing(telling(*PLANS), (80, 24)) as viewer:
        await viewer.press("enter", "down", "down")
        assert viewer.app.screen.query_one(OptionList).highlighted == 0
        assert viewer.app.screen.query_one("PlanView > VerticalScroll").scroll_y == 2
        await viewer.press("escape", "down")
        assert viewer.app.screen.query_one(OptionList).highlighted == 1
        await viewer.press("escape")
    assert not viewer.app.is_running


async def test_code_for_developers_is_shown_for_the_phase_that_has_some() -> None:
    async with viewing(telling(RENAME)) as viewer:
        await viewer.press("s")
        assert isinstance(viewer.app.screen, PlansScreen)
        assert viewer.app.opened.blocked("snippets") == "no change of code is kept for this phase"
        await viewer.press("right", "right", "s")
        assert isinstance(viewer.app.screen, Reader)
        assert "status: Mapped[str]" in viewer.text()
        await viewer.press("escape")
        assert isinstance(viewer.app.screen, PlansScreen)


async def test_a_tall_window_shows_that_code_below_the_phase() -> None:
    async with viewing(telling(RENAME), (160, 45)) as viewer:
        assert viewer.text(".after") == ""
        await viewer.press("right", "right")
        assert "status: Mapped[str]" in viewer.text(".after")
        await viewer.pilot.resize_terminal(160, 30)
        await viewer.still()
        assert viewer.text(".after") == ""


async def test_what_blocks_stands_below_the_command() -> None:
    async with viewing(telling(STUCK)) as viewer:
        bottom = viewer.text(".todo *")
        assert "▸ then" in bottom
        assert "$ migwiz next drop-users-legacy" in bottom
        assert "✗ blocked  3 rows and perhaps more differ" in bottom


@pytest.mark.parametrize("marks", [PLAN_MARKS, PHASES, FILES, GATES, RUNS, WORKERS])
def test_each_state_has_a_sign_and_a_word_of_its_own(marks: dict[str, Mark]) -> None:
    for part in (0, 1):
        assert len({mark[part] for mark in marks.values()}) == len(marks)
        assert all(mark[part].strip() for mark in marks.values())


@pytest.mark.parametrize("key", ["y", "c"])
async def test_the_command_is_copied(key: str) -> None:
    async with viewing(telling(RENAME)) as viewer:
        await viewer.press(key)
        assert viewer.app.clipboard == "alembic upgrade 9d10"


def test_the_phase_to_look_at_is_the_first_that_is_not_applied() -> None:
    def at(*states: str) -> int:
        phases = tuple(replace(EXPAND, state=state) for state in states)
        return current_phase(replace(RENAME, phases=phases))

    assert at("applied", "written", "waiting") == 1
    assert at("applied", "applied") == 1
    assert at("unknown", "unknown", "waiting") == 1
    assert at("unknown", "unknown") == 1
    assert at("applied", "unknown", "waiting", "unknown") == 1
    assert at() == 0


async def test_a_plan_without_a_command_copies_nothing_and_says_so() -> None:
    async with viewing(telling(WAITING)) as viewer:
        await viewer.press("y")
        assert viewer.app.clipboard == ""
        assert [one.message for one in viewer.app._notifications] == [
            "there is no command to run for this plan now"
        ]


async def test_refreshing_keeps_the_cursor_and_the_phase_and_says_how_old_it_is() -> None:
    now = 0.0
    answers = [PLANS, (replace(RENAME, next="deploy"), WAITING)]

    async def read() -> tuple[PlanStanding, ...]:
        return answers.pop(0)

    async with viewing(lambda: PlansScreen(read, clock=lambda: now)) as viewer:
        assert "asked just now" in viewer.text("Head Static")
        await viewer.press("down", "left")
        now = 12.0
        viewer.app.opened.paint_head()
        await viewer.still()
        assert "asked 12 s ago" in viewer.text("Head Static")
        await viewer.press("r")
        assert "asked just now" in viewer.text("Head Static")
        assert viewer.app.screen.query_one(OptionList).highlighted == 0
        assert viewer.app.screen.query_one(PlanView).chosen == 0
        assert "▸ next     deploy" in viewer.text(".todo *")


async def test_a_slow_answer_blocks_nothing_and_is_asked_once() -> None:
    gate, asked = asyncio.Event(), []

    async def read() -> tuple[PlanStanding, ...]:
        asked.append(1)
        if len(asked) == 2:
            await gate.wait()
        return PLANS

    async with viewing(lambda: PlansScreen(read, clock=lambda: 0.0)) as viewer:
        await viewer.press("r")
        assert "asking …" in viewer.text("Head Static")
        await viewer.press("down", "r")
        assert len(asked) == 2
        assert RENAME.title in viewer.text(".about")
        gate.set()
        await viewer.still()
        assert "asked just now" in viewer.text("Head Static")
        assert RENAME.title in viewer.text(".about")


async def test_what_the_disk_tells_is_shown_before_the_database_answers() -> None:
    gate = asyncio.Event()

    async def glance() -> tuple[PlanStanding, ...]:
        return (replace(RENAME, phases=(replace(EXPAND, state="unknown"), *RENAME.phases[1:])),)

    async def read() -> tuple[PlanStanding, ...]:
        await gate.wait()
        return (RENAME,)

    async with viewing(lambda: PlansScreen(read, glance=glance, clock=lambda: 0.0)) as viewer:
        assert "asking …" in viewer.text("Head Static")
        assert "not known" in viewer.text(".before")
        gate.set()
        await viewer.still()
        assert "not known" not in viewer.text(".before")


async def test_the_phase_to_look_at_follows_the_answer_until_somebody_chooses() -> None:
    gate = asyncio.Event()
    first, second, *others = RENAME.phases
    guess = replace(RENAME, phases=tuple(replace(one, state="unknown") for one in (first, second)))
    known = replace(RENAME, phases=(replace(first, state="written"), second, *others))

    async def glance() -> tuple[PlanStanding, ...]:
        return (guess,)

    async def read() -> tuple[PlanStanding, ...]:
        await gate.wait()
        return (known,)

    async with viewing(lambda: PlansScreen(read, glance=glance, clock=lambda: 0.0)) as viewer:
        view = viewer.app.screen.query_one(PlanView)
        assert view.chosen == 1
        gate.set()
        await viewer.still()
        assert view.chosen == 0
        await viewer.press("right", "r")
        assert view.chosen == 1


async def test_leaving_while_it_is_asked_lets_go_of_the_source() -> None:
    closed = []

    async def read() -> tuple[PlanStanding, ...]:
        await asyncio.Event().wait()
        return ()

    make = lambda: PlansScreen(read, close=lambda: closed.append(1))  # noqa: E731
    async with viewing(make) as viewer:
        assert "Reading the plans …" in viewer.text()
        await viewer.press("escape")
    assert closed == [1]


async def test_an_error_is_said_and_what_was_known_stays() -> None:
    answers: list[tuple[PlanStanding, ...] | None] = [PLANS, None, PLANS]

    async def read() -> tuple[PlanStanding, ...]:
        found = answers.pop(0)
        if found is None:
            raise ReachError("no-answer", "the database does not answer", next_actions=("ask it",))
        return found

    async with viewing(lambda: PlansScreen(read, clock=lambda: 0.0)) as viewer:
        await viewer.press("r")
        assert "✗ stopped  the database does not answer" in viewer.text()
        assert STUCK.title in viewer.text(".about")
        await viewer.pilot.click("Notice Button")
        await viewer.still()
        assert "✗ stopped" not in viewer.text()


async def test_a_plan_file_that_does_not_read_is_said_beside_the_others() -> None:
    broken = AnswerError("plan-file-broken", "the plan file odd.toml does not read")

    async def read() -> tuple[PlanStanding, ...]:
        return (RENAME,)

    make = lambda: PlansScreen(read, problems=lambda: (broken,), clock=lambda: 0.0)  # noqa: E731
    async with viewing(make) as viewer:
        assert "✗ stopped  the plan file odd.toml does not read" in viewer.text()
        assert RENAME.title in viewer.text(".about")


async def test_which_database_was_asked_stands_in_the_head() -> None:
    async with viewing(telling(replace(RENAME, database="shop, PostgreSQL 16.4"))) as viewer:
        assert "shop, PostgreSQL 16.4" in viewer.text("Head Static")


async def test_the_cursor_begins_on_the_plan_that_was_named() -> None:
    async def read() -> tuple[PlanStanding, ...]:
        return PLANS

    async with viewing(lambda: PlansScreen(read, wanted="split")) as viewer:
        assert WAITING.title in viewer.text(".about")


async def test_offline_no_database_is_asked(sqlite_shop: Path) -> None:
    session = make_session(sqlite_shop)
    session.choose("add_index")
    session.answer("table", "orders")
    session.answer("columns", ("total",))
    session.write()
    session.disconnect()
    (sqlite_shop / "shop.db").unlink()
    reader = PlansReader(session.environment, Answers(), offline=True)
    (plan,) = await reader.read()
    reader.close()
    assert plan.phases[0].state == "unknown"
    assert not (sqlite_shop / "shop.db").exists()


async def test_without_plans_it_says_what_they_are_and_how_to_begin_one() -> None:
    async with viewing(telling()) as viewer:
        assert "No plan is kept in this project yet." in viewer.text()
        await viewer.press("right", "s", "y", "enter")
        assert isinstance(viewer.app.screen, PlansScreen)


async def test_two_hundred_plans_and_long_names_stay_in_their_places() -> None:
    long = replace(STUCK, title="Rename [red]" + "very_long_name_" * 20, slug="s" * 200)
    async with viewing(telling(long, *many(200)), (80, 24)) as viewer:
        assert len(viewer.listed()) == 201
        assert "[red]very_long_name_" in viewer.text(".about")
        view = viewer.app.screen.query_one(PlanView)
        assert max(one.region.right for one in view.query("*")) <= 80
        await viewer.press("end")
        assert "Change number" in viewer.text(".about")


@pytest.mark.parametrize("size", [(60, 16), (300, 90)])
async def test_it_stands_in_the_smallest_and_in_a_huge_window(size: tuple[int, int]) -> None:
    async with viewing(telling(*PLANS), size) as viewer:
        assert "blocked" in viewer.text(".todo *")
        for one in viewer.app.screen.query("PlanView, #plans-list, KeyBar"):
            assert one.region.right <= size[0]
            assert one.region.bottom <= size[1]


async def test_too_small_a_window_shows_a_message_and_gives_back_the_screen() -> None:
    async with viewing(telling(*PLANS)) as viewer:
        await viewer.pilot.resize_terminal(50, 12)
        await viewer.still()
        assert "migwiz needs 60 × 16" in viewer.text()
        await viewer.pilot.resize_terminal(100, 30)
        await viewer.still()
        assert STUCK.title in viewer.text(".about")


async def test_help_and_palette_come_from_the_same_list_as_the_footer() -> None:
    async with viewing(telling(RENAME)) as viewer:
        foot = viewer.text("Key")
        assert "r ask again" in foot
        palette = [one.title for one in viewer.app.get_system_commands(viewer.app.screen)]
        assert "Ask again" in palette
        assert "Your code" not in palette  # this phase has none
        await viewer.press("f1")
        assert "ask the database and the gates again" in viewer.text()


async def test_the_wizard_offers_the_plans_and_comes_back(sqlite_shop: Path) -> None:
    session = make_session(sqlite_shop)
    session.choose("rename_column")
    for key, value in (
        ("table", "customers"),
        ("column", "name"),
        ("to", "full_name"),
        ("how", "sync"),
    ):
        session.answer(key, value)
    session.put("rollout.deployment", "rolling")
    session.put("rollout.rows", 20_000_000)
    session.write()
    session.disconnect()
    async with driving(make_session(sqlite_shop)) as driver:
        assert "1 plan is under way: " in driver.text()
        assert "F7" in driver.text()
        await driver.press("f7")
        assert isinstance(driver.app.screen, PlansScreen)
        assert "EXPAND" in driver.text()
        shown = driver.text()
        assert "rename customers.name to full_name" in shown
        assert "written" in shown  # the database was asked: nothing is applied
        assert "SQLite" in shown
        assert "alembic upgrade" in shown
        await driver.press("escape")
        assert driver.app.screen is driver.app.wizard


async def test_without_plans_the_wizard_does_not_speak_of_them(sqlite_shop: Path) -> None:
    async with driving(make_session(sqlite_shop)) as driver:
        assert "under way" not in driver.text()
        await driver.press("f7")
        assert "No plan is kept in this project yet." in driver.text()


def test_the_wizard_loads_these_screens_only_when_they_are_opened() -> None:
    program = (
        "import sys, screens.app, screens.wizard\n"
        "late = {'screens.plans_screen', 'screens.backfill_screen', 'screens.alone'}\n"
        "sys.exit(str(late & set(sys.modules)) if late & set(sys.modules) else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
