"""What code sees of the steps of a migration: names that go, come or change, rules that come back.

Read off the steps alone, so that it holds for every operation there is or will be.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from wizard.model.names import TableName
from wizard.model.plan import Plan
from wizard.model.schema import Table
from wizard.model.steps import (
    AddCheck,
    AddColumn,
    AddExclusion,
    AddForeignKey,
    AddIndex,
    AddNotNull,
    AddPrimaryKey,
    AddUnique,
    ChangeType,
    CopyRows,
    CreateDependent,
    CreateShadowView,
    CreateSync,
    CreateTable,
    CreateTableView,
    DropColumn,
    DropConstraint,
    DropDependent,
    DropIndex,
    DropShadowView,
    DropSync,
    DropTable,
    DropTableView,
    RebuildTable,
    RenameColumn,
    RenameEnumValue,
    RenameTable,
    SetNotNull,
    Step,
    SwapColumns,
    Sync,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What some steps do to the names and rules that code lives by, in words such as ``orders.note``.

    ``gone`` are names that are not there any more, ``come`` names that are there again, ``rules``
    what rows must obey from then on, ``retyped`` columns whose type changes under their name.
    """

    gone: tuple[str, ...] = ()
    come: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    retyped: tuple[str, ...] = ()


def unseen_names(plan: Plan) -> frozenset[str]:
    """Return the names that no code ever says.

    Columns which a trigger alone writes, tables to which rows are only copied, and what a plan
    brings for a while and takes away again itself.
    """
    found: set[str] = set()
    for migration in plan.migrations:
        for step in (*migration.up, *migration.down):
            if isinstance(step, CopyRows):
                found.add(str(step.target))
            for sync in _syncs(step):
                if sync.leads == "old":
                    found.add(_column(sync.table, sync.new))
                elif sync.leads == "new":
                    found.add(_column(sync.table, sync.old))
    return frozenset(found) | _passing(plan)


def _passing(plan: Plan) -> frozenset[str]:
    """Return the names that were not there before the plan, and are not there after it."""
    first: dict[str, bool] = {}
    last: dict[str, bool] = {}
    for step in (step for migration in plan.migrations for step in migration.up):
        for there, names in ((False, _goes(step)), (True, _comes(step))):
            for name in names:
                first.setdefault(name, not there)
                last[name] = there
    return frozenset(name for name in first if not first[name] and not last[name])


def seen(steps: Sequence[Step], hidden: frozenset[str] = frozenset()) -> Seen:
    """Return what code sees of steps that run one after the other, ``hidden`` columns left out."""
    # Dictionaries for their order; a name that goes and comes within the steps was never missed.
    gone: dict[str, None] = {}
    come: dict[str, None] = {}
    rules: dict[str, frozenset[str]] = {}
    retyped: dict[str, None] = {}
    for step in steps:
        for name in _goes(step):
            if name in come:
                del come[name]
            else:
                gone[name] = None
        for name in _comes(step):
            if name in gone:
                del gone[name]
            else:
                come[name] = None
        if isinstance(step, DropConstraint | DropIndex):
            thing = step.constraint if isinstance(step, DropConstraint) else step.index
            rules.pop(thing.name or "", None)
        rules |= _rules(step)
        retyped |= dict.fromkeys(_retyped(step))
    new = set(come) | hidden
    return Seen(
        gone=_shown(gone, hidden),
        come=_shown(come, hidden),
        # A rule on what has just come back is no news to code that never wrote it.
        rules=tuple(name for name, columns in rules.items() if columns - new),
        retyped=_shown(retyped, hidden),
    )


def _shown(names: Iterable[str], hidden: frozenset[str]) -> tuple[str, ...]:
    return tuple(one for one in names if one not in hidden)


def _column(table: TableName, column: str) -> str:
    return f"{table}.{column}"


def _columns(table: Table) -> dict[str, None]:
    return {_column(table.name, one.name): None for one in table.columns}


def _syncs(step: Step) -> tuple[Sync, ...]:
    match step:
        case CreateSync(sync=Sync() as sync) | DropSync(sync=Sync() as sync):
            return (sync,)
        case SwapColumns(before=before, after=after):
            return (before, after)
        case _:
            return ()


def _goes(step: Step) -> tuple[str, ...]:
    match step:
        case DropColumn(table=table, column=column):
            return (_column(table, column.name),)
        case DropTable(table=dropped):
            return (str(dropped.name),)
        case RenameColumn(table=table, old=old):
            return (_column(table, old),)
        case RenameTable(table=table):
            return (str(table),)
        case DropShadowView(view=view):
            return (_column(view.table, view.new),)
        case DropTableView(view=whole):
            return (str(whole.shown),)
        case DropDependent(dependent=dependent) if dependent.kind.endswith("view"):
            return (str(dependent.name),)
        case RenameEnumValue(old=old):
            return (f"'{old}'",)
        case RebuildTable(before=before, after=after):
            return tuple(one for one in _columns(before) if one not in _columns(after))
        case _:
            return ()


def _comes(step: Step) -> tuple[str, ...]:
    match step:
        case AddColumn(table=table, column=column):
            return (_column(table, column.name),)
        case CreateTable(table=made):
            return (str(made.name),)
        case RenameColumn(table=table, new=new):
            return (_column(table, new),)
        case RenameTable(table=table, new=new):
            return (str(TableName(new, table.schema)),)
        case CreateShadowView(view=view):
            return (_column(view.table, view.new),)
        case CreateTableView(view=whole):
            return (str(whole.shown),)
        case CreateDependent(dependent=dependent) if dependent.kind.endswith("view"):
            return (str(dependent.name),)
        case RenameEnumValue(new=new):
            return (f"'{new}'",)
        case RebuildTable(before=before, after=after):
            return tuple(one for one in _columns(after) if one not in _columns(before))
        case _:
            return ()


def _rules(step: Step) -> dict[str, frozenset[str]]:
    """Return the rules that a step brings, with the columns that each one is about."""
    match step:
        case SetNotNull(table=table, column=column):
            name = _column(table, column.name)
            return {f"NOT NULL of {name}": frozenset({name})}
        case (
            AddForeignKey(table=table, constraint=rule)
            | AddCheck(table=table, constraint=rule)
            | AddUnique(table=table, constraint=rule)
            | AddPrimaryKey(table=table, constraint=rule)
        ):
            name = rule.name or f"a rule of {table}"
            return {name: frozenset(_column(table, one) for one in rule.columns or ("",))}
        case AddNotNull(table=table, constraint=null):
            return {null.name or f"a rule of {table}": frozenset({_column(table, null.column)})}
        case AddExclusion(table=table, constraint=exclusion):
            return {exclusion.name or f"a rule of {table}": frozenset({str(table)})}
        case AddIndex(table=table, index=index) if index.unique:
            return {index.name: frozenset(_column(table, one) for one in index.columns or ("",))}
        case _:
            return {}


def _retyped(step: Step) -> tuple[str, ...]:
    match step:
        case SwapColumns(table=table, after=after, before=before):
            # The name that stays is the one that both triggers know, on opposite sides.
            stays = after.new if after.new == before.old else after.old
            return (_column(table, stays),)
        case ChangeType(table=table, column=column):
            return (_column(table, column.name),)
        case _:
            return ()
