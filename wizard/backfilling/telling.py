"""What a run tells while it runs: the workers' reports, put together."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import replace

from wizard.backfilling.progress import Progress, Reading, RunState, WorkerProgress
from wizard.backfilling.tempo import Tempo
from wizard.backfilling.work import Work

#: Rows a second are those of so many seconds.
_WINDOW_S = 10.0


class Board:
    """Where workers write how far they are and the run reads it; safe from any thread.

    ``tempo`` is what workers keep to from their next batch on.
    """

    def __init__(self, work: Work, *, walked: int, changed: int, tempo: Tempo) -> None:
        self.tempo = tempo
        self._lock = threading.Lock()
        self._work = work
        self._walked, self._changed = walked, changed
        self._began = time.monotonic()
        self._retries = 0
        self._longest = 0.0
        self._workers: dict[int, WorkerProgress] = {}
        self._past: deque[tuple[float, int]] = deque([(self._began, walked)])
        self.state: RunState = "running"
        self.reason = ""
        self.readings: tuple[Reading, ...] = ()

    def batch(self, worker: WorkerProgress, *, walked: int, changed: int) -> None:
        """Report a batch: the worker as it is now, and what it has just done."""
        with self._lock:
            self._workers[worker.number] = worker
            self._walked += walked
            self._changed += changed
            self._longest = max(self._longest, worker.batch_ms)

    def worker(self, worker: WorkerProgress) -> None:
        """Report a worker whose state has changed."""
        with self._lock:
            self._workers[worker.number] = worker

    def retry(self) -> None:
        """Report a batch that has to be tried again."""
        with self._lock:
            self._retries += 1

    def say(
        self, state: RunState, reason: str = "", readings: Sequence[Reading] | None = None
    ) -> None:
        """Report the state of the run."""
        with self._lock:
            self.state, self.reason = state, reason
            if readings is not None:
                self.readings = tuple(readings)

    def progress(self) -> Progress:
        """Return where the run is."""
        now = time.monotonic()
        with self._lock:
            self._past.append((now, self._walked))
            while len(self._past) > 2 and self._past[1][0] < now - _WINDOW_S:
                self._past.popleft()
            (then, before), total = self._past[0], self._work.total
            rate = (self._walked - before) / max(now - then, 1e-3)
            left = None if total is None else max(0, total - self._walked)
            going = self.state == "running" and rate > 0 and left is not None
            return Progress(
                title=self._work.title,
                table=str(self._work.step.table),
                state=self.state,
                reason=self.reason,
                walked=self._walked,
                changed=self._changed,
                total=total,
                target_ms=self.tempo.target_ms,
                nice=self.tempo.nice,
                rows_per_second=rate,
                elapsed_s=now - self._began,
                eta_s=(left or 0) / rate if going else None,
                longest_batch_ms=self._longest,
                retries=self._retries,
                workers=tuple(self._workers[one] for one in sorted(self._workers)),
                readings=self.readings,
            )


def idle(worker: WorkerProgress, waits: bool) -> WorkerProgress:
    """Return the worker as it waits, or walks again."""
    return replace(worker, state="waiting" if waits else "walking")
