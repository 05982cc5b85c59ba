"""Whole tables as Alembic creates and drops them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from generators.alembic.constraints import deferral, write_check, write_foreign_key
from generators.alembic.indexes import create_index
from generators.alembic.writer import Writer
from generators.python import text
from generators.python.code import Node, call, listing
from wizard.model.names import TableName
from wizard.model.schema import (
    Check,
    Column,
    Constraint,
    Exclusion,
    ForeignKey,
    NotNull,
    PrimaryKey,
    Table,
    Unique,
)

Columns = Callable[[Column, Writer], Node | None]


def create_table(table: Table, writer: Writer, column: Columns) -> tuple[Node, ...] | None:
    """Return ``op.create_table`` and what follows it, None for what only SQL can say.

    ``column`` writes one column, or returns None when SQLAlchemy has no word for its type.
    """
    if not _fits(table, writer):
        return None
    quotes, sqlite = writer.quotes, writer.dialect.name == "sqlite"
    numbered = any(one.identity is not None for one in table.columns)
    written = [
        column(replace(one, identity=None) if sqlite else one, writer) for one in table.columns
    ]
    columns = [one for one in written if one is not None]
    if len(columns) < len(written):
        return None
    at_once = [one for one in table.constraints if not _pending(one)]
    constraints = [_constraint(one, writer) for one in at_once]
    made = call(
        "op.create_table",
        quotes.text(table.name.name),
        *columns,
        *(one for one in constraints if one is not None),
        schema=quotes.text(table.name.schema) if table.name.schema else None,
        comment=quotes.text(table.comment) if table.comment else None,
        postgresql_partition_by=quotes.text(table.partition_key) if table.partition_key else None,
        sqlite_autoincrement="True" if sqlite and numbered else None,
    )
    later = [_add(table.name, one, writer) for one in table.constraints if _pending(one)]
    indexes = [create_index(table.name, one, writer) for one in table.indexes if not one.constraint]
    triggers = [_execute(one.definition, writer) for one in table.triggers if one.definition]
    return (made, *(one for one in later if one is not None), *indexes, *triggers)


def drop_table(name: TableName, writer: Writer) -> Node:
    """Return ``op.drop_table``."""
    schema = writer.quotes.text(name.schema) if name.schema else None
    return call("op.drop_table", writer.quotes.text(name.name), schema=schema)


def _fits(table: Table, writer: Writer) -> bool:
    """Tell whether SQLAlchemy can say all of it.

    A table of SQLite that was read has options which only its own text tells.
    """
    if writer.dialect.name not in ("postgresql", "sqlite") or table.sql is not None:
        return False
    serial = any("nextval(" in (one.default or "") for one in table.columns)
    covering = any(one.constraint and one.include for one in table.indexes)
    wordless = any(
        isinstance(one, Exclusion | NotNull)
        or (isinstance(one, ForeignKey) and "." in "".join((one.ref_table.name, *one.ref_columns)))
        for one in table.constraints
    )
    return not (serial or covering or wordless)


def _pending(one: Constraint) -> bool:
    return isinstance(one, Check | ForeignKey) and not one.validated


def _add(table: TableName, one: Constraint, writer: Writer) -> Node | None:
    match one:
        case Check():
            return write_check(table, one, writer)
        case ForeignKey():
            return write_foreign_key(table, one, writer)
        case _:
            return None


def _constraint(one: Constraint, writer: Writer) -> Node | None:
    quotes = writer.quotes
    name = writer.name(one.name) if one.name else None
    match one:
        case PrimaryKey():
            columns = [quotes.text(each) for each in one.columns]
            return call("sa.PrimaryKeyConstraint", *columns, name=name)
        case Unique():
            return call(
                "sa.UniqueConstraint",
                *(quotes.text(each) for each in one.columns),
                name=name,
                **deferral(one, quotes),
                postgresql_nulls_not_distinct="True" if one.nulls_not_distinct else None,
            )
        case Check():
            expression = quotes.text(text.escape(one.expression))
            return call("sa.CheckConstraint", expression, name=name)
        case ForeignKey():
            return _foreign_key(one, writer, name)
        case _:
            return None


def _foreign_key(key: ForeignKey, writer: Writer, name: Node | None) -> Node:
    quotes = writer.quotes
    parts = [key.ref_table.schema, key.ref_table.name] if key.ref_table.schema else None
    target = ".".join(parts or [key.ref_table.name])
    actions = {"no action": None}
    return call(
        "sa.ForeignKeyConstraint",
        listing([quotes.text(each) for each in key.columns]),
        listing([quotes.text(f"{target}.{each}") for each in key.ref_columns]),
        name=name,
        onupdate=actions.get(key.on_update, quotes.text(key.on_update.upper())),
        ondelete=actions.get(key.on_delete, quotes.text(key.on_delete.upper())),
        **deferral(key, quotes),
    )


def _execute(sql: str, writer: Writer) -> Node:
    room = writer.width - len("op.execute()")
    literal = text.statement(sql, dialect=writer.dialect.name, quotes=writer.quotes, width=room)
    return call("op.execute", literal)
