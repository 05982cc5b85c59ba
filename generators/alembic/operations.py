"""Steps as a senior user of Alembic writes them: its own operations first, SQL where it has none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import assert_never

from generators.alembic import text
from generators.alembic.code import INDENT, Group, Node, Quotes, call, layout, listing, mapping
from generators.alembic.types import type_form
from wizard.dialects.base import Dialect
from wizard.model.names import TableName
from wizard.model.schema import (
    Check,
    Column,
    Constraint,
    Exclusion,
    ForeignKey,
    Index,
    IndexPart,
    NotNull,
    PrimaryKey,
    Unique,
)
from wizard.model.steps import (
    AddCheck,
    AddColumn,
    AddForeignKey,
    AddIndex,
    AddNotNull,
    AddUnique,
    Backfill,
    CreateShadowView,
    CreateSync,
    DeleteRows,
    DropColumn,
    DropConstraint,
    DropIndex,
    DropNotNull,
    DropShadowView,
    DropSync,
    Impossible,
    LockTables,
    Nothing,
    RebuildTable,
    RenameColumn,
    RenameTable,
    Require,
    SetDefault,
    SetNotNull,
    Step,
    ValidateConstraint,
)

_TYPES = {
    ForeignKey: "foreignkey",
    Unique: "unique",
    Check: "check",
    PrimaryKey: "primary",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """How code is written in one file: for which engine, in which quotes, how wide.

    ``modules`` collects what the file must import beyond ``op`` and ``sa``. ``marked_indexes``
    says that index names are given as final (``op.f``), as constraint names always are.
    """

    dialect: Dialect
    quotes: Quotes = field(default_factory=Quotes)
    width: int = 88
    marked_indexes: bool = False
    modules: set[str] = field(default_factory=set)

    def lines(self, node: Node, indent: int) -> list[str]:
        """Return a node's lines at an indentation."""
        return layout(node, indent=indent, width=self.width)

    def execute(self, sql: str, indent: int) -> list[str]:
        """Return ``op.execute`` with one statement."""
        room = self.width - indent - len("op.execute()")
        literal = text.statement(sql, dialect=self.dialect.name, quotes=self.quotes, width=room)
        return self.lines(call("op.execute", literal), indent)

    def name(self, name: str) -> Node:
        """Return a constraint's name, marked as final: a naming convention would change it."""
        return call("op.f", self.quotes.text(name))

    def raises(self, kind: str, message: str, indent: int) -> list[str]:
        """Return a raise statement."""
        room = self.width - indent - len(f"raise {kind}()")
        literal = self.quotes.sentence(message, width=room)
        if isinstance(literal, Group):
            literal = self.quotes.sentence(message, width=self.width - indent - INDENT)
            items = literal.items if isinstance(literal, Group) else (literal,)
            return self.lines(Group(open=f"raise {kind}(", items=items, glue=""), indent)
        return self.lines(call(f"raise {kind}", literal), indent)


def operation(step: Step, writer: Writer, indent: int) -> list[str]:
    """Return the lines of one step; what surrounds it (blocks, budgets) is `body`'s part.

    Index builds that need a guard, batches and requirements are written elsewhere.
    """
    native = _native(step, writer)
    if native is not None:
        return [line for node in native for line in writer.lines(node, indent)]
    return [line for sql in writer.dialect.sql(step) for line in writer.execute(sql, indent)]


