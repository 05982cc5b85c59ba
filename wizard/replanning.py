"""The plan of a plan file, made anew; and made anew again when the tables have changed meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import partial

from wizard.dialects.base import Dialect
from wizard.dialects.flavours import engine
from wizard.drift_parts import parts_of
from wizard.journal import Journal, JournalPhase, phases_of
from wizard.model.enums import find_enum
from wizard.model.errors import AnswerError
from wizard.model.names import TableName
from wizard.model.plan import Migration, Phase, PhaseName, Plan
from wizard.model.schema import Schema, Table
from wizard.model.simulate import apply_all
from wizard.model.steps import RebuildTable, Step, Sync
from wizard.model.syncs import SyncSets
from wizard.operations.long_backfills import walked
from wizard.planner import Known, make_plan
from wizard.taking_back import taken_back
from wizard.ways_back import with_ways_back
from wizard.workspace import read_version

#: What may come later than its phase: it only adds to what old and new code do not look at.
_LATE: tuple[PhaseName, ...] = ("validate",)
#: What a phase says of itself, which people may have edited in the file.
_SAID = ("when", "application", "migrations", "way_back", "snippets", "gate")


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewed:
    """A plan made anew, and what of it belongs to a phase that is written already."""

    plan: Plan
    journal: Journal


class WrittenOtherwise(Exception):
    """What was written would come out otherwise now; the words say what and how."""


def dialect_of(journal: Journal) -> Dialect:
    """Return the engine that a plan is for, at its version."""
    return engine(journal.dialect, read_version(journal.server_version), journal.flavour)


def planned(journal: Journal) -> Plan:
    """Return a kept plan, made from the tables as they were; raises what `make_plan` raises."""
    back = journal.takes_back
    if back is None:
        return _with_late(_made(journal), journal.phases)
    return back_from(taken(journal), back.phases, journal)


def back_from(plan: Plan, written: Sequence[PhaseName], journal: Journal) -> Plan:
    """Return the plan that takes written phases back, with all that the planner says of one."""
    answers, dialect = journal.answers, dialect_of(journal)
    back = taken_back(plan, written, answers.operations, answers.rollout)
    return with_ways_back(walked(back, answers.rollout, dialect), dialect, answers.rollout)


def taken(journal: Journal) -> Plan:
    """Return the plan that an abandoning one takes back."""
    back = journal.takes_back
    late: dict[str, tuple[str, ...]] = {}
    for one in () if back is None else back.late:
        phase, _, slug = one.partition("/")
        late[phase] = (*late.get(phase, ()), slug)
    return _moved_to(_made(journal), late)


def _made(journal: Journal) -> Plan:
    known = Known(
        dialect=dialect_of(journal),
        table=_tables_of(journal),
        rollout=journal.answers.rollout,
        enums=journal.types,
        enum=partial(find_enum, journal.enums),
    )
    return make_plan(journal.answers.operations, known)


def before(journal: Journal) -> Schema:
    """Return the tables and types that a plan was made from."""
    return Schema(tables=journal.tables, enums=journal.enums)


def start(journal: Journal) -> Schema:
    """Return the tables as a plan finds them: those before it, or as a plan has left them.

    Raises CannotApply for a plan file that contradicts itself.
    """
    back = journal.takes_back
    if back is None:
        return before(journal)
    steps = (
        step
        for phase in taken(journal).phases
        if phase.name in back.phases
        for migration in phase.migrations
        for step in migration.up
    )
    return apply_all(before(journal), steps)


def written_steps(plan: Plan, journal: Journal) -> tuple[tuple[Step, ...], ...]:
    """Return the steps of each phase that is written, in order."""
    names = {phase.name for phase in journal.written_phases}
    return tuple(
        tuple(step for migration in phase.migrations for step in migration.up)
        for phase in plan.phases
        if phase.name in names
    )


def sync_triggers(plan: Plan, dialect: Dialect) -> dict[str, tuple[str, ...]]:
    """Return the triggers of each sync that the plan makes, by the name that its steps know."""
    steps = [one for migration in plan.migrations for one in (*migration.up, *migration.down)]
    syncs = [getattr(step, name) for step in steps for name in step.__dataclass_fields__]
    return {
        one.name: dialect.sync_triggers(one) for one in syncs if isinstance(one, Sync | SyncSets)
    }


def renewed(journal: Journal, plan: Plan, now: Schema) -> Renewed:
    """Return the plan and its file as they are made from other tables.

    Raises `WrittenOtherwise` when the phases that are written would come out otherwise, and what
    `make_plan` raises.
    """
    moved = replace(journal, tables=now.tables, enums=now.enums)
    fresh = _with_late(_made(moved), moved.phases)
    if fresh.refused is not None:
        raise WrittenOtherwise(fresh.refused.what)
    late = _compared(journal, plan, fresh)
    old = {one.name: one for one in phases_of(plan, journal.answers.rollout)}
    kept = {one.name: one for one in journal.phases}
    phases = tuple(
        _merged(kept.get(one.name), old.get(one.name), one)
        for one in phases_of(fresh, journal.answers.rollout)
    )
    waiting = next(one.name for one in phases if one.written is None)
    phases = tuple(
        replace(one, late=(*one.late, *late)) if one.name == waiting else one for one in phases
    )
    moved = replace(moved, phases=phases, way_back=str(fresh.reversibility))
    return Renewed(plan=_with_late(fresh, moved.phases), journal=moved)


def _merged(kept: JournalPhase | None, old: JournalPhase | None, new: JournalPhase) -> JournalPhase:
    """Return a phase as the plan has it now; what people have edited stays, unless that changed."""
    if kept is None:
        return new
    if kept.written is not None:
        return kept
    changed = {
        one.name: getattr(new, one.name)
        for one in fields(JournalPhase)
        if one.name in _SAID and (old is None or getattr(old, one.name) != getattr(new, one.name))
    }
    return replace(kept, **changed)


def _compared(journal: Journal, plan: Plan, fresh: Plan) -> tuple[str, ...]:
    """Return the slugs of what a written phase lacks now and the next one can bring along."""
    written = [one.name for one in journal.written_phases]
    first = [one.name for one in fresh.phases][: len(written)]
    if first != written:
        raise WrittenOtherwise(
            f"the phases up to {written[-1]} would be {', '.join(first)}, and written are "
            f"{', '.join(written)}"
        )
    dialect = dialect_of(journal)
    late: list[str] = []
    for old, new in zip(plan.phases, fresh.phases[: len(written)], strict=False):
        more = list(new.migrations)
        for migration in old.migrations:
            at = next((n for n, one in enumerate(more) if _same(one, migration)), None)
            if at is None or (at and old.name not in _LATE):
                raise WrittenOtherwise(_otherwise(migration, more, dialect))
            late += [one.slug for one in more[:at]]
            more = more[at + 1 :]
        if more and old.name not in _LATE:
            raise WrittenOtherwise(f"{old.name} would also {more[0].title}")
        late += [one.slug for one in more]
    return tuple(late)


def _same(one: Migration, other: Migration) -> bool:
    return (one.kind, one.transactional) == (other.kind, other.transactional) and all(
        [_bare(step) for step in these] == [_bare(step) for step in those]
        for these, those in ((one.up, other.up), (one.down, other.down))
    )


def _bare(step: Step) -> object:
    """Return what a step changes, without the rest of the table that a rebuild names."""
    if not isinstance(step, RebuildTable):
        return step
    was, now = (parts_of(Schema(tables=(one,))) for one in (step.before, step.after))
    return {
        place: now.get(place)
        for place in was.keys() | now.keys()
        if was.get(place) != now.get(place)
    }


def _otherwise(migration: Migration, now: Sequence[Migration], dialect: Dialect) -> str:
    """Say how a file would come out."""
    was = _sql(migration, dialect)
    other = next((one for one in now if one.title == migration.title), None)
    if other is None:
        return f"“{migration.title}” is written, and would not be any more"
    found = _sql(other, dialect)
    pairs = [(old, new) for old, new in zip(was, found, strict=False) if old != new]
    if not pairs:
        return f"“{migration.title}” would have another way back now"
    return f"“{migration.title}” is written as: {pairs[0][0]}; it would be: {pairs[0][1]}"


def _sql(migration: Migration, dialect: Dialect) -> list[str]:
    return [" ".join(sql.split()) for step in migration.up for sql in dialect.sql(step)]


def _with_late(plan: Plan, phases: Sequence[JournalPhase]) -> Plan:
    """Return the plan with what came late in the phase with which it is written."""
    return _moved_to(plan, {one.name: one.late for one in phases if one.late})


def _moved_to(plan: Plan, late: Mapping[str, Sequence[str]]) -> Plan:
    for target, slugs in late.items():
        found = tuple(one for one in plan.migrations if one.slug in slugs)
        plan = replace(plan, phases=tuple(_moved(one, target, found) for one in plan.phases))
    return plan


def _moved(phase: Phase, target: str, late: tuple[Migration, ...]) -> Phase:
    rest = tuple(one for one in phase.migrations if one not in late)
    return replace(phase, migrations=(*late, *rest) if phase.name == target else rest)


def _tables_of(journal: Journal) -> Callable[[TableName], Table]:
    def look_up(name: TableName) -> Table:
        for table in journal.tables:
            if table.name == name:
                return table
        # Also said of a table that a plan is about to make: it must not be there yet.
        raise AnswerError(
            "plan-file-broken",
            f"the plan file does not hold the table {name}",
            next_actions=("take the file back from version control",),
        )

    return look_up
