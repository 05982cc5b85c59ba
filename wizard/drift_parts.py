"""The parts of a schema that count when a database is compared with a plan, each in its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from wizard.model.schema import (
    Check,
    Column,
    Constraint,
    Dependent,
    Enum,
    ForeignKey,
    Index,
    NotNull,
    PrimaryKey,
    Reference,
    Schema,
    Trigger,
)

Kind = Literal[
    "table",
    "column",
    "index",
    "constraint",
    "trigger",
    "dependent",
    "reference",
    "partition",
    "comment",
    "type",
]
Part = Column | Index | Constraint | Trigger | Dependent | Reference | Enum | str


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a part of a schema is: its table (or type), what it is, and its name."""

    table: str
    kind: Kind
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A part that is not as expected; None for one that is not there."""

    place: Place
    expected: Part | None
    found: Part | None

    @property
    def told(self) -> bool:
        """Whether it says anything of its own: the index of a constraint comes and goes with it."""
        return not any(
            isinstance(one, Index) and one.constraint for one in (self.expected, self.found)
        )


def parts_of(schema: Schema) -> Mapping[Place, Part]:
    """Return all parts of a schema that count, in a form in which statistics and proofs do not."""
    found: dict[Place, Part] = {}
    for table in schema.tables:
        name = str(table.name)
        found[Place(name, "table", "")] = table.kind
        if table.comment:
            found[Place(name, "comment", "")] = table.comment
        for partition in table.partitions:
            found[Place(name, "partition", str(partition))] = str(partition)
        proven = {one.column for one in table.constraints if isinstance(one, NotNull)}
        for column in table.columns:
            nullable = column.nullable and column.name not in proven
            plain = replace(column, counter=None, grants=(), nullable=nullable)
            found[Place(name, "column", column.name)] = plain
        for index in table.indexes:
            found[Place(name, "index", index.name)] = index
        for constraint in table.constraints:
            if not isinstance(constraint, NotNull):
                found[Place(name, "constraint", name_of(constraint))] = _proven(constraint)
        for trigger in table.triggers:
            found[Place(name, "trigger", trigger.name)] = trigger
        for dependent in table.dependents:
            columns = tuple(sorted(dependent.columns))
            plain_one = replace(dependent, columns=columns, privileges=())
            found[Place(name, "dependent", str(dependent))] = plain_one
        for reference in table.referenced_by:
            key = _proven(reference.foreign_key)
            assert isinstance(key, ForeignKey)
            place = Place(name, "reference", reference_name(reference))
            found[place] = replace(reference, foreign_key=key)
    for enum in schema.enums:
        found[Place(str(enum.name), "type", "")] = enum.bare
    return found


def name_of(one: Constraint) -> str:
    """Return the name of a constraint, or what stands for it where it has none."""
    if isinstance(one, PrimaryKey):
        return "primary key"
    if one.name:
        return one.name
    said = one.expression if isinstance(one, Check) else ", ".join(getattr(one, "columns", ()))
    return f"{type(one).__name__} on {said}"


def _proven(one: Constraint) -> Constraint:
    return replace(one, validated=True) if isinstance(one, ForeignKey | Check) else one


def reference_name(one: Reference) -> str:
    """Return what tells a foreign key of another table from others."""
    return f"{name_of(one.foreign_key)} of {one.table}"
