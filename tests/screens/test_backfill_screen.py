"""A running backfill: what is shown of it, its keys, its end, and the thread it runs in."""

from __future__ import annotations

import signal
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from sample_progress import DONE, FAILED, PAUSED, RUNNING, STOPPED, THROTTLED
from screen_kit import Viewer, viewing
from textual.content import Content

from screens.alone import Alone, run_backfill
from screens.backfill_screen import BackfillScreen
from screens.backfill_words import bar_text, span, spark_text, summary
from screens.handing_over import Mailbox, Run, Tell
from screens.modals import Reader, TooSmall
from wizard.backfilling.progress import Progress
from wizard.model.errors import ConflictError

PATIENCE_S = 20.0


class Switch:
    """A control that notes what it was asked, and lets the work end when it is stopped."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.stopped = threading.Event()

    def pause(self) -> None:
        self.asked.append("pause")

    def resume(self) -> None:
        self.asked.append("resume")

    def stop(self) -> None:
        self.asked.append("stop")
        self.stopped.set()

    def gentler(self) -> None:
        self.asked.append("gentler")

    def faster(self) -> None:
        self.asked.append("faster")


@asynccontextmanager
async def showing(
    *told: Progress, control: Switch | None = None, size: tuple[int, int] = (120, 40)
) -> AsyncIterator[tuple[Viewer, Run]]:
    """Show a run that tells these, one after the other, and then works until it is stopped."""
    control = control or Switch()

    def work(tell: Tell) -> int:
        for one in told:
            tell(one)
        assert control.stopped.wait(PATIENCE_S)
        tell(STOPPED)
        return 130

    run = Run(work)
    make = lambda: BackfillScreen(run, control, database="shop @ PostgreSQL 16")  # noqa: E731
    try:
        async with viewing(make, size) as viewer:
            while run.mailbox.newest is not told[-1]:
                await viewer.pilot.pause()
            fetch(viewer)
            await viewer.still()
            yield viewer, run
    finally:
        control.stopped.set()
        run.wait(PATIENCE_S)


def fetch(viewer: Viewer) -> None:
    """Fetch the newest word now, not with the clock's next tick."""
    opened = viewer.app.opened
    assert isinstance(opened, BackfillScreen)
    opened.fetch()


async def until_it_is_over(viewer: Viewer, run: Run) -> None:
    run.wait(PATIENCE_S)
    assert run.over
    fetch(viewer)
    await viewer.pilot.pause()


# --- what is shown ---------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(160, 45), (80, 24)])
async def test_all_that_is_told_is_in_sight(size: tuple[int, int]) -> None:
    async with showing(RUNNING, size=size) as (viewer, _):
        shown = viewer.text()
        for words in (
            "shop @ PostgreSQL 16",
            "fill status of orders  public.orders",
            "▸ running",
            "38.4 %",
            "45,302,118 of ≈ 118 M rows, 44,871,002 changed",
            "58,212 rows/s",
            "13 min 02 s so far, ≈ 20 min 49 s left",
            "11,800 to 12,400 rows, the last in 203 ms, the longest in 412 ms",
            "200 ms a batch, does not rest; 3 tried again",
            "1  ▸ walking",
            "2  ! waiting",
            "at 82151118",
            "✓ ok        lag of the slowest replica",
            "waits above 5",
            "? not read  WAL files that wait to be archived",
            "Safe to stop: it goes on from here.",
        ):
            assert words in shown
        flat = " ".join(shown.split())
        assert "the role may not read pg_stat_archiver" in flat
        scroll = viewer.app.screen.query_one("#backfill")
        assert scroll.max_scroll_y == 0


async def test_what_it_waits_for_is_said_at_the_top_and_at_its_sign() -> None:
    async with showing(THROTTLED) as (viewer, _):
        shown = viewer.text()
        assert "! waiting  replica lag is 7.2 s, more than 5 s" in shown
        assert "! waits     lag of the slowest replica" in shown
        assert "how much longer is not known now" in shown


async def test_a_table_of_unknown_size_has_no_bar_that_lies() -> None:
    async with showing(replace(RUNNING, total=None, eta_s=None)) as (viewer, _):
        assert "how many rows there are is not known" in viewer.text("#bar")
        assert "%" not in viewer.text()


