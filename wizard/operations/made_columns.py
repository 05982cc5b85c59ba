"""Columns that are worked out of others, as they are answered: name, type and expression.

``first_name = split_part(name, ' ', 1), age integer required = …`` becomes what an answers file says
with a table for each.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from wizard.dialects.base import Dialect
from wizard.dialects.lexing import Token, Unreadable, tokens
from wizard.model.answers import Value
from wizard.model.errors import AnswerError
from wizard.model.schema import Column, Table
from wizard.operations.base import Context
from wizard.operations.common import flag_value, require, text

Entry = Mapping[str, Value]
_HOW = "write name = expression, with a type and required before the sign where they are needed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A column, and the expression that makes its value; None where nothing does."""

    column: Column
    expression: str | None

    @property
    def name(self) -> str:
        """The column's name."""
        return self.column.name

    @property
    def bare(self) -> Column:
        """The column as it is added: empty, so that the old code's value wins."""
        return replace(self.column, nullable=True, default=None)


def entries(given: Value, dialect: Dialect, *, flag: str) -> tuple[Entry, ...]:
    """Return columns of a text or of an answers file; raises AnswerError for what does not read."""
    if isinstance(given, str):
        return tuple(_entry(one, dialect, flag) for one in _items(given, dialect, flag))
    if isinstance(given, tuple) and all(isinstance(one, Mapping) for one in given):
        return tuple(one for one in given if isinstance(one, Mapping))
    raise _wrong(str(given), "it is a list of columns", flag)


def _items(given: str, dialect: Dialect, flag: str) -> Iterator[str]:
    """Cut a text at the commas outside of quotes and parentheses."""
    start = 0
    try:
        commas = [one for one in tokens(given, dialect.name) if one.text == "," and not one.depth]
    except Unreadable as error:
        raise _wrong(given, str(error), flag) from None
    for one in commas:
        yield given[start : one.start]
        start = one.end
    if given[start:].strip():
        yield given[start:]


def _entry(item: str, dialect: Dialect, flag: str) -> Entry:
    found = tokens(item, dialect.name)
    sign = next((at for at, one in enumerate(found) if one.text == "=" and not one.depth), None)
    if not sign or sign + 1 == len(found):
        raise _wrong(item, "it has no expression", flag)
    name, rest = found[0], found[1:sign]
    entry: dict[str, Value] = {
        "name": _unquoted(name),
        "expression": item[found[sign].end :].strip(),
    }
    if [one.upper for one in rest[-2:]] == ["NOT", "NULL"]:
        entry["nullable"], rest = False, rest[:-2]
    elif rest and rest[-1].upper in ("REQUIRED", "OPTIONAL", "NULL"):
        entry["nullable"], rest = rest[-1].upper != "REQUIRED", rest[:-1]
    if rest:
        entry["type"] = item[rest[0].start : rest[-1].end]
    return entry


def _unquoted(one: Token) -> str:
    if one.kind != "name":
        return one.text
    mark = "]" if one.text[0] == "[" else one.text[0]
    return one.text[1:-1].replace(mark * 2, mark)


def _wrong(item: str, why: str, flag: str) -> AnswerError:
    shown = item.strip()
    return AnswerError(
        "bad-definition", f"{shown!r} does not read", why=why, next_actions=(_HOW,), flag=flag
    )


def new_column(
    entry: Entry, table: Table, old: tuple[Column, ...], context: Context, flag: str
) -> Made:
    """Return a column made of others; its type is the first one's unless it names another."""
    like, leaders = old[0], tuple(one.name for one in old)
    name = context.dialect.check_name(require(entry, "name"), flag=flag)
    if table.column(name) is not None:
        raise AnswerError(
            "column-exists",
            f"{table.name} has a column {name} already",
            next_actions=("choose another name",),
            flag=flag,
        )
    kind, collation = like.type, like.collation
    given = text(entry, "type")
    if given is not None:
        kind = context.dialect.check_type(given, enums=context.enums, flag=flag)
        collation = collation if kind == like.type else None
    column = Column(
        name=name,
        type=kind,
        collation=collation,
        nullable=flag_value(entry, "nullable", default=True),
        base=like.base if kind == like.type else None,
    )
    made = checked(require(entry, "expression"), name, leaders, context, flag)
    return Made(column=column, expression=made)


def checked(
    expression: str, name: str, leaders: tuple[str, ...], context: Context, flag: str
) -> str:
    """Return an expression that reads nothing but some columns of its row, by their bare names."""
    found = context.dialect.check_expression(expression, flag=flag)
    known = {one.lower() for one in leaders}
    others = sorted(one for one in context.dialect.columns_in(found) if one.lower() not in known)
    listed = " and ".join(leaders)
    if others:
        raise AnswerError(
            "conversion-reads-others",
            f"the expression {found} reads {', '.join(others)}",
            why=f"It makes the value of {name} out of {listed} alone: a change of another column "
            "would be missed.",
            next_actions=(f"text goes in single quotes: '{others[0]}'",),
            flag=flag,
        )
    words = tokens(found, context.dialect.name)
    if any(one.upper == "SELECT" for one in words):
        raise AnswerError(
            "conversion-reads-others",
            f"the expression {found} reads other rows",
            why=f"It makes the value of {name} out of {listed} of the same row: a change elsewhere "
            "would be missed.",
            next_actions=("write it without a query",),
            flag=flag,
        )
    for before, one in pairwise(words):
        if before.text == "." and _unquoted(one).lower() in known:
            raise AnswerError(
                "bad-expression",
                f"the expression {found} names a table",
                why="It also stands in a trigger, which knows the columns of its row alone.",
                next_actions=(f"write {one.text} without anything before it",),
                flag=flag,
            )
    return found
