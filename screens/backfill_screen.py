"""A running backfill: how far it is, how fast, what it waits for; and keys to pause and to stop it."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from screens.backfill_words import (
    SAFE,
    SAMPLE_S,
    bar_text,
    figures_text,
    readings_text,
    spark_text,
    state_text,
    workers_text,
)
from screens.commands import Command, bindings, foot
from screens.handing_over import Control, Mailbox, Run
from screens.modals import Reader, keys_text
from screens.standing_commands import BACKFILL
from screens.widgets.bars import Head, Key, KeyBar
from screens.words import MUTED, lines
from wizard.backfilling.progress import Progress

#: How often the newest word is fetched.
FETCH_S = 0.25
#: As many rates as five minutes have.
SAMPLES = 60

HELP = (
    "Rows are walked in the order of their key, or of where they lie, one batch after the other, "
    "each in a transaction of its own. How many rows a batch has follows from how long the last "
    "ones took.",
    "",
    "walked   rows that were looked at, of earlier runs too",
    "changed  those of them that had to be changed",
    "rate     rows walked in a second, of the last ten; the small columns are the last minutes",
    "pace     how long a batch should take, and how long the run rests after each",
    "",
    "- gentler doubles the rest, from a quarter of the batch's time on; + faster halves it, down to "
    "none. Batches stay as long as they are. From another terminal: migwiz backfill pace, which "
    "can also let batches take less or more time.",
    "",
    "! waiting  the database has other things to do, or somebody holds a row: it goes on by itself",
    "",
    SAFE,
)


class BackfillScreen(Screen[int]):
    """Shows what a run tells, and passes wishes on. The app ends with it, with its exit code."""

    CSS_PATH = "backfill.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(BACKFILL)]
    AUTO_FOCUS = "VerticalScroll"

    def __init__(self, run: Run, control: Control, *, database: str = "") -> None:
        super().__init__()
        self._run, self._control, self._database = run, control, database
        self._asked = ""
        self._rates: deque[float] = deque(maxlen=SAMPLES)
        self._sampled_at: float | None = None
        self._title = ""

    @property
    def commands(self) -> Sequence[Command]:
        """What can be done with this run."""
        return BACKFILL

    @property
    def mailbox(self) -> Mailbox:
        """Where the run leaves word."""
        return self._run.mailbox

    def compose(self) -> ComposeResult:
        """Lay out the parts from top to bottom."""
        yield Head()
        with VerticalScroll(id="backfill"):
            yield Static(id="what", markup=False)
            yield Static(id="state", markup=False)
            yield Static(id="bar", markup=False)
            yield Static(id="figures", markup=False)
            yield Static(id="workers", markup=False)
            yield Static(id="readings", markup=False)
        yield Static(id="safe", markup=False)
        yield KeyBar()

    def on_mount(self) -> None:
        """Show the frame, then begin."""
        self.paint()
        self.set_interval(FETCH_S, self.fetch)
        self.call_after_refresh(self._run.begin)

    # --- painting ----------------------------------------------------------------------------

    def fetch(self) -> None:
        """Show the newest word, and leave when the run has ended."""
        over = self._run.over
        progress = self.mailbox.newest
        if progress is not None:
            self._sample(progress)
        self.paint()
        if over:
            # Also from below a help text, or in a window that became too small to show anything.
            self.app.exit(self._run.code if self._run.code is not None else 1)

    def _sample(self, progress: Progress) -> None:
        if progress.title != self._title:
            self._title, self._sampled_at = progress.title, None
            self._rates.clear()
        at = self._sampled_at
        if at is None or progress.elapsed_s - at >= SAMPLE_S:
            self._sampled_at = progress.elapsed_s
            self._rates.append(progress.rows_per_second)

    def paint(self) -> None:
        """Paint what is known."""
        progress = self.mailbox.newest
        where = [self._database] if self._database else []
        self.query_one(Head).show(["backfill", *where], "")
        self.query_one(KeyBar).show(foot(self))
        asked = "Paused; p goes on." if self._paused and not self._stopping else self._asked
        note = f"{asked} {SAFE}".lstrip()
        self.query_one("#safe", Static).update(Content.styled(note, MUTED))
        if progress is None:
            self.query_one("#what", Static).update("Looking at the table …")
            return
        width = max(30, self.query_one("#backfill").content_size.width)
        spark = spark_text(self._rates, width=max(8, min(SAMPLES, width // 3)))
        self._put(
            "what", Content.assemble((progress.title, "bold"), (f"  {progress.table}", MUTED))
        )
        self._put("state", state_text(progress))
        self._put("bar", bar_text(progress, width=min(width, 110)))
        self._put("figures", figures_text(progress, spark, width=width))
        self._put("workers", workers_text(progress, width=width), shown=bool(progress.workers))
        self._put("readings", readings_text(progress, width=width), shown=bool(progress.readings))

    def _put(self, name: str, text: Content, *, shown: bool = True) -> None:
        target = self.query_one(f"#{name}", Static)
        target.display = shown
        target.update(text)

    def on_resize(self) -> None:
        """Paint for the new width."""
        self.call_after_refresh(self.paint)

    # --- keys --------------------------------------------------------------------------------

    def blocked(self, command: str) -> str | None:
        """Say why a command cannot be done now, None when it can."""
        if self._stopping and command in ("pause", "gentler", "faster"):
            return "it is stopping"
        return None

    @property
    def _stopping(self) -> bool:
        return self._asked.startswith("Stopping")

    @property
    def _paused(self) -> bool:
        progress = self.mailbox.newest
        return progress is not None and progress.state == "paused"

    def action_pause(self) -> None:
        """Pause, or go on."""
        if self.blocked("pause") is not None:
            return
        if self._paused or self._asked.startswith("Pausing"):
            self._control.resume()
            self._say("")
        else:
            self._control.pause()
            self._say("Pausing behind this batch; p goes on.")

    def action_gentler(self) -> None:
        """Take less of the database's time."""
        if self.blocked("gentler") is None:
            self._control.gentler()
            self._say("Gentler: it rests twice as long from the next batch on.")

    def action_faster(self) -> None:
        """Take more of the database's time."""
        if self.blocked("faster") is not None:
            return
        self._control.faster()
        progress = self.mailbox.newest
        rests = progress is not None and progress.nice > 0
        self._say(
            "Faster: it rests half as long from the next batch on."
            if rests
            else "It does not rest: faster than that it cannot go."
        )

    def action_stop(self) -> None:
        """Stop at the next border; asked once more, leave at once, which loses nothing either."""
        if self._stopping:
            self.app.exit(130)
            return
        self._control.stop()
        self._say("Stopping behind this batch; q again leaves at once.")

    def _say(self, text: str) -> None:
        self._asked = text
        self.paint()

    def action_help(self) -> None:
        """Say what the words mean."""
        self.app.push_screen(
            Reader("A running backfill", lines([*HELP, "", keys_text(self.commands)]))
        )

    @on(Key.Clicked)
    async def _key_clicked(self, event: Key.Clicked) -> None:
        action = event.command.action
        await self.run_action(action if "." in action else f"screen.{action}")
