"""What each step holds on PostgreSQL, and what happens under the lock.

Facts: safety.md §1.1, and tests/rehearsal/test_lock_truth.py, which measures each on real servers.
"""

from __future__ import annotations

from typing import Literal, assert_never

from wizard.dialects import estimates
from wizard.dialects.base import DefaultKind, Size
from wizard.dialects.postgresql.expressions import default_kind
from wizard.dialects.postgresql.objects import relation_of
from wizard.dialects.postgresql.type_changes import type_change
from wizard.model.names import TableName, parse_table_name
from wizard.model.plan import NO_LOCK, Lock, Work
from wizard.model.schema import Column, Dependent, ForeignKey, Reference
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

ACCESS_EXCLUSIVE = "ACCESS EXCLUSIVE"
SHARE_ROW_EXCLUSIVE = "SHARE ROW EXCLUSIVE"
SHARE = "SHARE"
SHARE_UPDATE_EXCLUSIVE = "SHARE UPDATE EXCLUSIVE"
ROW_EXCLUSIVE = "ROW EXCLUSIVE"
ACCESS_SHARE = "ACCESS SHARE"

#: What has to wait while a mode is held: the conflict table of the manual, "Explicit Locking".
BLOCKS: dict[str, tuple[Literal["reads", "writes"], ...]] = {
    ACCESS_EXCLUSIVE: ("reads", "writes"),
    "EXCLUSIVE": ("writes",),
    SHARE_ROW_EXCLUSIVE: ("writes",),
    SHARE: ("writes",),
    SHARE_UPDATE_EXCLUSIVE: (),
    ROW_EXCLUSIVE: (),
    "ROW SHARE": (),
    ACCESS_SHARE: (),
}


def lock(step: Step, size: Size) -> Lock:
    """Return what the step holds on a table of that size."""
    match step:
        case CreateTable(table=made):
            # Nobody knows the new table yet; a foreign key locks the table it points to.
            parents = dict.fromkeys(key.ref_table for key in made.foreign_keys)
            return _held(SHARE_ROW_EXCLUSIVE, size, "none", *parents) if parents else NO_LOCK
        case DropTable(table=gone):
            parents = dict.fromkeys((gone.name, *(key.ref_table for key in gone.foreign_keys)))
            return _held(ACCESS_EXCLUSIVE, size, "none", *parents)
        case ChangeType(table=table):
            return _held(ACCESS_EXCLUSIVE, size, _changing_type(step), table, *_partners(step))
        case AddColumn(table=table, column=column):
            return _held(ACCESS_EXCLUSIVE, size, _adding(column), table)
        case SetNotNull(table=table, proof=proof):
            return _held(ACCESS_EXCLUSIVE, size, "scan" if proof is None else "none", table)
        case RenameIndex(table=table, old=old):
            return _held(SHARE_UPDATE_EXCLUSIVE, size, "none", TableName(old, table.schema))
        case AddIndex(table=table, concurrently=concurrently, ready=ready):
            mode = SHARE_UPDATE_EXCLUSIVE if concurrently else SHARE
            return _held(mode, size, "none" if ready else "build", table, *ready)
        case DropIndex(table=table, concurrently=concurrently):
            mode = SHARE_UPDATE_EXCLUSIVE if concurrently else ACCESS_EXCLUSIVE
            return _held(mode, size, "none", table)
        case AddForeignKey(table=table, constraint=key, ready=ready):
            if ready:
                # The keys of the partitions give up their triggers on the table they point to.
                return _held(ACCESS_EXCLUSIVE, size, "none", key.ref_table)
            work: Work = "scan" if key.validated else "none"
            return _held(SHARE_ROW_EXCLUSIVE, size, work, *_both(table, key))
        case AddCheck(table=table, constraint=check):
            return _held(ACCESS_EXCLUSIVE, size, "scan" if check.validated else "none", table)
        case AddNotNull(table=table, constraint=required):
            return _held(ACCESS_EXCLUSIVE, size, "scan" if required.validated else "none", table)
        case AddUnique(table=table, using=using, ready=ready):
            built = using is None and not ready
            return _held(ACCESS_EXCLUSIVE, size, "build" if built else "none", table, *ready)
        case AddPrimaryKey(table=table, using=using, proven=proven, columns=columns, ready=ready):
            read: Work = "scan" if any(one.nullable for one in columns) and not proven else "none"
            built = using is None and not ready
            return _held(ACCESS_EXCLUSIVE, size, "build" if built else read, table, *ready)
        case AddExclusion(table=table):
            return _held(ACCESS_EXCLUSIVE, size, "build", table)
        case ValidateConstraint(table=table, constraint=constraint):
            # The other table of a foreign key is held in ROW SHARE, which stops nobody.
            work = "none" if constraint.validated else "scan"
            return _held(SHARE_UPDATE_EXCLUSIVE, size, work, table)
        case DropConstraint(table=table, constraint=constraint, leaves=leaves):
            tables = _both(table, constraint) if isinstance(constraint, ForeignKey) else (table,)
            return _held(ACCESS_EXCLUSIVE, size, "none" if leaves is None else "build", *tables)
        case CreateSync(sync=sync):
            return _held(SHARE_ROW_EXCLUSIVE, size, "none", sync.table)
        case DropSync(sync=sync):
            return _held(ACCESS_EXCLUSIVE, size, "none", sync.table)
        case CreateShadowView(view=view):
            return _held(ACCESS_EXCLUSIVE, size, "none", view.table)
        case DropShadowView(view=view):
            base = TableName(view.base, view.table.schema)
            return _held(ACCESS_EXCLUSIVE, size, "none", view.table, base)
        case CreateTableView(view=whole):
            return _held(ACCESS_SHARE, size, "none", whole.table)
        case DropTableView(view=whole):
            return _held(ACCESS_EXCLUSIVE, size, "none", whole.shown)
        case SwapTableView(view=whole):
            return _held(ACCESS_EXCLUSIVE, size, "none", whole.shown, whole.table)
        case DropDependent():
            return _held(ACCESS_EXCLUSIVE, size, "none", relation_of(step))
        case CreateDependent(table=table, dependent=dependent):
            return _making(dependent.on or table, dependent, size)
        case ReplaceView(after=view):
            return _held(ACCESS_EXCLUSIVE, size, "none", parse_table_name(view.name))
        case MoveNumbering(table=table, column=column, to=to):
            # A new type alone holds the sequence: nobody waits but for the next number.
            alone = column.name == to.name
            return NO_LOCK if alone else _held(ACCESS_EXCLUSIVE, size, "none", table)
        case CreateEnum() | DropEnum() | RenameEnum() | AddEnumValue() | RenameEnumValue():
            return NO_LOCK
        case CopyRows(target=target, key=key):
            work = "batches" if key else "scan"
            return _held(ROW_EXCLUSIVE, size, work, target)
        case Backfill() | DeleteRows():
            return _changing(step, size)
        case Require(table=table):
            return _held(ACCESS_SHARE, size, "scan", table)
        case LockTables(tables=tables, mode=mode):
            return _held(mode.upper(), size, "none", *tables)
        case (
            DropColumn(table=table)
            | SetDefault(table=table)
            | DropNotNull(table=table)
            | RenameColumn(table=table)
            | RenameTable(table=table)
            | RenameConstraint(table=table)
            | SetIdentity(table=table)
            | SwapColumns(table=table)
            | SetVisible(table=table)
        ):
            return _held(ACCESS_EXCLUSIVE, size, "none", table)
        case RebuildTable(before=before):
            return _held(ACCESS_EXCLUSIVE, size, "rewrite", before.name)
        case Nothing() | Impossible():
            return NO_LOCK
        case _:
            assert_never(step)


