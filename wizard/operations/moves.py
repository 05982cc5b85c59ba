"""A column on its way to another table: which rows belong together, the queries, and the fills.

No trigger keeps both places equal. MySQL and MariaDB let no trigger change the table whose statement
fired it, so that two tables cannot follow each other there, and one way alone would leave old or new
code behind. Instead a version of the code in between writes both places: the same on every engine.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from wizard.model.inverse import change
from wizard.model.names import slugify
from wizard.model.plan import LOSSLESS, Grade, Migration, Preflight, Reversibility
from wizard.model.schema import Column, ForeignKey, Table, Unique
from wizard.model.steps import Assignment, Backfill, Nothing
from wizard.operations.base import Context
from wizard.operations.blocks import backfill_migration, row_key, walk_key


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A column of ``source`` that becomes the column ``new`` of ``target``.

    ``key`` is the foreign key by which rows belong together; ``own`` and ``other`` are its columns
    in the source and in the target, in the same order.
    """

    source: Table
    column: Column
    target: Table
    new: str
    key: ForeignKey
    own: tuple[str, ...]
    other: tuple[str, ...]

    @property
    def points_here(self) -> bool:
        """Whether the foreign key is the target's, and points to the source."""
        return self.key in self.target.foreign_keys and self.key.columns == self.other

    @property
    def one_source(self) -> bool:
        """Whether no row of the target has several rows of the source."""
        return unique(self.source, self.own)

    @property
    def copied(self) -> bool:
        """Whether several rows of the target may share one row of the source."""
        return not unique(self.target, self.other)

    @property
    def required(self) -> bool:
        """Whether each row of the target must have a row of the source, and that one a value."""
        held = [self.target.column(one) for one in self.other]
        return (
            not self.column.nullable
            and self.points_here
            and self.key.validated
            and all(one is not None and not one.nullable for one in held)
        )

    @property
    def added(self) -> Column:
        """The new column as it is added: empty, for old code does not write it."""
        old = self.column
        return Column(
            name=self.new,
            type=old.type,
            collation=old.collation,
            comment=old.comment,
            base=old.base,
        )

    @property
    def filled(self) -> Table:
        """The target with the new column."""
        return replace(self.target, columns=(*self.target.columns, self.added))

    @property
    def old_place(self) -> str:
        """The column for a sentence."""
        return f"{self.source.name}.{self.column.name}"

    @property
    def new_place(self) -> str:
        """The new column for a sentence."""
        return f"{self.target.name}.{self.new}"


def unique(table: Table, columns: Iterable[str]) -> bool:
    """Tell whether no two rows of the table hold the same values in the columns, NULLs left out."""
    held = set(columns)
    if table.primary_key and set(table.primary_key) <= held:
        return True
    if any(isinstance(one, Unique) and set(one.columns) <= held for one in table.constraints):
        return True
    return any(
        one.unique
        and one.valid
        and not one.where
        and len(one.columns) == len(one.parts)
        and set(one.columns) <= held
        and not any(part.length or part.collation or part.opclass for part in one.parts)
        for one in table.indexes
    )


def pair(move: Move, context: Context) -> str:
    """Return the condition under which a row of each table belong together."""
    return " AND ".join(
        f"{_in(move.source, own, context)} = {_in(move.target, other, context)}"
        for own, other in zip(move.own, move.other, strict=True)
    )


def _in(table: Table, column: str, context: Context) -> str:
    return f"{context.dialect.table(table.name)}.{context.dialect.quote(column)}"


def _old(move: Move, context: Context) -> str:
    return _in(move.source, move.column.name, context)


def _new(move: Move, context: Context) -> str:
    return _in(move.target, move.new, context)


def _differ(move: Move, context: Context) -> str:
    dialect = context.dialect
    kind = dialect.compare_as(move.column)
    return dialect.distinct(_new(move, context), _old(move, context), compare_as=kind)


def mismatch(move: Move, context: Context) -> Preflight:
    """Return the query for rows of the target that do not say what their row of the source says."""
    shown = ", ".join(_in(move.target, one, context) for one in move.target.primary_key) or "1"
    tables = ", ".join(context.dialect.table(one.name) for one in (move.target, move.source))
    return Preflight(
        query=f"SELECT {shown} FROM {tables} WHERE {pair(move, context)} "
        f"AND {_differ(move, context)} LIMIT 5",
        problem=f"{move.new_place} does not say yet what {move.old_place} says: let all code write "
        "both, then run the backfill to its end",
    )


def unplaced(move: Move, context: Context) -> Preflight:
    """Return the query for rows of the source whose value has no row of the target to go to."""
    source, target = move.source.name, move.target.name
    shown = ", ".join(_in(move.source, one, context) for one in move.source.primary_key) or "1"
    return Preflight(
        query=f"SELECT {shown} FROM {context.dialect.table(source)} "
        f"WHERE {_old(move, context)} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM "
        f"{context.dialect.table(target)} WHERE {pair(move, context)}) LIMIT 5",
        problem=f"{source} holds rows with a value in {move.column.name} and without a row of "
        f"{target}, where it would be lost: add these rows first, or clear the value",
    )


def fill(move: Move, context: Context) -> Migration:
    """Return the data migration that copies the values to their new place."""
    return backfill_migration(
        context,
        move.filled,
        (Assignment(column=move.new, expression=_old(move, context)),),
        needed=_differ(move, context),
        title=f"fill {move.new_place} from {move.old_place}",
        join=context.dialect.table(move.source.name),
        on=pair(move, context),
        undo=f"{move.old_place} still holds everything: nothing to undo",
    )


def refill(move: Move, context: Context) -> Backfill:
    """Return the step that copies the values back, when the old column is there again.

    Of several rows of the target the first one's value, by their key.
    """
    key = walk_key(context, move.source)
    on = pair(move, context)
    if move.copied:
        on = f"{on} AND {_first(move, context)}"
    return Backfill(
        table=move.source.name,
        assignments=(Assignment(column=move.column.name, expression=_new(move, context)),),
        needed=_differ(move, context),
        key=tuple(one.name for one in key),
        key_types=tuple(one.type for one in key),
        join=context.dialect.table(move.target.name),
        on=on,
    )


def _first(move: Move, context: Context) -> str:
    quote, target = context.dialect.quote, context.dialect.table(move.target.name)
    same = [f"earlier.{quote(one)} = {_in(move.target, one, context)}" for one in move.other]
    key = row_key(move.target)
    mine = ", ".join(f"earlier.{quote(one)}" for one in key)
    other = ", ".join(_in(move.target, one, context) for one in key)
    before = f"({mine}) < ({other})" if len(key) > 1 else f"{mine} < {other}"
    return f"NOT EXISTS (SELECT 1 FROM {target} AS earlier WHERE {' AND '.join(same)} AND {before})"


def returning(move: Move, context: Context) -> Migration:
    """Return the file before the drop, whose downgrade fills the old column again."""
    again = refill(move, context)
    title = f"fill {move.old_place} on the way back"
    reason = f"only the downgrade has work to do: it copies {move.new_place} back"
    return Migration(
        slug=slugify(title),
        title=title,
        kind="data",
        transactional=not again.key,
        changes=(change(Nothing(reason=reason), undo=(again,)),),
    )


def grade(move: Move) -> Reversibility:
    """Return how much of the old column comes back after the last phase."""
    if not move.copied:
        return LOSSLESS
    return Reversibility(
        grade=Grade.LOSSLESS_UNTIL,
        until=f"rows of {move.target.name} with the same row of {move.source.name} differ",
        reason="then the way back takes the value of the first of them",
    )
