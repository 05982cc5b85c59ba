"""Columns, constraints, indexes and whole tables as SQLite writes them."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import assert_never

from wizard.dialects.lexing import Token, enclosed, tokens
from wizard.dialects.sqlite.expressions import default_clause
from wizard.dialects.sqlite.words import names, quote, table
from wizard.model.errors import AnswerError
from wizard.model.names import TableName
from wizard.model.schema import (
    Check,
    Column,
    Constraint,
    Exclusion,
    ForeignKey,
    Index,
    IndexPart,
    NotNull,
    PrimaryKey,
    Table,
    Unique,
)


def parenthesised(expression: str) -> str:
    """Return the expression in parentheses, which are not doubled."""
    text = expression.strip()
    return text if enclosed(text, "sqlite") else f"({text})"


def column(one: Column, *, key: str = "") -> str:
    """Return a column's definition; ``key`` is its PRIMARY KEY clause when it stands there."""
    words = [quote(one.name)]
    if one.type:
        words.append(one.type)
    if key:
        words.append(key)
    if one.generated is not None:
        kept = "STORED" if one.generated.stored else "VIRTUAL"
        words.append(f"GENERATED ALWAYS AS {parenthesised(one.generated.expression)} {kept}")
    if not one.nullable and not key:
        words.append("NOT NULL")
    if one.default is not None and one.default.strip().upper() != "NULL":
        words.append(default_clause(one.default))
    if one.collation is not None:
        words.append(f"COLLATE {quote(one.collation)}")
    return " ".join(words)


def constraint(one: Constraint) -> str:
    """Return a table constraint with its name."""
    name = f"CONSTRAINT {quote(one.name)} " if one.name else ""
    match one:
        case PrimaryKey():
            return f"{name}PRIMARY KEY ({names(one.columns)})"
        case Unique():
            return f"{name}UNIQUE ({names(one.columns)})"
        case ForeignKey():
            # A key refers within its own database file: the parent's name stands alone.
            target = quote(one.ref_table.name)
            if one.ref_columns:
                target += f" ({names(one.ref_columns)})"
            text = f"{name}FOREIGN KEY ({names(one.columns)}) REFERENCES {target}"
            if one.on_delete != "no action":
                text += f" ON DELETE {one.on_delete.upper()}"
            if one.on_update != "no action":
                text += f" ON UPDATE {one.on_update.upper()}"
            if one.deferrable:
                text += " DEFERRABLE"
                text += " INITIALLY DEFERRED" if one.initially_deferred else ""
            return text
        case Check():
            return f"{name}CHECK {parenthesised(one.expression)}"
        case NotNull() | Exclusion():
            raise AnswerError("unsupported", f"SQLite has no constraint such as {one.name}")
        case _:
            assert_never(one)


def create_index(on: TableName, index: Index) -> str:
    """Return CREATE INDEX. The schema qualifies the index: the table stands beside it."""
    for given, what in (
        (index.include, "included columns"),
        (index.nulls_not_distinct, "unique indexes in which NULLs are equal"),
        (index.method not in (None, "btree"), f"indexes by {index.method}"),
    ):
        if given:
            raise AnswerError("unsupported", f"SQLite has no {what}", flag="--columns")
    unique = "UNIQUE INDEX" if index.unique else "INDEX"
    keys = ", ".join(part(one) for one in index.parts)
    where = f" WHERE {index.where}" if index.where is not None else ""
    name = table(TableName(index.name, on.schema))
    return f"CREATE {unique} {name} ON {quote(on.name)} ({keys}){where}"


def part(one: IndexPart) -> str:
    """Return one key of an index."""
    last = "first" if one.order == "asc" else "last"
    if one.opclass is not None or one.length is not None or one.nulls not in (None, last):
        raise AnswerError(
            "unsupported",
            "SQLite indexes know no operator classes, no beginnings of columns, no order of NULLs",
            flag="--columns",
        )
    text = quote(one.column) if one.column is not None else parenthesised(one.expression or "")
    if one.collation is not None:
        text += f" COLLATE {quote(one.collation)}"
    return f"{text} DESC" if one.order == "desc" else text


def create_whole_table(one: Table) -> tuple[str, ...]:
    """Return the statements that create a table with its indexes and triggers."""
    return (
        create_table(one, one.name, one),
        *(create_index(one.name, each) for each in one.indexes if not each.constraint),
        *(each.definition for each in one.triggers if each.definition),
    )


def create_table(one: Table, name: TableName, before: Table) -> str:
    """Return CREATE TABLE under another name; options that a Table does not hold are the old ones.

    Raises AnswerError (`cannot-rebuild`) when the old text holds what would get lost.
    """
    counts, options = _old_options(before)
    key = next((each for each in one.constraints if isinstance(each, PrimaryKey)), None)
    lines = []
    for each in one.columns:
        clause = ""
        if counts and key is not None and key.columns == (each.name,):
            named = f"CONSTRAINT {quote(key.name)} " if key.name else ""
            clause = f"{named}PRIMARY KEY AUTOINCREMENT"
        lines.append(column(replace(each, identity=None), key=clause))
    for every in one.constraints:
        if not (counts and every is key):
            lines.append(constraint(every))
    body = ",\n    ".join(lines)
    tail = f" {', '.join(options)}" if options else ""
    return f"CREATE TABLE {table(name)} (\n    {body}\n){tail}"


def _old_options(before: Table) -> tuple[bool, tuple[str, ...]]:
    """Return whether the old table counts with AUTOINCREMENT, and its STRICT and WITHOUT ROWID."""
    counts = any(one.identity is not None for one in before.columns)
    if before.sql is None:
        return counts, ()
    found = [one for one in tokens(before.sql, "sqlite") if one.kind != "comment"]
    pairs = list(pairwise(found))
    if any(first.upper == "ON" and second.upper == "CONFLICT" for first, second in pairs):
        raise AnswerError(
            "cannot-rebuild",
            f"{before.name} has a constraint with ON CONFLICT, which would get lost",
            why="SQLite changes such a table only by a copy, and migwiz does not know this clause.",
            next_actions=("write this migration by hand",),
        )
    options = []
    tail = _behind(found)
    if any(one.upper == "STRICT" for one in tail):
        options.append("STRICT")
    if any(first.upper == "WITHOUT" and second.upper == "ROWID" for first, second in pairs):
        options.append("WITHOUT ROWID")
    return counts or any(one.upper == "AUTOINCREMENT" for one in found), tuple(options)


def _behind(found: list[Token]) -> list[Token]:
    """Return the tokens behind the last closing parenthesis."""
    for index in range(len(found) - 1, -1, -1):
        if found[index].text == ")" and found[index].depth == 0:
            return found[index + 1 :]
    return []
