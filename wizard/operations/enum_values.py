"""Enumerations that change: a type of the database, or the list of values of one column.

Where the engine has types, all columns that hold one change with it. Where it has none, a column
lists its values itself, as in ``enum('a','b')``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from wizard.dialects.lexing import Unreadable, tokens
from wizard.model.answers import Value
from wizard.model.errors import AnswerError
from wizard.model.findings import info
from wizard.model.names import TableName, parse_table_name
from wizard.model.plan import Preflight
from wizard.model.schema import Column, Enum, Table
from wizard.model.steps import AddEnumValue
from wizard.operations.base import Context
from wizard.operations.common import (
    column_choices,
    read_column,
    read_table,
    require,
    table_question,
)
from wizard.operations.phases import Refusal
from wizard.questions import Choice, Kind, Question, Situation

_ITEM = re.compile(r"\s*(?:'((?:[^']|'')*)'|([^,]*?))\s*(?:,|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """A column that holds the enumeration; ``array`` says that it holds several values."""

    table: Table
    column: Column
    array: bool = False

    def __str__(self) -> str:
        return f"{self.table.name}.{self.column.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Enumeration:
    """The values, and where they are. ``enum`` is None where a column lists them itself."""

    labels: tuple[str, ...]
    uses: tuple[Use, ...]
    enum: Enum | None = None

    @property
    def name(self) -> str:
        """What people call it."""
        return str(self.enum.name) if self.enum is not None else str(self.uses[0])

    def without(self, label: str) -> tuple[str, ...]:
        """Return the labels but one."""
        return tuple(one for one in self.labels if one != label)


# --- questions -------------------------------------------------------------------------------


def has_types(situation: Situation) -> bool:
    """Tell whether the engine has enumerated types."""
    return situation.dialect is None or situation.dialect.supports(AddEnumValue) is None


def enum_questions(what: str) -> tuple[Question, ...]:
    """Return the questions for the type, or for the column where the engine has no types."""

    def no_types(situation: Situation) -> bool:
        return not has_types(situation)

    table = table_question("Table", f"The table whose column lists the value that {what}.")
    return (
        Question(
            key="type",
            kind=Kind.CHOICE,
            prompt="Type",
            help=f"The enumerated type whose value {what}.",
            example="delivery",
            required=True,
            when=has_types,
            choices=lambda one: tuple(Choice(value=name, label=name) for name in one.enums),
        ),
        replace(table, when=no_types),
        Question(
            key="column",
            kind=Kind.COLUMN,
            prompt="Column",
            help="The column with a list of values. Only for engines without enumerated types.",
            example="delivery",
            required=True,
            when=no_types,
            choices=column_choices,
        ),
    )


def label_choices(situation: Situation) -> tuple[Choice, ...]:
    """Return the values of the answered type or column."""
    labels: tuple[str, ...] = ()
    if situation.enum is not None:
        labels = situation.enum.labels
    elif situation.table is not None and situation.dialect is not None:
        column = situation.table.column(str(situation.values.get("column") or ""))
        labels = labels_in(column.type, situation.dialect.name) if column is not None else ()
    return tuple(Choice(value=one, label=one) for one in labels)


# --- reading ---------------------------------------------------------------------------------


def read_enumeration(values: Mapping[str, Value], context: Context) -> Enumeration:
    """Return the answered enumeration with all columns that hold it.

    Raises AnswerError for what is missing or not there, Refusal where the engine has none such.
    """
    reason = context.dialect.supports(AddEnumValue)
    if reason is None:
        enum = context.enum(read_type_name(values))
        uses = tuple(
            Use(table=table, column=read_column(table, use.column), array=use.array)
            for use in enum.used_by
            for table in (context.tables(use.table),)
        )
        return Enumeration(labels=enum.labels, uses=uses, enum=enum.bare)
    if values.get("table") in (None, ""):
        raise no_types(context, reason)
    table = read_table(values, context)
    column = read_column(table, require(values, "column"))
    labels = labels_in(column.type, context.dialect.name)
    if not labels:
        raise no_types(context, f"{table.name}.{column.name} is {column.type}")
    return Enumeration(labels=labels, uses=(Use(table=table, column=column),))


def no_types(context: Context, reason: str) -> Refusal:
    """Return the refusal for engines, and columns, without an enumeration."""
    return Refusal(
        info(
            "no-enumeration",
            f"There is no enumeration to change: {reason}.",
            why=f"On {context.dialect.title} a list of values, if there is one, belongs to its "
            "column.",
            safer="Keep the values of a text column in bounds by a check (migwiz add-check), or in "
            "a table that it points to. Where a column lists its values itself, name it: --table "
            "and --column.",
        )
    )


def read_type_name(values: Mapping[str, Value]) -> TableName:
    """Return the answered type's name."""
    try:
        return parse_table_name(require(values, "type"))
    except ValueError as error:
        raise AnswerError("bad-answer", str(error), flag="--type") from None


