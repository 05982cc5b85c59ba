"""Differences between a plan and a database, in words for people."""

from __future__ import annotations

from collections.abc import Iterator

from wizard.drift_parts import Difference
from wizard.model.schema import (
    Check,
    Column,
    Constraint,
    Enum,
    Exclusion,
    ForeignKey,
    Index,
    PrimaryKey,
    Reference,
    Unique,
)


def since(one: Difference) -> str:
    """Say what has happened to a part: ``index ix on orders (note) was added``."""
    if isinstance(one.expected, Column) and isinstance(one.found, Column):
        return f"{what(one)}: {'; '.join(_changes(one.expected, one.found))}"
    if isinstance(one.expected, Enum) and isinstance(one.found, Enum):
        return f"{what(one)} has the values {', '.join(one.found.labels)} now"
    if one.expected is None:
        return f"{what(one)} was added"
    if one.found is None:
        return f"{what(one)} was dropped"
    return f"{what(one)} is not what it was"


def lacking(one: Difference) -> str:
    """Say how a part of the plan is not as the plan has left it."""
    if one.found is None:
        return f"{what(one)} is not there"
    if one.expected is None:
        return f"{what(one)} is still there"
    if isinstance(one.expected, Column) and isinstance(one.found, Column):
        return f"{what(one)}: {'; '.join(_changes(one.expected, one.found))}"
    return f"{what(one)} is another one"


def what(one: Difference) -> str:
    """Name a part with its table."""
    place, part = one.place, one.found if one.found is not None else one.expected
    match part:
        case Index():
            keys = ", ".join(each.column or f"({each.expression})" for each in part.parts)
            unique = "unique index" if part.unique else "index"
            return f"{unique} {part.name} on {place.table} ({keys})"
        case ForeignKey():
            return f"foreign key {place.name} on {place.table} {_listed(part)} to {part.ref_table}"
        case Reference(table=table, foreign_key=key):
            return f"foreign key {key.name or ''} of {table} to {place.table}".replace("  ", " ")
        case PrimaryKey():
            return f"the primary key of {place.table}"
        case Unique() | Exclusion() | Check():
            return f"{_word(part)} {place.name} on {place.table}"
        case _:
            pass
    match place.kind:
        case "table":
            return f"table {place.table}"
        case "type":
            return f"type {place.table}"
        case "comment":
            return f"the comment on {place.table}"
        case "partition":
            return f"partition {place.name} of {place.table}"
        case "dependent":
            return place.name
        case _:
            return f"{place.kind} {place.name} of {place.table}"


def _word(one: Constraint) -> str:
    match one:
        case Unique():
            return "unique constraint"
        case Exclusion():
            return "exclusion constraint"
        case Check():
            return "check"
        case _:
            return "constraint"


def _listed(key: ForeignKey) -> str:
    return f"({', '.join(key.columns)})"


def _changes(was: Column, now: Column) -> Iterator[str]:
    if was.type != now.type:
        yield f"its type was {was.type} and is {now.type} now"
    if was.nullable != now.nullable:
        yield "it may be NULL now" if now.nullable else "it is required now"
    if was.default != now.default:
        yield f"its default was {was.default or 'none'} and is {now.default or 'none'} now"
    same = (was.type, was.nullable, was.default) == (now.type, now.nullable, now.default)
    if same:
        yield "its definition is not what it was"
