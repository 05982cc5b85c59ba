"""Questions and readers that several operations share."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, cast

from wizard.model.answers import Value
from wizard.model.counted import rows as counted_rows
from wizard.model.errors import AnswerError
from wizard.model.names import TableName, fit_name, parse_table_name
from wizard.model.schema import (
    Action,
    Check,
    Column,
    ForeignKey,
    IndexPart,
    Table,
    TableSummary,
    Unique,
)
from wizard.operations.base import Context
from wizard.questions import Choice, Kind, Question, Situation


def table_question(prompt: str, help: str) -> Question:
    """Return the question for the table that changes."""
    return Question(
        key="table",
        kind=Kind.TABLE,
        prompt=prompt,
        help=help,
        example="orders",
        required=True,
        choices=lambda situation: tuple(
            table_choice(one) for one in situation.tables if one.kind in ("table", "partitioned")
        ),
    )


def table_choice(table: TableSummary) -> Choice:
    """Return a table as an answer, with its size; what is a tool's own says so and stands aside."""
    hint = size_hint(table.rows, table.bytes)
    if table.record:
        hint = " · ".join(one for one in ("kept by a tool, not by your code", hint) if one)
    return Choice(value=str(table.name), label=str(table.name), hint=hint, aside=table.record)


def size_hint(rows: int | None, size: int | None) -> str:
    """Say a table's size in a few words; estimates are marked as such."""
    parts = []
    if rows is not None:
        parts.append(f"≈ {counted_rows(rows, human_count(rows))}")
    if size is not None:
        parts.append(human_bytes(size))
    return " · ".join(parts)


def human_count(count: int) -> str:
    """Say a count with two digits that matter: 118 M, 12 k, 7."""
    for limit, unit in ((10**9, "G"), (10**6, "M"), (10**3, "k")):
        if count >= limit:
            shown = count / limit
            return f"{shown:.1f} {unit}" if shown < 10 else f"{shown:.0f} {unit}"
    return str(count)


def human_bytes(size: int) -> str:
    """Say a size in bytes with a unit: 41 GB, 8.2 MB."""
    for limit, unit in ((1024**4, "TB"), (1024**3, "GB"), (1024**2, "MB"), (1024, "kB")):
        if size >= limit:
            shown = size / limit
            return f"{shown:.1f} {unit}" if shown < 10 else f"{shown:.0f} {unit}"
    return f"{size} B"


def column_choices(situation: Situation) -> tuple[Choice, ...]:
    """Return the columns of the answered table."""
    if situation.table is None:
        return ()
    return tuple(
        Choice(
            value=one.name,
            label=one.name,
            hint=one.type + ("" if one.nullable else " · required"),
        )
        for one in situation.table.columns
    )


def new_name_check(value: Value, situation: Situation) -> str | None:
    """Say what is wrong with a new column's name, or None."""
    name = str(value)
    if situation.table is not None and situation.table.column(name):
        return f"{situation.table.name} has a column {name} already; choose another name"
    if situation.dialect is None:
        return None
    try:
        situation.dialect.check_name(name, flag="")
    except AnswerError as error:
        return error.message
    return None


def type_check(value: Value, situation: Situation) -> str | None:
    """Say what is wrong with a type, or None. Enumerated types are checked when planning."""
    if situation.dialect is None:
        return None
    try:
        situation.dialect.check_type(str(value), enums=situation.enums, flag="")
    except AnswerError as error:
        return error.message
    return None


def expression_check(value: Value, situation: Situation) -> str | None:
    """Say what is wrong with an expression, or None."""
    if situation.dialect is None:
        return None
    try:
        situation.dialect.check_expression(str(value), flag="")
    except AnswerError as error:
        return error.message
    return None


def read_default(values: Mapping[str, Value], context: Context) -> str | None:
    """Return the answered default, None when there is none; raises AnswerError for a bad one."""
    given = text(values, "default")
    if given is None:
        return None
    checked = context.dialect.check_expression(given, flag="--default")
    named = sorted(context.dialect.columns_in(checked))
    if named:
        raise AnswerError(
            "default-names-column",
            f"the default {checked} names a column: {', '.join(named)}",
            why="A default cannot read a row.",
            next_actions=(f"text goes in quotes: --default \"'{given}'\"",),
            flag="--default",
        )
    return checked


