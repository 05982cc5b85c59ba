"""Constraints as Alembic creates and drops them, always under their final name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from generators.alembic.writer import Writer
from generators.python import text
from generators.python.code import Node, Quotes, call, listing
from wizard.model.names import TableName
from wizard.model.schema import (
    Check,
    Constraint,
    Exclusion,
    ForeignKey,
    NotNull,
    PrimaryKey,
    Unique,
)

_TYPES = {
    ForeignKey: "foreignkey",
    Unique: "unique",
    Check: "check",
    PrimaryKey: "primary",
}


def write_foreign_key(table: TableName, key: ForeignKey, writer: Writer) -> Node:
    """Return ``op.create_foreign_key``."""
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
        **deferral(key, quotes),
        postgresql_not_valid=None if key.validated else "True",
    )


def write_check(table: TableName, check: Check, writer: Writer) -> Node:
    """Return ``op.create_check_constraint``."""
    quotes = writer.quotes
    return call(
        "op.create_check_constraint",
        writer.name(check.name or ""),
        quotes.text(table.name),
        quotes.text(text.escape(check.expression)),
        schema=quotes.text(table.schema) if table.schema else None,
        postgresql_not_valid=None if check.validated else "True",
    )


def write_unique(table: TableName, unique: Unique, writer: Writer) -> Node:
    """Return ``op.create_unique_constraint``."""
    quotes = writer.quotes
    return call(
        "op.create_unique_constraint",
        writer.name(unique.name or ""),
        quotes.text(table.name),
        _texts(unique.columns, quotes),
        schema=quotes.text(table.schema) if table.schema else None,
        **deferral(unique, quotes),
        postgresql_nulls_not_distinct="True" if unique.nulls_not_distinct else None,
    )


def write_drop(table: TableName, constraint: Constraint, writer: Writer) -> Node | None:
    """Return ``op.drop_constraint``; None for what Alembic cannot drop by name and kind."""
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


def deferral(constraint: ForeignKey | Unique, quotes: Quotes) -> dict[str, Node | None]:
    """Return the arguments that say when a constraint is checked."""
    return {
        "deferrable": "True" if constraint.deferrable else None,
        "initially": quotes.text("DEFERRED") if constraint.initially_deferred else None,
    }


def _texts(names: Sequence[str], quotes: Quotes) -> Node:
    return listing([quotes.text(one) for one in names])
