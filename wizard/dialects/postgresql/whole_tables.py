"""Whole tables, primary keys and numbered columns as PostgreSQL writes them."""

from __future__ import annotations

from wizard.dialects.postgresql.definitions import column, constraint, create_index, qualified
from wizard.dialects.postgresql.types import short
from wizard.dialects.postgresql.words import literal, quote, table
from wizard.model.names import TableName
from wizard.model.schema import Table
from wizard.model.steps import AddPrimaryKey, AttachIndex, ChangeType, SetIdentity

_TEXTS = ("text", "character varying", "character")
_BITS = ("bit", "bit varying")


def create_table(one: Table, version: tuple[int, ...]) -> tuple[str, ...]:
    """Return the statements that create a table with its constraints, indexes and comments."""
    lines = [column(each, version) for each in one.columns]
    lines += [constraint(each, version) for each in one.constraints]
    name = table(one.name)
    by = f" PARTITION BY {one.partition_key}" if one.partition_key else ""
    body = ",\n    ".join(lines)
    found = [f"CREATE TABLE {name} (\n    {body}\n){by}"]
    found += [
        create_index(name, each, version, concurrently=False)
        for each in one.indexes
        if not each.constraint
    ]
    if one.comment:
        found.append(f"COMMENT ON TABLE {name} IS {literal(one.comment)}")
    found += [
        f"COMMENT ON COLUMN {name}.{quote(each.name)} IS {literal(each.comment)}"
        for each in one.columns
        if each.comment
    ]
    return (*found, *(each.definition for each in one.triggers if each.definition))


def change_type(step: ChangeType) -> str:
    """Return ALTER COLUMN … TYPE; a default that is there is converted with it."""
    words = [f"TYPE {short(step.to.type)}"]
    if step.to.collation is not None:
        words.append(f"COLLATE {qualified(step.to.collation)}")
    elif step.column.collation is not None:
        words.append('COLLATE "default"')
    using = _cast(step) if step.using is None else step.using
    if using is not None:
        words.append(f"USING {using}")
    return (
        f"ALTER TABLE {table(step.table)} ALTER COLUMN {quote(step.column.name)} {' '.join(words)}"
    )


def _cast(step: ChangeType) -> str | None:
    """Return a cast where the server wants one to be written: from text to what is no text.

    Never to a type with a length: there, a written cast cuts values short without a word.
    """
    old, new = (one.type.partition("(")[0] for one in (step.column, step.to))
    if old not in _TEXTS or new in (*_TEXTS, *_BITS):
        return None
    return f"{quote(step.column.name)}::{short(step.to.type)}"


def set_identity(step: SetIdentity) -> tuple[str, ...]:
    """Return the statements that number a column, going on behind the largest number there is."""
    alter = f"ALTER TABLE {table(step.table)} ALTER COLUMN {quote(step.column.name)}"
    if step.identity is None:
        return (f"{alter} DROP IDENTITY",)
    how = f"GENERATED {step.identity.upper()}"
    if step.column.identity is not None:
        return (f"{alter} SET {how}",)
    own, name = table(step.table), literal(step.column.name)
    # With no row yet, the first number is 1 and has not been used.
    behind = (
        f"SELECT setval(pg_get_serial_sequence({literal(own)}, {name}), "
        f"coalesce(max({quote(step.column.name)}), 1), max({quote(step.column.name)}) IS NOT NULL)\n"
        f"FROM {own}"
    )
    return (f"{alter} ADD {how} AS IDENTITY", behind)


def add_primary_key(step: AddPrimaryKey, version: tuple[int, ...]) -> str:
    """Return ADD PRIMARY KEY, from a finished unique index where one is given."""
    alter = f"ALTER TABLE {table(step.table)} ADD"
    if step.using is None:
        return f"{alter} {constraint(step.constraint, version)}"
    name = quote(step.constraint.name or step.using.name)
    return f"{alter} CONSTRAINT {name} PRIMARY KEY USING INDEX {quote(step.using.name)}"


def attach_index(step: AttachIndex) -> str:
    """Return ALTER INDEX … ATTACH PARTITION."""
    parent = table(TableName(step.index.name, step.table.schema))
    child = table(TableName(step.child.name, step.partition.schema))
    return f"ALTER INDEX {parent} ATTACH PARTITION {child}"
