"""The keys of a table, handed out to workers in ranges.

Nothing is guessed beforehand about where keys lie. All that nobody has taken is one range without
an end; a worker that has nothing to do cuts the next piece off its beginning: so many keys, counted
along the index. That fits any type of key, any gap, and rows that come while the walk goes on; it
keeps workers equally busy, and costs one look along the index for some ten seconds of work.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from wizard.backfilling.engines.base import Writer
from wizard.backfilling.lease import LeaseLost
from wizard.backfilling.positions import Key
from wizard.backfilling.state import Range, State

#: Looks up the key so many rows behind a position; None when there are fewer.
Probe = Callable[[Writer, Range, int], Key | None]
_WAIT_MS, _STATEMENT_MS = 5_000, 60_000


class Ranges:
    """Which worker walks what; safe from any thread. Alone, a worker takes all that is left.

    No number is given twice while a run lasts: a worker that does not know whether its range was
    finished may ask for it again, and must not come upon somebody else's.
    """

    def __init__(self, state: State, fence: int, *, alone: bool) -> None:
        self._state, self._fence, self._alone = state, fence, alone
        self._lock = threading.Lock()
        self._taken: set[int] = set()
        self._last = 0

    def take(self, writer: Writer, rows: int, probe: Probe) -> Range | None:
        """Return a range for a worker, of about so many rows; None when all are taken.

        Raises LeaseLost.
        """
        with self._lock:
            writer.begin(lock_ms=_WAIT_MS, statement_ms=_STATEMENT_MS)
            found = self._state.ranges(writer)
            free = [one for one in found if one.number not in self._taken]
            if not free:
                writer.commit()
                return None
            part = free[0]
            if part.upto is None and not self._alone:
                self._last = 1 + max(self._last, *(one.number for one in found))
                part = self._cut(writer, part, self._last, rows, probe)
            writer.commit()
            self._taken.add(part.number)
            return part

    def _cut(self, writer: Writer, rest: Range, number: int, rows: int, probe: Probe) -> Range:
        upto = probe(writer, rest, rows)
        if upto is None:
            return rest
        # What the open range has walked so far stays with it.
        part = Range(number=number, position=rest.position, upto=upto)
        if not self._state.cut(writer, self._fence, part, rest=rest):
            raise LeaseLost
        return part

    def again(self, writer: Writer, number: int) -> Range | None:
        """Return a taken range as the database has it, None when it is finished."""
        writer.begin(lock_ms=_WAIT_MS, statement_ms=_STATEMENT_MS)
        found = {one.number: one for one in self._state.ranges(writer)}
        writer.commit()
        return found.get(number)

    def finish(self, writer: Writer, part: Range) -> None:
        """Add a range to what is finished; raises LeaseLost."""
        writer.begin(lock_ms=_WAIT_MS, statement_ms=_STATEMENT_MS)
        if not self._state.finish(writer, self._fence, part):
            raise LeaseLost
        writer.commit()
        with self._lock:
            self._taken.discard(part.number)
