"""What each step holds on SQLite: one lock for the whole database file, from a write to its commit.

RESERVED stops other writers; readers go on until the commit writes its pages, and beyond it in WAL
mode. A large change spills its pages early and then holds EXCLUSIVE, which stops readers too
unless the journal is in WAL mode: the worse case is what is said here.
"""

from __future__ import annotations

from typing import assert_never

from wizard.dialects import estimates
from wizard.dialects.base import Size
from wizard.model.names import TableName
from wizard.model.plan import NO_LOCK, Lock, Work
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


def lock(step: Step, size: Size) -> Lock:
    """Return what the step holds on a table of that size."""
    match step:
        case CreateTable(table=made):
            return _held("RESERVED", "none", size, made.name)
        case DropTable(table=gone):
            return _held("EXCLUSIVE", "none", size, gone.name)
        case CopyRows(target=target, key=key):
            return _held("RESERVED" if key else "EXCLUSIVE", "batches", size, target)
        case CreateEnum() | DropEnum() | RenameEnum() | AddEnumValue() | RenameEnumValue():
            return NO_LOCK
        case RebuildTable(before=before):
            return _held("EXCLUSIVE", "rewrite", size, before.name)
        case DropColumn(table=table):
            return _held("EXCLUSIVE", "rewrite", size, table)
        case SetNotNull(table=table) | AddCheck(table=table):
            return _held("RESERVED", "scan", size, table)
        case (
            AddIndex(table=table)
            | AddUnique(table=table)
            | AddPrimaryKey(table=table)
            | AddExclusion(table=table)
        ):
            return _held("RESERVED", "build", size, table)
        case AddForeignKey(table=table) | AddNotNull(table=table) | ValidateConstraint(table=table):
            return _held("RESERVED", "scan", size, table)
        case Backfill(table=table, key=key) | DeleteRows(table=table, key=key):
            held = _held("RESERVED", "batches", size, table)
            if key:
                return held
            return _held("EXCLUSIVE", "batches", size, table)
        case Require(table=table):
            # Reading: other readers and writers go on.
            return Lock(mode="SHARED", on=(table,), work="scan", milliseconds=estimates.scan(size))
        case CreateSync(sync=sync) | DropSync(sync=sync):
            return _held("RESERVED", "none", size, sync.table)
        case CreateShadowView(view=view) | DropShadowView(view=view):
            return _held("RESERVED", "none", size, view.table)
        case CreateTableView(view=whole) | DropTableView(view=whole) | SwapTableView(view=whole):
            return _held("RESERVED", "none", size, whole.table)
        case (
            AddColumn(table=table)
            | SetDefault(table=table)
            | DropNotNull(table=table)
            | RenameColumn(table=table)
            | RenameTable(table=table)
            | DropIndex(table=table)
            | DropConstraint(table=table)
            | ChangeType(table=table)
            | SetIdentity(table=table)
            | MoveNumbering(table=table)
            | SwapColumns(table=table)
            | RenameIndex(table=table)
            | RenameConstraint(table=table)
            | SetVisible(table=table)
            | DropDependent(table=table)
            | ReplaceView(table=table)
            | CreateDependent(table=table)
        ):
            return _held("RESERVED", "none", size, table)
        case LockTables() | Nothing() | Impossible():
            return NO_LOCK
        case _:
            assert_never(step)


def _held(mode: str, work: Work, size: Size, table: TableName) -> Lock:
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
    return Lock(
        mode=mode,
        on=(table,),
        blocks=("reads", "writes") if mode == "EXCLUSIVE" else ("writes",),
        work=work,
        milliseconds=length,
    )
