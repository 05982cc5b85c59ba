"""The schema simulator: what a step makes of a schema.

The planner uses it to let later operations see what earlier ones leave, the tests to prove that
up then down is the identity, the rehearsal to compare with a real server.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import reduce
from typing import assert_never

from wizard.model.enums import with_type
from wizard.model.names import TableName
from wizard.model.schema import (
    Check,
    Column,
    Constraint,
    Dependent,
    Enum,
    Exclusion,
    ForeignKey,
    Index,
    IndexPart,
    NotNull,
    PrimaryKey,
    Reference,
    Schema,
    Table,
    Trigger,
    Unique,
    View,
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
    TableView,
    ValidateConstraint,
)


class CannotApply(ValueError):
    """A step does not fit the schema: a bug in a plan, or a schema that has changed meanwhile."""


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
    return _alter_index(after, child.name, part, lambda one: replace(one, inherits=made))


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
            return _create_table(schema, made)
        case DropTable(table=gone):
            return _drop_table(schema, gone.name)
        case ChangeType(table=name, column=column, to=to):
            return _alter(
                schema,
                name,
                column.name,
                lambda one: replace(one, type=to.type, collation=to.collation),
            )
        case SetIdentity(table=name, column=column, identity=identity):
            return _alter(schema, name, column.name, lambda one: replace(one, identity=identity))
        case AddColumn(table=name, column=column):
            table = _table(schema, name)
            if table.column(column.name):
                raise CannotApply(f"{name} has a column {column.name} already")
            return schema.with_table(replace(table, columns=(*table.columns, column)))
        case DropColumn(table=name, column=column):
            return schema.with_table(_without_column(_table(schema, name), column.name))
        case SetDefault(table=name, column=column, default=default):
            return _alter(schema, name, column.name, lambda one: replace(one, default=default))
        case SetNotNull(table=name, column=column):
            return _alter(schema, name, column.name, lambda one: replace(one, nullable=False))
        case DropNotNull(table=name, column=column):
            return _alter(schema, name, column.name, lambda one: replace(one, nullable=True))
        case RenameColumn(table=name, old=old, new=new):
            return _rename_column(schema, name, old, new)
        case RenameTable(table=name, new=new):
            return _rename_table(schema, name, TableName(new, name.schema))
        case RenameIndex(table=name, old=old, new=new):
            return _alter_index(schema, name, old, lambda one: replace(one, name=new), new)
        case RenameConstraint(table=name, old=old, new=new):
            return _rename_constraint(schema, name, old, new)
        case SetVisible(table=name, index=index, visible=visible):
            return _alter_index(schema, name, index.name, lambda one: replace(one, visible=visible))
        case AddIndex(table=name, index=index):
            table = _table(schema, name)
            there = table.index(index.name)
            if there is not None and there.valid:
                raise CannotApply(f"{name} has an index {index.name} already")
            _require_columns(table, (*index.columns, *index.include))
            # The rest of an interrupted build makes room.
            rest = _without_index(table, index.name).indexes
            return schema.with_table(replace(table, indexes=(*rest, replace(index, valid=True))))
        case DropIndex(table=name, index=index):
            table = _table(schema, name)
            if table.index(index.name) is None:
                raise CannotApply(f"{name} has no index {index.name}")
            return _without_attached(
                schema.with_table(_without_index(table, index.name)), table, index.name
            )
        case AddForeignKey(table=name, constraint=key):
            return _refer(_constrain(schema, name, key), name, key)
        case AddCheck(table=name, constraint=check):
            return _constrain(schema, name, check)
        case AddNotNull(table=name, constraint=not_null):
            return _constrain(schema, name, not_null)
        case AddUnique(table=name, constraint=unique, using=using):
            return _add_unique(schema, name, unique, using)
        case AddPrimaryKey(table=name, constraint=primary, using=using):
            return _add_primary_key(schema, name, primary, using)
        case AddExclusion(table=name, constraint=exclusion):
            return _add_exclusion(schema, name, exclusion)
        case ValidateConstraint(table=name, constraint=constraint):
            return _validate(schema, name, constraint)
        case DropConstraint(table=name, constraint=constraint, leaves=leaves):
            return _drop_constraint(schema, name, constraint, leaves)
        case CreateSync(sync=sync):
            table = _table(schema, sync.table)
            _require_columns(table, (sync.old, sync.new))
            trigger = Trigger(name=sync.name, definition="", function=sync.name)
            return schema.with_table(replace(table, triggers=(*table.triggers, trigger)))
        case DropSync(sync=sync):
            table = _table(schema, sync.table)
            kept = tuple(one for one in table.triggers if one.name != sync.name)
            if len(kept) == len(table.triggers):
                raise CannotApply(f"{sync.table} has no trigger {sync.name}")
            return schema.with_table(replace(table, triggers=kept))
        case SwapColumns(table=name, before=before, after=after):
            turned = apply(schema, DropSync(sync=before))
            for old, new in step.renames:
                turned = _rename_column(turned, name, old, new)
            return apply(turned, CreateSync(sync=after))
        case MoveNumbering(table=name, column=column, to=to):
            return _move_numbering(schema, name, column, to)
        case CreateShadowView(view=view):
            base = TableName(view.base, view.table.schema)
            moved = _rename_table(schema, view.table, base)
            shown = View(name=view.table, definition="")
            return replace(moved, views=(*moved.views, shown))
        case DropShadowView(view=view):
            base = TableName(view.base, view.table.schema)
            views = tuple(one for one in schema.views if one.name != view.table)
            return _rename_table(replace(schema, views=views), base, view.table)
        case CreateTableView(view=whole):
            return _depend(schema, whole.table, _dependent(whole))
        case DropTableView(view=whole):
            return _free(schema, whole.table, _dependent(whole))
        case SwapTableView(view=whole):
            moved = _rename_table(
                _free(schema, whole.table, _dependent(whole)), whole.table, whole.shown
            )
            return _depend(moved, whole.shown, _dependent(whole.swapped))
        case DropDependent(table=name, dependent=dependent):
            return _free(schema, name, dependent)
        case CreateDependent(table=name, dependent=dependent):
            return _depend(schema, name, dependent)
        case ReplaceView(table=name, before=before, after=after):
            table = _table(schema, name)
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
            return _rename_enum(schema, enum.name, replace(enum.name, name=new))
        case AddEnumValue(enum=enum, value=value, before=earlier, after=later):
            return _with_labels(schema, enum.name, _insert(enum, value, earlier, later))
        case RenameEnumValue(enum=enum, old=old, new=new):
            return _with_labels(schema, enum.name, _swap(enum.labels, old, new))
        case CopyRows(table=name, target=target, columns=copied):
            _require_columns(_table(schema, name), copied)
            _require_columns(_table(schema, target), copied)
            return schema
        case RebuildTable(before=original, after=copy):
            _table(schema, original.name)
            return schema.with_table(copy)
        case Backfill(table=name, assignments=assignments):
            _require_columns(_table(schema, name), tuple(one.column for one in assignments))
            return schema
        case DeleteRows() | Require() | LockTables() | Nothing() | Impossible():
            return schema
        case _:
            assert_never(step)


def apply_all(schema: Schema, steps: Iterable[Step]) -> Schema:
    """Return the schema after several steps."""
    return reduce(apply, steps, schema)


def _table(schema: Schema, name: TableName) -> Table:
    table = schema.table(name)
    if table is None:
        raise CannotApply(f"there is no table {name}")
    return table


def _require_columns(table: Table, names: tuple[str, ...]) -> None:
    for name in names:
        if table.column(name) is None:
            raise CannotApply(f"{table.name} has no column {name}")


def _alter(
    schema: Schema, name: TableName, column: str, change: Callable[[Column], Column]
) -> Schema:
    table = _table(schema, name)
    _require_columns(table, (column,))
    columns = tuple(change(one) if one.name == column else one for one in table.columns)
    return schema.with_table(replace(table, columns=columns))


def _move_numbering(schema: Schema, name: TableName, column: Column, to: Column) -> Schema:
    free = _alter(schema, name, column.name, lambda one: replace(one, identity=None, default=None))
    return _alter(
        free,
        name,
        to.name,
        lambda one: replace(one, identity=column.identity, default=column.default),
    )


def _mentions(text: str | None, column: str) -> bool:
    return text is not None and re.search(rf"(?<!\w){re.escape(column)}(?!\w)", text) is not None


def _columns_of(constraint: Constraint) -> tuple[str, ...]:
    match constraint:
        case NotNull(column=column):
            return (column,)
        case PrimaryKey() | Unique() | ForeignKey() | Check() | Exclusion():
            return constraint.columns
        case _:
            assert_never(constraint)


def _without_column(table: Table, column: str) -> Table:
    _require_columns(table, (column,))
    return replace(
        table,
        columns=tuple(one for one in table.columns if one.name != column),
        constraints=tuple(one for one in table.constraints if column not in _columns_of(one)),
        indexes=tuple(
            index
            for index in table.indexes
            if column not in (*index.columns, *index.include)
            and not any(_mentions(part.expression, column) for part in index.parts)
            and not _mentions(index.where, column)
        ),
    )


def _create_table(schema: Schema, table: Table) -> Schema:
    if schema.table(table.name) is not None:
        raise CannotApply(f"there is a table {table.name} already")
    after = schema.with_table(table)
    for key in table.foreign_keys:
        after = _refer(after, table.name, key)
    return after


def _drop_table(schema: Schema, name: TableName) -> Schema:
    table = _table(schema, name)
    others = [one for one in table.referenced_by if one.table != name]
    if others:
        raise CannotApply(f"{others[0].table} points to {name}")
    after = schema
    for partition in table.partitions:
        if after.table(partition) is not None:
            after = _drop_table(after, partition)
    after = after.without_table(name)
    for key in table.foreign_keys:
        after = _unrefer(after, name, key)
    return after


def _alter_index(
    schema: Schema,
    name: TableName,
    index: str,
    change: Callable[[Index], Index],
    new: str | None = None,
) -> Schema:
    table = _table(schema, name)
    if table.index(index) is None:
        raise CannotApply(f"{name} has no index {index}")
    if new is not None and table.index(new) is not None:
        raise CannotApply(f"{name} has an index {new} already")
    indexes = tuple(change(one) if one.name == index else one for one in table.indexes)
    return schema.with_table(replace(table, indexes=indexes))


def _rename_constraint(schema: Schema, name: TableName, old: str, new: str) -> Schema:
    table = _table(schema, name)
    found = table.constraint(old)
    if found is None:
        raise CannotApply(f"{name} has no constraint {old}")
    if table.constraint(new) is not None:
        raise CannotApply(f"{name} has a constraint {new} already")
    renamed = replace(found, name=new)
    after = schema.with_table(
        replace(
            table,
            constraints=tuple(renamed if one is found else one for one in table.constraints),
            indexes=tuple(
                replace(one, name=new) if one.constraint and one.name == old else one
                for one in table.indexes
            ),
        )
    )
    if isinstance(found, ForeignKey) and isinstance(renamed, ForeignKey):
        after = _refer(_unrefer(after, name, found), name, renamed)
    return after


def _without_attached(schema: Schema, parent: Table, index: str) -> Schema:
    """Drop the indexes of partitions that belong to a dropped one of their parent."""
    for name in parent.partitions:
        partition = schema.table(name)
        if partition is None:
            continue
        for gone in (one.name for one in partition.indexes if one.inherits == index):
            schema = schema.with_table(_without_index(partition, gone))
            schema = _without_attached(schema, partition, gone)
    return schema


def _add_primary_key(
    schema: Schema, name: TableName, primary: PrimaryKey, using: Index | None
) -> Schema:
    table = _table(_constrain(schema, name, primary), name)
    if using is not None:
        if table.index(using.name) is None:
            raise CannotApply(f"{name} has no index {using.name}")
        table = _without_index(table, using.name)
    index = Index(
        name=primary.name or f"{name.name}_pkey",
        parts=tuple(IndexPart(column=one) for one in primary.columns),
        unique=True,
        constraint=True,
    )
    columns = tuple(
        replace(one, nullable=False) if one.name in primary.columns else one
        for one in table.columns
    )
    return schema.with_table(replace(table, columns=columns, indexes=(*table.indexes, index)))


def _add_exclusion(schema: Schema, name: TableName, exclusion: Exclusion) -> Schema:
    table = _table(_constrain(schema, name, exclusion), name)
    method = re.search(r"\bUSING\s+(\w+)", exclusion.definition, re.IGNORECASE)
    index = Index(
        name=exclusion.name,
        parts=tuple(_compared(table, one) for one in _elements(exclusion.definition)),
        method=method.group(1).lower() if method else None,
        constraint=True,
    )
    return schema.with_table(replace(table, indexes=(*table.indexes, index)))


def _elements(definition: str) -> tuple[str, ...]:
    """Return what an exclusion compares, without the operators."""
    found, depth, current = [], 0, ""
    for one in definition[definition.find("(") + 1 :]:
        depth += {"(": 1, ")": -1}.get(one, 0)
        if depth < 0:
            break
        if one == "," and depth == 0:
            found.append(current)
            current = ""
        else:
            current += one
    return tuple(re.split(r"\s+WITH\s+", one.strip())[0] for one in (*found, current))


def _compared(table: Table, element: str) -> IndexPart:
    name = element.strip('"').replace('""', '"')
    return IndexPart(column=name) if table.column(name) else IndexPart(expression=element)


def _dependent(view: TableView) -> Dependent:
    return Dependent(kind="view", name=str(view.shown), columns=view.columns)


def _depend(schema: Schema, name: TableName, dependent: Dependent) -> Schema:
    table = _table(schema, name)
    return schema.with_table(replace(table, dependents=(*table.dependents, dependent)))


def _free(schema: Schema, name: TableName, dependent: Dependent) -> Schema:
    table = _table(schema, name)
    others = tuple(
        one
        for one in table.dependents
        if (one.kind, one.name, one.on) != (dependent.kind, dependent.name, dependent.on)
    )
    if len(others) == len(table.dependents):
        raise CannotApply(f"{name} has no {dependent}")
    return schema.with_table(replace(table, dependents=others))


def _with_labels(schema: Schema, name: TableName, labels: tuple[str, ...]) -> Schema:
    return replace(
        schema,
        enums=tuple(
            replace(one, labels=labels) if one.name == name else one for one in schema.enums
        ),
    )


def _rename_enum(schema: Schema, name: TableName, new: TableName) -> Schema:
    if schema.enum(new) is not None:
        raise CannotApply(f"there is a type {new} already")
    return replace(
        schema,
        enums=tuple(replace(one, name=new) if one.name == name else one for one in schema.enums),
        tables=tuple(
            replace(table, columns=tuple(with_type(one, name, new) for one in table.columns))
            for table in schema.tables
        ),
    )


def _insert(enum: Enum, value: str, before: str | None, after: str | None) -> tuple[str, ...]:
    if value in enum.labels:
        raise CannotApply(f"{enum.name} has a value {value} already")
    labels = list(enum.labels)
    place = len(labels)
    if before is not None:
        place = labels.index(before)
    elif after is not None:
        place = labels.index(after) + 1
    labels.insert(place, value)
    return tuple(labels)


def _without_index(table: Table, name: str) -> Table:
    return replace(table, indexes=tuple(one for one in table.indexes if one.name != name))


def _constrain(schema: Schema, name: TableName, constraint: Constraint) -> Schema:
    table = _table(schema, name)
    if constraint.name is not None and table.constraint(constraint.name):
        raise CannotApply(f"{name} has a constraint {constraint.name} already")
    _require_columns(table, _columns_of(constraint))
    return schema.with_table(replace(table, constraints=(*table.constraints, constraint)))


def _refer(schema: Schema, name: TableName, key: ForeignKey) -> Schema:
    parent = schema.table(key.ref_table)
    if parent is None:
        return schema
    reference = Reference(table=name, foreign_key=key)
    return schema.with_table(replace(parent, referenced_by=(*parent.referenced_by, reference)))


def _add_unique(schema: Schema, name: TableName, unique: Unique, using: Index | None) -> Schema:
    table = _table(_constrain(schema, name, unique), name)
    if using is not None:
        if table.index(using.name) is None:
            raise CannotApply(f"{name} has no index {using.name}")
        table = _without_index(table, using.name)
    index = Index(
        name=unique.name or "_".join(unique.columns),
        include=using.include if using is not None else (),
        parts=tuple(IndexPart(column=one) for one in unique.columns),
        unique=True,
        nulls_not_distinct=unique.nulls_not_distinct,
        constraint=True,
    )
    return schema.with_table(replace(table, indexes=(*table.indexes, index)))


def _validate(schema: Schema, name: TableName, constraint: ForeignKey | Check | NotNull) -> Schema:
    table = _table(schema, name)
    found = table.constraint(constraint.name or "")
    if isinstance(constraint, NotNull):
        kept = tuple(one for one in table.constraints if one.name != constraint.name)
        return _alter(
            schema.with_table(replace(table, constraints=kept)),
            name,
            constraint.column,
            lambda one: replace(one, nullable=False),
        )
    if not isinstance(found, ForeignKey | Check):
        raise CannotApply(f"{name} has no constraint {constraint.name} to validate")
    proven = replace(found, validated=True)
    constraints = tuple(proven if one is found else one for one in table.constraints)
    after = schema.with_table(replace(table, constraints=constraints))
    if isinstance(proven, ForeignKey):
        after = _refer(_unrefer(after, name, proven), name, proven)
    return after


def _unrefer(schema: Schema, name: TableName, key: ForeignKey) -> Schema:
    parent = schema.table(key.ref_table)
    if parent is None:
        return schema
    kept = tuple(
        one
        for one in parent.referenced_by
        if not (one.table == name and one.foreign_key.name == key.name)
    )
    return schema.with_table(replace(parent, referenced_by=kept))


def _drop_constraint(
    schema: Schema, name: TableName, constraint: Constraint, leaves: Index | None
) -> Schema:
    table = _table(schema, name)
    if isinstance(constraint, NotNull):
        kept = tuple(one for one in table.constraints if one.name != constraint.name)
        return _alter(
            schema.with_table(replace(table, constraints=kept)),
            name,
            constraint.column,
            lambda one: replace(one, nullable=True),
        )
    if table.constraint(constraint.name or "") is None:
        raise CannotApply(f"{name} has no constraint {constraint.name}")
    table = replace(
        table, constraints=tuple(one for one in table.constraints if one.name != constraint.name)
    )
    if isinstance(constraint, Unique | PrimaryKey | Exclusion) and constraint.name:
        table = _without_index(table, constraint.name)
    if leaves is not None:
        table = replace(table, indexes=(*table.indexes, leaves))
    after = schema.with_table(table)
    return _unrefer(after, name, constraint) if isinstance(constraint, ForeignKey) else after


def _renamed(text: str, old: str, new: str) -> str:
    return re.sub(rf"(?<!\w){re.escape(old)}(?!\w)", new, text)


def _swap(names: tuple[str, ...], old: str, new: str) -> tuple[str, ...]:
    return tuple(new if one == old else one for one in names)


def _rename_column(schema: Schema, name: TableName, old: str, new: str) -> Schema:
    table = _table(schema, name)
    _require_columns(table, (old,))
    if table.column(new):
        raise CannotApply(f"{name} has a column {new} already")

    def constraint(one: Constraint) -> Constraint:
        match one:
            case NotNull(column=column):
                return replace(one, column=new if column == old else column)
            case Check(expression=expression):
                columns = _swap(one.columns, old, new)
                return replace(one, columns=columns, expression=_renamed(expression, old, new))
            case _:
                return replace(one, columns=_swap(one.columns, old, new))

    def column(one: Column) -> Column:
        if one.generated is not None:
            expression = _renamed(one.generated.expression, old, new)
            one = replace(one, generated=replace(one.generated, expression=expression))
        return replace(one, name=new) if one.name == old else one

    def index(one: Index) -> Index:
        parts = tuple(
            replace(
                part,
                column=new if part.column == old else part.column,
                expression=_renamed(part.expression, old, new) if part.expression else None,
            )
            for part in one.parts
        )
        where = _renamed(one.where, old, new) if one.where else None
        return replace(one, parts=parts, include=_swap(one.include, old, new), where=where)

    def reference(one: Reference) -> Reference:
        columns = _swap(one.foreign_key.ref_columns, old, new)
        return replace(one, foreign_key=replace(one.foreign_key, ref_columns=columns))

    return schema.with_table(
        replace(
            table,
            columns=tuple(column(one) for one in table.columns),
            constraints=tuple(constraint(one) for one in table.constraints),
            indexes=tuple(index(one) for one in table.indexes),
            referenced_by=tuple(reference(one) for one in table.referenced_by),
        )
    )


def _rename_table(schema: Schema, name: TableName, new: TableName) -> Schema:
    table = _table(schema, name)
    if schema.table(new) is not None:
        raise CannotApply(f"there is a table {new} already")

    def key(one: Constraint) -> Constraint:
        if isinstance(one, ForeignKey) and one.ref_table == name:
            return replace(one, ref_table=new)
        return one

    def reference(one: Reference) -> Reference:
        return replace(one, table=new) if one.table == name else one

    tables = []
    for one in schema.tables:
        renamed = replace(one, name=new) if one is table else one
        tables.append(
            replace(
                renamed,
                partition_of=new if renamed.partition_of == name else renamed.partition_of,
                partitions=tuple(new if each == name else each for each in renamed.partitions),
                constraints=tuple(key(each) for each in renamed.constraints),
                referenced_by=tuple(reference(each) for each in renamed.referenced_by),
            )
        )
    return replace(schema, tables=tuple(tables))
