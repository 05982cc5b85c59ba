"""Pictures of the plans under way and of a running backfill; see test_snapshots.py."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sample_progress import RUNNING
from sample_standings import PLANS
from textual.pilot import Pilot
from textual.screen import Screen

from screens.alone import Alone
from screens.backfill_screen import BackfillScreen
from screens.handing_over import Run
from screens.plans_screen import PlansScreen
from wizard.standing import PlanStanding

SIZES = {"wide": (160, 45), "narrow": (80, 24)}


class Deaf:
    """A control that nobody speaks to."""

    def pause(self) -> None:
        raise AssertionError

    resume = stop = gentler = faster = pause


def plans() -> Screen[Any]:
    async def read() -> tuple[PlanStanding, ...]:
        return PLANS

    return PlansScreen(read, where=("shop",), clock=lambda: 0.0)


class Still(Run):
    """A run that is never begun, so that the picture stands still."""

    def __init__(self) -> None:
        super().__init__(lambda _: 0)

    def begin(self) -> None:
        pass


def backfill() -> Screen[Any]:
    return BackfillScreen(Still(), Deaf(), database="shop @ PostgreSQL 16.4")


SHOTS: dict[str, Callable[[], Screen[Any]]] = {"plans": plans, "backfill": backfill}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", SHOTS)
def test_picture(snap_compare: Any, name: str, size: str) -> None:
    app = Alone(SHOTS[name])
    app.animation_level = "none"

    async def run_before(pilot: Pilot[object]) -> None:
        for _ in range(3):
            await app.workers.wait_for_complete()
            await pilot.pause()
        if isinstance(app.opened, BackfillScreen):
            for second in range(582, 782, 5):
                rate = 40_000 + 18_212 * (second % 7) / 6
                app.opened.mailbox.tell(replace(RUNNING, elapsed_s=second, rows_per_second=rate))
                app.opened.fetch()
            app.opened.mailbox.tell(RUNNING)
            app.opened.fetch()
        else:
            await pilot.press("down")
        await pilot.pause()

    assert snap_compare(app, terminal_size=SIZES[size], run_before=run_before)
