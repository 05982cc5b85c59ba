"""One worker: takes ranges and walks them batch by batch, and tries again what can be mended."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from wizard.backfilling import positions
from wizard.backfilling.engines.base import Engine, Trouble, Writer
from wizard.backfilling.lease import LeaseLost
from wizard.backfilling.pacing import Pace
from wizard.backfilling.positions import Key
from wizard.backfilling.progress import WorkerProgress
from wizard.backfilling.ranges import Ranges
from wizard.backfilling.state import Range, State
from wizard.backfilling.statements import Statements
from wizard.backfilling.telling import Board, idle

T = TypeVar("T")

_FIRST_WAIT_S, _LONGEST_WAIT_S = 0.05, 5.0
# Where one connection writes at a time, others find their turn in such a pause.
_TURN_S = 0.01
# How often a long rest looks whether it should go on.
_LOOK_S = 0.25


class Stopped(Exception):
    """The run has been asked to stop, or something else has ended it."""


class GaveUp(Exception):
    """What has been tried for so long that it is not tried any more; the text says where."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Common:
    """What the workers of a run share."""

    engine: Engine
    open: Callable[[], Writer]
    state: State
    statements: Statements
    ranges: Ranges
    board: Board
    fence: int
    patience_s: float
    #: A range for one of several workers is so many batches long.
    batches: int
    explain: Callable[[Exception], str]
    #: Not set while the run pauses; set when it is over, as is the second then.
    may_go: threading.Event
    ended: threading.Event
    #: Held while writing, where one connection at a time can.
    turn: threading.RLock | None


