"""Which changes share a file, and which steps of a direction share a transaction.

A file that is cut short is run again from its start, so in each direction what may be repeated
comes first (guarded index builds, validations, batches), and what one transaction holds last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from wizard.dialects.base import Dialect
from wizard.model.plan import Change, Migration
from wizard.model.steps import (
    AddEnumValue,
    AddIndex,
    Batched,
    DropIndex,
    Impossible,
    Nothing,
    RebuildTable,
    Require,
    Step,
    ValidateConstraint,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Steps in a row that run inside of one transaction, or outside of any when ``alone``."""

    steps: tuple[Step, ...]
    alone: bool


def files(migration: Migration, dialect: Dialect) -> tuple[Migration, ...]:
    """Return the migration in as many as need a file of their own; only the first says why."""
    found: list[list[Change]] = []
    for change in migration.changes:
        if found and _fits([*found[-1], change], dialect):
            found[-1].append(change)
        else:
            found.append([change])
    if len(found) == 1:
        return (migration,)
    parts = [replace(migration, changes=tuple(part)) for part in found]
    return tuple(
        replace(
            part,
            slug=f"{migration.slug[:56]}_{number}",
            changes=tuple(_alone_on_the_way_back(one, dialect) for one in part.changes),
        )
        for number, part in enumerate(parts, start=1)
    )


def _fits(changes: Sequence[Change], dialect: Dialect) -> bool:
    """Tell whether no step that must run alone stands behind one that shares a transaction."""
    together = Migration(slug="", title="", changes=tuple(changes))
    return all(
        [group.alone for group in groups(steps, dialect)] in ([], [True], [False], [True, False])
        for steps in (together.up, together.down)
    )


def _alone_on_the_way_back(change: Change, dialect: Dialect) -> Change:
    """Let a build, whose index goes with a later file's constraint, drop what is left of it."""
    step = change.step
    if change.undo or not isinstance(step, AddIndex) or not dialect.needs_own_transaction(step):
        return change
    concurrently = dialect.capabilities.concurrent_drop
    drop = DropIndex(table=step.table, index=step.index, concurrently=concurrently)
    return replace(change, undo=(drop,))


def groups(steps: Sequence[Step], dialect: Dialect) -> tuple[Group, ...]:
    """Part steps at the borders of transactions; a requirement goes with what it protects."""
    found: list[Group] = []
    waiting: list[Step] = []
    for step in steps:
        if isinstance(step, Nothing | Impossible):
            continue
        if isinstance(step, Require):
            waiting.append(step)
            continue
        own = alone(step, dialect)
        together = (*waiting, step)
        waiting = []
        if found and found[-1].alone == own:
            found[-1] = Group(steps=found[-1].steps + together, alone=own)
        else:
            found.append(Group(steps=together, alone=own))
    if waiting:
        found.append(Group(steps=tuple(waiting), alone=False))
    return tuple(found)


def alone(step: Step, dialect: Dialect) -> bool:
    """Tell whether a step runs outside of transactions, or must not hold the locks of others."""
    if isinstance(step, Batched):
        return bool(step.key)
    if isinstance(step, ValidateConstraint | RebuildTable | AddEnumValue):
        return True
    return dialect.needs_own_transaction(step)


def needs_none(step: Step, dialect: Dialect) -> bool:
    """Tell whether no transaction at all may be around a step."""
    if isinstance(step, Batched):
        return bool(step.key)
    return dialect.needs_own_transaction(step)
