"""Two columns of one table that hold the same values for a while: renames, and changes of type.

A trigger keeps them equal, a fill brings the old rows along. Either column may lead, or only one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from wizard.dialects.base import Conversion
from wizard.model.names import fit_name
from wizard.model.plan import Migration, Preflight
from wizard.model.schema import Check, Column, ForeignKey, Index, PrimaryKey, Table, Unique
from wizard.model.steps import Assignment, Backfill, Sync
from wizard.operations.base import Context
from wizard.operations.blocks import backfill_migration, walk_key


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A column and its twin; ``way`` is how values go between their types, None for one type.

    The expressions of ``way`` call the column by the name under which the application knows it:
    the old column's while that one leads, the new one's afterwards.
    """

    column: Column
    twin: Column
    way: Conversion | None = None

    @property
    def old(self) -> str:
        """The name of the column that was there first."""
        return self.column.name

    @property
    def new(self) -> str:
        """The name of its twin."""
        return self.twin.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Twins:
    """A table, without the twins, and the columns of it that have one."""

    table: Table
    pairs: tuple[Pair, ...]
    leads: Literal["both", "old", "new"] = "both"

    @property
    def both(self) -> Table:
        """The table while the twins are there."""
        return replace(self.table, columns=(*self.table.columns, *(one.twin for one in self.pairs)))

    @property
    def names(self) -> Mapping[str, str]:
        """The twin of each column that has one, by name."""
        return {one.old: one.new for one in self.pairs}

    def swapped(self, columns: Iterable[str]) -> tuple[str, ...]:
        """Return column names with the twins in place of the columns that have one."""
        return tuple(self.names.get(one, one) for one in columns)


def sync_of(twins: Twins, pair: Pair, context: Context) -> Sync:
    """Return the trigger of a pair, named to fire last: triggers fire in the order of their names."""
    way, leads = pair.way, twins.leads
    fails = way is not None and (way.closes if leads == "new" else way.misfits) is None
    return Sync(
        name=last_name(twins.table, f"{pair.old}_{pair.new}", context),
        table=twins.table.name,
        old=pair.old,
        new=pair.new,
        compare_as=context.dialect.compare_as(pair.twin if leads == "new" else pair.column),
        to_new=way.to_new if way is not None and leads != "new" else None,
        to_old=way.to_old if way is not None and leads != "old" else None,
        leads=leads,
        forgiving=fails and leads != "both",
    )


def last_name(table: Table, stem: str, context: Context) -> str:
    """Return the name of a trigger that is to fire behind all others of the table."""
    limit = context.dialect.capabilities.name_bytes
    name = f"zz_sync_{table.name.name}_{stem}"
    others = [one.name for one in table.triggers if not one.name.startswith("zz_sync_")]
    while any(one.encode() >= name.encode() for one in others if one[:1] <= "z"):
        name = f"z{name}"
    return fit_name(name, limit=limit)


def late_triggers(twins: Twins, context: Context) -> tuple[str, ...]:
    """Return the table's triggers that fire behind that of a pair all the same."""
    last = max(sync_of(twins, one, context).name.encode() for one in twins.pairs)
    return tuple(one.name for one in twins.table.triggers if one.name.encode() > last)


def differ(pair: Pair, context: Context) -> str:
    """Return the predicate for rows whose twin is not what the column says."""
    dialect = context.dialect
    made = dialect.quote(pair.old) if pair.way is None else pair.way.to_new
    compare_as = dialect.compare_as(pair.twin)
    return dialect.distinct(dialect.quote(pair.new), made, compare_as=compare_as)


def mismatch(twins: Twins, context: Context) -> Preflight:
    """Return the query for rows in which a column and its twin differ, or cannot agree."""
    dialect, table = context.dialect, twins.table
    key = ", ".join(dialect.quote(one) for one in table.primary_key) or "1"
    found = []
    for one in twins.pairs:
        if one.way is not None and one.way.misfits:
            found.append(one.way.misfits)
        found.append(differ(one, context))
    listed = " and ".join(f"{one.old} and {one.new}" for one in twins.pairs)
    return Preflight(
        query=f"SELECT {key} FROM {dialect.table(table.name)} WHERE {' OR '.join(found)} LIMIT 5",
        problem=f"{listed} of {table.name} still differ: run the backfill to its end first",
    )


