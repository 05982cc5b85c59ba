"""Types, numbering and keys of columns as Alembic changes them."""

from __future__ import annotations

from generators.alembic.types import type_form
from generators.alembic.writer import Writer
from generators.python import text
from generators.python.code import Node, call, listing
from wizard.model.names import TableName
from wizard.model.schema import Column
from wizard.model.steps import AddPrimaryKey, ChangeType, SetIdentity, SwapColumns

Nodes = tuple[Node, ...]


def change_type(step: ChangeType, writer: Writer) -> Nodes | None:
    """Return ``op.alter_column`` with another type, and what its session must be set to."""
    if writer.dialect.name == "sqlite" or step.to.collation is None is not step.column.collation:
        return None
    before, after = column_type(step.column, writer), column_type(step.to, writer)
    if after is None:
        return None
    using = None if step.using is None else writer.quotes.text(text.escape(step.using))
    name = writer.quotes.text(step.column.name)
    alter = call(
        "op.alter_column",
        writer.quotes.text(step.table.name),
        name,
        existing_type=before,
        type_=after,
        schema=_schema(step.table, writer),
        postgresql_using=using,
    )
    # What surrounds the change itself, such as the session's time zone.
    around = [one for one in writer.dialect.sql(step) if not one.startswith("ALTER TABLE")]
    if not around:
        return (alter,)
    first, *rest = around
    return (_executed(first, writer), alter, *(_executed(one, writer) for one in rest))


def set_identity(step: SetIdentity, writer: Writer) -> Nodes | None:
    """Return ``op.alter_column`` with an identity as its default, and the statement that counts on."""
    kind = column_type(step.column, writer)
    if writer.dialect.name == "sqlite" or kind is None:
        return None

    def identity(how: str | None) -> Node:
        return "None" if how is None else call("sa.Identity", always=str(how == "always"))

    existing = None if step.column.identity is None else identity(step.column.identity)
    alter = call(
        "op.alter_column",
        writer.quotes.text(step.table.name),
        writer.quotes.text(step.column.name),
        existing_type=kind,
        existing_nullable="False",
        existing_server_default=existing,
        server_default=identity(step.identity),
        schema=_schema(step.table, writer),
    )
    counted = [one for one in writer.dialect.sql(step) if not one.startswith("ALTER TABLE")]
    return (alter, *(_executed(one, writer) for one in counted))


def add_primary_key(step: AddPrimaryKey, writer: Writer) -> Nodes | None:
    """Return ``op.create_primary_key``; Alembic cannot take over an index that is there."""
    if writer.dialect.name == "sqlite" or step.using is not None or not step.constraint.name:
        return None
    columns = [writer.quotes.text(one) for one in step.constraint.columns]
    return (
        call(
            "op.create_primary_key",
            writer.name(step.constraint.name),
            writer.quotes.text(step.table.name),
            listing(columns),
            schema=_schema(step.table, writer),
        ),
    )


def swap_columns(step: SwapColumns, writer: Writer) -> Nodes | None:
    """Return two renames between the statements that turn the trigger around."""
    statements = writer.dialect.sql(step)
    renames = [at for at, one in enumerate(statements) if " RENAME COLUMN " in one]
    if len(renames) != len(step.renames):
        # The engine does it all in one statement.
        return None
    quotes, table = writer.quotes, writer.quotes.text(step.table.name)
    schema = _schema(step.table, writer)
    altered = tuple(
        call(
            "op.alter_column",
            table,
            quotes.text(old),
            new_column_name=quotes.text(new),
            schema=schema,
        )
        for old, new in step.renames
    )
    first, last = renames[0], renames[-1] + 1
    return (
        *(_executed(one, writer) for one in statements[:first]),
        *altered,
        *(_executed(one, writer) for one in statements[last:]),
    )


def column_type(column: Column, writer: Writer) -> Node | None:
    """Return a column's type in Python, None when SQLAlchemy has no exact word for it."""
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


def _schema(table: TableName, writer: Writer) -> Node | None:
    return writer.quotes.text(table.schema) if table.schema else None


def _executed(sql: str, writer: Writer) -> Node:
    room = writer.width - len("op.execute()")
    literal = text.statement(sql, dialect=writer.dialect.name, quotes=writer.quotes, width=room)
    return call("op.execute", literal)
