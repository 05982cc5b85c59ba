"""Steps as a senior user of Alembic writes them: its own operations first, SQL where it has none."""

from __future__ import annotations

from typing import assert_never

from generators.alembic.columns import (
    add_primary_key,
    change_type,
    column_type,
    set_identity,
    swap_columns,
)
from generators.alembic.constraints import write_check, write_drop, write_foreign_key, write_unique
from generators.alembic.indexes import create_index, drop_index
from generators.alembic.tables import create_table, drop_table
from generators.alembic.writer import Writer
from generators.python import text
from generators.python.code import Node, call
from wizard.dialects.flavours import in_own_words
from wizard.dialects.sqltext import grouped
from wizard.model.names import TableName
from wizard.model.schema import (
    Column,
)
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


def operation(step: Step, writer: Writer, indent: int) -> list[str]:
    """Return the lines of one step; what surrounds it (blocks, budgets) is `body`'s part.

    Index builds that need a guard, batches and requirements are written elsewhere.
    """
    native = None if _in_sql(step, writer) else _native(step, writer)
    if native is not None:
        return [line for node in native for line in writer.lines(node, indent)]
    return [line for sql in writer.dialect.sql(step) for line in writer.execute(sql, indent)]


def _in_sql(step: Step, writer: Writer) -> bool:
    """Tell whether Alembic's own operation would leave out how the engine is to do it.

    It knows no ALGORITHM and LOCK, without which MySQL and MariaDB silently copy a table.
    """
    silent = isinstance(step, Require | Nothing | Impossible)
    online = writer.dialect.capabilities.online_ddl and not silent
    return online or in_own_words(writer.dialect, step)


def _native(step: Step, writer: Writer) -> tuple[Node, ...] | None:
    """Return Alembic's own form of a step, None where it has none."""
    # Alembic alters nothing of SQLite's but by its batch mode, whatever SQLite itself can do.
    constraints = writer.dialect.name != "sqlite"
    match step:
        case CreateTable(table=made):
            return create_table(made, writer, _column)
        case DropTable(table=gone):
            return (drop_table(gone.name, writer),)
        case AddColumn(table=table, column=column):
            node = None if column.grants else _column(column, writer)
            return None if node is None else (_on("op.add_column", table, writer, node),)
        case DropColumn(table=table, column=column):
            name = writer.quotes.text(column.name)
            return (_on("op.drop_column", table, writer, name),)
        case SetDefault(table=table, column=column, default=default):
            value: Node = "None" if default is None else _default(default, writer)
            return _alter(table, column, writer, server_default=value)
        case ChangeType():
            return change_type(step, writer)
        case SetIdentity():
            return set_identity(step, writer)
        case AddPrimaryKey():
            return add_primary_key(step, writer)
        case SwapColumns():
            return swap_columns(step, writer)
        case SetNotNull(table=table, column=column):
            return _alter(table, column, writer, nullable="False")
        case DropNotNull(table=table, column=column):
            return _alter(table, column, writer, nullable="True")
        case RenameColumn(table=table, old=old, new=new):
            name = writer.quotes.text(old)
            renamed = writer.quotes.text(new)
            return (_on("op.alter_column", table, writer, name, new_column_name=renamed),)
        case RenameTable(table=table, new=new):
            return (_on("op.rename_table", table, writer, writer.quotes.text(new)),)
        case AddIndex(table=table, index=index, concurrently=concurrently):
            return (create_index(table, index, writer, concurrently=concurrently),)
        case DropIndex(table=table, index=index, concurrently=concurrently):
            return (drop_index(table, index, writer, concurrently=concurrently),)
        case AddForeignKey(table=table, constraint=key):
            return (write_foreign_key(table, key, writer),) if constraints and key.name else None
        case AddCheck(table=table, constraint=check):
            return (write_check(table, check, writer),) if constraints and check.name else None
        case AddUnique(table=table, constraint=unique, using=using):
            fits = constraints and using is None and unique.name
            return (write_unique(table, unique, writer),) if fits else None
        case DropConstraint(table=table, constraint=constraint, leaves=leaves):
            dropped = write_drop(table, constraint, writer)
            if dropped is None or not constraints:
                return None
            if leaves is None:
                return (dropped,)
            # Built first where names allow it, so that uniqueness has no gap.
            built = create_index(table, leaves, writer)
            return (dropped, built) if leaves.name == constraint.name else (built, dropped)
        case (
            MoveNumbering()
            | RenameIndex()
            | RenameConstraint()
            | SetVisible()
            | AddExclusion()
            | DropDependent()
            | CreateDependent()
            | ReplaceView()
            | CreateEnum()
            | DropEnum()
            | RenameEnum()
            | AddEnumValue()
            | RenameEnumValue()
            | CopyRows()
            | AddNotNull()
            | ValidateConstraint()
            | CreateSync()
            | DropSync()
            | CreateShadowView()
            | DropShadowView()
            | CreateTableView()
            | DropTableView()
            | SwapTableView()
            | LockTables()
            | RebuildTable()
            | Backfill()
            | DeleteRows()
        ):
            return None
        case Require() | Nothing() | Impossible():
            return ()
        case _:
            assert_never(step)


def _on(
    function: str, table: TableName, writer: Writer, *items: Node, **keywords: Node | None
) -> Node:
    schema = writer.quotes.text(table.schema) if table.schema else None
    return call(function, writer.quotes.text(table.name), *items, **keywords, schema=schema)


def _alter(
    table: TableName, column: Column, writer: Writer, **change: Node
) -> tuple[Node, ...] | None:
    if writer.dialect.name == "sqlite":
        return None
    name = writer.quotes.text(column.name)
    known = column_type(column, writer)
    return (_on("op.alter_column", table, writer, name, existing_type=known, **change),)


def _column(column: Column, writer: Writer) -> Node | None:
    kind = column_type(column, writer)
    if kind is None:
        return None
    extra: Node | None = None
    if column.identity is not None:
        extra = call("sa.Identity", always="True" if column.identity == "always" else None)
    elif column.generated is not None:
        expression = writer.quotes.text(text.escape(column.generated.expression))
        extra = call("sa.Computed", expression, persisted=str(column.generated.stored))
    return call(
        "sa.Column",
        writer.quotes.text(column.name),
        kind,
        extra,
        server_default=None if column.default is None else _default(column.default, writer),
        nullable=str(column.nullable),
        comment=writer.quotes.text(column.comment) if column.comment else None,
    )


def _default(default: str, writer: Writer) -> Node:
    literal = text.literal_text(default)
    if literal is not None:
        return writer.quotes.text(literal)
    # A default without parentheses takes no operators that are words.
    return text.expression(grouped(default, writer.dialect.name), writer.quotes)
