"""A table that keeps the values of a dropped column, so that the way back loses nothing."""

from __future__ import annotations

from dataclasses import dataclass

from wizard.model.inverse import change
from wizard.model.names import TableName, fit_name, slugify
from wizard.model.plan import LOSSLESS, Migration, Preflight
from wizard.model.schema import Column, Index, IndexPart, PrimaryKey, Table
from wizard.model.steps import (
    Assignment,
    Backfill,
    CopyRows,
    CreateTable,
    Nothing,
    Require,
)
from wizard.operations.base import Context
from wizard.operations.blocks import ddl, lasting_key

#: What the queries call the archive.
_KEPT = "kept"


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """The values of one column of a table by the key of its rows.

    Rows that hold what the column gets by itself when it is back, its default or NULL, are left out.
    """

    table: Table
    column: Column
    key: tuple[Column, ...]
    kept: Table

    @property
    def usual(self) -> str:
        """What a row holds that the archive leaves out."""
        return self.column.default or "NULL"


def archive_of(context: Context, table: Table, column: Column) -> Archive | None:
    """Return the archive of a column, None where rows have no key by which to keep them."""
    key = lasting_key(context, table)
    if not key or column in key:
        return None
    limit = context.dialect.capabilities.name_bytes
    name = fit_name(f"{table.name.name}_{column.name}_archive", limit=limit)
    primary = PrimaryKey(
        name=fit_name(f"{name}_pkey", limit=limit), columns=tuple(one.name for one in key)
    )
    parts = tuple(IndexPart(column=one) for one in primary.columns)
    own = Index(name=primary.name or name, parts=parts, unique=True, constraint=True)
    values = Column(name=column.name, type=column.type, collation=column.collation)
    bare = tuple(
        Column(name=one.name, type=one.type, collation=one.collation, nullable=False) for one in key
    )
    kept = Table(
        name=TableName(name, table.name.schema),
        columns=(*bare, values),
        constraints=(primary,),
        indexes=(own,),
        rows=table.rows,
    )
    return Archive(table=table, column=column, key=key, kept=kept)


def filling(archive: Archive, context: Context) -> tuple[Migration, Migration]:
    """Return the archive's creation and its rows; the downgrade drops both with the table."""
    table, column, kept = archive.table, archive.column, archive.kept
    create = change(CreateTable(table=kept), reversibility=LOSSLESS)
    copy = CopyRows(
        table=table.name,
        target=kept.name,
        columns=tuple(one.name for one in kept.columns),
        key=tuple(one.name for one in archive.key),
        key_types=tuple(one.type for one in archive.key),
        needed=_unusual(archive, context),
    )
    title = f"keep {table.name}.{column.name} in {kept.name}"
    stay = Nothing(reason=f"the rows go with {kept.name.name}")
    return (
        ddl(context, f"create {kept.name}", create),
        Migration(
            slug=slugify(title),
            title=title,
            kind="data",
            transactional=False,
            changes=(change(copy, undo=(stay,)),),
        ),
    )


def _unusual(archive: Archive, context: Context) -> str:
    """Return the predicate for rows that the archive keeps."""
    dialect, name = context.dialect, context.dialect.quote(archive.column.name)
    if archive.column.default is None:
        return f"{name} IS NOT NULL"
    return dialect.distinct(name, archive.usual, compare_as=dialect.compare_as(archive.column))


def missing(archive: Archive, context: Context) -> Preflight:
    """Return the query for rows whose value the archive does not hold."""
    dialect, column, quote = context.dialect, archive.column, context.dialect.quote
    shown = ", ".join(f"source.{quote(one.name)}" for one in archive.key)
    joined = " AND ".join(
        f"{_KEPT}.{quote(one.name)} = source.{quote(one.name)}" for one in archive.key
    )
    value = f"{_KEPT}.{quote(column.name)}"
    if column.default is not None:
        absent = f"{_KEPT}.{quote(archive.key[0].name)} IS NULL"
        value = f"CASE WHEN {absent} THEN {archive.usual} ELSE {value} END"
    differ = dialect.distinct(
        f"source.{quote(column.name)}", value, compare_as=dialect.compare_as(column)
    )
    return Preflight(
        query=f"SELECT {shown} FROM {dialect.table(archive.table.name)} AS source "
        f"LEFT JOIN {dialect.table(archive.kept.name)} AS {_KEPT} ON {joined} "
        f"WHERE {differ} LIMIT 5",
        problem=f"{archive.kept.name} does not hold every value of "
        f"{archive.table.name}.{column.name}: something still writes the column",
    )


def agreeing(archive: Archive, context: Context) -> Migration:
    """Stop unless the archive holds every value; on the way back fill the column from it."""
    table, column, kept = archive.table, archive.column, archive.kept
    dialect, quote = context.dialect, context.dialect.quote
    look = missing(archive, context)
    own = dialect.table(table.name)
    joined = " AND ".join(
        f"{_KEPT}.{quote(one.name)} = {own}.{quote(one.name)}" for one in archive.key
    )
    value, there = f"{_KEPT}.{quote(column.name)}", f"{own}.{quote(column.name)}"
    refill = Backfill(
        table=table.name,
        assignments=(Assignment(column=column.name, expression=value),),
        needed=dialect.distinct(there, value, compare_as=dialect.compare_as(column)),
        key=tuple(one.name for one in archive.key),
        key_types=tuple(one.type for one in archive.key),
        join=f"{dialect.table(kept.name)} AS {_KEPT}",
        on=joined,
    )
    title = f"check that {kept.name} holds {table.name}.{column.name}"
    step = Require(query=look.query, message=look.problem, table=table.name)
    return Migration(
        slug=slugify(title),
        title=title,
        kind="data",
        transactional=False,
        changes=(change(step, undo=(refill,)),),
    )
