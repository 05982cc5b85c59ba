"""Which tables a step touches, and what kind of step it is: what every engine's rules ask first."""

from __future__ import annotations

from wizard.model.names import TableName
from wizard.model.schema import ForeignKey
from wizard.model.steps import (
    AddEnumValue,
    AddForeignKey,
    CopyRows,
    CreateEnum,
    CreateShadowView,
    CreateSync,
    CreateTable,
    CreateTableView,
    DropConstraint,
    DropEnum,
    DropShadowView,
    DropSync,
    DropTable,
    DropTableView,
    Impossible,
    LockTables,
    Nothing,
    RebuildTable,
    RenameEnum,
    RenameEnumValue,
    Require,
    Step,
    SwapTableView,
    ValidateConstraint,
    is_data,
)


def tables_of(step: Step) -> tuple[TableName, ...]:
    """Return the tables that a step touches, its own first."""
    match step:
        case CreateTable(table=made) | DropTable(table=made):
            parents = (key.ref_table for key in made.foreign_keys)
            return tuple(dict.fromkeys((made.name, *parents)))
        case CreateSync(sync=sync) | DropSync(sync=sync):
            return (sync.table,)
        case CreateShadowView(view=view) | DropShadowView(view=view):
            return (view.table,)
        case RebuildTable(before=before):
            return (before.name,)
        case CreateTableView(view=whole) | DropTableView(view=whole) | SwapTableView(view=whole):
            return (whole.table, whole.shown)
        case LockTables(tables=tables):
            return tables
        case CopyRows(table=table, target=target):
            return (table, target)
        case (
            AddForeignKey(table=table, constraint=ForeignKey() as key)
            | DropConstraint(table=table, constraint=ForeignKey() as key)
            | ValidateConstraint(table=table, constraint=ForeignKey() as key)
        ):
            return tuple(dict.fromkeys((table, key.ref_table)))
        case (
            Nothing()
            | Impossible()
            | CreateEnum()
            | DropEnum()
            | AddEnumValue()
            | RenameEnumValue()
            | RenameEnum()
        ):
            return ()
        case _:
            return (step.table,)


def is_ddl(step: Step) -> bool:
    """Tell whether a step changes the schema: it is no data, no look at it, and not nothing."""
    return not (is_data(step) or isinstance(step, Require | Nothing | Impossible | LockTables))