def require(values: Mapping[str, Value], key: str) -> str:
    """Return a text answer; raises AnswerError with its flag when it is missing."""
    value = values.get(key)
    flag = "--" + key.replace("_", "-")
    if value is None or value == "":
        raise AnswerError(
            "missing-answer", f"{key} is missing", next_actions=(f"say it with {flag}",), flag=flag
        )
    if not isinstance(value, str):
        raise AnswerError("bad-answer", f"{key} must be a text, not {value!r}", flag=flag)
    return value


def text(values: Mapping[str, Value], key: str) -> str | None:
    """Return a text answer, None when it was not given."""
    return require(values, key) if values.get(key) not in (None, "") else None


def flag_value(values: Mapping[str, Value], key: str, *, default: bool) -> bool:
    """Return a yes-or-no answer."""
    value = values.get(key)
    if value is None:
        return default
    if not isinstance(value, bool):
        raise AnswerError(
            "bad-answer", f"{key} must be true or false, not {value!r}", flag=f"--{key}"
        )
    return value


def choice(
    values: Mapping[str, Value], key: str, allowed: tuple[str, ...], default: str | None
) -> str | None:
    """Return an answer out of ``allowed``."""
    value = text(values, key)
    if value is None:
        return default
    if value not in allowed:
        raise AnswerError(
            "bad-answer",
            f"{key} cannot be {value!r}",
            next_actions=(f"use one of: {', '.join(allowed)}",),
            flag="--" + key.replace("_", "-"),
        )
    return value


def read_table(values: Mapping[str, Value], context: Context, key: str = "table") -> Table:
    """Return the answered table; raises AnswerError when it is missing or there is none such."""
    return context.tables(read_table_name(values, key))


def read_table_name(values: Mapping[str, Value], key: str = "table") -> TableName:
    """Return the answered table's name, written ``schema.table`` or as a table of both."""
    value = values.get(key)
    if isinstance(value, Mapping) and isinstance(value.get("name"), str):
        schema = value.get("schema")
        return TableName(str(value["name"]), None if schema is None else str(schema))
    try:
        return parse_table_name(require(values, key))
    except ValueError as error:
        raise AnswerError("bad-answer", str(error), flag="--" + key.replace("_", "-")) from None


def read_column(table: Table, name: str, *, flag: str = "--column") -> Column:
    """Return an existing column; raises AnswerError with near names."""
    column = table.column(name)
    if column is None:
        import difflib

        near = difflib.get_close_matches(name, [one.name for one in table.columns], n=3)
        hint = f"did you mean {' or '.join(near)}?" if near else _listed(table)
        raise AnswerError(
            "unknown-column", f"{table.name} has no column {name}", next_actions=(hint,), flag=flag
        )
    return column


def _listed(table: Table) -> str:
    names = [one.name for one in table.columns]
    shown = ", ".join(names[:12]) + (", …" if len(names) > 12 else "")
    return f"its columns are {shown}"


def read_names(values: Mapping[str, Value], key: str) -> tuple[str, ...]:
    """Return a list of names, given as a list or separated by commas."""
    value = values.get(key)
    if value is None:
        return ()
    if isinstance(value, str):
        return tuple(one.strip() for one in value.split(",") if one.strip())
    if isinstance(value, tuple) and all(isinstance(one, str) for one in value):
        return cast("tuple[str, ...]", value)
    raise AnswerError(
        "bad-answer", f"{key} must be a list of names", flag="--" + key.replace("_", "-")
    )


def read_action(values: Mapping[str, Value], key: str) -> Action:
    """Return what happens to the referencing rows of a foreign key."""
    allowed = ("no action", "restrict", "cascade", "set null", "set default")
    return cast("Action", choice(values, key, allowed, "no action"))


def read_parts(
    values: Mapping[str, Value], table: Table, context: Context
) -> tuple[IndexPart, ...]:
    """Return the keys of an index: names of columns, or tables with options.

    As text, keys are separated by commas outside brackets; ``lower(email)`` is an expression,
    ``created_at desc`` an order.
    """
    value = values.get("columns")
    if value is None or value in ("", ()):
        raise AnswerError(
            "missing-answer",
            "columns is missing",
            next_actions=("say the columns with --columns status,created_at",),
            flag="--columns",
        )
    entries = _split(value) if isinstance(value, str) else value
    if not isinstance(entries, tuple):
        raise AnswerError("bad-answer", "columns must be a list", flag="--columns")
    return tuple(_part(one, table, context) for one in entries)


def _split(text: str) -> tuple[str, ...]:
    parts, depth, quote, current = [], 0, "", ""
    for character in text:
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character in "([":
            depth += 1
        elif character in ")]":
            depth -= 1
        if character == "," and depth == 0 and not quote:
            parts.append(current.strip())
            current = ""
        else:
            current += character
    parts.append(current.strip())
    return tuple(one for one in parts if one)


