"""The migrations that add a column, fill it and make it required; and the ways it may go in at all."""

from __future__ import annotations

from dataclasses import replace

from wizard.dialects.base import DefaultKind
from wizard.model.inverse import change
from wizard.model.names import slugify
from wizard.model.plan import Migration
from wizard.model.schema import Index, IndexPart, Table
from wizard.model.steps import AddColumn, Assignment, RebuildTable, SetDefault
from wizard.operations.base import Context
from wizard.operations.blocks import backfill_migration, ddl, index_migration, require_value
from wizard.operations.common import object_name
from wizard.operations.new_column_request import Request

Three = tuple[tuple[Migration, ...], tuple[Migration, ...], tuple[Migration, ...]]


def column_migrations(request: Request, context: Context) -> Three:
    """Return the migrations that expand, backfill and validate, for the column itself."""
    table, column, dialect = request.table, request.column, context.dialect
    title = f"add {column.name} to {table.name}"
    if needs_rebuild(request, context):
        after = replace(table, columns=(*table.columns, column))
        rebuild = Migration(
            slug=slugify(title),
            title=title,
            transactional=False,
            changes=(change(RebuildTable(before=table, after=after)),),
        )
        return (rebuild,), (), ()
    late_default = is_late(request, context)
    needs_fill = late_default or (
        not column.nullable
        and column.default is None
        and column.identity is None
        and column.generated is None
        and request.fill is not None
    )
    first = replace(column, default=None if late_default else column.default)
    if needs_fill:
        first = replace(first, nullable=True)
    add = change(AddColumn(table=table.name, column=first))
    if not late_default and not needs_fill:
        return (ddl(context, title, add),), (), ()
    steps = [add]
    if late_default:
        steps.append(
            change(
                SetDefault(table=table.name, column=first, default=column.default),
                note="set after the column was added, so that the table is not rewritten",
            )
        )
    value = column.default if late_default else request.fill
    filled = replace(table, columns=(*table.columns, replace(first, default=column.default)))
    fill = backfill_migration(
        context,
        filled,
        (Assignment(column=column.name, expression=value or "NULL"),),
        needed=f"{dialect.quote(column.name)} IS NULL",
        title=f"fill {table.name}.{column.name}",
        undo=f"dropping {column.name} takes the values with it: nothing to undo",
    )
    validate: tuple[Migration, ...] = ()
    if not column.nullable:
        validate = require_value(
            context, filled, replace(column, nullable=True, default=column.default)
        )
    return (ddl(context, title, *steps),), (fill,), validate


def unique_index(request: Request, context: Context, table: Table) -> Migration:
    """Return the migration that builds the unique index on the column of ``table``."""
    name = object_name(
        table,
        (request.column.name,),
        kind="key",
        limit=context.dialect.capabilities.name_bytes,
    )
    index = Index(name=name, parts=(IndexPart(column=request.column.name),), unique=True)
    title = f"make {table.name}.{request.column.name} unique"
    return index_migration(context, table, index, title=title)


def is_late(request: Request, context: Context) -> bool:
    """Tell whether the default is set after the column is there: adding both would stop writes."""
    table, column, dialect = request.table, request.column, context.dialect
    if column.default is None or column.generated is not None:
        return False
    add = AddColumn(table=table.name, column=column)
    if dialect.supports(add) is not None:
        return dialect.supports(replace(add, column=replace(column, default=None))) is None
    plain = replace(add, column=replace(column, default=None))
    works = [dialect.lock(one, context.size(table)).work == "rewrite" for one in (add, plain)]
    online = dialect.capabilities.add_volatile_default
    return works == [True, False] and not (context.rollout.direct or online)


def needs_rebuild(request: Request, context: Context) -> bool:
    """Tell whether the engine can add such a column only by copying the table."""
    capabilities, column = context.dialect.capabilities, request.column
    if request.kind is DefaultKind.VOLATILE or (
        request.kind is DefaultKind.STABLE and not capabilities.add_stable_default
    ):
        return not capabilities.add_constraint
    stored = column.generated is not None and column.generated.stored
    return stored and not capabilities.add_constraint