async def test_markup_in_names_and_reasons_is_text() -> None:
    odd = replace(THROTTLED, title="fill [red]x[/]", reason="key [bold]'a[b]'[/] is held")
    async with showing(odd) as (viewer, _):
        assert "fill [red]x[/]" in viewer.text("#what")
        assert "[bold]'a[b]'[/]" in viewer.text("#state")


async def test_rates_are_kept_once_in_five_seconds_and_anew_for_other_work() -> None:
    async with showing(RUNNING) as (viewer, run):
        for second, rate in ((784, 9), (787, 29_106), (789, 1), (792, 58_212)):
            run.mailbox.tell(replace(RUNNING, elapsed_s=second, rows_per_second=rate))
            fetch(viewer)
        await viewer.still()
        assert "█▄█" in viewer.text("#figures")
        run.mailbox.tell(replace(RUNNING, title="fill another", elapsed_s=1))
        fetch(viewer)
        await viewer.still()
        assert "█▄█" not in viewer.text("#figures")


async def test_resizing_and_too_small_a_window_lose_nothing() -> None:
    async with showing(RUNNING) as (viewer, _):
        await viewer.pilot.resize_terminal(40, 10)
        await viewer.still()
        assert isinstance(viewer.app.screen, TooSmall)
        await viewer.pilot.resize_terminal(60, 16)
        await viewer.still()
        assert "38.4 %" in viewer.text()
        bar = viewer.app.screen.query_one("#bar")
        assert bar.region.height == 1


# --- keys ------------------------------------------------------------------------------------


async def test_p_pauses_and_goes_on() -> None:
    control = Switch()
    async with showing(RUNNING, control=control) as (viewer, run):
        await viewer.press("p")
        assert "Pausing behind this batch" in viewer.text("#safe")
        run.mailbox.tell(PAUSED)
        fetch(viewer)
        await viewer.still()
        assert "‖ paused" in viewer.text("#state")
        assert "Paused; p goes on." in viewer.text("#safe")
        await viewer.press("p")
        assert control.asked == ["pause", "resume"]


async def test_minus_and_plus_change_the_rest_and_say_so() -> None:
    control = Switch()
    async with showing(RUNNING, control=control) as (viewer, run):
        assert "- gentler" in viewer.text("Key")
        await viewer.press("plus")
        assert "faster than that it cannot go" in viewer.text("#safe")
        await viewer.press("minus")
        assert "it rests twice as long" in viewer.text("#safe")
        run.mailbox.tell(replace(RUNNING, nice=0.5))
        fetch(viewer)
        await viewer.still()
        assert "200 ms a batch, rests 0.5 times as long after each" in viewer.text("#figures")
        await viewer.press("plus")
        assert "it rests half as long" in viewer.text("#safe")
        await viewer.press("q", "minus")
    assert control.asked == ["faster", "gentler", "faster", "stop"]


@pytest.mark.parametrize("key", ["q", "ctrl+c", "ctrl+q"])
async def test_stopping_waits_for_the_border_and_asks_nothing(key: str) -> None:
    control = Switch()
    async with showing(RUNNING, control=control) as (viewer, run):
        await viewer.press(key)
        assert control.asked == ["stop"]
        await until_it_is_over(viewer, run)
    assert viewer.app.return_value == 130
    assert run.mailbox.ended == (STOPPED,)


async def test_asked_twice_it_leaves_without_waiting() -> None:
    control = Switch()
    hung = threading.Event()

    def work(tell: Tell) -> int:
        tell(RUNNING)
        hung.wait(PATIENCE_S)
        return 0

    run = Run(work)
    async with viewing(lambda: BackfillScreen(run, control)) as viewer:
        await viewer.press("q")
        assert "q again leaves at once" in viewer.text("#safe")
        await viewer.press("p")
        assert control.asked == ["stop"]
        await viewer.press("q")
    assert viewer.app.return_value == 130
    assert not run.over
    hung.set()
    run.wait(PATIENCE_S)