def read_label(values: Mapping[str, Value], key: str, among: Enumeration) -> str:
    """Return an existing value; raises AnswerError that lists those there are."""
    label = require(values, key)
    if label not in among.labels:
        raise AnswerError(
            "unknown-value",
            f"{among.name} has no value {label}",
            next_actions=(f"its values are {', '.join(among.labels)}",),
            flag=f"--{key}",
        )
    return label


def read_new_label(values: Mapping[str, Value], key: str, context: Context) -> str:
    """Return a value that is not there yet; raises AnswerError for one that cannot be."""
    return checked_label(require(values, key), context, flag=f"--{key}")


def checked_label(label: str, context: Context, *, flag: str) -> str:
    """Return a value that an engine takes whole; raises AnswerError."""
    limit = context.dialect.capabilities.name_bytes
    if "\0" in label or len(label.encode("utf-8", "surrogatepass")) > limit:
        raise AnswerError(
            "bad-value",
            f"{label[:40]!r} cannot be a value of an enumeration",
            why=f"A value has at most {limit} bytes.",
            next_actions=("choose a shorter one",),
            flag=flag,
        )
    return label


def labels_from(value: Value, context: Context, *, flag: str) -> tuple[str, ...]:
    """Return new values, given as a list or parted by commas; one with a comma in quotes."""
    if isinstance(value, str):
        found = [
            one.group(1).replace("''", "'") if one.group(1) is not None else one.group(2)
            for one in _ITEM.finditer(value)
        ]
        value = tuple(one for one in found if one)
    if not isinstance(value, tuple) or not all(isinstance(one, str) for one in value) or not value:
        raise AnswerError(
            "bad-answer",
            "values must be a list of texts",
            next_actions=(f"write {flag} pending,sent,lost",),
            flag=flag,
        )
    labels = tuple(checked_label(str(one), context, flag=flag) for one in value)
    double = next((one for one in labels if labels.count(one) > 1), None)
    if double is not None:
        raise AnswerError("bad-answer", f"{double} is named twice", flag=flag)
    return labels


# --- SQL of values ---------------------------------------------------------------------------


def labels_in(kind: str, dialect: str) -> tuple[str, ...]:
    """Return the values that a column's own type lists, none for any other type."""
    if not re.match(r"enum\s*\(", kind, re.IGNORECASE):
        return ()
    return tuple(_strings(kind, dialect))


def listing_type(labels: tuple[str, ...], context: Context) -> str:
    """Return the type of a column that lists its values itself."""
    return f"enum({','.join(context.dialect.literal(one) for one in labels)})"


def names_label(text: str | None, label: str, context: Context) -> bool:
    """Tell whether an expression or definition says the value as a text."""
    return text is not None and label in _strings(text, context.dialect.name)


def _strings(text: str, dialect: str) -> list[str]:
    try:
        found = tokens(text, dialect)
    except Unreadable:
        return []
    return [one.text[1:-1].replace("''", "'") for one in found if one.text.startswith("'")]


def holds(context: Context, use: Use, label: str) -> str:
    """Return the condition that a row holds the value in the column."""
    column, literal = context.dialect.quote(use.column.name), context.dialect.literal(label)
    return f"{literal} = ANY ({column})" if use.array else f"{column} = {literal}"


def lacks(context: Context, use: Use, label: str) -> str:
    """Return the condition that forbids the value; NULL passes."""
    column, literal = context.dialect.quote(use.column.name), context.dialect.literal(label)
    return f"{literal} <> ALL ({column})" if use.array else f"{column} <> {literal}"


def rows_with(context: Context, use: Use, label: str) -> Preflight:
    """Return the query for rows that still hold the value."""
    dialect = context.dialect
    shown = ", ".join(dialect.quote(one) for one in use.table.primary_key) or "1"
    return Preflight(
        query=f"SELECT {shown} FROM {dialect.table(use.table.name)} "
        f"WHERE {holds(context, use, label)} LIMIT 5",
        problem=f"{use} still holds {label}: change these rows first",
    )


def no_row_has(context: Context, uses: tuple[Use, ...], label: str) -> str | None:
    """Return one query that finds a row with the value in any of the columns."""
    queries = [rows_with(context, use, label).query for use in uses]
    if len(queries) < 2:
        return queries[0] if queries else None
    return f"SELECT 1 WHERE {' OR '.join(f'EXISTS ({one})' for one in queries)}"
