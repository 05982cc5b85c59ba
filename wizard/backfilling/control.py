"""What a run is asked to do while it runs, from a key press, a signal or another terminal."""

from __future__ import annotations

import threading
from typing import Literal

from wizard.backfilling.tempo import Asked, Tempo

Wish = Literal["run", "pause", "stop"]


class Control:
    """Asks a run to pause, to go on or to stop; safe from any thread and from signal handlers.

    A run does so at the border of its next batch. The wish is kept in the database, too, where the
    next wish from anywhere takes its place. ``asked`` is what was wanted of the pace while this
    process works, from here or elsewhere: it holds for its later runs, too.
    """

    def __init__(self) -> None:
        self._wish: Wish | None = None
        self._steps = 0
        self.asked = Asked()
        self._moved = threading.Event()
        self._lock = threading.Lock()

    def pause(self) -> None:
        """Ask to wait behind the present batch."""
        self._ask("pause")

    def resume(self) -> None:
        """Ask to go on."""
        self._ask("run")

    def stop(self) -> None:
        """Ask to end behind the present batch; the run can be taken up again."""
        self._ask("stop")

    def gentler(self) -> None:
        """Ask to rest twice as long after each batch."""
        self._step(1)

    def faster(self) -> None:
        """Ask to rest half as long after each batch."""
        self._step(-1)

    def _step(self, by: int) -> None:
        with self._lock:
            self._steps += by
        self._moved.set()

    def paced(self, tempo: Tempo) -> Tempo | None:
        """Return the pace after the steps that nobody has taken yet, and take them; None without."""
        with self._lock:
            steps, self._steps = self._steps, 0
        if not steps:
            return None
        for _ in range(abs(steps)):
            tempo = tempo.gentler() if steps > 0 else tempo.faster()
        return tempo

    def _ask(self, wish: Wish) -> None:
        self._wish = wish
        self._moved.set()

    def taken(self) -> Wish | None:
        """Return the wish that nobody has taken yet, and take it."""
        wish, self._wish = self._wish, None
        self._moved.clear()
        return wish

    def wait(self, seconds: float) -> None:
        """Wait for a wish or a nudge, so long at most."""
        self._moved.wait(seconds)

    def nudge(self) -> None:
        """End the wait: something has happened that is worth a look."""
        self._moved.set()