class Worker:
    """Walks with a connection of its own."""

    def __init__(self, number: int, common: Common, pace: Pace) -> None:
        self._common = common
        self._pace = pace
        self._writer: Writer | None = None
        self._part: Range | None = None
        self._lost = False
        self._reads_past = True
        self._told = WorkerProgress(number=number, state="walking", batch_rows=pace.size)

    def walk(self) -> None:
        """Walk until no range is left; raises Stopped, LeaseLost or GaveUp."""
        try:
            while self._step():
                pass
            self._report(replace(self._told, state="done"))
        except (LeaseLost, GaveUp):
            self._report(replace(self._told, state="failed"))
            raise
        finally:
            if self._writer is not None:
                self._writer.close()

    def _step(self) -> bool:
        """Do the next batch, or take the next range; False when there is none."""
        self._border()
        if self._part is None:
            rows = self._pace.size * self._common.batches
            self._part = self._trying(
                lambda writer: self._common.ranges.take(writer, rows, self._probe)
            )
            return self._part is not None
        began = time.monotonic()
        finished = self._trying(self._batch)
        if finished:
            part = self._part
            if part is not None:
                self._trying(lambda writer: self._common.ranges.finish(writer, part))
            self._part = None
        else:
            self._rest_after(time.monotonic() - began)
        return True

    def _rest_after(self, took_s: float) -> None:
        """Rest for as long as is wanted, also when that changes meanwhile."""
        common, began = self._common, time.monotonic()
        left = max(took_s * common.board.tempo.nice, _TURN_S if common.turn else 0.0)
        while left > 0 and not common.ended.wait(min(left, _LOOK_S)):
            left = took_s * common.board.tempo.nice - (time.monotonic() - began)

    def _border(self) -> None:
        """Wait at the border of a batch while the run pauses; raises Stopped."""
        common = self._common
        if not common.may_go.is_set():
            self._report(idle(self._told, True))
            common.may_go.wait()
            self._report(idle(self._told, False))
        if common.ended.is_set():
            raise Stopped
        self._pace = self._pace.aiming(common.board.tempo.target_ms)

    # --- one batch ---------------------------------------------------------------------------

    def _batch(self, writer: Writer) -> bool:
        """Walk one batch; True when the range is finished."""
        part, common = self._part, self._common
        if part is not None and self._lost:
            # Nobody knows whether the last commit came through; the database does.
            self._part = part = common.ranges.again(writer, part.number)
            self._lost = False
        if part is None:
            return True
        began = time.monotonic()
        upto = self._ago(writer, part)
        writer.begin(lock_ms=self._pace.lock_ms, statement_ms=self._pace.limit_ms)
        size = self._pace.size
        rows = size
        if upto is None and not common.statements.counted:
            upto = self._probe(writer, part, size)
        if upto is None:
            upto, rows = self._rest(writer, part)
        if upto is None:
            writer.commit()
            return True
        values = _bound(after=part.position, upto=upto)
        for keep in common.statements.keep.get(part.position is not None, ()):
            writer.run(keep, values)
        change = common.statements.change[part.position is not None]
        changed = writer.run(change, values).changed
        ahead = replace(
            part, position=upto, walked=part.walked + rows, changed=part.changed + changed
        )
        if not common.state.advance(writer, common.fence, ahead, before=part):
            writer.rollback()
            raise LeaseLost
        writer.commit()
        self._part = ahead
        took = (time.monotonic() - began) * 1_000
        # Rows that lie elsewhere than the statistics say change the count, not what a batch costs.
        self._pace = self._pace.done(size if common.statements.counted else rows, took)
        self._told = replace(
            self._told,
            state="walking",
            position=positions.shown(upto),
            walked=self._told.walked + rows,
            changed=self._told.changed + changed,
            batch_rows=self._pace.size,
            batch_ms=took,
        )
        common.board.batch(self._told, walked=rows, changed=changed)
        return False

    def _ago(self, writer: Writer, part: Range) -> Key | None:
        """Return what `_probe` would have found a moment ago, None where that cannot be read.

        A table may be too young for it, or the server may ask for a licence.
        """
        common, bounds = self._common, (part.position is not None, part.upto is not None)
        sql = common.statements.past.get(bounds)
        if sql is None or not self._reads_past:
            return None
        values = {"size": self._pace.size - 1, **_bound(after=part.position, upto=part.upto)}
        try:
            found = writer.run(sql, values).rows
        except common.engine.errors as error:
            trouble = common.engine.trouble(error)
            if trouble == "lost":
                raise
            self._reads_past = trouble != "permanent"
            writer.rollback()
            return None
        return found[0] if found else None

    def _probe(self, writer: Writer, part: Range, rows: int) -> Key | None:
        """Return the key so many rows behind the range's position, None when there are fewer."""
        sql = self._common.statements.probe[part.position is not None, part.upto is not None]
        values = {"size": rows - 1, **_bound(after=part.position, upto=part.upto)}
        found = writer.run(sql, values).rows
        return found[0] if found else None

    def _rest(self, writer: Writer, part: Range) -> tuple[Key | None, int]:
        """Return the last key of a range with fewer rows than a batch, and how many they are."""
        sql = self._common.statements.rest[part.position is not None, part.upto is not None]
        values = {"size": self._pace.size, **_bound(after=part.position, upto=part.upto)}
        found = writer.run(sql, values).rows
        return (found[0][1:], int(str(found[0][0]))) if found else (None, 0)

    # --- trying again ------------------------------------------------------------------------

    def _trying(self, action: Callable[[Writer], T]) -> T:
        """Do something until it succeeds; raises GaveUp after too long, or when nothing mends it."""
        common = self._common
        began, wait = time.monotonic(), _FIRST_WAIT_S
        while True:
            try:
                return self._turn(action)
            except common.engine.errors as error:
                trouble = common.engine.trouble(error)
                self._mend(trouble)
                overdue = time.monotonic() - began > common.patience_s
                if trouble == "permanent" or overdue:
                    raise GaveUp(f"{self._where()}: {common.explain(error)}") from error
            common.board.retry()
            self._report(idle(self._told, True))
            common.ended.wait(wait)
            wait = min(_LONGEST_WAIT_S, wait * 2)
            self._border()

    def _turn(self, action: Callable[[Writer], T]) -> T:
        if self._writer is None:
            self._writer = self._common.open()
        if self._common.turn is None:
            return action(self._writer)
        with self._common.turn:
            return action(self._writer)

    def _mend(self, trouble: Trouble) -> None:
        writer = self._writer
        if trouble in ("locked", "slow"):
            self._pace = self._pace.cut_short()
        if writer is None:
            return
        if trouble in ("deadlock", "locked", "slow"):
            try:
                writer.rollback()
                return
            except self._common.engine.errors:
                pass
        writer.close()
        self._writer, self._lost = None, True

    def _where(self) -> str:
        part = self._part
        if part is None:
            return "looking for the next rows"
        begin = (
            "the first row" if part.position is None else f"key {positions.shown(part.position)}"
        )
        return f"the next {self._pace.size} rows behind {begin}"

    def _report(self, told: WorkerProgress) -> None:
        self._told = told
        self._common.board.worker(told)


def _bound(*, after: Key | None, upto: Key | None) -> dict[str, object]:
    """Return the values of the keys at both ends."""
    pairs = (("after", after), ("upto", upto))
    return {f"{name}_{at}": one for name, key in pairs for at, one in enumerate(key or ())}
