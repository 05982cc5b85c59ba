"""From a thread that works to a screen that shows: the newest word counts, and nobody waits."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Protocol

from wizard.backfilling.progress import Progress

Tell = Callable[[Progress], None]
#: Does the whole work, tells how far it is from whatever thread, and returns an exit code.
Start = Callable[[Tell], int]

_ENDS = ("done", "stopped", "failed")


class Control(Protocol):
    """What a run can be asked to do; safe from any thread. It does so at the border of a batch."""

    def pause(self) -> None:
        """Ask to wait."""

    def resume(self) -> None:
        """Ask to go on."""

    def stop(self) -> None:
        """Ask to end; the run can be taken up again."""

    def gentler(self) -> None:
        """Ask to take less of the database's time."""

    def faster(self) -> None:
        """Ask to take more of it."""


class Mailbox:
    """Holds the newest progress, and how each piece of work ended. Safe from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._newest: Progress | None = None
        self._ended: list[Progress] = []

    def tell(self, progress: Progress) -> None:
        """Leave word; never waits for who reads it."""
        with self._lock:
            self._newest = progress
            if progress.state in _ENDS:
                before = self._ended[-1] if self._ended else None
                again = before is not None and _same(before, progress)
                self._ended = [*(self._ended[:-1] if again else self._ended), progress]

    @property
    def newest(self) -> Progress | None:
        """The newest word, None before the first."""
        with self._lock:
            return self._newest

    @property
    def ended(self) -> tuple[Progress, ...]:
        """How each piece of work ended, in order."""
        with self._lock:
            return tuple(self._ended)


def _same(one: Progress, other: Progress) -> bool:
    return (one.title, one.table) == (other.title, other.table)


class Run:
    """The work in a thread of its own. It ends with the process: every batch is whole or undone."""

    def __init__(self, start: Start) -> None:
        self.mailbox = Mailbox()
        self.code: int | None = None
        self.error: BaseException | None = None
        self._start = start
        self._thread = threading.Thread(target=self._work, name="migwiz-backfill", daemon=True)

    def begin(self) -> None:
        """Begin."""
        self._thread.start()

    @property
    def over(self) -> bool:
        """Whether it has ended."""
        return self._thread.ident is not None and not self._thread.is_alive()

    def wait(self, seconds: float) -> None:
        """Wait for the end, so long at most."""
        self._thread.join(seconds)

    def _work(self) -> None:
        try:
            self.code = self._start(self.mailbox.tell)
        except BaseException as error:
            # Raised again by who opened the screen, once the terminal is as it was.
            self.error = error