async def test_the_end_comes_through_an_open_help_text() -> None:
    control = Switch()
    async with showing(RUNNING, control=control) as (viewer, run):
        await viewer.press("f1")
        assert isinstance(viewer.app.screen, Reader)
        assert "Pause at the next border" in viewer.text()
        await viewer.press("ctrl+c")
        assert control.asked == ["stop"]
        await until_it_is_over(viewer, run)
    assert viewer.app.return_value == 130


# --- the thread, and the end -----------------------------------------------------------------


def test_the_newest_word_counts_whoever_tells_it() -> None:
    box = Mailbox()

    def tell(number: int) -> None:
        for walked in range(500):
            box.tell(replace(RUNNING, walked=number * 1000 + walked))

    threads = [threading.Thread(target=tell, args=(number,)) for number in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert box.newest is not None
    assert box.newest.walked % 1000 == 499
    assert box.ended == ()
    box.tell(DONE)
    box.tell(DONE)
    box.tell(replace(STOPPED, title="another"))
    assert [one.state for one in box.ended] == ["done", "stopped"]


def headless(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(self: Alone) -> object:
        return super(Alone, self).run(headless=True, size=(80, 24))

    monkeypatch.setattr(Alone, "run", run, raising=False)


def test_a_run_ends_with_its_code_and_leaves_a_summary(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    headless(monkeypatch)

    def work(tell: Callable[[Progress], None]) -> int:
        tell(RUNNING)
        tell(DONE)
        tell(replace(DONE, title="fill channel of orders"))
        return 0

    assert run_backfill(work, Switch()) == 0
    told = capsys.readouterr().err
    assert "✓ done: fill status of orders (public.orders)" in told
    assert "✓ done: fill channel of orders (public.orders)" in told
    assert "walked   118,204,331 rows, changed 117,900,000" in told
    assert "go on" not in told


def test_what_goes_wrong_in_the_thread_is_raised_after_the_summary(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    headless(monkeypatch)

    def work(tell: Callable[[Progress], None]) -> int:
        tell(FAILED)
        raise ConflictError("backfill-failed", "not finished")

    with pytest.raises(ConflictError, match="not finished"):
        run_backfill(work, Switch())
    told = capsys.readouterr().err
    assert "✗ failed: fill status of orders" in told
    assert "why      the server was shut down" in told
    assert "go on    run the same command again" in told


@pytest.mark.skipif(not hasattr(signal, "SIGTERM"), reason="this system has no such signal")
def test_a_request_to_terminate_stops_at_the_border(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    headless(monkeypatch)
    control = Switch()

    def work(tell: Callable[[Progress], None]) -> int:
        tell(RUNNING)
        signal.raise_signal(signal.SIGTERM)
        assert control.stopped.wait(PATIENCE_S)
        tell(STOPPED)
        return 130

    assert run_backfill(work, control) == 130
    assert control.asked == ["stop"]
    assert "■ stopped: fill status of orders" in capsys.readouterr().err


# --- words -----------------------------------------------------------------------------------


def test_a_share_is_never_told_as_whole_before_the_end() -> None:
    over = replace(RUNNING, walked=200_000_000)
    assert "99.9 %" in bar_text(over, width=80).plain
    assert "100.0 %" in bar_text(DONE, width=80).plain
    for width in (30, 80, 137):
        for walked in range(0, 118_000_001, 7_375_000):
            drawn: Content = bar_text(replace(RUNNING, walked=walked), width=width)
            assert drawn.cell_length == width


def test_small_columns_are_scaled_to_the_highest() -> None:
    assert spark_text([], width=9) == ""
    assert spark_text([0, 0], width=9) == "▁▁"
    assert spark_text([1, 2, 4, 8], width=3) == "▂▄█"


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (None, "not known yet"),
        (0.4, "0 s"),
        (59.9, "59 s"),
        (782, "13 min 02 s"),
        (4 * 3600 + 610, "4 h 10 min"),
        (3 * 86400 + 7200, "3 days 2 h"),
    ],
)
def test_lengths_of_time(seconds: float | None, told: str) -> None:
    assert span(seconds) == told


def test_a_run_that_ended_at_once_has_no_rate() -> None:
    assert "rows/s" not in summary(replace(DONE, elapsed_s=0.2))
    assert "58,200 rows/s" in summary(replace(DONE, walked=118_204_200))