def _native(step: Step, writer: Writer) -> tuple[Node, ...] | None:
    """Return Alembic's own form of a step, None where it has none."""
    # Alembic alters nothing of SQLite's but by its batch mode, whatever SQLite itself can do.
    constraints = writer.dialect.name != "sqlite"
    match step:
        case AddColumn(table=table, column=column):
            node = _column(column, writer)
            return None if node is None else (_on("op.add_column", table, writer, node),)
        case DropColumn(table=table, column=column):
            name = writer.quotes.text(column.name)
            return (_on("op.drop_column", table, writer, name),)
        case SetDefault(table=table, column=column, default=default):
            value: Node = "None" if default is None else _default(default, writer)
            return _alter(table, column, writer, server_default=value)
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
            return (_foreign_key(table, key, writer),) if constraints and key.name else None
        case AddCheck(table=table, constraint=check):
            return (_check(table, check, writer),) if constraints and check.name else None
        case AddUnique(table=table, constraint=unique, using=using):
            fits = constraints and using is None and unique.name
            return (_unique(table, unique, writer),) if fits else None
        case DropConstraint(table=table, constraint=constraint, leaves=leaves):
            dropped = _drop_constraint(table, constraint, writer)
            if dropped is None or not constraints:
                return None
            if leaves is None:
                return (dropped,)
            # Built first where names allow it, so that uniqueness has no gap.
            built = create_index(table, leaves, writer)
            return (dropped, built) if leaves.name == constraint.name else (built, dropped)
        case (
            AddNotNull()
            | ValidateConstraint()
            | CreateSync()
            | DropSync()
            | CreateShadowView()
            | DropShadowView()
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


def _type(column: Column, writer: Writer) -> Node | None:
    form = type_form(
        column.type,
        dialect=writer.dialect.name,
        quotes=writer.quotes,
        collation=column.collation,
    )
    if form is None:
        return None
    if form.postgresql:
        writer.modules.add("sqlalchemy.dialects.postgresql")
    return form.node


def _alter(
    table: TableName, column: Column, writer: Writer, **change: Node
) -> tuple[Node, ...] | None:
    if writer.dialect.name == "sqlite":
        return None
    name = writer.quotes.text(column.name)
    known = _type(column, writer)
    return (_on("op.alter_column", table, writer, name, existing_type=known, **change),)


def _column(column: Column, writer: Writer) -> Node | None:
    kind = _type(column, writer)
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
    return text.expression(default, writer.quotes)


def create_index(
    table: TableName, index: Index, writer: Writer, *, concurrently: bool = False
) -> Node:
    """Return ``op.create_index``."""
    quotes, postgresql = writer.quotes, writer.dialect.name == "postgresql"
    operators = [
        (quotes.text(part.column), quotes.text(part.opclass))
        for part in index.parts
        if part.column is not None and part.opclass and _is_plain(part)
    ]
    where = text.expression(index.where, quotes) if index.where else None
    include = [quotes.text(one) for one in index.include]
    return call(
        "op.create_index",
        _index_name(index, writer),
        quotes.text(table.name),
        listing([_part(part, writer) for part in index.parts]),
        unique="True" if index.unique else None,
        schema=quotes.text(table.schema) if table.schema else None,
        postgresql_using=quotes.text(index.method) if index.method and postgresql else None,
        postgresql_ops=mapping(operators) if operators else None,
        postgresql_include=listing(include) if include else None,
        postgresql_nulls_not_distinct="True" if index.nulls_not_distinct else None,
        postgresql_where=where if postgresql else None,
        sqlite_where=None if postgresql else where,
        postgresql_concurrently="True" if concurrently else None,
    )


def drop_index(
    table: TableName, index: Index, writer: Writer, *, concurrently: bool = False, sure: bool = True
) -> Node:
    """Return ``op.drop_index``; ``sure`` makes a concurrent one harmless when it is repeated."""
    return call(
        "op.drop_index",
        _index_name(index, writer),
        writer.quotes.text(table.name),
        schema=writer.quotes.text(table.schema) if table.schema else None,
        postgresql_concurrently="True" if concurrently else None,
        if_exists="True" if concurrently and sure else None,
    )


def _index_name(index: Index, writer: Writer) -> Node:
    name = writer.quotes.text(index.name)
    return call("op.f", name) if writer.marked_indexes else name


def _is_plain(part: IndexPart) -> bool:
    return (
        part.column is not None
        and part.order == "asc"
        and part.nulls is None
        and part.collation is None
    )


def _part(part: IndexPart, writer: Writer) -> Node:
    dialect = writer.dialect
    if part.column is not None and _is_plain(part):
        return writer.quotes.text(part.column)
    if part.column is not None:
        sql = dialect.quote(part.column)
    else:
        sql = part.expression or ""
        if not text.is_call(sql) and not text.in_parentheses(sql):
            sql = f"({sql})"
    if part.collation:
        sql += f" COLLATE {dialect.quote(part.collation)}"
    if part.opclass:
        sql += f" {part.opclass}"
    if part.order == "desc":
        sql += " DESC"
    if part.nulls:
        sql += f" NULLS {part.nulls.upper()}"
    return text.expression(sql, writer.quotes)


def _foreign_key(table: TableName, key: ForeignKey, writer: Writer) -> Node:
    quotes = writer.quotes
    action = {"no action": None}
    return call(
        "op.create_foreign_key",
        writer.name(key.name or ""),
        quotes.text(table.name),
        quotes.text(key.ref_table.name),
        _texts(key.columns, quotes),
        _texts(key.ref_columns, quotes),
        source_schema=quotes.text(table.schema) if table.schema else None,
        referent_schema=quotes.text(key.ref_table.schema) if key.ref_table.schema else None,
        onupdate=action.get(key.on_update, quotes.text(key.on_update.upper())),
        ondelete=action.get(key.on_delete, quotes.text(key.on_delete.upper())),
        **_deferral(key, quotes),
        postgresql_not_valid=None if key.validated else "True",
    )


def _check(table: TableName, check: Check, writer: Writer) -> Node:
    quotes = writer.quotes
    return call(
        "op.create_check_constraint",
        writer.name(check.name or ""),
        quotes.text(table.name),
        quotes.text(text.escape(check.expression)),
        schema=quotes.text(table.schema) if table.schema else None,
        postgresql_not_valid=None if check.validated else "True",
    )


def _unique(table: TableName, unique: Unique, writer: Writer) -> Node:
    quotes = writer.quotes
    return call(
        "op.create_unique_constraint",
        writer.name(unique.name or ""),
        quotes.text(table.name),
        _texts(unique.columns, quotes),
        schema=quotes.text(table.schema) if table.schema else None,
        **_deferral(unique, quotes),
        postgresql_nulls_not_distinct="True" if unique.nulls_not_distinct else None,
    )


def _drop_constraint(table: TableName, constraint: Constraint, writer: Writer) -> Node | None:
    match constraint:
        case NotNull() | Exclusion():
            return None
        case PrimaryKey() | Unique() | ForeignKey() | Check():
            if not constraint.name:
                return None
            return call(
                "op.drop_constraint",
                writer.name(constraint.name),
                writer.quotes.text(table.name),
                schema=writer.quotes.text(table.schema) if table.schema else None,
                type_=writer.quotes.text(_TYPES[type(constraint)]),
            )
        case _:
            assert_never(constraint)


def _deferral(constraint: ForeignKey | Unique, quotes: Quotes) -> dict[str, Node | None]:
    return {
        "deferrable": "True" if constraint.deferrable else None,
        "initially": quotes.text("DEFERRED") if constraint.initially_deferred else None,
    }


def _texts(names: Sequence[str], quotes: Quotes) -> Node:
    return listing([quotes.text(one) for one in names])
