"""A running backfill as lines of text: one line that moves on a terminal, one in ten seconds else."""

from __future__ import annotations

import time
from typing import TextIO

from wizard.backfilling.progress import Progress

_PLAIN_S = 10.0


def line(progress: Progress) -> str:
    """Return how far a run is, in one line."""
    parts = [progress.title]
    if progress.total:
        share = min(100, 100 * progress.walked // progress.total)
        parts.append(f"{share} %, {progress.walked:,} of about {progress.total:,} rows")
    else:
        parts.append(f"{progress.walked:,} rows")
    if progress.state == "running" and progress.rows_per_second >= 1:
        parts.append(f"{progress.rows_per_second:,.0f} rows/s")
    if progress.eta_s is not None and progress.eta_s >= 1:
        parts.append(f"about {span(progress.eta_s)} left")
    if progress.state != "running":
        parts.append(progress.state)
    if progress.reason:
        parts.append(progress.reason)
    return " · ".join(parts)


def span(seconds: float) -> str:
    """Return a length of time in the units that people use."""
    whole = round(seconds)
    if whole < 120:
        return f"{whole} s"
    if whole < 7_200:
        return f"{round(whole / 60)} min"
    return f"{whole / 3_600:.1f} h"


class Printer:
    """Prints what a run tells to a stream."""

    def __init__(self, stream: TextIO, *, width: int) -> None:
        self._stream, self._width = stream, width
        self._moving = stream.isatty()
        self._printed_at = 0.0
        self._last = ""

    def tell(self, progress: Progress) -> None:
        """Print a progress, if it is time to."""
        text = line(progress)
        if self._moving:
            self._stream.write(f"\r\x1b[K{text[: self._width - 1]}")
            self._stream.flush()
            return
        now, change = time.monotonic(), f"{progress.state} {progress.reason}"
        if change != self._last or now - self._printed_at >= _PLAIN_S:
            self._last, self._printed_at = change, now
            self._stream.write(f"{text}\n")
            self._stream.flush()

    def end(self, progress: Progress) -> None:
        """Print how a run has ended, on a line that stays."""
        start = "\r\x1b[K" if self._moving else ""
        self._stream.write(
            f"{start}{progress.title}: {progress.state}, {progress.reason}\n"
            f"  {progress.walked:,} rows walked, {progress.changed:,} changed, "
            f"in {span(progress.elapsed_s)}; longest batch {progress.longest_batch_ms:,.0f} ms, "
            f"{progress.retries:,} tried again\n"
        )