def _part(entry: Value, table: Table, context: Context) -> IndexPart:
    if isinstance(entry, str):
        return _part_from_text(entry, table, context)
    if not isinstance(entry, Mapping):
        raise AnswerError("bad-answer", f"{entry!r} is no index key", flag="--columns")
    order = choice(entry, "order", ("asc", "desc"), "asc")
    nulls = choice(entry, "nulls", ("first", "last"), None)
    length = entry.get("length")
    column, expression = text(entry, "name"), text(entry, "expression")
    if (column is None) == (expression is None):
        raise AnswerError(
            "bad-answer", "an index key has either a name or an expression", flag="--columns"
        )
    if column is not None:
        read_column(table, column, flag="--columns")
    if expression is not None:
        expression = context.dialect.check_expression(expression, flag="--columns")
    return IndexPart(
        column=column,
        expression=expression,
        order=cast('Literal["asc", "desc"]', order),
        nulls=cast('Literal["first", "last"] | None', nulls),
        opclass=text(entry, "opclass"),
        collation=text(entry, "collation"),
        length=length if isinstance(length, int) else None,
    )


def _part_from_text(entry: str, table: Table, context: Context) -> IndexPart:
    if table.column(entry):
        return IndexPart(column=entry)
    words, order, nulls = entry.split(), "asc", None
    lowered = [one.lower() for one in words]
    if len(words) > 2 and lowered[-2] == "nulls" and lowered[-1] in ("first", "last"):
        nulls, words, lowered = lowered[-1], words[:-2], lowered[:-2]
    if len(words) > 1 and lowered[-1] in ("asc", "desc"):
        order, words = lowered[-1], words[:-1]
    rest = " ".join(words)
    column: str | None = rest
    expression = None
    beginning = re.fullmatch(r"(.+?)\s*\((\d+)\)", rest)
    if beginning is not None and table.column(beginning[1]):
        return IndexPart(
            column=beginning[1],
            length=int(beginning[2]),
            order=cast('Literal["asc", "desc"]', order),
        )
    if not table.column(rest):
        if "(" not in rest:
            read_column(table, rest, flag="--columns")
        column, expression = None, context.dialect.check_expression(rest, flag="--columns")
    return IndexPart(
        column=column,
        expression=expression,
        order=cast('Literal["asc", "desc"]', order),
        nulls=cast('Literal["first", "last"] | None', nulls),
    )


#: Kinds of constraints: their type, the prefix of one habit and the suffix of the engine's own.
_CONSTRAINTS: dict[str, tuple[type, str, str]] = {
    "fkey": (ForeignKey, "fk_", "fkey"),
    "check": (Check, "ck_", "check"),
    "unique": (Unique, "uq_", "key"),
}


def object_name(table: Table, columns: tuple[str, ...], *, kind: str, limit: int) -> str:
    """Return a free name for an index (``kind`` "idx", "key") or a constraint.

    A constraint's ``kind`` is "fkey", "check" or "unique".

    Follows the habit of the table's own indexes (``ix_…``, ``idx_…``, ``index_…_on_…``), else the
    engine's usual form.
    """
    base, joined = table.name.name, "_".join(columns)
    taken = {index.name for index in table.indexes}
    taken |= {one.name for one in table.constraints if one.name}
    own = [index.name for index in table.indexes if not index.constraint]
    if kind in _CONSTRAINTS:
        family, prefix, suffix = _CONSTRAINTS[kind]
        names = [one.name for one in table.constraints if isinstance(one, family) and one.name]
        prefixed = sum(name.startswith(prefix) for name in names) * 2 > len(names) > 0
        stem = f"{prefix}{base}_{joined}" if prefixed else f"{base}_{joined}_{suffix}"
    elif any(name.startswith("ix_") for name in own):
        stem = f"ix_{base}_{joined}"
    elif any(name.startswith("idx_") for name in own):
        stem = f"idx_{base}_{joined}"
    elif any(name.startswith("index_") for name in own):
        stem = f"index_{base}_on_{'_and_'.join(columns)}"
    elif any(name.endswith("_idx") for name in own):
        stem = f"{base}_{joined}_{kind}"
    else:
        stem = f"ix_{base}_{joined}" if kind == "idx" else f"{base}_{joined}_{kind}"
    name, number = fit_name(stem, limit=limit), 2
    while name in taken:
        name, number = fit_name(f"{stem}_{number}", limit=limit), number + 1
    return name