def fill(twins: Twins, context: Context, *, title: str) -> Migration:
    """Return the data migration that brings the twins of old rows up to date."""
    dialect = context.dialect
    needed = " OR ".join(differ(one, context) for one in twins.pairs)
    return backfill_migration(
        context,
        twins.both,
        tuple(
            Assignment(
                column=one.new,
                expression=dialect.quote(one.old) if one.way is None else one.way.to_new,
            )
            for one in twins.pairs
        ),
        needed=needed,
        title=title,
        undo="both columns hold the same values: nothing to undo",
    )


def refill(twins: Twins, context: Context) -> Backfill:
    """Return the step that works the old columns out of their twins, when they are back."""
    dialect = context.dialect
    values = {
        one: dialect.quote(one.new) if one.way is None else one.way.to_old for one in twins.pairs
    }
    needed = " OR ".join(
        dialect.distinct(dialect.quote(one.old), value, compare_as=dialect.compare_as(one.column))
        for one, value in values.items()
    )
    key = walk_key(context, twins.both)
    return Backfill(
        table=twins.table.name,
        assignments=tuple(
            Assignment(column=one.old, expression=value) for one, value in values.items()
        ),
        needed=needed,
        key=tuple(one.name for one in key),
        key_types=tuple(one.type for one in key),
    )


def following(twins: Twins, context: Context) -> str | None:
    """Return the query for rows whose old column no longer follows the new one, after a swap.

    None where nobody can tell: where a value does not come back as it was, or may not convert.
    """
    known = all(
        one.way is None or (one.way.exact and one.way.closes is not None) for one in twins.pairs
    )
    if not known:
        return None
    dialect, table = context.dialect, twins.table
    key = ", ".join(dialect.quote(one) for one in table.primary_key) or "1"
    needed = refill(twins, context).needed
    return f"SELECT {key} FROM {dialect.table(table.name)} WHERE {needed} LIMIT 5"


def in_twins(twins: Twins, text: str, context: Context) -> str:
    """Return an expression over the columns as one over their twins.

    Where types differ so much that it would mean something else, the twin is converted back inside.
    """
    dialect = context.dialect
    for one in twins.pairs:
        if one.old not in dialect.columns_in(text):
            continue
        if one.way is None or one.way.alike:
            text = dialect.rename_in(text, one.old, one.new)
        else:
            back = dialect.rename_in(one.way.to_old, one.old, one.new)
            text = dialect.put_in(text, one.old, back)
    return text


def reads(columns: Iterable[str], index: Index, context: Context) -> bool:
    """Tell whether an index reads one of the columns, in whatever way."""
    names = set(columns)
    if names & {*index.columns, *index.include}:
        return True
    texts = [part.expression for part in index.parts] + [index.where]
    return any(names & context.dialect.columns_in(text) for text in texts if text)


def indexes_of(twins: Twins, context: Context) -> tuple[Index, ...]:
    """Return the table's indexes that read a column with a twin, constraints' own left out."""
    return tuple(
        one
        for one in twins.table.indexes
        if not one.constraint and one.valid and reads(twins.names, one, context)
    )


def constraints_of(twins: Twins) -> tuple[ForeignKey | Check | Unique, ...]:
    """Return the constraints that name a column with a twin, but for the primary key.

    A unique one also if its index merely includes it.
    """
    return tuple(
        one
        for one in twins.table.constraints
        if isinstance(one, ForeignKey | Check | Unique)
        and set(twins.names) & {*one.columns, *included(twins.table, one.name)}
    )


def included(table: Table, constraint: str | None) -> tuple[str, ...]:
    """Return the columns that a constraint's own index includes."""
    own = table.index(constraint or "")
    return own.include if own is not None and own.constraint else ()


def turned(twins: Twins) -> Table:
    """Return the table with the twins in its keys and indexes: rows are found by them in the end."""

    def index(one: Index) -> Index:
        parts = (
            replace(part, column=twins.names.get(part.column or "", part.column))
            for part in one.parts
        )
        return replace(one, parts=tuple(parts))

    constraints = (
        replace(one, columns=twins.swapped(one.columns)) if isinstance(one, PrimaryKey) else one
        for one in twins.table.constraints
    )
    return replace(
        twins.table,
        constraints=tuple(constraints),
        indexes=tuple(index(one) for one in twins.table.indexes),
    )


def key_of(twins: Twins) -> PrimaryKey | None:
    """Return the primary key where it holds a column with a twin."""
    for one in twins.table.constraints:
        if isinstance(one, PrimaryKey) and set(twins.names) & set(one.columns):
            return one
    return None
