"""A plan that takes another one back from where it has come to.

What each written file's downgrade does becomes the upgrade of a new file, in reverse order, and the
other way round. Old and new application work at every moment: first comes back what was taken away,
and only when nobody needs what the plan had brought does that go.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from wizard.model.answers import OperationAnswers
from wizard.model.names import slugify
from wizard.model.plan import (
    LOSSLESS,
    Change,
    Gate,
    Grade,
    Migration,
    Phase,
    PhaseName,
    Plan,
    Reversibility,
)
from wizard.model.rollout import Rollout
from wizard.model.steps import (
    Backfill,
    DeleteRows,
    DropColumn,
    DropTable,
    Impossible,
    Nothing,
    Require,
    Step,
)

#: Going forward these throw rows or values away.
_LOSING = (DropColumn, DropTable, DeleteRows)


def no_way_back(plan: Plan, written: Sequence[PhaseName]) -> tuple[str, ...]:
    """Return why files cannot be taken back; empty when all can."""
    return tuple(
        f"“{migration.title}”: {step.reason}"
        for migration in _migrations(plan, written)
        for step in migration.down
        if isinstance(step, Impossible)
    )


def taken_back(
    plan: Plan,
    written: Sequence[PhaseName],
    operations: Sequence[OperationAnswers],
    rollout: Rollout,
) -> Plan:
    """Return the plan that takes the written phases of another one back."""
    return Plan(
        title=f"take back: {plan.title}",
        slug=f"abandon-{plan.slug}",
        phases=_phases(plan, written, operations, rollout),
    )


def _migrations(plan: Plan, names: Sequence[PhaseName]) -> tuple[Migration, ...]:
    return tuple(one for phase in plan.phases if phase.name in names for one in phase.migrations)


def _phases(
    plan: Plan,
    written: Sequence[PhaseName],
    operations: Sequence[OperationAnswers],
    rollout: Rollout,
) -> tuple[Phase, ...]:
    if rollout.stopped:
        return (
            Phase(
                name="switch",
                when="in a maintenance window, while the application is stopped",
                application="stopped; start the version of before the plan afterwards",
                migrations=_back(_migrations(plan, written)),
            ),
        )
    closed = [one for one in written if one == "contract"]
    turned = [one for one in written if one == "switch"]
    opened = [one for one in written if one not in ("contract", "switch")]
    found = list(_brought_again(_back(_migrations(plan, closed))))
    if turned:
        found.append(
            Phase(
                name="switch",
                when="when every running instance bears the form of before",
                application="works with the form of before the plan",
                migrations=_back(_migrations(plan, turned)),
                gate=Gate(text="every running instance bears the form of before and the new one"),
            )
        )
    going = (*_checked(_migrations(plan, closed)), *_back(_migrations(plan, opened)))
    if going:
        found.append(
            Phase(
                name="contract",
                when="when the code of before the plan runs everywhere",
                application="uses only what was there before the plan",
                migrations=going,
                gate=_gate(plan, closed, operations),
            )
        )
    return tuple(found)


def _brought_again(migrations: tuple[Migration, ...]) -> tuple[Phase, ...]:
    """Return what brings back what was taken away: before, with and behind the filling of it."""
    data = [at for at, one in enumerate(migrations) if one.kind == "data" and _acts(one)]
    first, last = (data[0], data[-1] + 1) if data else (len(migrations), len(migrations))
    parts: tuple[tuple[PhaseName, str, tuple[Migration, ...]], ...] = (
        ("expand", "at once: it only adds", migrations[:first]),
        ("backfill", "after expand", migrations[first:last]),
        ("validate", "when the fill is done", migrations[last:]),
    )
    filled = [part for part in parts if part[2]]
    return tuple(
        Phase(
            name=name,
            when=f"{when}; then deploy the code of before the plan" if part == filled[-1] else when,
            application="may be that of before the plan again as soon as this is done"
            if part == filled[-1]
            else "need not change: the code that runs goes on as it does",
            migrations=these,
        )
        for part in filled
        for name, when, these in (part,)
    )


def _acts(migration: Migration) -> bool:
    return any(not isinstance(one, Nothing | Require) for one in migration.up)


def _gate(plan: Plan, closed: Sequence[PhaseName], operations: Sequence[OperationAnswers]) -> Gate:
    queries = [
        one.gate.query
        for one in plan.phases
        if one.name in closed and one.gate is not None and one.gate.query is not None
    ]
    said = [_again(one, plan) for one in operations]
    return Gate(text="; ".join(dict.fromkeys(said)), query=queries[0] if queries else None)


def _again(one: OperationAnswers, plan: Plan) -> str:
    """Say what running code must do before what the plan has brought goes."""
    old = {"rename_column": "column", "rename_table": "table"}.get(one.kind)
    if old is not None and one.values.get(old):
        return (
            f"every running instance says {one.values[old]} again, and none {one.values.get('to')}"
        )
    return f"no running instance uses what “{plan.title}” has brought"


def _checked(closed: Sequence[Migration]) -> tuple[Migration, ...]:
    """Return the checks, before anything goes, that what came back is filled again."""
    return tuple(
        replace(
            one,
            slug=slugify(f"again {one.slug}"),
            title=f"once more {one.title}",
            changes=tuple(
                Change(step=each.step, undo=(Nothing(reason="nothing was changed"),))
                for each in one.changes
                if isinstance(each.step, Require)
            ),
            transactional=True,
        )
        for one in closed
        if any(
            isinstance(each.step, Require) and any(isinstance(un, Backfill) for un in each.undo)
            for each in one.changes
        )
    )


def _back(migrations: Sequence[Migration]) -> tuple[Migration, ...]:
    """Return the files that take some back, last first; those that have nothing to do fall away."""
    return tuple(
        replace(
            one,
            slug=slugify(f"undo {one.slug}"),
            title=f"take back: {one.title}",
            changes=_reversed(one.changes),
        )
        for one in reversed(migrations)
        if one.down
    )


def _reversed(changes: Sequence[Change]) -> tuple[Change, ...]:
    """Return changes whose upgrade is the downgrade of these, and the other way round."""
    found: list[Change] = []
    pending: tuple[Step, ...] = ()
    for one in changes:
        pending = (*pending, one.step)
        if one.undo:
            *first, last = one.undo
            loss = _loss(one)
            # Notes speak of the way that the plan went.
            whole = Change(step=last, undo=pending, reversibility=loss)
            parts = (*(Change(step=each, undo=()) for each in first), whole)
            found = [*parts, *found]
            pending = ()
    if pending:
        # What has no way back of its own is done again behind what comes last.
        top = found[0]
        found[0] = replace(top, undo=(*top.undo, *pending))
    return tuple(found)


def _loss(one: Change) -> Reversibility:
    """Return what taking a change back loses, now that it is done and not only possible."""
    grade = one.reversibility
    if grade.needs_acknowledgement:
        return grade
    losing = any(isinstance(each, _LOSING) for each in one.undo)
    if grade.grade is Grade.LOSSLESS_UNTIL and losing:
        return Reversibility(grade=Grade.STRUCTURE_ONLY, reason=grade.reason)
    return LOSSLESS
