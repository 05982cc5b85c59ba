"""What stands on a column: objects that would vanish with it, and objects that forbid its change."""

from __future__ import annotations

from collections.abc import Iterable

from wizard.model.findings import danger
from wizard.model.schema import (
    Check,
    Column,
    Dependent,
    Exclusion,
    ForeignKey,
    Index,
    PrimaryKey,
    Reference,
    Table,
    Unique,
)
from wizard.model.steps import Beside
from wizard.operations.base import Context
from wizard.operations.partitions import partitioning
from wizard.operations.phases import Refusal
from wizard.operations.twins import included, reads


def indexes_on(table: Table, column: str, context: Context) -> tuple[Index, ...]:
    """Return the table's indexes that read the column, constraints' own left out."""
    return tuple(
        one for one in table.indexes if not one.constraint and reads((column,), one, context)
    )


def keys_on(table: Table, column: str) -> tuple[ForeignKey, ...]:
    """Return the table's own foreign keys of the column."""
    return tuple(one for one in table.foreign_keys if column in one.columns)


def rules_on(table: Table, column: str) -> tuple[Check | Unique | Exclusion, ...]:
    """Return the checks, unique and exclusion constraints that hold the column.

    One whose index merely includes it goes with it as well.
    """
    return tuple(
        one
        for one in table.constraints
        if isinstance(one, Check | Unique | Exclusion)
        and (column in one.columns or column in included(table, one.name))
    )


def key_on(table: Table, column: str) -> bool:
    """Tell whether the primary key holds the column, or its index includes it."""
    keys = [one for one in table.constraints if isinstance(one, PrimaryKey)]
    return any(column in one.columns or column in included(table, one.name) for one in keys)


def pointing_at(table: Table, column: str) -> tuple[Reference, ...]:
    """Return the foreign keys of any table that point to the column."""
    return tuple(one for one in table.referenced_by if column in one.foreign_key.ref_columns)


def beside(table: Table, column: Column, context: Context) -> tuple[Beside, ...]:
    """Return what of the table holds the column and is looked at when its type changes."""
    name = column.name
    return (
        *(one for one in table.indexes if reads((name,), one, context)),
        *(one for one in table.checks if name in one.columns),
        *keys_on(table, name),
        *pointing_at(table, name),
    )


def computed_from(table: Table, column: str, context: Context) -> tuple[Column, ...]:
    """Return the generated columns that are worked out of the column."""
    return tuple(
        one
        for one in table.columns
        if one.generated is not None
        and column in context.dialect.columns_in(one.generated.expression)
    )


def users_of(table: Table, column: str) -> tuple[Dependent, ...]:
    """Return the views, policies, triggers and the like that name the column."""
    return tuple(one for one in table.dependents if column in one.columns)


def named(items: Iterable[object]) -> str:
    """Name objects by kind and name, joined by commas."""
    words = {
        Index: "index",
        Check: "check",
        Unique: "unique constraint",
        Exclusion: "exclusion constraint",
        ForeignKey: "foreign key",
        PrimaryKey: "primary key",
    }
    found = []
    for one in items:
        if isinstance(one, Dependent):
            found.append(f"{one.kind} {one.name}")
        elif isinstance(one, Reference):
            found.append(f"{one.foreign_key.name or 'a foreign key'} of {one.table}")
        else:
            found.append(f"{words[type(one)]} {getattr(one, 'name', None) or 'without a name'}")
    return ", ".join(found)


def partitions_by(table: Table, column: str, context: Context) -> bool:
    """Tell whether the table is partitioned by the column."""
    return column in partitioning(table, context.dialect)


def refuse_inherited(table: Table, column: Column, *, what: str) -> None:
    """Refuse a partition, whose columns are its parent's."""
    if table.partition_of is None:
        return
    raise Refusal(
        danger(
            "inherited-column",
            f"{table.name}.{column.name} belongs to {table.partition_of}, of which {table.name} is "
            f"a partition: it cannot {what} by itself.",
            why="A partition has just the columns of its parent.",
            safer=f"Plan the change for {table.partition_of}: its partitions follow.",
        )
    )


def refuse_computed_from(table: Table, column: Column, context: Context, *, first: str) -> None:
    """Refuse a column of which others are computed; ``first`` says what to do about one of them."""
    computed = computed_from(table, column.name, context)
    if not computed:
        return
    listed = ", ".join(one.name for one in computed)
    commands = "; ".join(
        f"migwiz drop-column --table {table.name} --column {one.name}" for one in computed
    )
    raise Refusal(
        danger(
            "column-computes",
            f"{listed} of {table.name} is computed from {column.name}.",
            why="Some servers drop such a column silently with it, others refuse.",
            safer=f"{first}: {commands}.",
        )
    )


def refuse_used(table: Table, column: Column, *, what: str, safer: str) -> None:
    """Refuse a column that views, policies, triggers or the like name."""
    users = users_of(table, column.name)
    if not users:
        return
    raise Refusal(
        danger(
            "column-used",
            f"{named(users)} uses {table.name}.{column.name}, which therefore cannot {what}.",
            why="The server refuses, or would take the object with it.",
            safer=safer,
        )
    )


def refuse_needed(table: Table, column: Column, context: Context) -> None:
    """Refuse to drop a column without which something else would not work."""
    name = f"{table.name}.{column.name}"
    refuse_inherited(table, column, what="go")
    if partitions_by(table, column.name, context):
        raise Refusal(
            danger(
                "column-partitions",
                f"{table.name} is partitioned by {column.name}, which therefore cannot go.",
                why="It says in which partition each row lies.",
                safer="Move the rows into a table that is partitioned by something else.",
            )
        )
    if key_on(table, column.name):
        raise Refusal(
            danger(
                "column-is-key",
                f"{name} is part of the primary key, which would go with it.",
                why="Without a key no row can be told from another, nor walked in batches, nor "
                "replicated.",
                safer="Give the table another primary key first.",
            )
        )
    pointing = pointing_at(table, column.name)
    if pointing:
        raise Refusal(
            danger(
                "column-referenced",
                f"{named(pointing)} points to {name}.",
                why="The server refuses, or would drop the foreign key with it.",
                safer="Drop it first: "
                + "; ".join(
                    f"migwiz drop-constraint --table {one.table} --name {one.foreign_key.name}"
                    for one in pointing
                ),
            )
        )
    refuse_computed_from(table, column, context, first="Drop it first")
    refuse_used(
        table,
        column,
        what="go",
        safer="Change or drop it first, in a migration of your own, so that it no longer names "
        f"{column.name}.",
    )
    if column.counter is not None and column.identity is None:
        raise Refusal(
            danger(
                "column-owns-sequence",
                f"{name} is numbered by {column.counter.name}, which belongs to it and would go "
                "with it.",
                why="The way back could not count on from where it was.",
                safer=f"Set it free first: ALTER SEQUENCE {column.counter.name} OWNED BY NONE.",
            )
        )
