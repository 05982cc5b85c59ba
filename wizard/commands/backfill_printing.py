"""A running backfill as lines of text: one that moves on a terminal, one in ten seconds else."""

from __future__ import annotations

import time
from typing import TextIO

from wizard.backfilling.desk import Standing
from wizard.backfilling.lease import moment
from wizard.backfilling.progress import Progress
from wizard.backfilling.tempo import told as tempo_told
from wizard.model.counted import rows as counted_rows

_PLAIN_S = 10.0


def line(progress: Progress) -> str:
    """Return how far a run is, in one line."""
    parts = [progress.title]
    if progress.total:
        share = min(100, 100 * progress.walked // progress.total)
        parts.append(f"{share} %, {progress.walked:,} of about {counted_rows(progress.total)}")
    else:
        parts.append(counted_rows(progress.walked))
    if progress.state == "running" and progress.rows_per_second >= 1:
        parts.append(f"{progress.rows_per_second:,.0f} rows/s")
    if progress.eta_s is not None and progress.eta_s >= 1:
        parts.append(f"about {span(progress.eta_s)} left")
    if progress.nice and progress.state == "running":
        parts.append(f"rests {progress.nice:g} times a batch")
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


def _moves(progress: Progress) -> str:
    """Return what is worth a line of its own when it changes."""
    return f"{progress.state} {progress.reason} {progress.target_ms} {progress.nice}"


def standing(one: Standing) -> str:
    """Return a run as it is remembered, in some lines."""
    kept = one.kept
    lines = [kept.run, f"  {kept.title}"]
    told = f"{kept.state}: {kept.reason}" if kept.reason else kept.state
    if one.silent:
        told = f"interrupted: no sign of life for {kept.age_s:.0f} s"
    lines.append(f"  state    {told}")
    total = f" of about {kept.total:,}" if kept.total else ""
    lines.append(f"  rows     {one.walked:,}{total} walked, {one.changed:,} changed")
    if kept.state != "done":
        lines.append(f"  pace     {tempo_told(one.tempo)}")
    if kept.holder:
        lines.append(f"  runner   {kept.holder}, since {moment(kept.held_at)}")
    if kept.ended_at is not None:
        lines.append(f"  ended    {moment(kept.ended_at)}")
    if kept.state != "done" and (one.silent or not one.active):
        lines.append(f"  go on    migwiz backfill run {kept.plan}")
    return "\n".join(lines) + "\n"


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
        now, change = time.monotonic(), _moves(progress)
        if change != self._last or now - self._printed_at >= _PLAIN_S:
            self._last, self._printed_at = change, now
            self._stream.write(f"{text}\n")
            self._stream.flush()

    def end(self, progress: Progress) -> None:
        """Print how a run has ended, on a line that stays."""
        start = "\r\x1b[K" if self._moving else ""
        self._stream.write(
            f"{start}{progress.title}: {progress.state}, {progress.reason}\n"
            f"  {counted_rows(progress.walked)} walked, {progress.changed:,} changed, "
            f"in {span(progress.elapsed_s)}; longest batch {progress.longest_batch_ms:,.0f} ms, "
            f"{progress.retries:,} tried again\n"
        )
