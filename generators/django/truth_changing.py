"""What each step means for the state."""

from __future__ import annotations

from collections.abc import Iterable

from generators.django.truth import Change, Truth
from generators.django.truth_columns import (
    add_column,
    drop_column,
    rename_column,
    retype_column,
    set_default,
    swap_columns,
)
from generators.django.truth_constraints import (
    add_check,
    add_unique,
    drop_constraint,
    rename_constraint,
)
from generators.django.truth_indexes import add_index, drop_index, rename_index
from generators.django.truth_relations import add_key
from generators.django.truth_tables import create_table, delete_table, move_table
from generators.header import table_of
from wizard.model.schema import Check, ForeignKey, NotNull, Table, Unique
from wizard.model.steps import (
    AddCheck,
    AddColumn,
    AddForeignKey,
    AddIndex,
    AddUnique,
    ChangeType,
    CreateTable,
    DropColumn,
    DropConstraint,
    DropIndex,
    DropNotNull,
    DropTable,
    RebuildTable,
    RenameColumn,
    RenameConstraint,
    RenameIndex,
    RenameTable,
    SetDefault,
    SetNotNull,
    Step,
    SwapColumns,
    SwapTableView,
    ValidateConstraint,
)


def changes(truth: Truth, step: Step) -> list[Change]:
    """Return what a step changes in the state, and change it."""
    table = table_of(step)
    if table is not None and not isinstance(step, CreateTable):
        truth.look_for(table)
    match step:
        case AddColumn(table=table, column=column):
            return add_column(truth, table, column)
        case DropColumn(table=table, column=column):
            return drop_column(truth, table, column.name)
        case ChangeType(table=table, to=to):
            return retype_column(truth, table, to.name, to)
        case SwapColumns():
            return swap_columns(truth, step)
        case SetNotNull(table=table, column=column):
            return truth.alter(table, column.name, null=None)
        case DropNotNull(table=table, column=column):
            return truth.alter(table, column.name, null="True")
        case SetDefault(table=table, column=column, default=default):
            return set_default(truth, table, column.name, default)
        case RenameColumn(table=table, old=old, new=new):
            return rename_column(truth, table, old, new)
        case RenameTable(table=table, new=new):
            dropped = any(
                isinstance(one, DropTable) and one.table.name.name == new for one in truth.whole
            )
            return delete_table(truth, table) if dropped else move_table(truth, table, new)
        case SwapTableView(view=view):
            return move_table(truth, view.table, view.name)
        case CreateTable(table=made):
            return create_table(truth, made)
        case DropTable(table=gone):
            return delete_table(truth, gone.name)
        case AddIndex(table=table, index=index):
            return add_index(truth, table, index)
        case DropIndex(table=table, index=index):
            return drop_index(truth, table, index)
        case RenameIndex(table=table, old=old, new=new):
            return rename_index(truth, table, old, new)
        case AddForeignKey(table=table, constraint=key):
            return add_key(truth, table, key)
        case ValidateConstraint(table=table, constraint=NotNull(column=column)):
            # From here on the column itself is NOT NULL.
            return truth.alter(table, column, null=None)
        case AddCheck(table=table, constraint=check):
            return add_check(truth, table, check)
        case AddUnique(table=table, constraint=unique):
            return add_unique(truth, table, unique)
        case DropConstraint(table=table, constraint=constraint):
            return drop_constraint(truth, table, constraint)
        case RenameConstraint(table=table, old=old, new=new):
            return rename_constraint(truth, table, old, new)
        case RebuildTable(before=before, after=after):
            return rebuild(truth, before, after)
        case _:
            return []


def rebuild(truth: Truth, before: Table, after: Table) -> list[Change]:
    """Return what a table's new definition changes, one thing after the other."""
    return [one for step in _differences(before, after) for one in changes(truth, step)]


def _differences(before: Table, after: Table) -> Iterable[Step]:
    """Yield steps that make one definition of a table of another, constraints that go first."""
    name = after.name
    for gone in before.constraints:
        if gone not in after.constraints:
            yield DropConstraint(table=name, constraint=gone)
    for column in before.columns:
        now = after.column(column.name)
        if now is None:
            yield DropColumn(table=name, column=column)
            continue
        if (column.type, column.collation) != (now.type, now.collation):
            yield ChangeType(table=name, column=column, to=now)
        if column.nullable and not now.nullable:
            yield SetNotNull(table=name, column=now)
        if not column.nullable and now.nullable:
            yield DropNotNull(table=name, column=now)
        if column.default != now.default:
            yield SetDefault(table=name, column=column, default=now.default)
    for now in after.columns:
        if before.column(now.name) is None:
            yield AddColumn(table=name, column=now)
    for made in after.constraints:
        if made in before.constraints:
            continue
        if isinstance(made, ForeignKey):
            yield AddForeignKey(table=name, constraint=made)
        elif isinstance(made, Check):
            yield AddCheck(table=name, constraint=made)
        elif isinstance(made, Unique):
            yield AddUnique(table=name, constraint=made)
