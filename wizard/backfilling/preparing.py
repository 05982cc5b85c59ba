"""The beginning and the end of a run: its tables, its lease, its one statement, its count."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from wizard.backfilling import lease, statements
from wizard.backfilling.engines.base import Engine, Writer
from wizard.backfilling.progress import Progress, RunState
from wizard.backfilling.state import Kept, Range, State, Wanted
from wizard.backfilling.tables import is_paced, make_tables
from wizard.backfilling.tempo import Asked, Tempo
from wizard.backfilling.work import Work
from wizard.database import failures
from wizard.database.urls import DatabaseUrl
from wizard.model.errors import AcknowledgementError

_WAIT_MS, _STATEMENT_MS = 2_000, 10_000
#: One statement for all rows of a small table, and a count of a large one, take their time.
_ONCE_MS, _COUNT_MS = 600_000, 0


@dataclass(slots=True, kw_only=True)
class Ready:
    """A run that has its lease. ``walked`` is rows walked and changed so far.

    ``done`` says that nothing is left to do, with ``reason`` and ``remaining`` rows. ``writer`` is
    the connection that keeps the lease; it is replaced when it is lost.
    """

    writer: Writer
    state: State
    kept: Kept
    walked: tuple[int, int]
    tempo: Tempo
    done: bool = False
    reason: str = ""
    remaining: int | None = None


def prepare(
    work: Work,
    url: DatabaseUrl,
    engine: Engine,
    *,
    dead_s: float,
    tell: Callable[[Progress], None],
    asked: Asked,
) -> Ready:
    """Connect, make the tables for the state where they are not, and take the lease.

    ``asked`` is what is wanted of the pace; all else of it stays as an earlier run left it.
    """
    try:
        writer = engine.open(url)
    except engine.errors as error:
        raise failures.connecting(error, url) from None
    try:
        make_tables(writer, engine)
        return _begin(writer, work, engine, dead_s=dead_s, tell=tell, asked=asked)
    except engine.errors as error:
        writer.close()
        raise failures.reading(error, url) from None
    except BaseException:
        writer.close()
        raise


def _begin(
    writer: Writer,
    work: Work,
    engine: Engine,
    *,
    dead_s: float,
    tell: Callable[[Progress], None],
    asked: Asked,
) -> Ready:
    state = State(engine, work.name, paced=is_paced(writer, engine))

    def waiting(seen: Kept) -> None:
        reason = f"seeing whether {seen.holder} is still at work, up to {dead_s:g} s"
        tell(Progress(title=work.title, table=str(work.step.table), state="running", reason=reason))

    found = lease.acquire(writer, state, work, dead_s=dead_s, waiting=waiting)
    writer.begin(lock_ms=_WAIT_MS, statement_ms=_STATEMENT_MS)
    parts = state.ranges(writer)
    state.pace(writer, asked)
    writer.commit()
    tempo = asked.over(found.asked).of(Tempo())
    ready = Ready(writer=writer, state=state, kept=found, walked=_sums(found, parts), tempo=tempo)
    if found.fingerprint != work.fingerprint and any(one.position for one in parts):
        _give_up(ready)
        raise AcknowledgementError(
            "backfill-changed",
            f"{work.title}: an earlier run did something else, and is not finished",
            why="its SQL is not what the plan says now, so its place in the table means nothing",
            next_actions=(
                f"forget it, which begins anew: migwiz backfill forget {work.plan}",
                "rows that are done are passed over then, as they need nothing any more",
            ),
        )
    if parts and found.fingerprint == work.fingerprint:
        return ready
    return _once_more(ready, work, engine)


def _once_more(ready: Ready, work: Work, engine: Engine) -> Ready:
    """Begin another walk where an earlier one has reached the end, if any row needs it."""
    state, found, writer = ready.state, ready.kept, ready.writer
    if found.fingerprint == work.fingerprint:
        left = count(work, engine, writer)
        if not left:
            ready.done, ready.remaining = True, left
            ready.reason = (
                "was done before, and no row needs it"
                if left == 0
                else "was done before; its rows do not tell whether they need it again"
            )
            return ready
    writer.begin(lock_ms=_WAIT_MS, statement_ms=_STATEMENT_MS)
    state.again(
        writer,
        {
            "title": work.title,
            "fingerprint": work.fingerprint,
            "total": work.total,
            "fence": found.fence,
        },
    )
    writer.commit()
    ready.walked = (0, 0)
    return ready


def _sums(found: Kept, parts: tuple[Range, ...]) -> tuple[int, int]:
    walked = found.walked + sum(one.walked for one in parts)
    return walked, found.changed + sum(one.changed for one in parts)


def _give_up(ready: Ready) -> None:
    end(ready, "stopped", ready.kept.reason, ready.kept.remaining)


def beat(
    ready: Ready, state: RunState, reason: str, wish: str | None, asked: Asked
) -> Wanted | None:
    """Renew the lease, say what is wanted if somebody here wants it, and return what is wanted.

    ``asked`` is what is wanted of the pace. None when the lease is somebody else's.
    """
    writer = ready.writer
    writer.begin(lock_ms=_WAIT_MS, statement_ms=_STATEMENT_MS)
    if wish is not None:
        ready.state.want(writer, wish)
    ready.state.pace(writer, asked)
    wanted = ready.state.beat(writer, ready.kept.fence, state, reason)
    writer.commit()
    return wanted


def end(ready: Ready, state: str, reason: str, remaining: int | None) -> None:
    """Give the lease up, and leave word of how it ended."""
    writer = ready.writer
    writer.begin(lock_ms=_WAIT_MS, statement_ms=_STATEMENT_MS)
    ready.state.end(writer, ready.kept.fence, state, reason, remaining)
    writer.commit()


def end_surely(
    ready: Ready, url: DatabaseUrl, state: str, reason: str, remaining: int | None
) -> None:
    """Do as `end`; the connection may have been lost since the last sign of life."""
    engine = ready.state.engine
    try:
        end(ready, state, reason, remaining)
    except engine.errors:
        ready.writer.close()
        ready.writer = engine.open(url)
        end(ready, state, reason, remaining)


def count(work: Work, engine: Engine, writer: Writer) -> int | None:
    """Return how many rows still need the work, None where rows do not tell."""
    sql = statements.remaining(work.step, work.dialect, engine)
    if sql is None:
        return None
    writer.begin(lock_ms=_WAIT_MS, statement_ms=_COUNT_MS)
    ((left,),) = writer.run(sql, {}).rows
    writer.commit()
    return int(str(left))


def sweep(ready: Ready, writer: Writer) -> None:
    """Begin another walk from the first row, which adds to what was walked; raises LeaseLost."""
    writer.begin(lock_ms=_WAIT_MS, statement_ms=_STATEMENT_MS)
    if not ready.state.sweep(writer, ready.kept.fence):
        writer.rollback()
        raise lease.LeaseLost
    writer.commit()


def run_at_once(work: Work, engine: Engine, ready: Ready, writer: Writer) -> int:
    """Change a small table without a key at once, and return how many rows that were.

    It is remembered in the transaction of the change.
    """
    state, fence = ready.state, ready.kept.fence
    writer.begin(lock_ms=_WAIT_MS, statement_ms=_ONCE_MS)
    *before, change = statements.at_once(work.step, work.dialect, engine)
    for statement in before:
        writer.run(statement, {})
    found = writer.run(change, {})
    (part,) = state.ranges(writer)
    whole = Range(number=part.number, walked=found.changed, changed=found.changed)
    if not (
        state.advance(writer, fence, whole, before=part) and state.finish(writer, fence, whole)
    ):
        writer.rollback()
        raise lease.LeaseLost
    writer.commit()
    return found.changed
