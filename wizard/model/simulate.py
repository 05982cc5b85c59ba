"""The schema simulator: what a step makes of a schema.

The planner uses it to let later operations see what earlier ones leave, the tests to prove that
up then down is the identity, the rehearsal to compare with a real server.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import reduce
from typing import assert_never

from wizard.model.constraint_edits import (
    add_exclusion,
    add_primary_key,
    add_unique,
    constrain,
    drop_constraint,
    refer,
    validate,
)
from wizard.model.names import TableName
from wizard.model.rename_edits import rename_column, rename_constraint, rename_enum, rename_table
from wizard.model.schema import (
    Schema,
    Table,
    Trigger,
    View,
)
from wizard.model.schema_edits import (
    CannotApply,
    add_dependent,
    alter_column,
    alter_index,
    free_dependent,
    move_numbering,
    require_columns,
    require_table,
    view_dependent,
    with_label,
    with_labels,
    with_other_name,
    without_attached,
    without_index,
)
from wizard.model.spreading import part_of, spread
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
from wizard.model.table_edits import create_table, drop_table, without_column


def apply(schema: Schema, step: Step) -> Schema:
    """Return the schema after one step; raises CannotApply when the step does not fit.

    A step on a partitioned table changes those of its partitions that the schema holds.
    """
    after = _apply(schema, step)
    name = getattr(step, "table", None)
    parent = schema.table(name) if isinstance(name, TableName) else None
    for partition in () if parent is None else parent.partitions:
        child = schema.table(partition)
        if parent is not None and child is not None:
            after = _spread(after, step, parent, child)
    return after


def _spread(schema: Schema, step: Step, parent: Table, child: Table) -> Schema:
    own = spread(step, parent, child)
    after = schema if own is None else apply(schema, own)
    made = _index_of(step)
    if made is None:
        return after
    part = part_of(step, child) or (None if own is None else _index_of(own))
    if part is None:
        return after
    return alter_index(after, child.name, part, lambda one: replace(one, inherits=made))


def _index_of(step: Step) -> str | None:
    """Return the name of the index that a step makes."""
    match step:
        case AddIndex(index=index):
            return index.name
        case AddUnique(constraint=constraint) | AddPrimaryKey(constraint=constraint):
            return constraint.name
        case _:
            return None


def _apply(schema: Schema, step: Step) -> Schema:
    match step:
        case CreateTable(table=made):
            return create_table(schema, made)
        case DropTable(table=gone):
            return drop_table(schema, gone.name)
        case ChangeType(table=name, column=column, to=to):
            return alter_column(
                schema,
                name,
                column.name,
                lambda one: replace(one, type=to.type, collation=to.collation),
            )
        case SetIdentity(table=name, column=column, identity=identity):
            return alter_column(
                schema, name, column.name, lambda one: replace(one, identity=identity)
            )
        case AddColumn(table=name, column=column):
            table = require_table(schema, name)
            if table.column(column.name):
                raise CannotApply(f"{name} has a column {column.name} already")
            return schema.with_table(replace(table, columns=(*table.columns, column)))
        case DropColumn(table=name, column=column):
            return schema.with_table(without_column(require_table(schema, name), column.name))
        case SetDefault(table=name, column=column, default=default):
            return alter_column(
                schema, name, column.name, lambda one: replace(one, default=default)
            )
        case SetNotNull(table=name, column=column):
            return alter_column(schema, name, column.name, lambda one: replace(one, nullable=False))
        case DropNotNull(table=name, column=column):
            return alter_column(schema, name, column.name, lambda one: replace(one, nullable=True))
        case RenameColumn(table=name, old=old, new=new):
            return rename_column(schema, name, old, new)
        case RenameTable(table=name, new=new):
            return rename_table(schema, name, TableName(new, name.schema))
        case RenameIndex(table=name, old=old, new=new):
            return alter_index(schema, name, old, lambda one: replace(one, name=new), new)
        case RenameConstraint(table=name, old=old, new=new):
            return rename_constraint(schema, name, old, new)
        case SetVisible(table=name, index=index, visible=visible):
            return alter_index(schema, name, index.name, lambda one: replace(one, visible=visible))
        case AddIndex(table=name, index=index):
            table = require_table(schema, name)
            there = table.index(index.name)
            if there is not None and there.valid:
                raise CannotApply(f"{name} has an index {index.name} already")
            require_columns(table, (*index.columns, *index.include))
            # The rest of an interrupted build makes room.
            rest = without_index(table, index.name).indexes
            return schema.with_table(replace(table, indexes=(*rest, replace(index, valid=True))))
        case DropIndex(table=name, index=index):
            table = require_table(schema, name)
            if table.index(index.name) is None:
                raise CannotApply(f"{name} has no index {index.name}")
            return without_attached(
                schema.with_table(without_index(table, index.name)), table, index.name
            )
        case AddForeignKey(table=name, constraint=key):
            return refer(constrain(schema, name, key), name, key)
        case AddCheck(table=name, constraint=check):
            return constrain(schema, name, check)
        case AddNotNull(table=name, constraint=not_null):
            return constrain(schema, name, not_null)
        case AddUnique(table=name, constraint=unique, using=using):
            return add_unique(schema, name, unique, using)
        case AddPrimaryKey(table=name, constraint=primary, using=using):
            return add_primary_key(schema, name, primary, using)
        case AddExclusion(table=name, constraint=exclusion):
            return add_exclusion(schema, name, exclusion)
        case ValidateConstraint(table=name, constraint=constraint):
            return validate(schema, name, constraint)
        case DropConstraint(table=name, constraint=constraint, leaves=leaves):
            return drop_constraint(schema, name, constraint, leaves)
        case CreateSync(sync=sync):
            table = require_table(schema, sync.table)
            require_columns(table, (*sync.olds, *sync.news))
            trigger = Trigger(name=sync.name, definition="", function=sync.name)
            return schema.with_table(replace(table, triggers=(*table.triggers, trigger)))
        case DropSync(sync=sync):
            table = require_table(schema, sync.table)
            kept = tuple(one for one in table.triggers if one.name != sync.name)
            if len(kept) == len(table.triggers):
                raise CannotApply(f"{sync.table} has no trigger {sync.name}")
            return schema.with_table(replace(table, triggers=kept))
        case SwapColumns(table=name, before=before, after=after):
            turned = apply(schema, DropSync(sync=before))
            for old, new in step.renames:
                turned = rename_column(turned, name, old, new)
            return apply(turned, CreateSync(sync=after))
        case MoveNumbering(table=name, column=column, to=to):
            return move_numbering(schema, name, column, to)
        case CreateShadowView(view=view):
            base = TableName(view.base, view.table.schema)
            moved = rename_table(schema, view.table, base)
            shown = View(name=view.table, definition="")
            return replace(moved, views=(*moved.views, shown))
        case DropShadowView(view=view):
            base = TableName(view.base, view.table.schema)
            views = tuple(one for one in schema.views if one.name != view.table)
            return rename_table(replace(schema, views=views), base, view.table)
        case CreateTableView(view=whole):
            return add_dependent(schema, whole.table, view_dependent(whole))
        case DropTableView(view=whole):
            return free_dependent(schema, whole.table, view_dependent(whole))
        case SwapTableView(view=whole):
            moved = rename_table(
                free_dependent(schema, whole.table, view_dependent(whole)), whole.table, whole.shown
            )
            return add_dependent(moved, whole.shown, view_dependent(whole.swapped))
        case DropDependent(table=name, dependent=dependent):
            return free_dependent(schema, name, dependent)
        case CreateDependent(table=name, dependent=dependent):
            return add_dependent(schema, name, dependent)
        case ReplaceView(table=name, before=before, after=after):
            table = require_table(schema, name)
            if before not in table.dependents:
                raise CannotApply(f"{name} has no such {before}")
            changed = tuple(after if one == before else one for one in table.dependents)
            return schema.with_table(replace(table, dependents=changed))
        case CreateEnum(enum=enum):
            return replace(schema, enums=(*schema.enums, enum))
        case DropEnum(enum=enum):
            return replace(
                schema, enums=tuple(one for one in schema.enums if one.name != enum.name)
            )
        case RenameEnum(enum=enum, new=new):
            return rename_enum(schema, enum.name, replace(enum.name, name=new))
        case AddEnumValue(enum=enum, value=value, before=earlier, after=later):
            return with_labels(schema, enum.name, with_label(enum, value, earlier, later))
        case RenameEnumValue(enum=enum, old=old, new=new):
            return with_labels(schema, enum.name, with_other_name(enum.labels, old, new))
        case CopyRows(table=name, target=target, columns=copied):
            require_columns(require_table(schema, name), copied)
            require_columns(require_table(schema, target), copied)
            return schema
        case RebuildTable(before=original, after=copy):
            require_table(schema, original.name)
            return schema.with_table(copy)
        case Backfill(table=name, assignments=assignments):
            require_columns(require_table(schema, name), tuple(one.column for one in assignments))
            return schema
        case DeleteRows() | Require() | LockTables() | Nothing() | Impossible():
            return schema
        case _:
            assert_never(step)


def apply_all(schema: Schema, steps: Iterable[Step]) -> Schema:
    """Return the schema after several steps."""
    return reduce(apply, steps, schema)
