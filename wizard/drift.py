"""What has happened to a database since a plan was made: what of the plan it holds, what others did.

Pure: tables as they were, the steps of what was written, and the tables as they are. What the plan
itself changes is compared by name, kind, type and whether NULL is allowed, for the server writes
expressions in its own words; everything else must be what it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from wizard.drift_parts import Difference, Part, Place, parts_of
from wizard.model.names import TableName
from wizard.model.schema import (
    Check,
    Column,
    Dependent,
    Enum,
    Index,
    Reference,
    Schema,
    Table,
    Trigger,
    Unique,
)
from wizard.model.simulate import apply_all
from wizard.model.steps import Step


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
    sides = _sides(expected, live)
    last = len(expected) - 1
    applied = next((at for at in range(last, -1, -1) if not sides.misses(at)), None)
    if applied is None:
        return Comparison(applied=0, broken=sides.misses(last), drift=sides.drift())
    return Comparison(applied=applied, drift=sides.drift())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sides:
    """The parts of each state and of the database, and which of them are the plan's own."""

    states: Sequence[Mapping[Place, Part]]
    found: Mapping[Place, Part]
    own: frozenset[Place]
    #: Tables that the plan makes, takes away or renames.
    made: frozenset[str]
    names: frozenset[TableName]
    #: Columns that the plan changes or takes away: what reads them may be in other words since.
    changed: frozenset[tuple[str, str]]

    def misses(self, at: int) -> tuple[Difference, ...]:
        """Return the plan's own parts that are not as a state has them."""
        return tuple(
            one
            for place in sorted(self.own)
            if (one := self._beside(place, at)) and not self._covered(one) and not _alike(one)
        )

    def drift(self) -> tuple[Difference, ...]:
        """Return what the plan leaves alone and is not what it was."""
        differing = [
            one
            for place in sorted(self.states[-1].keys() | self.found.keys())
            if place not in self.own
            and not (place.table in self.made and place.kind not in ("table", "column", "trigger"))
            and (one := self._beside(place, -1))
            and not self._told_elsewhere(one)
            and not self._same(one)
        ]
        # The index of a constraint comes and goes with it; its name may be the server's.
        keys = {
            (one.place.table, getattr(part, "columns", None))
            for one in differing
            if one.place.kind == "constraint"
            for part in (one.expected, one.found)
        }
        return tuple(
            one
            for one in differing
            if one.told
            or any(
                isinstance(part, Index) and (one.place.table, part.columns) in keys
                for part in (one.expected, one.found)
            )
        )

    def _beside(self, place: Place, at: int) -> Difference:
        return Difference(
            place=place, expected=self.states[at].get(place), found=self.found.get(place)
        )

    def _covered(self, one: Difference) -> bool:
        """Tell whether another part speaks for this one, or only the server knows its name."""
        place = one.place
        if place.table in self.made and place.kind not in ("table", "column"):
            return True
        # A reference is told by the table that has the key, an index by the constraint that has it.
        if place.kind == "reference" or not one.told:
            return True
        # Some engines know of a unique constraint only its index.
        return isinstance(one.expected, Unique) and any(
            isinstance(part, Index) and part.unique and part.columns == one.expected.columns
            for at, part in self.found.items()
            if at.table == place.table
        )

    def _told_elsewhere(self, one: Difference) -> bool:
        """Tell whether the table that has the foreign key is compared itself."""
        part = one.expected or one.found
        return isinstance(part, Reference) and part.table in self.names

    def _same(self, one: Difference) -> bool:
        """Tell whether a part that the plan leaves alone is what it was."""
        table, expected = one.place.table, one.expected
        if _level(expected) == _level(one.found):
            return True
        match expected:
            case Dependent():
                read = any(name == table for name, _ in self.changed)
            case Index():
                read = any((table, each) in self.changed for each in expected.columns) or any(
                    part.expression for part in expected.parts
                )
            case Check():
                read = any((table, each) in self.changed for each in expected.columns)
            case _:
                read = False
        return read and _alike(one)


def _sides(expected: Sequence[Schema], live: Schema) -> _Sides:
    parts = [parts_of(one) for one in expected]
    own = {
        place
        for earlier, later in pairwise(parts)
        for place in earlier.keys() | later.keys()
        if earlier.get(place) != later.get(place)
    }
    made = {place.table for place in own if place.kind == "table"}
    # Whatever stands on a table that the plan makes or takes away is the plan's, too.
    own |= {
        place for one in parts for place in one if place.table in made and place.kind != "reference"
    }
    return _Sides(
        states=parts,
        found=parts_of(live),
        own=frozenset(own),
        made=frozenset(made),
        names=frozenset(names_in(expected)),
        changed=frozenset(
            (place.table, place.name)
            for place in own
            if place.kind == "column" and place in parts[0]
        ),
    )


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


def lost(drift: Sequence[Difference]) -> tuple[Difference, ...]:
    """Return the tables that are not there any more."""
    return tuple(one for one in drift if one.place.kind == "table" and one.found is None)


def _level(part: Part | None) -> Part | None:
    """Return a part without what a server may write otherwise: white space, quotes round names."""

    def level(text: str) -> str:
        return " ".join(text.replace('"', "").split())

    match part:
        case Trigger():
            return replace(part, definition=level(part.definition))
        case Dependent():
            return replace(part, definition=tuple(level(one) for one in part.definition))
        case _:
            return part


def _alike(one: Difference) -> bool:
    """Tell whether a part of the plan is there, as far as it can be foreseen."""
    expected, found = one.expected, one.found
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
