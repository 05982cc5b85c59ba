"""Enumerated types, and objects around a table that are dropped and made again."""

from __future__ import annotations

import re
from typing import assert_never

from wizard.dialects.postgresql import privileges
from wizard.dialects.postgresql.words import literal, quote, table
from wizard.model.names import TableName, parse_table_name
from wizard.model.schema import Enum
from wizard.model.steps import (
    AddEnumValue,
    CreateDependent,
    DropDependent,
    RenameEnumValue,
    ReplaceView,
)

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


def drop_dependent(step: DropDependent) -> tuple[str, ...]:
    """Return the statements that drop the object; a view's privileges are kept meanwhile."""
    one = step.dependent
    match one.kind:
        case "view" | "materialized view":
            name = table(parse_table_name(one.name))
            return (privileges.keep(one), f"DROP {one.kind.upper()} {name}")
        case "policy" | "trigger" | "rule":
            name = table(relation_of(step))
            return (f"DROP {one.kind.upper()} {quote(one.name)} ON {name}",)
        case "publication" | "function":
            raise ValueError(f"a {one.kind} is not dropped and made again")
        case _:
            assert_never(one.kind)


def create_dependent(step: CreateDependent) -> tuple[str, ...]:
    """Return the statements that create the object again.

    A materialized view is filled last, with the rights of its owner: row security may hide rows
    from another.
    """
    one = step.dependent
    if not one.kind.endswith("view"):
        return one.definition
    filling = tuple(sql for sql in one.definition if sql.startswith("REFRESH "))
    making = tuple(sql for sql in one.definition if sql not in filling)
    return (*making, privileges.restore(one), *filling)


def replace_view(step: ReplaceView) -> str:
    """Return CREATE OR REPLACE VIEW, which keeps owner, grants, comments, rules and triggers."""
    return re.sub(r"\ACREATE VIEW\b", "CREATE OR REPLACE VIEW", step.after.definition[0])


def relation_of(step: DropDependent | CreateDependent) -> TableName:
    """Return the relation that is locked: a view itself, else what the policy or trigger is on."""
    one = step.dependent
    return parse_table_name(one.name) if one.kind.endswith("view") else one.on or step.table
