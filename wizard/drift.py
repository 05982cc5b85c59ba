"""What has happened to a database since a plan was made: what of the plan it holds, what others did.

Pure: tables as they were, the steps of what was written, and the tables as they are. What the plan
itself changes is compared by name, kind, type and whether NULL is allowed, for the server writes
expressions in its own words; everything else must be what it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal, TypeVar

from wizard.model.names import TableName
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
    Table,
    Trigger,
)
from wizard.model.simulate import apply_all
from wizard.model.steps import Step

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


T = TypeVar("T")


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A database beside a plan. ``applied`` is how many of the written phases it holds.

    ``broken`` are parts of the plan that it does not hold, although it does not stand before or
    between the phases either: ``applied`` then says nothing. ``drift`` is what others have changed.
    """

    applied: int
    broken: tuple[Difference, ...] = ()
    drift: tuple[Difference, ...] = ()


def states(before: Schema, phases: Iterable[Sequence[Step]]) -> tuple[Schema, ...]:
    """Return the schema before the plan and after each phase; raises CannotApply."""
    found = [before]
    for steps in phases:
        found.append(apply_all(found[-1], steps))
    return tuple(found)


def names_in(schemas: Sequence[Schema]) -> tuple[TableName, ...]:
    """Return the tables to look at in the database."""
    return tuple(dict.fromkeys(table.name for one in schemas for table in one.tables))


def compare(expected: Sequence[Schema], live: Schema) -> Comparison:
    """Compare a database with the states that `states` has returned.

    ``live`` holds those of the tables of `names_in` that are there.
    """
    parts = [parts_of(one) for one in expected]
    found = parts_of(live)
    own = {
        place
        for earlier, later in pairwise(parts)
        for place in earlier.keys() | later.keys()
        if earlier.get(place) != later.get(place)
    }
    # Whatever stands on a table that the plan makes or takes away is the plan's, too.
    made = {place.table for place in own if place.kind == "table"}
    own |= {
        place for one in parts for place in one if place.table in made and place.kind != "reference"
    }

    def misses(at: int) -> tuple[Difference, ...]:
        return tuple(
            Difference(place=place, expected=parts[at].get(place), found=found.get(place))
            for place in sorted(own)
            # A reference is told by the table that has the foreign key.
            if place.kind != "reference" and not _alike(parts[at].get(place), found.get(place))
        )

    last = len(parts) - 1
    names = {table.name for one in expected for table in one.tables}
    # What reads a column that the plan changes or takes away may be written in other words since.
    changed = {
        (place.table, place.name) for place in own if place.kind == "column" and place in parts[0]
    }
    applied = next((at for at in range(last, -1, -1) if not misses(at)), None)
    drift = tuple(
        Difference(place=place, expected=parts[-1].get(place), found=found.get(place))
        for place in sorted(parts[-1].keys() | found.keys())
        if place not in own
        and not (place.table in made and place.kind in ("comment", "partition", "dependent"))
        and not _told_elsewhere(parts[-1].get(place) or found.get(place), names)
        and not _same(place, parts[-1].get(place), found.get(place), changed)
    )
    if applied is None:
        return Comparison(applied=0, broken=misses(last), drift=drift)
    return Comparison(applied=applied, drift=drift)


def collapsed(live: Schema, syncs: Mapping[str, Sequence[str]]) -> Schema:
    """Return the tables with one trigger for each sync of the plan, as its states hold it.

    ``syncs`` names the triggers of each: an engine may need several. Where one of them is missing,
    all are left out.
    """
    return replace(live, tables=tuple(_collapsed(one, syncs) for one in live.tables))


def _collapsed(table: Table, syncs: Mapping[str, Sequence[str]]) -> Table:
    there = {one.name: one for one in table.triggers}
    whole = [name for name, parts in syncs.items() if all(one in there for one in parts)]
    taken = {one for parts in syncs.values() for one in parts}
    kept = tuple(one for one in table.triggers if one.name not in taken)
    ours = tuple(Trigger(name=name, definition="", function=name) for name in whole)
    others = tuple(
        one for one in table.dependents if not (one.kind == "trigger" and one.name in taken)
    )
    return replace(table, triggers=(*kept, *ours), dependents=others)


def brought_up(before: Schema, drift: Sequence[Difference]) -> Schema:
    """Return the tables before the plan as they would be, had the drift been there then.

    What stands on a column that only the plan brings is left out: it was not there, nor could be.
    """
    tables = tuple(
        _table_with(table, [one for one in drift if one.place.table == str(table.name)])
        for table in before.tables
    )
    enums = tuple(
        next(
            (
                one.found
                for one in drift
                if one.place == Place(str(enum.name), "type", "") and isinstance(one.found, Enum)
            ),
            enum,
        )
        for enum in before.enums
    )
    return replace(before, tables=tables, enums=enums)


