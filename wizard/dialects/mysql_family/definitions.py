"""Columns, constraints, indexes and whole tables as MySQL and MariaDB write them.

A column is always written whole. MODIFY keeps nothing that it is not told: a change of the type
alone would lose NOT NULL, default, comment and the rest without a word (safety.md §1.4, measured).
"""

from __future__ import annotations

from typing import assert_never

from wizard.dialects.lexing import enclosed
from wizard.dialects.mysql_family.expressions import default_clause, is_now
from wizard.dialects.mysql_family.types import is_blob, parts
from wizard.dialects.mysql_family.words import literal, names, quote, table
from wizard.model.errors import AnswerError
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

_METHODS = {"fulltext": "FULLTEXT ", "spatial": "SPATIAL "}


def parenthesised(expression: str, engine: str) -> str:
    """Return the expression in parentheses, which are not doubled."""
    text = expression.strip()
    return text if enclosed(text, engine) else f"({text})"


def column(one: Column, engine: str) -> str:
    """Return a column's whole definition, with all that the server would else forget."""
    words = [quote(one.name), one.type]
    if one.collation is not None:
        words.append(f"COLLATE {quote(one.collation)}")
    maria = engine == "mariadb"
    if one.generated is not None:
        kept = "STORED" if one.generated.stored else "VIRTUAL"
        body = parenthesised(one.generated.expression, engine)
        words.append(f"GENERATED ALWAYS AS {body} {kept}")
    if not one.nullable and not (maria and one.generated is not None):
        words.append("NOT NULL")
    elif one.generated is None:
        # Bare, a timestamp would be NOT NULL under the old explicit_defaults_for_timestamp=OFF.
        words.append("NULL")
    if one.identity is not None:
        words.append("AUTO_INCREMENT")
    elif one.generated is None and one.default is not None and one.default.upper() != "NULL":
        bare = maria or not is_blob(one.type)
        default = _as_fine(one.default, one.type, engine)
        words.append(default_clause(default, engine, bare=bare))
    elif one.generated is None and one.nullable:
        # Left out, MySQL keeps a column from which a default was dropped without any.
        words.append("DEFAULT NULL")
    if one.on_update is not None:
        words.append(f"ON UPDATE {_as_fine(one.on_update, one.type, engine)}")
    if one.comment:
        words.append(f"COMMENT {literal(one.comment)}")
    if one.invisible:
        words.append("INVISIBLE")
    if one.check is not None:
        words.append(f"CHECK {parenthesised(one.check, engine)}")
    return " ".join(words)


def _as_fine(expression: str, kind: str, engine: str) -> str:
    """Return the time of the statement with as many digits as its column has: others are refused."""
    found = parts(kind)
    if found.base not in ("datetime", "timestamp") or not is_now(expression, engine):
        return expression
    word = expression.strip("() ").split("(", maxsplit=1)[0].strip()
    digits = found.numbers[0] if found.numbers else 0
    return f"{word}({digits})" if digits else word if word.lower() != "now" else "now()"


def constraint(one: Constraint, engine: str) -> str:
    """Return a constraint with its name, as it stands in CREATE TABLE and behind ADD."""
    name = f"CONSTRAINT {quote(one.name)} " if one.name else ""
    match one:
        case PrimaryKey():
            # The server calls every one PRIMARY.
            return f"PRIMARY KEY ({names(one.columns)})"
        case Unique():
            return f"{name}UNIQUE ({names(one.columns)})"
        case ForeignKey():
            text = (
                f"{name}FOREIGN KEY ({names(one.columns)}) "
                f"REFERENCES {table(one.ref_table)} ({names(one.ref_columns)})"
            )
            # NO ACTION and RESTRICT are one here; SET DEFAULT is refused by InnoDB.
            for event, action in (("DELETE", one.on_delete), ("UPDATE", one.on_update)):
                if action == "set default":
                    raise AnswerError("unsupported", f"InnoDB has no ON {event} SET DEFAULT")
                if action != "no action":
                    text += f" ON {event} {action.upper()}"
            return text
        case Check():
            return f"{name}CHECK {parenthesised(one.expression, engine)}"
        case NotNull() | Exclusion():
            raise AnswerError("unsupported", f"there is no constraint such as {one.name} here")
        case _:
            assert_never(one)


def index(one: Index, engine: str) -> str:
    """Return an index as it stands in CREATE TABLE and behind ADD."""
    kind = "UNIQUE " if one.unique else _METHODS.get(one.method or "", "")
    keys = ", ".join(part(each, engine) for each in one.parts)
    using = " USING HASH" if one.method == "hash" else ""
    hidden = "" if one.visible else " IGNORED" if engine == "mariadb" else " INVISIBLE"
    return f"{kind}INDEX {quote(one.name)} ({keys}){using}{hidden}"


def part(one: IndexPart, engine: str) -> str:
    """Return one key of an index."""
    if one.column is None:
        text = parenthesised(one.expression or "", engine)
    else:
        text = quote(one.column) + (f"({one.length})" if one.length is not None else "")
    return f"{text} DESC" if one.order == "desc" else text


def create_table(one: Table, engine: str) -> str:
    """Return CREATE TABLE with columns, constraints and indexes, which come at no price."""
    lines = [column(each, engine) for each in one.columns]
    lines += [constraint(each, engine) for each in one.constraints]
    named = {each.name for each in one.constraints if isinstance(each, Unique)}
    lines += [
        index(each, engine)
        for each in one.indexes
        if not each.constraint and each.name not in named
    ]
    body = ",\n    ".join(lines)
    storage = one.storage
    options = []
    if storage is not None:
        options.append(f"ENGINE={storage.engine}")
        if storage.row_format is not None and storage.row_format.upper() != "DYNAMIC":
            options.append(f"ROW_FORMAT={storage.row_format.upper()}")
        if storage.collation is not None:
            options.append(f"COLLATE={storage.collation}")
    if one.comment:
        options.append(f"COMMENT={literal(one.comment)}")
    tail = f" {' '.join(options)}" if options else ""
    return f"CREATE TABLE {table(one.name)} (\n    {body}\n){tail}"
