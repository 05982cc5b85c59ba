"""Screens that are opened by a command of their own, without the wizard around them."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, runtime_checkable

from textual import events
from textual.app import App, SystemCommand
from textual.binding import Binding
from textual.screen import Screen

from screens.commands import palette
from screens.modals import FLOOR, TooSmall

if TYPE_CHECKING:
    from screens.handing_over import Control, Start
    from wizard.session import Session


@runtime_checkable
class Stopping(Protocol):
    """A screen that stops something before it can be left."""

    def action_stop(self) -> None:
        """Begin to."""


class Alone(App[Any]):
    """An app of one screen. It ends when the screen is dismissed, with what it is dismissed with."""

    TITLE = "migwiz"
    COMMAND_PALETTE_DISPLAY = "^P"
    # Declared as instance variables by Textual, hence no ClassVar.
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-short"), (30, "-tall")]  # noqa: RUF012
    BINDINGS: ClassVar = [
        # With priority, so that they are heard above a help text too.
        Binding("ctrl+q,ctrl+c", "leave", "quit", id="leave", show=False, priority=True),
    ]

    def __init__(self, make: Callable[[], Screen[Any]]) -> None:
        super().__init__()
        self._make = make
        self._opened: Screen[Any] | None = None
        self._stop: Callable[[], None] | None = None

    def stop_with(self, stop: Callable[[], None]) -> None:
        """Call this when the process is asked to end, or its terminal goes away, in place of ending."""
        self._stop = stop

    @property
    def opened(self) -> Screen[Any]:
        """The screen, also while something lies above it."""
        assert self._opened is not None
        return self._opened

    def on_mount(self) -> None:
        """Open the screen."""
        if self._stop is not None:
            loop = asyncio.get_running_loop()
            for name in ("SIGINT", "SIGTERM", "SIGHUP"):
                # Not all are there on every system, and none in every thread.
                with suppress(AttributeError, NotImplementedError, ValueError, RuntimeError):
                    loop.add_signal_handler(getattr(signal, name), self._stop)
        self._opened = self._make()
        self.push_screen(self._opened, self.exit)
        self._fit(self.size.width, self.size.height)

    def on_resize(self, event: events.Resize) -> None:
        """Give way to a message while the window is too small."""
        self._fit(event.size.width, event.size.height)

    def _fit(self, width: int, height: int) -> None:
        small = width < FLOOR[0] or height < FLOOR[1]
        if small and not isinstance(self.screen, TooSmall):
            self.push_screen(TooSmall())
        elif not small and isinstance(self.screen, TooSmall):
            self.pop_screen()

    def action_leave(self) -> None:
        """Leave; from a screen that has to stop something first, by its own way."""
        opened: object = self._opened
        if isinstance(opened, Stopping):
            opened.action_stop()
        else:
            self.exit(None)

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Offer the screen's commands in the palette, and after them Textual's own."""
        yield from palette(self, screen)
        yield from super().get_system_commands(screen)

    def _fatal_error(self) -> None:
        # Textual's own report shows local variables, a URL with its password among them. `settled`
        # raises the error instead, and the command line reports it redacted.
        self._close_messages_no_wait()

    def settled(self) -> Any:
        """Run until the screen is dismissed and return what with; raises what went wrong in it."""
        outcome = self.run()
        if self._exception is not None:
            raise self._exception
        return outcome


def run_plans(session: Session, *, wanted: str = "", offline: bool = False) -> int:
    """Show the plans that are under way, on stderr, until the user leaves. Returns 0.

    The cursor begins on the plan whose slug has ``wanted`` in it; ``offline`` asks no database.
    """
    from screens.plans_reader import plans_screen

    where, answers = session.environment, session.answers
    Alone(lambda: plans_screen(where, answers, wanted=wanted, offline=offline)).settled()
    return 0


def run_backfill(start: Start, control: Control, *, database: str = "") -> int:
    """Run ``start`` in a thread of its own, show what it tells, and return its exit code.

    It is given a function to tell with, which may be called from any thread and never waits. A
    summary of each piece of work stays on stderr. Raises what ``start`` raises; returns 130 when
    the user left without waiting for the present batch, which the database then undoes.
    """
    import sys

    from screens.backfill_screen import BackfillScreen
    from screens.backfill_words import summary
    from screens.handing_over import Run

    run = Run(start)
    app = Alone(lambda: BackfillScreen(run, control, database=database))
    app.stop_with(control.stop)
    outcome = app.settled()
    for one in run.mailbox.ended:
        sys.stderr.write(summary(one))
    newest = run.mailbox.newest
    if not run.over and newest is not None:
        sys.stderr.write(summary(replace(newest, state="stopped")))
    if run.error is not None:
        raise run.error
    return 130 if outcome is None else int(outcome)
