"""How many rows the next batch takes, so that batches take about the time that they should."""

from __future__ import annotations

from dataclasses import dataclass, replace

#: A batch starts with so many rows, and stays between these numbers of rows.
FIRST_ROWS, LEAST_ROWS, MOST_ROWS = 1_000, 100, 50_000
#: What a batch aims at, in parts of its target: rows differ, and a commit may have to wait.
_AIM = 0.8
_GROWTH = 1.2
#: From here on a batch was too long, and from there on it is stopped by the server.
_OVERSHOOT, _LIMIT = 1.5, 1.9
#: The smallest batch cannot be made any shorter by stopping it.
_LONGEST_MS = 30_000
_REMEMBERED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """The size of the next batch in rows, from what the last ones took.

    It grows by a fifth at most, goes by what a row cost in the last five batches, and is halved when
    one took too long, was stopped for its time, or waited for a lock in vain (safety.md §2.2). The
    target is shorter than safety.md's: of 200 ms, 50 ms and 20 ms, the second was the fastest on
    PostgreSQL 18, and the application's slowest queries beside it took a seventh of the time
    (`benchmarks/backfill.py`).
    """

    target_ms: float = 50.0
    size: int = FIRST_ROWS
    least: int = LEAST_ROWS
    most: int = MOST_ROWS
    costs: tuple[float, ...] = ()

    @property
    def limit_ms(self) -> int:
        """How long the server lets the next batch's statement run, in milliseconds."""
        return _LONGEST_MS if self.size <= self.least else round(_LIMIT * self.target_ms)

    @property
    def lock_ms(self) -> int:
        """How long the next batch waits for somebody else's lock, in milliseconds."""
        return max(1, round(self.target_ms))

    def aiming(self, target_ms: float) -> Pace:
        """Return the pace for another target: with fewer rows where it is shorter."""
        if target_ms == self.target_ms:
            return self
        shorter = min(1.0, target_ms / self.target_ms)
        return replace(self, target_ms=target_ms, size=self._bounded(self.size * shorter))

    def done(self, rows: int, milliseconds: float) -> Pace:
        """Return the pace after a batch that walked some rows in some time."""
        if milliseconds > _OVERSHOOT * self.target_ms:
            return replace(self.cut_short(), costs=self._remembered(rows, milliseconds))
        if rows * 2 < self.size:
            # The end of a range: too few rows to tell what one of them costs.
            return self
        costs = self._remembered(rows, milliseconds)
        fitting = _AIM * self.target_ms / max(sum(costs) / len(costs), 1e-6)
        wanted = min(self.size * _GROWTH, fitting)
        return replace(self, size=self._bounded(wanted), costs=costs)

    def cut_short(self) -> Pace:
        """Return the pace after a batch that was stopped for its time, or for a lock."""
        return replace(self, size=self._bounded(self.size / 2))

    def _remembered(self, rows: int, milliseconds: float) -> tuple[float, ...]:
        return (*self.costs, milliseconds / max(1, rows))[-_REMEMBERED:]

    def _bounded(self, rows: float) -> int:
        return max(min(self.least, self.most), min(self.most, int(rows)))