def lost(drift: Sequence[Difference]) -> tuple[Difference, ...]:
    """Return the tables that are not there any more."""
    return tuple(one for one in drift if one.place.kind == "table" and one.found is None)


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
                found[Place(name, "constraint", _name_of(constraint))] = _proven(constraint)
        for trigger in table.triggers:
            found[Place(name, "trigger", trigger.name)] = trigger
        for dependent in table.dependents:
            columns = tuple(sorted(dependent.columns))
            plain_one = replace(dependent, columns=columns, privileges=())
            found[Place(name, "dependent", str(dependent))] = plain_one
        for reference in table.referenced_by:
            key = _proven(reference.foreign_key)
            assert isinstance(key, ForeignKey)
            place = Place(name, "reference", _reference_name(reference))
            found[place] = replace(reference, foreign_key=key)
    for enum in schema.enums:
        found[Place(str(enum.name), "type", "")] = enum.bare
    return found


def _name_of(one: Constraint) -> str:
    if isinstance(one, PrimaryKey):
        return "primary key"
    if one.name:
        return one.name
    said = one.expression if isinstance(one, Check) else ", ".join(getattr(one, "columns", ()))
    return f"{type(one).__name__} on {said}"


def _proven(one: Constraint) -> Constraint:
    return replace(one, validated=True) if isinstance(one, ForeignKey | Check) else one


def _told_elsewhere(part: Part | None, names: set[TableName]) -> bool:
    """Tell whether the table that has the foreign key is compared itself."""
    return isinstance(part, Reference) and part.table in names


def _same(
    place: Place, expected: Part | None, found: Part | None, changed: set[tuple[str, str]]
) -> bool:
    """Tell whether a part that the plan leaves alone is what it was."""
    if expected == found:
        return True
    match expected:
        case Dependent():
            read = any(table == place.table for table, _ in changed)
        case Index():
            read = any((place.table, one) in changed for one in expected.columns) or any(
                part.expression for part in expected.parts
            )
        case Check():
            read = any((place.table, one) in changed for one in expected.columns)
        case _:
            read = False
    return read and _alike(expected, found)


def _alike(expected: Part | None, found: Part | None) -> bool:
    """Tell whether a part of the plan is there, as far as it can be foreseen."""
    if expected is None or found is None:
        return expected is found
    if isinstance(expected, Column) and isinstance(found, Column):
        return _typed(expected) == _typed(found) and expected.nullable == found.nullable
    if isinstance(expected, Index) and isinstance(found, Index):
        return (expected.columns, found.valid) == (found.columns, True)
    if isinstance(expected, Enum) and isinstance(found, Enum):
        return expected.labels == found.labels
    return type(expected) is type(found)


def _typed(column: Column) -> str:
    """Return a type in a form in which case and spaces do not count: frameworks write their own."""
    return "".join(column.type.lower().split())


def _table_with(table: Table, drift: Sequence[Difference]) -> Table:
    for one in drift:
        table = _with_part(table, one)
    return table


def _with_part(table: Table, one: Difference) -> Table:
    name, new = one.place.name, one.found
    match one.place.kind:
        case "column":
            column = new if isinstance(new, Column) else None
            was = table.column(name)
            if column is not None and was is not None:
                column = replace(column, counter=was.counter, grants=was.grants)
            return replace(table, columns=_put(table.columns, name, column, lambda it: it.name))
        case "index":
            index = new if isinstance(new, Index) else None
            if index is not None and not _has(table, (*index.columns, *index.include)):
                return table
            return replace(table, indexes=_put(table.indexes, name, index, lambda it: it.name))
        case "constraint":
            constraint = new if isinstance(new, Constraint) else None
            if constraint is not None and not _has(table, getattr(constraint, "columns", ())):
                return table
            kept = _put(table.constraints, name, constraint, _name_of)
            return replace(table, constraints=kept)
        case "trigger":
            trigger = new if isinstance(new, Trigger) else None
            return replace(table, triggers=_put(table.triggers, name, trigger, lambda it: it.name))
        case "dependent":
            dependent = new if isinstance(new, Dependent) else None
            if dependent is not None and not _has(table, dependent.columns):
                return table
            return replace(table, dependents=_put(table.dependents, name, dependent, str))
        case "reference":
            reference = new if isinstance(new, Reference) else None
            if reference is not None and not _has(table, reference.foreign_key.ref_columns):
                return table
            put = _put(table.referenced_by, name, reference, _reference_name)
            return replace(table, referenced_by=put)
        case "comment":
            return replace(table, comment=new if isinstance(new, str) else None)
        case _:
            return table


def _put(
    parts: tuple[T, ...], name: str, new: T | None, named: Callable[[T], str]
) -> tuple[T, ...]:
    """Return the parts with the one of that name replaced, taken out (None), or added at the end."""
    if new is None:
        return tuple(one for one in parts if named(one) != name)
    if any(named(one) == name for one in parts):
        return tuple(new if named(one) == name else one for one in parts)
    return (*parts, new)


def _has(table: Table, columns: Iterable[str]) -> bool:
    return all(table.column(one) is not None for one in columns)


def _reference_name(one: Reference) -> str:
    return f"{_name_of(one.foreign_key)} of {one.table}"
