"""The way back of a step: exact, or a declared loss. Never a guess, never silence."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from wizard.model.plan import LOSSLESS, Change, Grade, Reversibility
from wizard.model.schema import Check, Exclusion, ForeignKey, NotNull, PrimaryKey, Unique
from wizard.model.steps import (
    AddCheck,
    AddColumn,
    AddEnumValue,
    AddExclusion,
    AddForeignKey,
    AddIndex,
    AddNotNull,
    AddPrimaryKey,
    AddUnique,
    Backfill,
    ChangeType,
    CopyRows,
    CreateDependent,
    CreateEnum,
    CreateShadowView,
    CreateSync,
    CreateTable,
    CreateTableView,
    DeleteRows,
    DropColumn,
    DropConstraint,
    DropDependent,
    DropEnum,
    DropIndex,
    DropNotNull,
    DropShadowView,
    DropSync,
    DropTable,
    DropTableView,
    Impossible,
    LockTables,
    MoveNumbering,
    Nothing,
    RebuildTable,
    RenameColumn,
    RenameConstraint,
    RenameEnum,
    RenameEnumValue,
    RenameIndex,
    RenameTable,
    ReplaceView,
    Require,
    SetDefault,
    SetIdentity,
    SetNotNull,
    SetVisible,
    Step,
    SwapColumns,
    SwapTableView,
    ValidateConstraint,
)


def change(
    step: Step,
    *,
    undo: tuple[Step, ...] | None = None,
    reversibility: Reversibility | None = None,
    note: str = "",
) -> Change:
    """Return the step with its way back; ``undo`` and ``reversibility`` replace the usual ones."""
    steps, grade = inverse(step)
    return Change(
        step=step,
        undo=steps if undo is None else undo,
        reversibility=grade if reversibility is None else reversibility,
        note=note,
    )


def inverse(step: Step) -> tuple[tuple[Step, ...], Reversibility]:
    """Return the steps that take ``step`` back, and how much of it they bring back."""
    match step:
        case CreateTable(table=made):
            grade = Reversibility(
                grade=Grade.LOSSLESS_UNTIL,
                until=f"{made.name} is written",
                reason=f"dropping {made.name} loses its rows",
            )
            return (DropTable(table=made),), grade
        case DropTable(table=gone):
            reason = f"{gone.name} comes back empty: its rows are gone"
            grade = Reversibility(grade=Grade.STRUCTURE_ONLY, reason=reason)
            return (CreateTable(table=gone),), grade
        case ChangeType(table=table, column=column, to=to, beside=beside):
            back = ChangeType(table=table, column=to, to=column, beside=beside)
            return (back,), LOSSLESS
        case SetIdentity(table=table, column=column, identity=identity):
            after = replace(column, identity=identity)
            return (SetIdentity(table=table, column=after, identity=column.identity),), LOSSLESS
        case AddColumn(table=table, column=column):
            grade = LOSSLESS
            if column.generated is None:
                reason = f"dropping {column.name} loses what was written to it since"
                grade = Reversibility(
                    grade=Grade.LOSSLESS_UNTIL,
                    until=f"{column.name} is written",
                    reason=reason,
                )
            return (DropColumn(table=table, column=column),), grade
        case DropColumn(table=table, column=column):
            reason = f"{column.name} comes back empty: its values are gone"
            grade = Reversibility(grade=Grade.STRUCTURE_ONLY, reason=reason)
            return (AddColumn(table=table, column=column),), grade
        case SetDefault(table=table, column=column, default=default):
            after = replace(column, default=default)
            return (SetDefault(table=table, column=after, default=column.default),), LOSSLESS
        case SetNotNull(table=table, column=column):
            after = replace(column, nullable=False)
            return (DropNotNull(table=table, column=after),), LOSSLESS
        case DropNotNull(table=table, column=column):
            after = replace(column, nullable=True)
            grade = Reversibility(
                grade=Grade.LOSSLESS_UNTIL,
                until=f"a NULL is written to {column.name}",
                reason=f"NOT NULL cannot come back while {column.name} holds a NULL",
            )
            return (SetNotNull(table=table, column=after),), grade
        case RenameColumn(table=table, old=old, new=new):
            return (RenameColumn(table=table, old=new, new=old),), LOSSLESS
        case RenameTable(table=table, new=new):
            return (RenameTable(table=replace(table, name=new), new=table.name),), LOSSLESS
        case RenameIndex(table=table, old=old, new=new):
            return (RenameIndex(table=table, old=new, new=old),), LOSSLESS
        case RenameConstraint(table=table, old=old, new=new):
            return (RenameConstraint(table=table, old=new, new=old),), LOSSLESS
        case SetVisible(table=table, index=index, visible=visible):
            shown = replace(index, visible=visible)
            return (SetVisible(table=table, index=shown, visible=index.visible),), LOSSLESS
        case AddIndex(table=table, index=index, concurrently=concurrently):
            return (DropIndex(table=table, index=index, concurrently=concurrently),), LOSSLESS
        case DropIndex(table=table, index=index, concurrently=concurrently):
            return (AddIndex(table=table, index=index, concurrently=concurrently),), LOSSLESS
        case AddForeignKey() | AddCheck() | AddNotNull() | AddExclusion():
            return (DropConstraint(table=step.table, constraint=step.constraint),), LOSSLESS
        case AddUnique(table=table, constraint=unique, using=using):
            return (DropConstraint(table=table, constraint=unique, leaves=using),), LOSSLESS
        case AddPrimaryKey(table=table, constraint=primary, using=using):
            drop = DropConstraint(table=table, constraint=primary, leaves=using)
            loosened = tuple(
                DropNotNull(table=table, column=replace(one, nullable=False))
                for one in step.columns
                if one.nullable
            )
            return (drop, *loosened), LOSSLESS
        case ValidateConstraint(constraint=constraint):
            return (Nothing(reason=f"{constraint.name} stays validated, which harms nothing"),), (
                LOSSLESS
            )
        case DropConstraint():
            return _add_back(step), LOSSLESS
        case CreateSync(sync=sync):
            return (DropSync(sync=sync),), LOSSLESS
        case DropSync(sync=sync):
            return (CreateSync(sync=sync),), LOSSLESS
        case SwapColumns(before=before, after=after):
            return (SwapColumns(before=after, after=before),), LOSSLESS
        case MoveNumbering(column=column, to=to):
            numbered = replace(to, identity=column.identity, default=column.default)
            free = replace(column, identity=None, default=None)
            return (replace(step, column=numbered, to=free),), LOSSLESS
        case CreateShadowView(view=view):
            return (DropShadowView(view=view),), LOSSLESS
        case DropShadowView(view=view):
            return (CreateShadowView(view=view),), LOSSLESS
        case CreateTableView(view=table_view):
            return (DropTableView(view=table_view),), LOSSLESS
        case DropTableView(view=table_view):
            return (CreateTableView(view=table_view),), LOSSLESS
        case SwapTableView(view=table_view):
            return (SwapTableView(view=table_view.swapped),), LOSSLESS
        case DropDependent(table=table, dependent=dependent):
            return (CreateDependent(table=table, dependent=dependent),), LOSSLESS
        case CreateDependent(table=table, dependent=dependent):
            return (DropDependent(table=table, dependent=dependent),), LOSSLESS
        case ReplaceView(table=table, before=before, after=after):
            return (ReplaceView(table=table, before=after, after=before),), LOSSLESS
        case CreateEnum(enum=enum):
            return (DropEnum(enum=enum),), LOSSLESS
        case DropEnum(enum=enum):
            return (CreateEnum(enum=enum),), LOSSLESS
        case RenameEnum(enum=enum, new=new):
            moved = replace(enum, name=replace(enum.name, name=new))
            return (RenameEnum(enum=moved, new=enum.name.name),), LOSSLESS
        case AddEnumValue(value=value):
            return (Nothing(reason=f"{value} stays, which harms nothing"),), LOSSLESS
        case RenameEnumValue(enum=enum, old=old, new=new):
            renamed = replace(enum, labels=tuple(new if one == old else one for one in enum.labels))
            return (RenameEnumValue(enum=renamed, old=new, new=old),), LOSSLESS
        case CopyRows(target=target):
            return (Nothing(reason=f"the rows stay in {target}, which harms nothing"),), LOSSLESS
        case Backfill(table=table, overwrites=overwrites):
            if overwrites:
                reason = f"the earlier values of {table} were overwritten and are not kept"
                grade = Reversibility(grade=Grade.NONE, reason=reason)
                return (Impossible(reason=reason),), grade
            return (Nothing(reason="the filled values harm nothing: nothing to undo"),), LOSSLESS
        case DeleteRows(table=table):
            reason = f"the rows deleted from {table} are not kept"
            return (Impossible(reason=reason),), Reversibility(grade=Grade.NONE, reason=reason)
        case RebuildTable(before=original, after=copy):
            lost = {one.name for one in original.columns} - {one.name for one in copy.columns}
            grade = LOSSLESS
            if lost:
                reason = f"{', '.join(sorted(lost))} comes back empty: the values are gone"
                grade = Reversibility(grade=Grade.STRUCTURE_ONLY, reason=reason)
            return (RebuildTable(before=copy, after=original),), grade
        case Require() | LockTables() | Nothing() | Impossible():
            return (), LOSSLESS
        case _:
            assert_never(step)


def _add_back(step: DropConstraint) -> tuple[Step, ...]:
    """Bring a constraint back without a scan where it can be: whoever needs it proven validates."""
    table, constraint = step.table, step.constraint
    match constraint:
        case ForeignKey():
            return (AddForeignKey(table=table, constraint=replace(constraint, validated=False)),)
        case Check():
            return (AddCheck(table=table, constraint=replace(constraint, validated=False)),)
        case NotNull():
            return (AddNotNull(table=table, constraint=constraint),)
        case Unique():
            return (AddUnique(table=table, constraint=constraint, using=step.leaves),)
        case PrimaryKey():
            # Dropping a primary key leaves its columns NOT NULL.
            return (
                AddPrimaryKey(table=table, constraint=constraint, columns=(), using=step.leaves),
            )
        case Exclusion():
            return (AddExclusion(table=table, constraint=constraint),)
        case _:
            assert_never(constraint)
