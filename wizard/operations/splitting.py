"""One change of the schema for each file, where the engine cannot roll one back.

There a file that stops in the middle leaves its first half done: run again, it fails on what is there
already. With one change each, a file is either done or not, in both directions.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from wizard.model.names import slugify
from wizard.model.plan import LOSSLESS, Change, Migration
from wizard.model.schema import Constraint
from wizard.model.steps import (
    AddCheck,
    AddColumn,
    AddForeignKey,
    AddIndex,
    AddPrimaryKey,
    AddUnique,
    ChangeType,
    CreateDependent,
    CreateSync,
    DropColumn,
    DropConstraint,
    DropDependent,
    DropIndex,
    DropNotNull,
    DropSync,
    Impossible,
    LockTables,
    Nothing,
    RenameColumn,
    RenameIndex,
    Require,
    SetDefault,
    SetIdentity,
    SetNotNull,
    SetVisible,
    Step,
    Sync,
    ValidateConstraint,
    step_name,
)
from wizard.model.syncs import SyncSets

_LOOKS = (Require, Nothing, Impossible, LockTables)


def acts(step: Step) -> bool:
    """Tell whether a step changes or proves something, so that it wants a file of its own."""
    return not isinstance(step, _LOOKS)


@dataclass(slots=True, kw_only=True)
class _Unit:
    """What one file will hold: at most one acting change, and the looks that protect it."""

    changes: list[Change] = field(default_factory=list)
    acting: Step | None = None


def split(migration: Migration) -> tuple[Migration, ...]:
    """Return the migration as several with one acting step in each direction, in the same order.

    A look at the data stays with the step that it protects. A way back of several steps is spread
    over files whose upgrade does nothing, since a downgrade runs the files last to first.
    """
    if migration.kind == "data":
        return (migration,)
    units: list[_Unit] = []
    waiting: list[Change] = []
    for change in migration.changes:
        groups = _groups(change.undo)
        if not acts(change.step) and not any(map(acts, change.undo)):
            waiting.append(change)
            continue
        last = groups[-1] if groups else ()
        first = replace(change, undo=tuple(last))
        units.append(_Unit(changes=[*waiting, first], acting=_acting(change.step, last)))
        waiting = []
        for group in reversed(groups[:-1]):
            nothing = Nothing(reason="only the downgrade has work to do here")
            back = Change(step=nothing, undo=tuple(group), reversibility=LOSSLESS)
            units.append(_Unit(changes=[back], acting=_acting(nothing, group)))
    if not units:
        return (migration,)
    units[-1].changes += waiting
    if len(units) == 1:
        return (replace(migration, changes=tuple(units[0].changes)),)
    return tuple(_migration(migration, one) for one in units)


def _acting(step: Step, undo: Iterable[Step]) -> Step | None:
    return next((one for one in (step, *undo) if acts(one)), None)


def _groups(steps: tuple[Step, ...]) -> list[tuple[Step, ...]]:
    """Return the steps in groups that each end with the one that acts."""
    groups: list[tuple[Step, ...]] = []
    current: list[Step] = []
    for one in steps:
        current.append(one)
        if acts(one):
            groups.append(tuple(current))
            current = []
    if current:
        if groups:
            groups[-1] = (*groups[-1], *current)
        else:
            groups.append(tuple(current))
    return groups


def _migration(whole: Migration, unit: _Unit) -> Migration:
    forward = acts(unit.changes[-1].step) or any(acts(one.step) for one in unit.changes)
    told = title_of(unit.acting) if unit.acting is not None else whole.title
    title = told if forward else f"{told} on the way back"
    return replace(whole, slug=slugify(title), title=title, changes=tuple(unit.changes))


def title_of(step: Step) -> str:
    """Say in a few words what a step does, for the name of its file."""
    match step:
        case AddColumn(table=table, column=column):
            return f"add {column.name} to {table}"
        case DropColumn(table=table, column=column):
            return f"drop {column.name} from {table}"
        case ChangeType(table=table, column=column):
            return f"change the type of {table}.{column.name}"
        case SetIdentity(table=table, column=column):
            return f"number {table}.{column.name}"
        case SetDefault(table=table, column=column, default=default):
            return f"{'drop' if default is None else 'set'} default of {table}.{column.name}"
        case SetNotNull(table=table, column=column):
            return f"require {table}.{column.name}"
        case DropNotNull(table=table, column=column):
            return f"no longer require {table}.{column.name}"
        case RenameColumn(table=table, old=old, new=new):
            return f"rename {table}.{old} to {new}"
        case RenameIndex(old=old, new=new):
            return f"rename {old} to {new}"
        case AddIndex(index=index):
            return f"add {index.name}"
        case DropIndex(index=index):
            return f"drop {index.name}"
        case SetVisible(index=index, visible=visible):
            return f"{'show' if visible else 'hide'} {index.name}"
        case AddForeignKey() | AddCheck() | AddUnique() | AddPrimaryKey():
            return f"add {_name(step.constraint)} to {step.table}"
        case DropConstraint(table=table, constraint=constraint):
            return f"drop {_name(constraint)} from {table}"
        case ValidateConstraint(constraint=constraint):
            return f"prove {_name(constraint)}"
        case CreateSync(sync=sync):
            return f"sync {_listed(sync)} of {sync.table}"
        case DropSync(sync=sync):
            return f"end the sync of {_listed(sync)} of {sync.table}"
        case DropDependent(dependent=dependent):
            return f"drop {dependent.kind} {dependent.name}"
        case CreateDependent(dependent=dependent):
            return f"create {dependent.kind} {dependent.name}"
        case _:
            owner = getattr(step, "table", None)
            words = step_name(step).replace("_", " ")
            return words if owner is None else f"{words} of {getattr(owner, 'name', owner)}"


def _listed(sync: Sync | SyncSets) -> str:
    return " and ".join((*sync.olds, *sync.news))


def _name(constraint: Constraint) -> str:
    return constraint.name or "primary key"
