"""Columns that take the place of others and say the same: queries, the trigger, and the fills.

Either side may hold several columns. `wizard.operations.twins` is the same for pairs of one value.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from wizard.model.plan import Grade, Migration, Preflight, Reversibility
from wizard.model.schema import Column, Table
from wizard.model.steps import Assignment, Backfill
from wizard.model.syncs import Follower, SyncSets
from wizard.operations.base import Context
from wizard.operations.blocks import backfill_migration, walk_key
from wizard.operations.made_columns import Made
from wizard.operations.twins import last_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Reshape:
    """A table, its columns that go, and the new ones that take their place.

    The new columns are as they are in the end. With ``normalise`` old values that do not come back
    as they were are written anew before the old columns go.
    """

    table: Table
    old: tuple[Made, ...]
    new: tuple[Made, ...]
    normalise: bool = False

    @property
    def olds(self) -> tuple[str, ...]:
        """The names of the columns that go."""
        return tuple(one.name for one in self.old)

    @property
    def news(self) -> tuple[str, ...]:
        """The names of the new columns."""
        return tuple(one.name for one in self.new)

    @property
    def two_way(self) -> bool:
        """Whether the old values can be made of the new ones."""
        return all(one.expression is not None for one in self.old)

    @property
    def both(self) -> Table:
        """The table while all of them are there."""
        return replace(self.table, columns=(*self.table.columns, *(one.bare for one in self.new)))


def listed(names: Iterable[str]) -> str:
    """Return names for a sentence: a, b and c."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def verb(names: tuple[str, ...], one: str, several: str) -> str:
    """Return the form of a verb that goes with so many names."""
    return one if len(names) == 1 else several


def sync_of(reshape: Reshape, context: Context) -> SyncSets:
    """Return the trigger that keeps both sides in step."""

    def followers(side: tuple[Made, ...]) -> tuple[Follower, ...]:
        compare = context.dialect.compare_as
        return tuple(
            Follower(column=one.name, expression=one.expression, compare_as=compare(one.column))
            for one in side
        )

    stem = "_".join((*reshape.olds, *reshape.news))
    return SyncSets(
        name=last_name(reshape.table, stem, context),
        table=reshape.table.name,
        old=followers(reshape.old),
        new=followers(reshape.new),
    )


def _differ(side: tuple[Made, ...], context: Context) -> str:
    """Return the predicate for rows in which a side is not what the other one makes of it."""
    dialect = context.dialect
    return " OR ".join(
        dialect.distinct(
            dialect.quote(one.name),
            one.expression or "NULL",
            compare_as=dialect.compare_as(one.column),
        )
        for one in side
    )


def unfilled(reshape: Reshape, context: Context) -> str:
    """Return the predicate for rows that the fill has to change.

    A row whose new columns hold what new code wrote is none of them, even where the old value would
    be taken apart in another way.
    """
    dialect = context.dialect
    empty = " AND ".join(f"{dialect.quote(one)} IS NULL" for one in reshape.news)
    differ = _differ(reshape.new, context)
    if not reshape.two_way:
        return f"({differ}) AND {empty}"
    return f"({differ}) AND (({empty}) OR {_differ(reshape.old, context)})"


def unsaid(reshape: Reshape, context: Context) -> str:
    """Return the predicate for rows whose old values would be lost: the new ones do not say them."""
    return _differ(reshape.old, context) if reshape.two_way else unfilled(reshape, context)


def _rows(reshape: Reshape, context: Context, where: str, problem: str) -> Preflight:
    dialect, table = context.dialect, reshape.table
    key = ", ".join(dialect.quote(one) for one in table.primary_key) or "1"
    return Preflight(
        query=f"SELECT {key} FROM {dialect.table(table.name)} WHERE {where} LIMIT 5",
        problem=problem,
    )


def missing(reshape: Reshape, context: Context) -> Preflight:
    """Return the query for rows whose new columns are still to be filled."""
    return _rows(
        reshape,
        context,
        unfilled(reshape, context),
        f"{listed(reshape.news)} of {reshape.table.name} {verb(reshape.news, 'does', 'do')} not say "
        f"yet what {listed(reshape.olds)} {verb(reshape.olds, 'says', 'say')}: run the backfill to "
        "its end first",
    )


def losing(reshape: Reshape, context: Context) -> Preflight:
    """Return the query for rows whose old values nothing would bring back."""
    if not reshape.two_way:
        return missing(reshape, context)
    mend = "mend them, in either form" if not reshape.normalise else "run the file before it again"
    return _rows(
        reshape,
        context,
        unsaid(reshape, context),
        f"{listed(reshape.olds)} of {reshape.table.name} "
        f"{verb(reshape.olds, 'holds', 'hold')} values that {listed(reshape.news)} "
        f"would not bring back: {mend}",
    )


