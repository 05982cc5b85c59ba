"""The way back from each phase in words: what it takes, in which order, and what it cannot bring back.

Everything is read off the migrations of the plan: their undo steps, the locks of these, the grades
and their reasons.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from wizard.dialects.base import Dialect, Size
from wizard.model.plan import Grade, Lock, Migration, Phase, Plan, Reversibility, worst
from wizard.model.rollout import Rollout
from wizard.model.seen import Seen, seen, unseen_names
from wizard.model.steps import Impossible, Nothing, Require, Step


def with_ways_back(plan: Plan, dialect: Dialect, rollout: Rollout) -> Plan:
    """Return the plan whose phases say what going back from there takes."""
    hidden = unseen_names(plan)
    before: list[Phase] = []
    found: list[Phase] = []
    for phase in plan.phases:
        told = _way_back(phase, before, dialect, hidden, stopped=rollout.stopped)
        found.append(replace(phase, way_back=told))
        before.append(phase)
    return replace(plan, phases=tuple(found))


def closing(plan: Plan) -> str:
    """Say in a few words when the way back of the whole plan closes."""
    for phase in plan.phases:
        grade = _grade(phase.migrations)
        if grade.grade is Grade.LOSSLESS_UNTIL:
            return f"open until {grade.until}"
        if grade.grade is not Grade.LOSSLESS:
            return f"closes at {phase.name}"
    return "open to the end"


def strongest(dialect: Dialect, steps: Iterable[Step]) -> Lock:
    """Return the lock among some steps that blocks most; mode ``none`` when none takes any."""
    locks = (
        dialect.lock(one, Size())
        for one in steps
        if not isinstance(one, Nothing | Impossible | Require)
    )
    return max(locks, key=_strength, default=Lock(mode="none"))


def _strength(lock: Lock) -> tuple[int, bool, bool]:
    return len(lock.blocks), lock.work in ("scan", "rewrite", "build"), lock.mode != "none"


def lock_words(lock: Lock) -> str:
    """Return a lock's mode and tables, empty for no lock that a table feels."""
    if lock.mode == "none" or lock.work == "batches":
        return ""
    where = " and ".join(map(str, lock.on))
    work = {"rewrite": " while the table is written anew", "scan": " while every row is read"}
    lasting = work.get(lock.work, "") if lock.blocks else ""
    return f"{lock.mode}{f' on {where}' if where else ''}{lasting}"


def _way_back(
    phase: Phase,
    before: Sequence[Phase],
    dialect: Dialect,
    hidden: frozenset[str],
    *,
    stopped: bool,
) -> str:
    undo = [step for one in reversed(phase.migrations) for step in one.down]
    impossible = next((one for one in undo if isinstance(one, Impossible)), None)
    if impossible is not None:
        return f"none: {impossible.reason}"
    found = seen(undo, hidden)
    first = _first(found)
    parts = [f"first deploy code that {first}"] if first and not stopped else []
    parts.append(_files(phase.migrations, undo, dialect))
    if found.come and not stopped:
        parts.append(f"only then code that says {_listed(found.come)} again")
    parts.append(_lost(_grade(phase.migrations)))
    parts += _further(phase, before)
    return ("with the application stopped: " if stopped else "") + "; ".join(parts)


def _further(phase: Phase, before: Sequence[Phase]) -> tuple[str, ...]:
    """Say what is lost further back, where that is more than on the way back from this phase."""
    own = _grade(phase.migrations)
    for earlier in before:
        grade = _grade(earlier.migrations)
        if worst(own, grade) is not own:
            return (f"behind {earlier.name} {_lost(grade)}",)
    return ()


def _first(found: Seen) -> str:
    """Say what running code must do before the files are taken back, empty when nothing."""
    wanted = []
    if found.gone:
        wanted.append(f"does without {_listed(found.gone)}")
    if found.retyped:
        wanted.append(f"copes with the earlier type of {_listed(found.retyped)}")
    if found.rules:
        wanted.append(f"keeps to {_listed(found.rules)}")
    return " and ".join(wanted)


def _files(migrations: Sequence[Migration], undo: Sequence[Step], dialect: Dialect) -> str:
    count = len(migrations)
    files = "1 file" if count == 1 else f"{count} files, last first"
    acting = [one for one in undo if not isinstance(one, Nothing)]
    if not acting:
        return f"{files}, with nothing to undo"
    words = lock_words(strongest(dialect, acting))
    walks = any(dialect.lock(one, Size()).work == "batches" for one in _locking(acting))
    parts = [files]
    if words:
        parts.append(f"at most {words}")
    if walks:
        parts.append("filling rows in batches")
    return ", ".join(parts)


def _locking(steps: Iterable[Step]) -> Iterable[Step]:
    return (one for one in steps if not isinstance(one, Nothing | Impossible | Require))


def _grade(migrations: Iterable[Migration]) -> Reversibility:
    return worst(*(one.reversibility for one in migrations))


def _lost(grade: Reversibility) -> str:
    match grade.grade:
        case Grade.LOSSLESS:
            return "nothing is lost"
        case Grade.LOSSLESS_UNTIL:
            reason = f": {grade.reason}" if grade.reason else ""
            return f"nothing is lost until {grade.until}{reason}"
        case Grade.STRUCTURE_ONLY:
            return f"not the data: {grade.reason}"
        case Grade.NONE:
            return f"there is no way back: {grade.reason}"


def _listed(names: Sequence[str]) -> str:
    if len(names) > 3:
        return f"{', '.join(names[:3])} and {len(names) - 3} more"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
