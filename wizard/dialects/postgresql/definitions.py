"""Columns, keys and constraints as PostgreSQL writes them inside ALTER TABLE and CREATE INDEX."""

from __future__ import annotations

import re
from typing import assert_never

from wizard.dialects.lexing import enclosed
from wizard.dialects.postgresql.types import short
from wizard.dialects.postgresql.words import names, quote, table
from wizard.dialects.sqltext import grouped
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
    Unique,
)

_CALL = re.compile(r"[a-z_][a-z0-9_]*\([^()]*\)")
_OPCLASS = re.compile(
    r"(?P<name>[A-Za-z_]\w*)\((?P<options>\s*\w+\s*=\s*\w+(?:\s*,\s*\w+\s*=\s*\w+)*)\)"
)


def column(one: Column, version: tuple[int, ...]) -> str:
    """Return a column's definition. ``DEFAULT NULL`` is never written: it can cause a scan."""
    words = [quote(one.name), short(one.type)]
    if one.collation is not None:
        words.append(f"COLLATE {qualified(one.collation)}")
    if one.identity is not None:
        return " ".join((*words, f"GENERATED {one.identity.upper()} AS IDENTITY"))
    if one.generated is not None:
        if not one.generated.stored and version < (18,):
            raise AnswerError(
                "unsupported",
                f"PostgreSQL {version[0]} computes generated columns only when they are written",
                next_actions=("use --stored",),
                flag="--stored",
            )
        kept = "STORED" if one.generated.stored else "VIRTUAL"
        words.append(f"GENERATED ALWAYS AS {parenthesised(one.generated.expression)} {kept}")
    elif one.default is not None and one.default.strip().upper() != "NULL":
        words.append(f"DEFAULT {grouped(one.default, 'postgresql')}")
    if not one.nullable:
        words.append("NOT NULL")
    return " ".join(words)


def grants(on: TableName, one: Column) -> tuple[str, ...]:
    """Return the statements that give the privileges on a column."""
    found = []
    for each in one.grants:
        whom = "PUBLIC" if each.role is None else quote(each.role)
        option = " WITH GRANT OPTION" if each.grantable else ""
        given = f"GRANT {each.privilege} ({quote(one.name)}) ON {table(on)}"
        found.append(f"{given} TO {whom}{option}")
    return tuple(found)


def rename_column(on: TableName, old: str, new: str) -> str:
    """Return RENAME COLUMN."""
    return f"ALTER TABLE {table(on)} RENAME COLUMN {quote(old)} TO {quote(new)}"


def qualified(name: str) -> str:
    """Return the name of a collation or operator class, which may carry its schema."""
    if re.fullmatch(r"[a-z_]\w*\.[A-Za-z_][\w-]*", name):
        schema, _, own = name.partition(".")
        return f"{quote(schema)}.{quote(own)}"
    return quote(name)


def parenthesised(expression: str) -> str:
    """Return the expression in parentheses, which are not doubled."""
    text = expression.strip()
    return text if enclosed(text, "postgresql") else f"({text})"


def part(one: IndexPart) -> str:
    """Return one key of an index."""
    if one.length is not None:
        raise AnswerError(
            "unsupported",
            "PostgreSQL has no indexes on the beginning of a column",
            next_actions=("index an expression instead, such as left(name, 20)",),
            flag="--columns",
        )
    if one.column is not None:
        words = [quote(one.column)]
    else:
        text = (one.expression or "").strip()
        words = [text if _CALL.fullmatch(text) else parenthesised(text)]
    if one.collation is not None:
        words.append(f"COLLATE {qualified(one.collation)}")
    if one.opclass is not None:
        match = _OPCLASS.fullmatch(one.opclass)
        words.append(
            f"{quote(match['name'])} ({match['options']})" if match else qualified(one.opclass)
        )
    if one.order == "desc":
        words.append("DESC")
    if one.nulls is not None and one.nulls != ("first" if one.order == "desc" else "last"):
        words.append(f"NULLS {one.nulls.upper()}")
    return " ".join(words)


def create_index(on: str, index: Index, version: tuple[int, ...], *, concurrently: bool) -> str:
    """Return CREATE INDEX; ``on`` is the table's name as SQL."""
    words = ["CREATE"]
    if index.unique:
        words.append("UNIQUE")
    words.append("INDEX CONCURRENTLY" if concurrently else "INDEX")
    words += [quote(index.name), "ON", on]
    if index.method not in (None, "btree"):
        words += ["USING", quote(index.method or "")]
    words.append(f"({', '.join(part(one) for one in index.parts)})")
    if index.include:
        words.append(f"INCLUDE ({names(index.include)})")
    if index.nulls_not_distinct:
        _require_nulls_not_distinct(version)
        words.append("NULLS NOT DISTINCT")
    if index.where is not None:
        words.append(f"WHERE {index.where}")
    return " ".join(words)


def _require_nulls_not_distinct(version: tuple[int, ...]) -> None:
    if version < (15,):
        raise AnswerError(
            "unsupported",
            f"PostgreSQL {version[0]} always lets a unique index hold several NULLs",
            why="NULLS NOT DISTINCT came with version 15.",
            flag="--nulls-not-distinct",
        )


def constraint(one: Constraint, version: tuple[int, ...]) -> str:
    """Return a constraint with its name, NOT VALID when it is not to be proven yet."""
    body = _body(one, version)
    name = f"CONSTRAINT {quote(one.name)} " if one.name else ""
    pending = isinstance(one, ForeignKey | Check | NotNull) and not one.validated
    return name + body + (" NOT VALID" if pending else "")


def _body(one: Constraint, version: tuple[int, ...]) -> str:
    match one:
        case PrimaryKey():
            return f"PRIMARY KEY ({names(one.columns)})"
        case Unique():
            if one.nulls_not_distinct:
                _require_nulls_not_distinct(version)
            rule = " NULLS NOT DISTINCT" if one.nulls_not_distinct else ""
            return f"UNIQUE{rule} ({names(one.columns)}){deferral(one)}"
        case ForeignKey():
            target = table(one.ref_table)
            if one.ref_columns:
                target += f" ({names(one.ref_columns)})"
            text = f"FOREIGN KEY ({names(one.columns)}) REFERENCES {target}"
            if one.on_delete != "no action":
                text += f" ON DELETE {one.on_delete.upper()}"
            if one.on_update != "no action":
                text += f" ON UPDATE {one.on_update.upper()}"
            return text + deferral(one)
        case Check():
            return f"CHECK {parenthesised(one.expression)}"
        case NotNull():
            return f"NOT NULL {quote(one.column)}"
        case Exclusion():
            return one.definition
        case _:
            assert_never(one)


def deferral(one: Unique | ForeignKey) -> str:
    """Return when the constraint is checked, where that is not at once."""
    if not one.deferrable:
        return ""
    return " DEFERRABLE INITIALLY DEFERRED" if one.initially_deferred else " DEFERRABLE"
