"""What a running backfill tells about itself: data for the screen, the terminal and JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

RunState = Literal["running", "throttled", "paused", "stopped", "failed", "done"]
WorkerState = Literal["walking", "waiting", "failed", "done"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One sign of how the database copes: ``value`` in ``unit``, and the ``limit`` above which to wait.

    ``value`` is None where the sign cannot be read, and ``why`` then says why not.
    """

    name: str
    label: str
    unit: str
    value: float | None
    limit: float
    why: str = ""

    @property
    def exceeded(self) -> bool:
        """Whether the backfill should wait."""
        return self.value is not None and self.value > self.limit


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerProgress:
    """One worker on one range of keys; ``position`` is the last key walked, as text.

    ``batch_rows`` is the size of its next batch, ``batch_ms`` how long the last one took.
    """

    number: int
    state: WorkerState
    position: str = ""
    walked: int = 0
    changed: int = 0
    batch_rows: int = 0
    batch_ms: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Where a run is. Rows are those of all workers, of earlier runs too; ``total`` is an estimate.

    ``target_ms`` and ``nice`` are its pace, see `Tempo`; a target of 0 says that it is not known yet.
    ``reason`` says why it is throttled, paused or failed. ``rows_per_second`` is of the last ten
    seconds, ``eta_s`` None where it cannot be said, ``longest_batch_ms`` and ``retries`` are of
    this run.
    """

    title: str
    table: str
    state: RunState
    reason: str = ""
    walked: int = 0
    changed: int = 0
    total: int | None = None
    target_ms: float = 0.0
    nice: float = 0.0
    rows_per_second: float = 0.0
    elapsed_s: float = 0.0
    eta_s: float | None = None
    longest_batch_ms: float = 0.0
    retries: int = 0
    workers: tuple[WorkerProgress, ...] = ()
    readings: tuple[Reading, ...] = ()
