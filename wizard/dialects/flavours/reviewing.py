"""A plan as an engine takes it: steps in its own form, refusals, and what is to know."""

from __future__ import annotations

from dataclasses import replace

from wizard.dialects.base import Dialect
from wizard.dialects.flavours.base import Flavoured, Situation
from wizard.dialects.flavours.subjects import is_ddl
from wizard.model.findings import Finding
from wizard.model.plan import Change, Migration, Phase, Plan


def reviewed(plan: Plan, dialect: Dialect, situation: Situation) -> Plan:
    """Return the plan with the engine's own forms and findings, or refused with its reason.

    The plain engines' plans come back as they are. Both directions are looked at: a way back that
    the engine cannot go is no way back.
    """
    if not isinstance(dialect, Flavoured) or plan.refused is not None:
        return plan
    adapted = replace(plan, phases=tuple(_phase(one, dialect, situation) for one in plan.phases))
    refused = _obstacle(adapted, dialect, situation)
    if refused is not None:
        return Plan(title=plan.title, slug=plan.slug, refused=refused)
    untrue = dialect.untrue(adapted)
    kept = (one for one in adapted.findings if one.code not in untrue)
    return replace(
        adapted,
        findings=(*kept, *dialect.findings(adapted, situation)),
        naive=None if adapted.naive is None else dialect.compared(adapted.naive),
    )


def _phase(phase: Phase, dialect: Flavoured, situation: Situation) -> Phase:
    return replace(
        phase,
        migrations=tuple(_migration(one, dialect, situation) for one in phase.migrations),
    )


def _migration(migration: Migration, dialect: Flavoured, situation: Situation) -> Migration:
    alone = _alone(migration, dialect.base)
    adapted = replace(
        migration, changes=tuple(_change(one, dialect, situation) for one in migration.changes)
    )
    alone_here = _alone(adapted, dialect)
    budget = situation.rollout.lock_budget_ms
    if not dialect.budget(budget):
        adapted = replace(adapted, lock_timeout_ms=None)
    elif _waits(migration, dialect.base) < _waits(adapted, dialect):
        # What was to be done concurrently is not: others have to wait for it after all.
        adapted = replace(adapted, lock_timeout_ms=budget)
    if alone == alone_here:
        return adapted
    return replace(adapted, transactional=not alone_here)


def _waits(migration: Migration, dialect: Dialect) -> int:
    """Return how many changes of the schema run in a transaction, in both directions."""
    steps = (*migration.up, *migration.down)
    return sum(is_ddl(one) and not dialect.needs_own_transaction(one) for one in steps)


def _alone(migration: Migration, dialect: Dialect) -> bool:
    return any(map(dialect.needs_own_transaction, (*migration.up, *migration.down)))


def _change(change: Change, dialect: Flavoured, situation: Situation) -> Change:
    return replace(
        change,
        step=dialect.adapted(change.step, situation),
        undo=tuple(dialect.adapted(one, situation) for one in change.undo),
    )


def _obstacle(plan: Plan, dialect: Flavoured, situation: Situation) -> Finding | None:
    for migration in plan.migrations:
        for step in (*migration.up, *migration.down):
            found = dialect.obstacle(step, situation)
            if found is not None:
                return found
    return None
