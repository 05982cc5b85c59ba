"""Enumerated types, and objects around a table that are dropped and made again."""

from __future__ import annotations

from typing import assert_never

from wizard.dialects.postgresql.words import literal, quote, table
from wizard.model.names import TableName, parse_table_name
from wizard.model.schema import Enum
from wizard.model.steps import AddEnumValue, CreateDependent, DropDependent, RenameEnumValue

#: The kinds whose definition can be read from the catalogue and run again.
REMAKABLE = ("view", "materialized view", "policy", "trigger", "rule")


def create_enum(enum: Enum) -> str:
    """Return CREATE TYPE … AS ENUM."""
    return f"CREATE TYPE {table(enum.name)} AS ENUM ({', '.join(map(literal, enum.labels))})"


def add_value(step: AddEnumValue) -> str:
    """Return ADD VALUE; it has no inverse, hence IF NOT EXISTS for the next upgrade."""
    place = ""
    if step.before is not None:
        place = f" BEFORE {literal(step.before)}"
    elif step.after is not None:
        place = f" AFTER {literal(step.after)}"
    value = literal(step.value)
    return f"ALTER TYPE {table(step.enum.name)} ADD VALUE IF NOT EXISTS {value}{place}"


def rename_value(step: RenameEnumValue) -> str:
    """Return RENAME VALUE."""
    return (
        f"ALTER TYPE {table(step.enum.name)} "
        f"RENAME VALUE {literal(step.old)} TO {literal(step.new)}"
    )


def drop_dependent(step: DropDependent) -> str:
    """Return the statement that drops the object."""
    one = step.dependent
    match one.kind:
        case "view" | "materialized view":
            return f"DROP {one.kind.upper()} {table(parse_table_name(one.name))}"
        case "policy" | "trigger" | "rule":
            return f"DROP {one.kind.upper()} {quote(one.name)} ON {table(step.table)}"
        case "publication" | "function":
            raise ValueError(f"a {one.kind} is not dropped and made again")
        case _:
            assert_never(one.kind)


def relation_of(step: DropDependent | CreateDependent) -> TableName:
    """Return the relation that is locked: a view itself, else the table of the policy or trigger."""
    one = step.dependent
    return parse_table_name(one.name) if one.kind.endswith("view") else step.table