def _returned(reshape: Reshape, made: Made, context: Context) -> str:
    """Return what an old value comes back as, over the old columns alone."""
    value = made.expression or "NULL"
    for one in reshape.new:
        value = context.dialect.put_in(value, one.name, one.expression or "NULL")
    return value


def changed_on_return(
    reshape: Reshape, context: Context, *, examples: bool = False
) -> Preflight | None:
    """Return the query for old values that come back as others; None where none comes back.

    With ``examples`` it shows them with what they become, and counts all of them.
    """
    if not reshape.two_way:
        return None
    dialect, table = context.dialect, reshape.table
    where = " OR ".join(
        dialect.distinct(
            dialect.quote(one.name),
            _returned(reshape, one, context),
            compare_as=dialect.compare_as(one.column),
        )
        for one in reshape.old
    )
    problem = (
        f"{listed(reshape.olds)} of {table.name} {verb(reshape.olds, 'holds', 'hold')} values that do not come back as they were "
        f"from {listed(reshape.news)}: mend them, write other expressions, or accept it with "
        "--normalise"
    )
    found = _rows(reshape, context, where, problem)
    if not examples:
        return found
    shown = [dialect.quote(one) for one in (*table.primary_key, *reshape.olds)]
    shown += [
        f"{_returned(reshape, one, context)} AS {dialect.quote(f'{one.name}_returned')}"
        for one in reshape.old
    ]
    shown.append(f"count(*) OVER () AS {dialect.quote('such_rows')}")
    query = f"SELECT {', '.join(shown)} FROM {dialect.table(table.name)} WHERE {where} LIMIT 5"
    return replace(found, query=query)


def misfitting(reshape: Reshape, context: Context) -> Preflight | None:
    """Return the query for rows that make a text too long for a new column; None where all fit."""
    dialect, parts, names = context.dialect, [], []
    for one in reshape.new:
        if len(reshape.old) == 1 and one.column.type == reshape.old[0].column.type:
            continue
        way = dialect.conversion(Column(name=one.name, type="text"), one.column)
        if way.alike and way.fits:
            parts.append(f"NOT ({dialect.put_in(way.fits, one.name, one.expression or 'NULL')})")
            names.append(f"{one.name} ({one.column.type})")
    if not parts:
        return None
    return _rows(
        reshape,
        context,
        " OR ".join(parts),
        f"{listed(reshape.olds)} of {reshape.table.name} {verb(reshape.olds, 'makes', 'make')} texts "
        f"that are too long for {listed(names)}: choose a wider type, or mend them",
    )


def fill(reshape: Reshape, context: Context) -> Migration:
    """Return the data migration that works the new columns of old rows out."""
    return backfill_migration(
        context,
        reshape.both,
        tuple(
            Assignment(column=one.name, expression=one.expression or "NULL") for one in reshape.new
        ),
        needed=unfilled(reshape, context),
        title=f"fill {listed(reshape.news)} of {reshape.table.name} from {listed(reshape.olds)}",
        undo=f"{listed(reshape.olds)} still {verb(reshape.olds, 'holds', 'hold')} everything: "
        "nothing to undo",
    )


def _made_again(reshape: Reshape) -> tuple[Assignment, ...]:
    return tuple(
        Assignment(column=one.name, expression=one.expression or "NULL") for one in reshape.old
    )


def rewrite(reshape: Reshape, context: Context) -> Migration:
    """Return the data migration that writes old values anew which would not come back."""
    olds = listed(reshape.olds)
    reason = (
        f"values of {olds} that {listed(reshape.news)} would not bring back are written anew, and "
        "their earlier form is not kept"
    )
    return backfill_migration(
        context,
        reshape.both,
        _made_again(reshape),
        needed=unsaid(reshape, context),
        title=f"write {olds} of {reshape.table.name} anew from {listed(reshape.news)}",
        reversibility=Reversibility(grade=Grade.STRUCTURE_ONLY, reason=reason),
        undo="the earlier form of these values is not kept",
    )


def refill(reshape: Reshape, context: Context) -> Backfill:
    """Return the step that works the old columns out of the new ones, when they are back."""
    key = walk_key(context, reshape.both)
    return Backfill(
        table=reshape.table.name,
        assignments=_made_again(reshape),
        needed=unsaid(reshape, context),
        key=tuple(one.name for one in key),
        key_types=tuple(one.type for one in key),
    )
