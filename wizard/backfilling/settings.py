"""How a run works, what it looks at meanwhile, and what it makes of that."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from wizard.backfilling.pacing import LEAST_ROWS, MOST_ROWS, Pace
from wizard.backfilling.progress import Progress, Reading, RunState
from wizard.backfilling.tempo import Asked, Tempo

Tell = Callable[[Progress], None]
#: Reads the signs of how the database copes, given the numbers of the sessions that write; may take
#: its time, and may not raise.
Signals = Callable[[tuple[int, ...]], Sequence[Reading]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How a run works. ``target_ms`` and ``nice`` are its pace (`Tempo`), None for that of before.

    ``beat_s`` is how often the lease is renewed, ``dead_s`` after how long without that a runner
    counts as dead, ``signals_s`` how often the signs are read, ``patience_s`` how long the same
    batch is tried. ``first``, ``least`` and ``most`` are sizes of a batch in rows, ``batches`` how
    many of them one of several workers takes at a time.
    """

    workers: int = 1
    target_ms: float | None = None
    nice: float | None = None
    first: int = 0
    least: int = LEAST_ROWS
    most: int = MOST_ROWS
    batches: int = 50
    beat_s: float = 1.0
    dead_s: float = 10.0
    signals_s: float = 1.0
    patience_s: float = 600.0

    @property
    def asked(self) -> Asked:
        """What this run's caller wants of the pace."""
        return Asked(target_ms=self.target_ms, nice=self.nice)

    def pace(self, tempo: Tempo, batch: int) -> Pace:
        """Return the pace of a worker that begins; ``batch`` is the step's own first one in rows."""
        return Pace(
            target_ms=tempo.target_ms,
            size=self.first or batch,
            least=self.least,
            most=self.most,
        )


def no_signals(_sessions: tuple[int, ...]) -> Sequence[Reading]:
    """Read nothing: the run never waits."""
    return ()


def steered(wanted: str, exceeded: Sequence[Reading], cut_off: str | None) -> tuple[RunState, str]:
    """Return the state that a run should be in, and why; ``cut_off`` says what it cannot reach."""
    if wanted == "stop":
        return "stopped", "asked to stop"
    if wanted == "pause":
        return "paused", "asked to pause"
    if cut_off:
        return "throttled", cut_off
    if exceeded:
        told = "; ".join(
            f"{one.label} {one.value:g} {one.unit} (limit {one.limit:g})" for one in exceeded
        )
        return "throttled", told
    return "running", ""
