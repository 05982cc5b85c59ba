"""Indexes as Alembic creates and drops them."""

from __future__ import annotations

from generators.alembic.writer import Writer
from generators.python import text
from generators.python.code import Node, call, listing, mapping
from wizard.model.names import TableName
from wizard.model.schema import Index, IndexPart


def create_index(
    table: TableName, index: Index, writer: Writer, *, concurrently: bool = False
) -> Node:
    """Return ``op.create_index``."""
    quotes, postgresql = writer.quotes, writer.dialect.name == "postgresql"
    operators = [
        (quotes.text(part.column), quotes.text(part.opclass))
        for part in index.parts
        if part.column is not None and part.opclass and _is_plain(part)
    ]
    where = text.expression(index.where, quotes) if index.where else None
    include = [quotes.text(one) for one in index.include]
    return call(
        "op.create_index",
        _index_name(index, writer),
        quotes.text(table.name),
        listing([_part(part, writer) for part in index.parts]),
        unique="True" if index.unique else None,
        schema=quotes.text(table.schema) if table.schema else None,
        postgresql_using=quotes.text(index.method) if index.method and postgresql else None,
        postgresql_ops=mapping(operators) if operators else None,
        postgresql_include=listing(include) if include else None,
        postgresql_nulls_not_distinct="True" if index.nulls_not_distinct else None,
        postgresql_where=where if postgresql else None,
        sqlite_where=None if postgresql else where,
        postgresql_concurrently="True" if concurrently else None,
    )


def drop_index(
    table: TableName, index: Index, writer: Writer, *, concurrently: bool = False, sure: bool = True
) -> Node:
    """Return ``op.drop_index``; ``sure`` makes a concurrent one harmless when it is repeated."""
    return call(
        "op.drop_index",
        _index_name(index, writer),
        writer.quotes.text(table.name),
        schema=writer.quotes.text(table.schema) if table.schema else None,
        postgresql_concurrently="True" if concurrently else None,
        if_exists="True" if concurrently and sure else None,
    )


def _index_name(index: Index, writer: Writer) -> Node:
    name = writer.quotes.text(index.name)
    return call("op.f", name) if writer.marked_indexes else name


def _is_plain(part: IndexPart) -> bool:
    return (
        part.column is not None
        and part.order == "asc"
        and part.nulls is None
        and part.collation is None
    )


def _part(part: IndexPart, writer: Writer) -> Node:
    dialect = writer.dialect
    if part.column is not None and _is_plain(part):
        return writer.quotes.text(part.column)
    if part.column is not None:
        sql = dialect.quote(part.column)
    else:
        sql = part.expression or ""
        if not text.is_call(sql) and not text.in_parentheses(sql):
            sql = f"({sql})"
    if part.collation:
        sql += f" COLLATE {dialect.quote(part.collation)}"
    if part.opclass:
        sql += f" {part.opclass}"
    if part.order == "desc":
        sql += " DESC"
    if part.nulls:
        sql += f" NULLS {part.nulls.upper()}"
    return text.expression(sql, writer.quotes)
