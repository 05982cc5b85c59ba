"""Numbered columns of PostgreSQL: identity columns, and sequences behind a default."""

from __future__ import annotations

import re

from wizard.dialects.postgresql.types import short
from wizard.dialects.postgresql.words import NAME_BYTES, block, literal, quote, table
from wizard.model.names import TableName, fit_name, parse_table_name
from wizard.model.steps import MoveNumbering, SetIdentity

_NEXT = re.compile(r"nextval\('(?P<name>(?:[^']|'')+)'(?:::regclass)?\)", re.IGNORECASE)


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


def move_numbering(step: MoveNumbering) -> tuple[str, ...]:
    """Return the statements that number another column, which goes on where the first one was.

    The count is the sequence's own: numbers of rows that are deleted by now are not given again. An
    identity column's sequence cannot change its column, hence a new one that gets the old name.
    """
    sequence = sequence_of(step)
    own, to = table(step.table), f"ALTER COLUMN {quote(step.to.name)}"
    if step.column.identity is None:
        # One type, one range: what the sequence was told on its own stays as it is.
        kind = "" if step.column.type == step.to.type else f" AS {short(step.to.type)}"
        count = f"ALTER SEQUENCE {table(sequence)}{kind}"
        if step.column.name == step.to.name:
            return (count,)
        return (
            f"{count} OWNED BY {own}.{quote(step.to.name)}",
            f"ALTER TABLE {own} {to} SET DEFAULT {step.column.default}",
            f"ALTER TABLE {own} ALTER COLUMN {quote(step.column.name)} DROP DEFAULT",
        )
    limit = NAME_BYTES
    fresh = TableName(fit_name(f"{sequence.name}_next", limit=limit), sequence.schema)
    options = f"SEQUENCE NAME {table(fresh)}"
    if step.increment != 1:
        options += f" INCREMENT BY {step.increment}"
    how = f"GENERATED {step.column.identity.upper()} AS IDENTITY ({options})"
    return (
        f"ALTER TABLE {own} {to} ADD {how}",
        *((_as_before(sequence, fresh),) if step.column.type == step.to.type else ()),
        f"SELECT setval({literal(table(fresh))}, last_value, is_called) FROM {table(sequence)}",
        f"ALTER TABLE {own} ALTER COLUMN {quote(step.column.name)} DROP IDENTITY",
        f"ALTER SEQUENCE {table(fresh)} RENAME TO {quote(sequence.name)}",
    )


def _as_before(sequence: TableName, fresh: TableName) -> str:
    """Return the statement that gives a new sequence the bounds, cache and cycle of the old one."""
    return block(
        "\n".join(
            (
                "DECLARE",
                "    was pg_sequence%ROWTYPE;",
                "BEGIN",
                "    SELECT * INTO STRICT was FROM pg_sequence",
                f"    WHERE seqrelid = {literal(table(sequence))}::regclass;",
                "    EXECUTE format(",
                "        'ALTER SEQUENCE %s MINVALUE %s MAXVALUE %s START WITH %s RESTART CACHE %s %s',",
                f"        {literal(table(fresh))}, was.seqmin, was.seqmax, was.seqstart, was.seqcache,",
                "        CASE WHEN was.seqcycle THEN 'CYCLE' ELSE 'NO CYCLE' END",
                "    );",
                "END",
            )
        )
    )


def sequence_of(step: MoveNumbering) -> TableName:
    """Return the column's sequence: as it was read, in its default, or as the server names one."""
    if step.sequence is not None:
        return step.sequence
    match = _NEXT.fullmatch((step.column.default or "").strip())
    if match is not None:
        return parse_table_name(match["name"].replace("''", "'"))
    names = {step.column.name, step.to.name}
    # A column that was swapped has its sequence from the name which both have had.
    stem = min(names, key=len)
    return TableName(fit_name(f"{step.table.name}_{stem}_seq", limit=NAME_BYTES), step.table.schema)
