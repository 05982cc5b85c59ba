"""Looking at runs, and speaking to them, from anywhere: through the tables that remember them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from wizard.backfilling import state, tables
from wizard.backfilling.control import Wish
from wizard.backfilling.engines import engines
from wizard.backfilling.engines.base import Engine, Writer
from wizard.backfilling.lease import ACTIVE, moment
from wizard.backfilling.state import Kept, Range, State
from wizard.backfilling.tables import RANGES, RUNS
from wizard.backfilling.tempo import Asked, Tempo
from wizard.database import failures
from wizard.database.urls import DatabaseUrl
from wizard.model.errors import AnswerError, ConflictError

T = TypeVar("T")
_WAIT_MS, _STATEMENT_MS = 5_000, 10_000
#: A runner that gives no sign of life for so long is called silent.
SILENT_S = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A run as it stands; ``walked`` and ``changed`` are rows of all its ranges."""

    kept: Kept
    ranges: tuple[Range, ...]

    @property
    def walked(self) -> int:
        """Rows walked so far."""
        return self.kept.walked + sum(one.walked for one in self.ranges)

    @property
    def changed(self) -> int:
        """Rows changed so far."""
        return self.kept.changed + sum(one.changed for one in self.ranges)

    @property
    def tempo(self) -> Tempo:
        """The pace that it keeps to, or would if it were run."""
        return self.kept.asked.of(Tempo())

    @property
    def active(self) -> bool:
        """Whether somebody is at work, as far as the table tells."""
        return self.kept.state in ACTIVE and bool(self.kept.holder)

    @property
    def silent(self) -> bool:
        """Whether whoever was at work gives no sign of life any more."""
        return self.active and self.kept.age_s > SILENT_S


def standings(url: DatabaseUrl, dialect: str, plan: str | None = None) -> tuple[Standing, ...]:
    """Return the runs of a plan, or all; empty where none ever ran. Raises ReachError."""

    def look(writer: Writer, engine: Engine) -> tuple[Standing, ...]:
        if not tables.has_tables(writer, engine):
            return ()
        paced = tables.is_paced(writer, engine)
        writer.begin(lock_ms=_WAIT_MS, statement_ms=_STATEMENT_MS)
        found = tuple(
            Standing(kept=one, ranges=State(engine, one.run).ranges(writer))
            for one in state.kept(engine, writer, plan=plan, paced=paced)
        )
        writer.commit()
        return found

    return _with(url, dialect, look)


def want(urls: Sequence[DatabaseUrl], dialect: str, plan: str, wish: Wish) -> tuple[Standing, ...]:
    """Say what the plan's runs in some databases should do, and return those to whom it was said.

    Raises AnswerError (`no-run`) when none is at work, ReachError.
    """
    return _told(urls, dialect, plan, partial(_want, wish))


def pace(
    urls: Sequence[DatabaseUrl], dialect: str, plan: str, asked: Asked
) -> tuple[Standing, ...]:
    """Say at which pace the plan's runs in some databases should go on, and return those runs.

    Raises AnswerError (`no-run`) when none is at work, ConflictError (`no-pace`) where the tables
    cannot hold it, ReachError.
    """
    return _told(urls, dialect, plan, partial(_pace, asked))


def _told(
    urls: Sequence[DatabaseUrl],
    dialect: str,
    plan: str,
    tell: Callable[[Sequence[Standing], Writer, Engine], None],
) -> tuple[Standing, ...]:
    """Tell the runs that are at work something, and return them."""
    found = {
        url: [one for one in standings(url, dialect, plan) if one.active and not one.silent]
        for url in urls
    }
    told = tuple(one for runs in found.values() for one in runs)
    if not told:
        raise AnswerError(
            "no-run",
            f"no backfill of {plan} is at work in this database",
            next_actions=(f"start it: migwiz backfill run {plan}",),
        )
    for url, runs in found.items():
        if runs:
            _with(url, dialect, partial(tell, runs))
    return told


def _want(wish: Wish, runs: Sequence[Standing], writer: Writer, engine: Engine) -> None:
    writer.begin(lock_ms=_WAIT_MS, statement_ms=_STATEMENT_MS)
    for one in runs:
        State(engine, one.kept.run).want(writer, wish)
    writer.commit()


def _pace(asked: Asked, runs: Sequence[Standing], writer: Writer, engine: Engine) -> None:
    if not tables.is_paced(writer, engine):
        raise ConflictError(
            "no-pace",
            "the tables that remember this run cannot hold another pace",
            why="an earlier version of migwiz has made them, and the run may not change them",
            next_actions=(
                "let somebody who may change tables run this, then stop the run and start it again:",
                *(f"{one};" for one in tables.additions(engine)),
            ),
        )
    writer.begin(lock_ms=_WAIT_MS, statement_ms=_STATEMENT_MS)
    for one in runs:
        State(engine, one.kept.run).pace(writer, asked)
    writer.commit()


def forget(url: DatabaseUrl, dialect: str, plan: str) -> int:
    """Forget the plan's runs, and with the last run the tables; return how many there were.

    Raises ConflictError (`backfill-held`) while somebody is at work, ReachError.
    """
    found = standings(url, dialect, plan)
    for one in found:
        if one.active and not one.silent:
            raise ConflictError(
                "backfill-held",
                f"{one.kept.holder} runs this backfill since {moment(one.kept.held_at)}",
                next_actions=(f"stop it first: migwiz backfill stop {plan}",),
            )
    others = [one for one in standings(url, dialect) if one.kept.plan != plan]

    def go(writer: Writer, engine: Engine) -> None:
        for one in found:
            writer.begin(lock_ms=_WAIT_MS, statement_ms=_STATEMENT_MS)
            for table in (RUNS, RANGES):
                State(engine, one.kept.run).ask(writer, f"DELETE FROM {table} WHERE run = :run")
            writer.commit()
        if found and not others:
            for table in (RANGES, RUNS):
                writer.begin(lock_ms=_WAIT_MS, statement_ms=_STATEMENT_MS)
                writer.run(f"DROP TABLE {table}", {})
                writer.commit()

    _with(url, dialect, go)
    return len(found)


def document(found: Sequence[Standing]) -> list[dict[str, object]]:
    """Return runs as data for JSON; moments are in UTC."""
    return [
        {
            "plan": one.kept.plan,
            "run": one.kept.run,
            "title": one.kept.title,
            "state": one.kept.state,
            "wanted": one.kept.wanted,
            "reason": one.kept.reason,
            "holder": one.kept.holder or None,
            "silent": one.silent,
            "target_ms": one.tempo.target_ms,
            "nice": one.tempo.nice,
            "total": one.kept.total,
            "walked": one.walked,
            "changed": one.changed,
            "remaining": one.kept.remaining,
            "started": moment(one.kept.started_at),
            "ended": None if one.kept.ended_at is None else moment(one.kept.ended_at),
            "last_sign_s": round(one.kept.age_s, 1),
        }
        for one in found
    ]


def _with(url: DatabaseUrl, dialect: str, action: Callable[[Writer, Engine], T]) -> T:
    engine = engines()[dialect]
    try:
        writer = engine.open(url)
    except engine.errors as error:
        raise failures.connecting(error, url) from None
    try:
        return action(writer, engine)
    except engine.errors as error:
        raise failures.reading(error, url) from None
    finally:
        writer.close()
