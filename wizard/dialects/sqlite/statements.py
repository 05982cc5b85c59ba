"""From a Step to the statements that do it on SQLite 3.35 and later."""

from __future__ import annotations

from typing import assert_never

from wizard.dialects.base import DefaultKind
from wizard.dialects.sqlite import batches, guards, triggers
from wizard.dialects.sqlite.capabilities import ALTERS_CONSTRAINTS
from wizard.dialects.sqlite.definitions import column, constraint, create_index, create_whole_table
from wizard.dialects.sqlite.expressions import default_kind
from wizard.dialects.sqlite.rebuild import rebuild
from wizard.dialects.sqlite.words import quote, table
from wizard.model.errors import AnswerError
from wizard.model.names import TableName, parse_table_name
from wizard.model.schema import Check, Column
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
    Sync,
    ValidateConstraint,
)

_REBUILD = "SQLite changes this only by a copy of the table"
_NO_ENUMS = "SQLite has no enumerated types; a check on a text column does the same"
_NEVER: dict[type, str] = {
    SetDefault: _REBUILD,
    AddForeignKey: _REBUILD,
    AddUnique: _REBUILD + "; a unique index does the same in place",
    AddNotNull: "SQLite has no constraint that is validated later",
    ValidateConstraint: "SQLite has no constraint that is validated later",
    CreateShadowView: "a view of SQLite takes no writes",
    DropShadowView: "a view of SQLite takes no writes",
    CreateTableView: "a view of SQLite takes no writes",
    DropTableView: "a view of SQLite takes no writes",
    SwapTableView: "a view of SQLite takes no writes",
    ChangeType: _REBUILD,
    SetIdentity: _REBUILD,
    MoveNumbering: _REBUILD,
    SwapColumns: "SQLite changes types by a copy of the table, which needs no second column",
    AddPrimaryKey: _REBUILD,
    RenameIndex: "SQLite renames no index; it is dropped and built anew",
    RenameConstraint: _REBUILD,
    SetVisible: "SQLite cannot hide an index from queries",
    ReplaceView: "SQLite replaces no view; it is dropped and made again",
    AddExclusion: "SQLite has no exclusion constraints",
    CreateEnum: _NO_ENUMS,
    DropEnum: _NO_ENUMS,
    RenameEnum: _NO_ENUMS,
    AddEnumValue: _NO_ENUMS,
    RenameEnumValue: _NO_ENUMS,
}
_SINCE_353 = (SetNotNull, DropNotNull, AddCheck, DropConstraint)


def unsupported(step: Step | type, version: tuple[int, ...]) -> str | None:
    """Return why there is no SQL for a step, None where there is."""
    kind = step if isinstance(step, type) else type(step)
    if kind in _NEVER:
        return _NEVER[kind]
    if kind in _SINCE_353 and version < ALTERS_CONSTRAINTS:
        return f"{_REBUILD} before version 3.53"
    if isinstance(step, DropConstraint) and not isinstance(step.constraint, Check):
        return _REBUILD
    if isinstance(step, DropDependent | CreateDependent):
        one = step.dependent
        if one.kind not in ("view", "trigger") or not one.definition:
            return f"the {one} cannot be dropped and made again"
    sync = step.sync if isinstance(step, CreateSync | DropSync) else None
    if isinstance(sync, Sync) and sync.leads != "both":
        return "SQLite changes types by a copy of the table, which needs no second column"
    if isinstance(step, AddColumn):
        return _column_obstacle(step.column)
    return None


def _column_obstacle(one: Column) -> str | None:
    """Return why ADD COLUMN would refuse the column (safety.md §1.5)."""
    if one.identity is not None:
        return "SQLite has no identity columns that are added later"
    if one.generated is not None:
        return _REBUILD + " when a column is stored" if one.generated.stored else None
    kind = default_kind(one.default)
    if kind in (DefaultKind.STABLE, DefaultKind.VOLATILE):
        return _REBUILD + " when a default is no constant"
    if not one.nullable and kind is DefaultKind.NONE:
        return _REBUILD + " when a column is required and has no default"
    if one.comment:
        return "SQLite keeps no comments on columns"
    return None


def statements(step: Step, version: tuple[int, ...]) -> tuple[str, ...]:
    """Return the statements of a step, without closing semicolons.

    Raises AnswerError (`unsupported`) for what this version cannot do in place.
    """
    reason = unsupported(step, version)
    if reason is not None:
        raise AnswerError("unsupported", reason)
    match step:
        case CreateTable(table=made):
            return create_whole_table(made)
        case DropTable(table=gone):
            return (f"DROP TABLE {table(gone.name)}",)
        case DropDependent(dependent=dependent):
            name = table(parse_table_name(dependent.name))
            return (f"DROP {dependent.kind.upper()} {name}",)
        case CreateDependent(dependent=dependent):
            return dependent.definition
        case AddColumn():
            return (f"ALTER TABLE {table(step.table)} ADD COLUMN {column(step.column)}",)
        case DropColumn():
            return (f"ALTER TABLE {table(step.table)} DROP COLUMN {quote(step.column.name)}",)
        case SetNotNull() | DropNotNull():
            action = "SET" if isinstance(step, SetNotNull) else "DROP"
            name = quote(step.column.name)
            return (f"ALTER TABLE {table(step.table)} ALTER COLUMN {name} {action} NOT NULL",)
        case RenameColumn(old=old, new=new):
            return (f"ALTER TABLE {table(step.table)} RENAME COLUMN {quote(old)} TO {quote(new)}",)
        case RenameTable(new=new):
            return (f"ALTER TABLE {table(step.table)} RENAME TO {quote(new)}",)
        case AddIndex():
            return (create_index(step.table, step.index),)
        case DropIndex():
            return (f"DROP INDEX {table(TableName(step.index.name, step.table.schema))}",)
        case AddCheck():
            return (f"ALTER TABLE {table(step.table)} ADD {constraint(step.constraint)}",)
        case DropConstraint():
            name = quote(step.constraint.name or "")
            return (f"ALTER TABLE {table(step.table)} DROP CONSTRAINT {name}",)
        case CreateSync(sync=sync):
            return triggers.create_sync(sync)
        case DropSync(sync=sync):
            return triggers.drop_sync(sync)
        case Backfill() | DeleteRows() | CopyRows():
            return batches.whole(step)
        case Require(query=query, message=message):
            return guards.require(query, message)
        case RebuildTable():
            return rebuild(step)
        case Impossible(reason=why):
            return guards.impossible(why)
        case LockTables() | Nothing():
            # One writer at a time: BEGIN IMMEDIATE locks the whole database already.
            return ()
        case (
            SetDefault()
            | AddForeignKey()
            | AddNotNull()
            | AddUnique()
            | ValidateConstraint()
            | CreateShadowView()
            | DropShadowView()
            | CreateTableView()
            | DropTableView()
            | SwapTableView()
            | ChangeType()
            | SetIdentity()
            | MoveNumbering()
            | SwapColumns()
            | AddPrimaryKey()
            | RenameIndex()
            | RenameConstraint()
            | SetVisible()
            | ReplaceView()
            | AddExclusion()
            | CreateEnum()
            | DropEnum()
            | RenameEnum()
            | AddEnumValue()
            | RenameEnumValue()
        ):
            raise AnswerError("unsupported", _NEVER[type(step)])
        case _:
            assert_never(step)
