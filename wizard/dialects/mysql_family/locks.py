"""What each step holds on MySQL and MariaDB, and what happens meanwhile.

Facts: safety.md §1.4, and tests/rehearsal/test_mariadb_truth.py, which measures each on a server.
Every change of a table takes an exclusive metadata lock for a moment, at the end and mostly at the
beginning too. It waits for all transactions that have touched the table, and everybody queues behind
it: INSTANT is about the work, not about the wait.
"""

from __future__ import annotations

from typing import Literal

from wizard.dialects import estimates
from wizard.dialects.base import Size
from wizard.dialects.mysql_family.choosing import Alter, way
from wizard.dialects.mysql_family.ways import Ways
from wizard.model.names import TableName, parse_table_name
from wizard.model.plan import NO_LOCK, Lock, Work
from wizard.model.schema import ForeignKey, Table
from wizard.model.steps import (
    AddEnumValue,
    AddExclusion,
    AddForeignKey,
    AddNotNull,
    Backfill,
    CopyRows,
    CreateDependent,
    CreateEnum,
    CreateShadowView,
    CreateSync,
    CreateTable,
    CreateTableView,
    DeleteRows,
    DropConstraint,
    DropDependent,
    DropEnum,
    DropShadowView,
    DropSync,
    DropTable,
    DropTableView,
    Impossible,
    LockTables,
    MoveNumbering,
    Nothing,
    RebuildTable,
    RenameConstraint,
    RenameEnum,
    RenameEnumValue,
    RenameTable,
    ReplaceView,
    Require,
    Step,
    SwapColumns,
    SwapTableView,
    ValidateConstraint,
)

#: An exclusive lock on the table's definition, for a moment.
METADATA_LOCK = "metadata lock"
ROW_LOCKS = "row locks"
READING = "consistent read"

_ALL: tuple[Literal["reads", "writes"], ...] = ("reads", "writes")


def lock(step: Step, size: Size, ways: Ways) -> Lock:
    """Return what the step holds on a table of that size."""
    match step:
        case CreateTable(table=made):
            parents = _parents(made, ways)
            return _moment(*parents) if parents else NO_LOCK
        case DropTable(table=gone):
            return _moment(*dict.fromkeys((gone.name, *_parents(gone, ways))))
        case RenameTable(table=table):
            return _moment(table)
        case CreateSync(sync=sync) | DropSync(sync=sync):
            return _moment(sync.table)
        case CreateShadowView(view=view):
            return _moment(view.table)
        case DropShadowView(view=view):
            return _moment(view.table, TableName(view.base, view.table.schema))
        case CreateDependent(table=table, dependent=dependent):
            # A view only reads the definition of its tables.
            return NO_LOCK if dependent.kind == "view" else _moment(table)
        case CreateTableView():
            return NO_LOCK
        case DropTableView(view=whole):
            return _moment(whole.shown)
        case SwapTableView(view=whole):
            return _moment(whole.table, whole.shown)
        case DropDependent(table=table, dependent=dependent):
            own = dependent.kind == "view"
            return _moment(parse_table_name(dependent.name) if own else table)
        case Backfill(table=table) | DeleteRows(table=table) | CopyRows(target=table):
            return _changing(step, table, size)
        case Require(table=table) | ValidateConstraint(table=table):
            length = estimates.scan(size)
            return Lock(mode=READING, on=(table,), work="scan", milliseconds=length)
        case (
            AddNotNull()
            | AddExclusion()
            | RenameConstraint()
            | CreateEnum()
            | DropEnum()
            | AddEnumValue()
            | RenameEnumValue()
            | RenameEnum()
            | MoveNumbering()
            | SwapColumns()
            | ReplaceView()
            | RebuildTable()
            | LockTables()
            | Nothing()
            | Impossible()
        ):
            # There is no such statement, or it does nothing.
            return NO_LOCK
        case _:
            return _altering(step, size, ways)


def _moment(*tables: TableName) -> Lock:
    return Lock(mode=METADATA_LOCK, on=tables, blocks=_ALL, milliseconds=estimates.INSTANT)


def _parents(table: Table, ways: Ways) -> tuple[TableName, ...]:
    """Return the tables that the foreign keys of a new or old table point to, where they count."""
    keys = table.foreign_keys if ways.locks_parents else ()
    return tuple(dict.fromkeys(key.ref_table for key in keys))


def _altering(step: Alter, size: Size, ways: Ways) -> Lock:
    chosen = way(step, ways)
    tables: tuple[TableName, ...] = (step.table,)
    if isinstance(step, AddForeignKey | DropConstraint) and isinstance(step.constraint, ForeignKey):
        # Rows are looked up in the other table under a lock that stops its writers.
        looks = isinstance(step, AddForeignKey) and step.constraint.validated
        if looks or ways.locks_parents:
            tables = tuple(dict.fromkeys((step.constraint.ref_table, step.table)))
    if chosen.work == "none":
        return Lock(mode=chosen.mode, on=tables, blocks=_ALL, milliseconds=estimates.INSTANT)
    return Lock(
        mode=chosen.mode,
        on=tables,
        blocks=("writes",) if chosen.lock == "SHARED" else (),
        work=chosen.work,
        milliseconds=_length(chosen.work, size),
        ends=True,
    )


def _length(work: Work, size: Size) -> estimates.Range:
    return estimates.build(size) if work == "build" else estimates.rewrite(size)


def _changing(step: Backfill | DeleteRows | CopyRows, table: TableName, size: Size) -> Lock:
    length = estimates.backfill(size)
    if step.key:
        return Lock(mode=ROW_LOCKS, on=(table,), work="batches", milliseconds=length)
    # One statement holds the lock of every row that it changes until it ends.
    return Lock(mode=ROW_LOCKS, on=(table,), blocks=("writes",), work="scan", milliseconds=length)
