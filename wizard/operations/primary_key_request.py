"""Adding a primary key: its questions, and what was asked for, checked against the table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from wizard.model.answers import Value
from wizard.model.errors import AnswerError
from wizard.model.names import fit_name
from wizard.model.schema import Column, Index, PrimaryKey, Table
from wizard.operations.base import Context
from wizard.operations.common import (
    column_choices,
    read_table,
    table_question,
    text,
)
from wizard.operations.key_columns import key_columns
from wizard.operations.needs import pointing
from wizard.operations.partition_keys import key_index
from wizard.questions import Kind, Question


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was asked for, checked against the table; ``index`` is one to take over."""

    table: Table
    key: PrimaryKey
    index: Index | None

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns of the key, in key order."""
        found = (self.table.column(one) for one in self.key.columns)
        return tuple(one for one in found if one is not None)


QUESTIONS = (
    table_question("Table", "The table that has no primary key yet."),
    Question(
        key="columns",
        kind=Kind.COLUMNS,
        prompt="Columns",
        help="The columns by which a row is known, in the order in which queries name them. None "
        "may be NULL, and no two rows may have the same values in all of them.",
        example="id",
        required=True,
        choices=column_choices,
    ),
    Question(
        key="name",
        kind=Kind.NAME,
        prompt="Name",
        help="The constraint's name. Left empty, it is the table's with _pkey behind it.",
        example="visits_pkey",
        advanced=True,
    ),
)


def read(values: Mapping[str, Value], context: Context) -> Request:
    """Return the request; raises AnswerError for what is missing or does not fit the table."""
    table = read_table(values, context)
    columns = key_columns(values, table, example="id")
    key = PrimaryKey(name=_name(values, table, context), columns=columns)
    name = key.name
    index = _adoptable(table, key, context)
    taken = table.index(name or "")
    named = table.constraint(name or "") is not None or (taken is not None and taken is not index)
    if named and not table.primary_key:
        raise AnswerError(
            "name-taken",
            f"{table.name} has a constraint or an index {name} already",
            next_actions=("choose another name with --name",),
            flag="--name",
        )
    return Request(table=table, key=key, index=index)


def _name(values: Mapping[str, Value], table: Table, context: Context) -> str | None:
    """Return the key's name; raises AnswerError where one is asked for that would be lost."""
    capabilities, name = context.dialect.capabilities, text(values, "name")
    only = capabilities.key_name
    if only is not None and name not in (None, only):
        raise AnswerError(
            "unsupported",
            f"{context.dialect.label} calls every primary key {only}",
            next_actions=("leave --name away",),
            flag="--name",
        )
    if name is not None:
        return context.dialect.check_name(name, flag="--name")
    if only is None and capabilities.add_constraint:
        return fit_name(f"{table.name.name}_pkey", limit=capabilities.name_bytes)
    return only


def _adoptable(table: Table, key: PrimaryKey, context: Context) -> Index | None:
    """Return a finished unique index that can become the key's own, None when there is none."""
    if not context.dialect.capabilities.unique_using_index or table.kind == "partitioned":
        return None
    if pointing(table, key.columns):
        # A foreign key holds on to its index: the way back could not give it up.
        return None
    wanted = replace(key_index(context, table, key), name="", include=())
    return next(
        (one for one in table.indexes if one.valid and replace(one, name="", include=()) == wanted),
        None,
    )