def _held(mode: str, size: Size, work: Work, *tables: TableName) -> Lock:
    match work:
        case "none":
            length: estimates.Range = estimates.INSTANT
        case "scan":
            length = estimates.scan(size)
        case "build":
            length = estimates.build(size)
        case "rewrite":
            length = estimates.rewrite(size)
        case "batches":
            length = estimates.backfill(size)
    return Lock(mode=mode, on=tables, blocks=BLOCKS[mode], work=work, milliseconds=length)


def _changing_type(step: ChangeType) -> Work:
    return type_change(step.column, step.to, using=step.using, beside=step.beside)


def _partners(step: ChangeType) -> tuple[TableName, ...]:
    """Return the other tables of the column's foreign keys, which are made anew with it."""
    parents = [one.ref_table for one in step.beside if isinstance(one, ForeignKey)]
    children = [one.table for one in step.beside if isinstance(one, Reference)]
    return tuple(one for one in dict.fromkeys((*parents, *children)) if one != step.table)


def _adding(column: Column) -> Work:
    """Return the work of adding a column: a value worked out for each row rewrites the table."""
    if column.identity is not None:
        return "rewrite"
    if column.generated is not None:
        return "rewrite" if column.generated.stored else "none"
    return "rewrite" if default_kind(column.default) is DefaultKind.VOLATILE else "none"


def _making(table: TableName, dependent: Dependent, size: Size) -> Lock:
    """Return the lock of creating a view, policy, trigger or rule again."""
    match dependent.kind:
        case "view":
            return _held(ACCESS_SHARE, size, "none", table)
        case "materialized view":
            return _held(ACCESS_SHARE, size, "scan", table)
        case "trigger":
            return _held(SHARE_ROW_EXCLUSIVE, size, "none", table)
        case _:
            return _held(ACCESS_EXCLUSIVE, size, "none", table)


def _both(table: TableName, key: ForeignKey) -> tuple[TableName, ...]:
    """Return both tables of a foreign key, the parent first, as they are to be locked."""
    return tuple(dict.fromkeys((key.ref_table, table)))


def _changing(step: Backfill | DeleteRows, size: Size) -> Lock:
    held = _held(ROW_EXCLUSIVE, size, "batches", step.table)
    if step.key:
        return held
    # One statement holds the lock of every row that it changes until it ends.
    return Lock(
        mode=held.mode,
        on=held.on,
        blocks=("writes",),
        work="scan",
        milliseconds=held.milliseconds,
    )
