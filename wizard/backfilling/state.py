"""What is remembered of a run, in two tables of the user's database.

``migwiz_backfills`` has a row for each run: its state, who runs it, and what of it is finished.
``migwiz_backfill_ranges`` has a row for each range of keys that is not finished: the last key
walked, and where the range ends; it is changed in the transaction of each batch. The range without
an end is all that nobody has taken yet.

``fence`` is the number of the lease: whoever takes the lease raises it in both tables, and nobody
else's batch commits from then on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from wizard.backfilling import positions
from wizard.backfilling.engines.base import Engine, Result, Writer
from wizard.backfilling.positions import Key
from wizard.backfilling.tables import PACE, RANGES, RUNS
from wizard.backfilling.tempo import Asked

_SHORT = ("run", "plan", "title", "fingerprint", "state", "wanted", "reason", "holder")
_COLUMNS = (
    *_SHORT,
    *("fence", "beat", "total", "walked", "changed", "remaining"),
    *("held_at", "beat_at", "started_at", "ended_at"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A run as it is remembered. Moments are seconds since 1970 by the server's clock.

    ``age_s`` is how long ago its runner last gave a sign of life. ``walked`` and ``changed`` are
    those of its ranges that are finished; ``remaining`` is None until the rows were counted.
    ``asked`` is what somebody wants of its pace.
    """

    run: str
    plan: str
    title: str
    fingerprint: str
    state: str
    wanted: str
    reason: str
    holder: str
    fence: int
    beat: int
    total: int | None
    walked: int
    changed: int
    remaining: int | None
    held_at: float
    beat_at: float
    started_at: float
    ended_at: float | None
    now: float
    asked: Asked

    @property
    def age_s(self) -> float:
        """How long ago its runner last gave a sign of life, in seconds."""
        return max(0.0, self.now - self.beat_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a run should do (``run``, ``pause`` or ``stop``), and at which pace."""

    wish: str
    asked: Asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """Keys behind ``position`` (None: from the first) up to ``upto`` (None: to the last)."""

    number: int
    position: Key | None = None
    upto: Key | None = None
    walked: int = 0
    changed: int = 0


class State:
    """The statements on both tables, for one run. Transactions are the caller's.

    ``paced`` says whether the tables know of a pace (`wizard.backfilling.tables`).
    """

    def __init__(self, engine: Engine, run: str, *, paced: bool = True) -> None:
        self.engine, self.paced = engine, paced
        self._run = run
        self._sql: dict[str, str] = {}

    def ask(self, writer: Writer, sql: str, values: Mapping[str, object] | None = None) -> Result:
        """Run one statement of ours; ``:run`` is this run."""
        if sql not in self._sql:
            self._sql[sql] = self.engine.own(sql)
        return writer.run(self._sql[sql], {"run": self._run, **(values or {})})

    # --- the run -----------------------------------------------------------------------------

    def kept(self, writer: Writer) -> Kept | None:
        """Return what is remembered of the run, None when it never began."""
        found = kept(self.engine, writer, run=self._run, paced=self.paced)
        return found[0] if found else None

    def begin(self, writer: Writer, values: Mapping[str, object]) -> None:
        """Remember a new run; ``values`` are plan, title, fingerprint, holder, total."""
        now = self.engine.words.now
        self.ask(
            writer,
            f"INSERT INTO {RUNS} ({', '.join(_COLUMNS)}) VALUES (:run, :plan, :title, "
            f":fingerprint, 'running', 'run', '', :holder, 1, 1, :total, 0, 0, NULL, "
            f"{now}, {now}, {now}, NULL)",
            values,
        )
        self._whole_table(writer, 1)

    def take(self, writer: Writer, seen: Kept, holder: str) -> bool:
        """Take the lease from whoever had it when ``seen`` was read; False when it moved since."""
        now, fence = self.engine.words.now, seen.fence + 1
        found = self.ask(
            writer,
            f"UPDATE {RUNS} SET fence = :fence, beat = beat + 1, beat_at = {now}, held_at = {now}, "
            "holder = :holder, state = 'running', wanted = 'run', reason = '', ended_at = NULL "
            "WHERE run = :run AND fence = :seen AND beat = :beat",
            {"fence": fence, "seen": seen.fence, "beat": seen.beat, "holder": holder},
        )
        if not found.changed:
            return False
        self.ask(writer, f"UPDATE {RANGES} SET fence = :fence WHERE run = :run", {"fence": fence})
        return True

    def again(self, writer: Writer, values: Mapping[str, object]) -> None:
        """Begin a new walk from the first row, under a lease; ``values`` as `begin`, and fence."""
        self.ask(writer, f"DELETE FROM {RANGES} WHERE run = :run")
        self.ask(
            writer,
            f"UPDATE {RUNS} SET walked = 0, changed = 0, remaining = NULL, total = :total, "
            f"title = :title, fingerprint = :fingerprint, started_at = {self.engine.words.now} "
            "WHERE run = :run AND fence = :fence",
            values,
        )
        self._whole_table(writer, values["fence"])

    def sweep(self, writer: Writer, fence: int) -> bool:
        """Begin at the first row once more, behind a walk that is finished; False as of `finish`."""
        found = self.ask(
            writer,
            f"UPDATE {RUNS} SET beat = beat + 1 WHERE run = :run AND fence = :fence",
            {"fence": fence},
        )
        if found.changed:
            self._whole_table(writer, fence)
        return bool(found.changed)

    def _whole_table(self, writer: Writer, fence: object) -> None:
        self._insert(writer, Range(number=0), fence)

    def beat(self, writer: Writer, fence: int, state: str, reason: str) -> Wanted | None:
        """Give a sign of life and return what is wanted; None when the lease is somebody else's."""
        found = self.ask(
            writer,
            f"UPDATE {RUNS} SET beat = beat + 1, beat_at = {self.engine.words.now}, "
            "state = :state, reason = :reason WHERE run = :run AND fence = :fence",
            {"fence": fence, "state": state, "reason": reason},
        )
        if not found.changed:
            return None
        listed = ", ".join(("wanted", *_pace(self.paced)))
        ((wanted, *asked),) = self.ask(writer, f"SELECT {listed} FROM {RUNS} WHERE run = :run").rows
        return Wanted(wish=str(wanted), asked=_asked(asked))

    def want(self, writer: Writer, wanted: str) -> None:
        """Say what the run should do: ``run``, ``pause`` or ``stop``."""
        self.ask(writer, f"UPDATE {RUNS} SET wanted = :wanted WHERE run = :run", {"wanted": wanted})

    def pace(self, writer: Writer, asked: Asked) -> None:
        """Say at which pace the run should go, where the tables know of one."""
        given = {"target_ms": asked.target_ms, "nice": asked.nice}
        values = {name: value for name, value in given.items() if value is not None}
        if values and self.paced:
            listed = ", ".join(f"{name} = :{name}" for name in values)
            self.ask(writer, f"UPDATE {RUNS} SET {listed} WHERE run = :run", values)

    def end(
        self, writer: Writer, fence: int, state: str, reason: str, remaining: int | None
    ) -> None:
        """Give the lease up, and say how it ended."""
        self.ask(
            writer,
            f"UPDATE {RUNS} SET state = :state, reason = :reason, holder = '', "
            f"remaining = :remaining, ended_at = {self.engine.words.now} "
            "WHERE run = :run AND fence = :fence",
            {"fence": fence, "state": state, "reason": reason, "remaining": remaining},
        )

    # --- its ranges --------------------------------------------------------------------------

    def ranges(self, writer: Writer) -> tuple[Range, ...]:
        """Return the ranges that are not finished, the one without an end last."""
        found = self.ask(
            writer,
            f"SELECT number, position, upto, walked, changed FROM {RANGES} WHERE run = :run",
        )
        made = (
            Range(
                number=_whole(number),
                position=None if position is None else positions.read(str(position)),
                upto=None if upto is None else positions.read(str(upto)),
                walked=_whole(walked),
                changed=_whole(changed),
            )
            for number, position, upto, walked, changed in found.rows
        )
        return tuple(sorted(made, key=lambda one: (one.upto is None, one.number)))

    def advance(self, writer: Writer, fence: int, part: Range, *, before: Range) -> bool:
        """Remember how far a range was walked since ``before``.

        False when the lease is somebody else's, or somebody else has walked the range meanwhile.
        """
        found = self.ask(
            writer,
            f"UPDATE {RANGES} SET position = :position, walked = :walked, changed = :changed "
            "WHERE run = :run AND number = :number AND fence = :fence AND walked = :before",
            {
                "before": before.walked,
                "position": None if part.position is None else positions.write(part.position),
                "walked": part.walked,
                "changed": part.changed,
                "number": part.number,
                "fence": fence,
            },
        )
        return found.changed == 1

    def cut(self, writer: Writer, fence: int, part: Range, *, rest: Range) -> bool:
        """Remember a new range at the beginning of the one without an end, which begins behind it."""
        if not self.advance(writer, fence, replace(rest, position=part.upto), before=rest):
            return False
        self._insert(writer, part, fence)
        return True

    def finish(self, writer: Writer, fence: int, part: Range) -> bool:
        """Add a range to what is finished; False when the lease is somebody else's.

        Done already (a commit whose answer was lost), nothing is added a second time.
        """
        there = self.ask(
            writer,
            f"SELECT 1 FROM {RANGES} WHERE run = :run AND number = :number",
            {"number": part.number},
        )
        gained = part if there.rows else replace(part, walked=0, changed=0)
        found = self.ask(
            writer,
            f"UPDATE {RUNS} SET walked = walked + :walked, changed = changed + :changed, "
            "beat = beat + 1 WHERE run = :run AND fence = :fence",
            {"walked": gained.walked, "changed": gained.changed, "fence": fence},
        )
        self.ask(
            writer,
            f"DELETE FROM {RANGES} WHERE run = :run AND number = :number AND fence = :fence",
            {"number": part.number, "fence": fence},
        )
        return found.changed == 1

    def _insert(self, writer: Writer, part: Range, fence: object) -> None:
        self.ask(
            writer,
            f"INSERT INTO {RANGES} (run, number, fence, position, upto, walked, changed) "
            "VALUES (:run, :number, :fence, :position, :upto, :walked, :changed)",
            {
                "number": part.number,
                "fence": fence,
                "position": None if part.position is None else positions.write(part.position),
                "upto": None if part.upto is None else positions.write(part.upto),
                "walked": part.walked,
                "changed": part.changed,
            },
        )


def kept(
    engine: Engine,
    writer: Writer,
    *,
    run: str | None = None,
    plan: str | None = None,
    paced: bool = True,
) -> tuple[Kept, ...]:
    """Return the runs that are remembered: one, those of a plan, or all; ``paced`` as of `State`."""
    wanted = " WHERE run = :run" if run is not None else ""
    wanted = " WHERE plan = :plan" if plan is not None else wanted
    values = {"run": run} if run is not None else {"plan": plan} if plan is not None else {}
    found = writer.run(
        engine.own(
            f"SELECT {', '.join((*_COLUMNS, *_pace(paced)))}, {engine.words.now} "
            f"FROM {RUNS}{wanted} ORDER BY run"
        ),
        values,
    )
    return tuple(_kept(row) for row in found.rows)


def _kept(row: Sequence[object]) -> Kept:
    texts = dict(zip(_SHORT, (str(one) for one in row), strict=False))
    fence, beat, total, walked, changed, remaining, held, beaten, started, ended, *asked, now = row[
        8:
    ]
    return Kept(
        **texts,
        fence=_whole(fence),
        beat=_whole(beat),
        total=None if total is None else _whole(total),
        walked=_whole(walked),
        changed=_whole(changed),
        remaining=None if remaining is None else _whole(remaining),
        held_at=_moment(held),
        beat_at=_moment(beaten),
        started_at=_moment(started),
        ended_at=None if ended is None else _moment(ended),
        now=_moment(now),
        asked=_asked(asked),
    )


def _pace(paced: bool) -> tuple[str, ...]:
    return PACE if paced else ("NULL", "NULL")


def _asked(found: Sequence[object]) -> Asked:
    target_ms, nice = (None if one is None else _moment(one) for one in found)
    return Asked(target_ms=target_ms, nice=nice)


def _whole(value: object) -> int:
    return int(str(value))


def _moment(value: object) -> float:
    return float(str(value))
