"""CREATE INDEX of PostgreSQL as an `Index`."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, cast

from wizard.database.ddl_tokens import Cursor
from wizard.database.sqltext import unwrap
from wizard.model.names import TableName, object_name
from wizard.model.schema import Index, IndexPart

_KEY_END = frozenset((",", ")", "ASC", "DESC", "NULLS", "COLLATE"))


def read_index(cursor: Cursor, schema: str | None) -> tuple[TableName, Index]:
    """Read a CREATE INDEX from its start; returns the table and the index."""
    cursor.expect("CREATE")
    unique = cursor.take("UNIQUE")
    cursor.expect("INDEX")
    cursor.take("CONCURRENTLY")
    cursor.take("IF", "NOT", "EXISTS")
    name = "" if cursor.sees("ON") else cursor.name()
    cursor.expect("ON")
    only = cursor.take("ONLY")
    table = cursor.qualified(schema)
    method = cursor.name().lower() if cursor.take("USING") else "btree"
    parts = _keys(cursor)
    included = cursor.names() if cursor.take("INCLUDE") else ()
    not_distinct = cursor.take("NULLS", "NOT", "DISTINCT")
    cursor.take("NULLS", "DISTINCT")
    if cursor.take("WITH"):
        cursor.skip()
    if cursor.take("TABLESPACE"):
        cursor.name()
    where = unwrap(cursor.until(frozenset())) if cursor.take("WHERE") else None
    if not name:
        words = [part.column or "expr" for part in parts]
        name = object_name(table.name, "_".join([*words, *included]), "idx")
    return table, Index(
        name=name,
        parts=parts,
        unique=unique,
        method=None if method == "btree" else method,
        where=where,
        include=included,
        nulls_not_distinct=not_distinct,
        # ON ONLY leaves a partitioned index invalid until every partition's has been attached.
        valid=not only,
    )


def _keys(cursor: Cursor) -> tuple[IndexPart, ...]:
    cursor.expect("(")
    keys = []
    while not cursor.take(")"):
        if cursor.word == "(":
            part = IndexPart(expression=unwrap(cursor.group()))
        else:
            first = cursor.at
            name = cursor.name()
            if cursor.word in ("(", "."):
                while cursor.word in ("(", "."):
                    cursor.skip()
                    if cursor.tokens[cursor.at - 1].word == ".":
                        cursor.skip()
                part = IndexPart(expression=cursor.text(first))
            else:
                part = IndexPart(column=name)
        if cursor.take("COLLATE"):
            part = replace(part, collation=cursor.qualified().name)
        if not cursor.done and cursor.word not in _KEY_END:
            part = replace(part, opclass=cursor.qualified().name)
            if cursor.word == "(":
                cursor.skip()
        descending = cursor.take("DESC")
        cursor.take("ASC")
        nulls = None
        if cursor.take("NULLS"):
            nulls = cursor.name().lower()
        plain = "first" if descending else "last"
        keys.append(
            replace(
                part,
                order="desc" if descending else "asc",
                nulls=cast('Literal["first", "last"] | None', None if nulls == plain else nulls),
            )
        )
        cursor.take(",")
    return tuple(keys)
