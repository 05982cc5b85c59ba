"""Whole tables, primary keys and types of columns as PostgreSQL writes them."""

from __future__ import annotations

import re

from wizard.dialects.postgresql.definitions import column, constraint, create_index, qualified
from wizard.dialects.postgresql.type_changes import moves_zone
from wizard.dialects.postgresql.types import short
from wizard.dialects.postgresql.words import literal, names, quote, table
from wizard.model.schema import (
    Check,
    Column,
    Constraint,
    ForeignKey,
    NotNull,
    PrimaryKey,
    Table,
    Unique,
)
from wizard.model.steps import AddPrimaryKey, ChangeType

_TEXTS = ("text", "character varying", "character")
_BITS = ("bit", "bit varying")
#: The default of a serial column; its sequence goes with the column, unless others use it.
_SERIAL = re.compile(r"nextval\('((?:[^']|'')+)'::regclass\)")


def create_table(one: Table, version: tuple[int, ...]) -> tuple[str, ...]:
    """Return the statements that create a table with its constraints, indexes and comments."""
    name = table(one.name)
    pending = [each for each in one.constraints if is_pending(each)]
    lines = [column(each, version) for each in one.columns]
    lines += [_constraint(each, one, version) for each in one.constraints if not is_pending(each)]
    by = f" PARTITION BY {one.partition_key}" if one.partition_key else ""
    body = ",\n    ".join(lines)
    sequences = [(each, found) for each in one.columns if (found := _sequence(each))]
    return (
        *(f"CREATE SEQUENCE IF NOT EXISTS {found} AS {each.type}" for each, found in sequences),
        f"CREATE TABLE {name} (\n    {body}\n){by}",
        *(
            f"ALTER SEQUENCE {found} OWNED BY {name}.{quote(each.name)}"
            for each, found in sequences
        ),
        # Inside CREATE TABLE they would count as proven.
        *(f"ALTER TABLE {name} ADD {constraint(each, version)}" for each in pending),
        *(
            create_index(name, each, version, concurrently=False)
            for each in one.indexes
            if not each.constraint
        ),
        *comments(one),
        *(each.definition for each in one.triggers if each.definition),
    )


def comments(one: Table) -> tuple[str, ...]:
    """Return the statements that comment on a table and on its columns."""
    name = table(one.name)
    own = (f"COMMENT ON TABLE {name} IS {literal(one.comment)}",) if one.comment else ()
    return (
        *own,
        *(
            f"COMMENT ON COLUMN {name}.{quote(each.name)} IS {literal(each.comment)}"
            for each in one.columns
            if each.comment
        ),
    )


def is_pending(one: Constraint) -> bool:
    """Tell whether a constraint has not been proven for the rows that were there before it."""
    return isinstance(one, ForeignKey | Check | NotNull) and not one.validated


def _constraint(one: Constraint, owner: Table, version: tuple[int, ...]) -> str:
    """Return a constraint; columns that only its index holds are the index's to know."""
    text = constraint(one, version)
    index = owner.index(one.name or "")
    if not isinstance(one, Unique | PrimaryKey) or index is None or not index.include:
        return text
    columns = f"({names(one.columns)})"
    return text.replace(columns, f"{columns} INCLUDE ({names(index.include)})", 1)


def _sequence(one: Column) -> str:
    """Return the sequence of a serial column as SQL, empty for any other column.

    One that is not called after the column may be shared, and then outlives the table.
    """
    match = _SERIAL.fullmatch(one.default or "")
    if match is None or one.type not in ("smallint", "integer", "bigint"):
        return ""
    name = match.group(1).replace("''", "'")
    return name if name.rstrip('"').endswith(f"_{one.name}_seq") else ""


def change_type(step: ChangeType) -> tuple[str, ...]:
    """Return ALTER COLUMN … TYPE; a default that is there is converted with it.

    Between timestamp and timestamptz only a session in UTC spares the rewrite, and it is what gives
    each value its meaning.
    """
    words = [f"TYPE {short(step.to.type)}"]
    if step.to.collation is not None:
        words.append(f"COLLATE {qualified(step.to.collation)}")
    elif step.column.collation is not None:
        words.append('COLLATE "default"')
    using = _cast(step) if step.using is None else step.using
    if using is not None:
        words.append(f"USING {using}")
    alter = (
        f"ALTER TABLE {table(step.table)} ALTER COLUMN {quote(step.column.name)} {' '.join(words)}"
    )
    if step.using is None and moves_zone(step.column, step.to):
        return ("SET LOCAL TimeZone = 'UTC'", alter, "SET LOCAL TimeZone TO DEFAULT")
    return (alter,)


def _cast(step: ChangeType) -> str | None:
    """Return a cast where the server wants one to be written: from text to what is no text, and
    between boolean and integer (pg_cast has these for explicit casts only).

    Never to a type with a length: there, a written cast cuts values short without a word.
    """
    old, new = (one.type.partition("(")[0] for one in (step.column, step.to))
    from_text = old in _TEXTS and new not in (*_TEXTS, *_BITS)
    if not from_text and {old, new} != {"boolean", "integer"}:
        return None
    return f"{quote(step.column.name)}::{short(step.to.type)}"


def add_primary_key(step: AddPrimaryKey, version: tuple[int, ...]) -> str:
    """Return ADD PRIMARY KEY, from a finished unique index where one is given."""
    alter = f"ALTER TABLE {table(step.table)} ADD"
    if step.using is None:
        return f"{alter} {constraint(step.constraint, version)}"
    name = quote(step.constraint.name or step.using.name)
    return f"{alter} CONSTRAINT {name} PRIMARY KEY USING INDEX {quote(step.using.name)}"
