"""Keeping the values that a backfill overwrites in a table beside, so that they can come back.

Each batch keeps what it changes in its own transaction. The way back puts an old value where the row
still holds what the backfill wrote: what the application has written since stays, rows that it has
deleted stay deleted, and a row whose key it has changed is not found. The last phase drops the table
beside, and with it the way back closes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wizard.model.findings import Finding, info, warning
from wizard.model.inverse import change
from wizard.model.keeping import Keep, KeptColumn
from wizard.model.names import fit_name, slugify
from wizard.model.plan import LOSSLESS, Gate, Grade, Migration, Phase, Reversibility
from wizard.model.schema import Column, Index, IndexPart, PrimaryKey, Table
from wizard.model.steps import Assignment, Backfill, CreateTable, DropTable, Impossible
from wizard.operations.base import Context
from wizard.operations.blocks import ddl
from wizard.operations.new_names import free_table
from wizard.operations.phases import Refusal

_KEPT = "kept"


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """The table of old values, and how the backfill uses it."""

    source: Table
    table: Table
    keep: Keep
    key: tuple[Column, ...]


def refuse_unkeepable(
    context: Context, table: Table, columns: Sequence[str], key: Sequence[Column], *, joins: bool
) -> None:
    """Raise Refusal (`old-not-kept`) where the old values cannot be kept, with the reason."""
    capabilities = context.dialect.capabilities
    lasting = all(table.column(one.name) is not None for one in key)
    in_key = [one.name for one in key if one.name in columns]
    if not capabilities.keeps_old:
        why = f"migwiz cannot keep old values on {context.dialect.title} yet"
        safer = "Write the new values into a new column, and let the code use it."
    elif not key or not lasting:
        why = f"{table.name} has no key by which a kept value could find its row again"
        safer = "Add a primary key or a unique index first (migwiz add-index --unique)."
    elif in_key:
        why = f"{', '.join(in_key)} is part of the key by which a kept value finds its row again"
        safer = "Write the new values into a new column, and let the code use it."
    elif table.triggers and not capabilities.keeps_written:
        named = ", ".join(one.name for one in table.triggers)
        why = (
            f"{named} may write something else than the backfill, which then could not be told from "
            "a change by the application"
        )
        safer = "Write the new values into a new column, and let the code use it."
    elif joins:
        why = "with values from another table, several of its rows may belong to one that changes"
        safer = "Write the value as a subquery in --set, without --from."
    else:
        return
    raise Refusal(
        warning(
            "old-not-kept",
            f"The old values of {table.name} cannot be kept.",
            why=f"{why[0].upper()}{why[1:]}.",
            safer=f"{safer} Or overwrite them for good with --keep-old no.",
        )
    )


def beside(
    context: Context, table: Table, columns: Sequence[str], key: Sequence[Column], *, plan: str
) -> Beside:
    """Return the table that keeps columns of another one; ``plan`` is the slug of what makes it."""
    dialect = context.dialect
    limit = dialect.capabilities.name_bytes
    name = free_table(context, table.name, f"{'_'.join(columns)}_old")
    taken = {one.name.lower() for one in key}
    kept, made = [], []
    for wanted in columns:
        column = table.column(wanted)
        assert column is not None
        names = []
        for word in ("old", "new"):
            own, number = fit_name(f"{word}_{wanted}", limit=limit), 2
            while own.lower() in taken:
                own = fit_name(f"{word}_{wanted}_{number}", limit=limit)
                number += 1
            taken.add(own.lower())
            names.append(own)
            made.append(Column(name=own, type=column.type, collation=column.collation))
        old, new = names
        compared = dialect.compare_as(column)
        kept.append(KeptColumn(column=wanted, old=old, new=new, compare_as=compared))
    primary = PrimaryKey(
        name=fit_name(f"{name.name}_pkey", limit=limit), columns=tuple(one.name for one in key)
    )
    parts = tuple(IndexPart(column=one) for one in primary.columns)
    index = Index(name=primary.name or name.name, parts=parts, unique=True, constraint=True)
    bare = tuple(
        Column(name=one.name, type=one.type, collation=one.collation, nullable=False) for one in key
    )
    side = Table(
        name=name,
        columns=(*bare, *made),
        constraints=(primary,),
        indexes=(index,),
        comment=f"Old values of {table.name}.{', '.join(columns)}, kept by the plan {plan}; "
        "its contract phase drops this table.",
        rows=0,
        bytes=0,
    )
    keep = Keep(table=name, key=primary.columns, columns=tuple(kept))
    return Beside(source=table, table=side, keep=keep, key=tuple(key))


def creating(one: Beside, context: Context) -> Migration:
    """Return the migration that creates the table beside; its way back loses nothing."""
    step = change(CreateTable(table=one.table), reversibility=LOSSLESS)
    return ddl(context, f"create {one.table.name}", step)


def putting_back(one: Beside, context: Context) -> Backfill:
    """Return the step that puts old values into rows that still hold what the backfill wrote."""
    dialect, quote = context.dialect, context.dialect.quote
    own = dialect.table(one.source.name)
    same, differ = [], []
    for each in one.keep.columns:
        there = f"{own}.{quote(each.column)}"
        old, new = f"{_KEPT}.{quote(each.old)}", f"{_KEPT}.{quote(each.new)}"
        same.append(_same(dialect.distinct(there, new, compare_as=each.compare_as)))
        differ.append(dialect.distinct(there, old, compare_as=each.compare_as))
    changed = differ[0] if len(differ) == 1 else f"({' OR '.join(differ)})"
    joined = (f"{_KEPT}.{quote(each.name)} = {own}.{quote(each.name)}" for each in one.key)
    return Backfill(
        table=one.source.name,
        assignments=tuple(
            Assignment(column=each.column, expression=f"{_KEPT}.{quote(each.old)}")
            for each in one.keep.columns
        ),
        needed=" AND ".join((*same, changed)),
        key=tuple(each.name for each in one.key),
        key_types=tuple(each.type for each in one.key),
        join=f"{dialect.table(one.table.name)} AS {_KEPT}",
        on=" AND ".join(joined),
    )


def _same(differs: str) -> str:
    """Return the opposite of what `Dialect.distinct` says of two columns."""
    if differs.startswith("NOT (") and differs.endswith(")"):
        return differs.removeprefix("NOT (").removesuffix(")")
    return f"NOT ({differs})"


def until_dropped(one: Beside) -> Reversibility:
    """Say how long the old values can come back, and which do not."""
    return Reversibility(
        grade=Grade.LOSSLESS_UNTIL,
        until=f"{one.table.name.name} is dropped",
        reason="rows that the application has changed since keep its value",
    )


def dropping(one: Beside, context: Context) -> Phase:
    """Return the last phase, which drops the table beside; behind it there is no way back."""
    side, source = one.table.name, one.source.name
    reason = f"the old values of {source} went with {side}"
    drop = change(
        DropTable(table=one.table),
        undo=(Impossible(reason=reason),),
        reversibility=until_dropped(one),
    )
    title = f"drop {side}"
    return Phase(
        name="contract",
        when="when nobody will want the old values back: days or weeks later",
        application="need not change",
        gate=Gate(
            text=f"the new values of {source} have proven right in production, and nobody will "
            "want the old ones back"
        ),
        migrations=(
            Migration(
                slug=slugify(title),
                title=title,
                changes=(drop,),
                lock_timeout_ms=context.rollout.lock_budget_ms,
            ),
        ),
    )


def kept_finding(one: Beside, context: Context) -> Finding:
    """Say where the old values are, which of them come back, and how to see which do not."""
    return info(
        "keeps-old-values",
        f"{one.table.name} keeps each value that is overwritten until the contract file drops it.",
        why="The way back puts them into rows that still hold what the backfill wrote. Rows that "
        "the application has changed or deleted since, and rows whose key it has changed, stay "
        "as they are.",
        safer=f"To see which rows those are before you go back: {changed_since(one, context)}",
    )


def changed_since(one: Beside, context: Context) -> str:
    """Return the query for the keys of kept rows into which the way back puts nothing."""
    dialect, quote = context.dialect, context.dialect.quote
    joined = " AND ".join(f"source.{quote(a.name)} = {_KEPT}.{quote(a.name)}" for a in one.key)
    differ = (
        dialect.distinct(
            f"source.{quote(a.column)}", f"{_KEPT}.{quote(a.new)}", compare_as=a.compare_as
        )
        for a in one.keep.columns
    )
    listed = ", ".join(f"{_KEPT}.{quote(a.name)}" for a in one.key)
    gone = f"source.{quote(one.key[0].name)} IS NULL"
    return (
        f"SELECT {listed} FROM {dialect.table(one.table.name)} AS {_KEPT} "
        f"LEFT JOIN {dialect.table(one.source.name)} AS source ON {joined} "
        f"WHERE {gone} OR {' OR '.join(differ)}"
    )
