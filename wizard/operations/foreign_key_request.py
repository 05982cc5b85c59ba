"""What is asked for a foreign key, and its answers checked against both tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, cast

from wizard.model.answers import Value
from wizard.model.errors import AnswerError
from wizard.model.schema import ForeignKey, Table
from wizard.operations.base import Context
from wizard.operations.common import (
    choice,
    column_choices,
    flag_value,
    object_name,
    read_action,
    read_column,
    read_names,
    read_table,
    table_choice,
    table_question,
    text,
)
from wizard.questions import Choice, Kind, Question, Situation

Orphans = Literal["fail", "delete", "null"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was asked for, checked against both tables."""

    table: Table
    parent: Table
    key: ForeignKey
    orphans: Orphans


def _ref_columns(situation: Situation) -> tuple[Choice, ...]:
    if situation.ref_table is None:
        return ()
    return tuple(
        Choice(value=one.name, label=one.name, hint=one.type) for one in situation.ref_table.columns
    )


_ACTIONS = (
    Choice(value="no action", label="refuse", hint="the delete fails while rows point there"),
    Choice(value="cascade", label="delete them too", hint="cascade: deletes travel on"),
    Choice(value="set null", label="set to NULL", hint="the rows stay without a target"),
    Choice(value="restrict", label="refuse at once", hint="restrict: not even deferred"),
)

QUESTIONS = (
    table_question("Table", "The table whose rows point somewhere."),
    Question(
        key="columns",
        kind=Kind.COLUMNS,
        prompt="Columns",
        help="The columns that hold the other row's key.",
        example="customer_id",
        required=True,
        choices=column_choices,
    ),
    Question(
        key="ref_table",
        kind=Kind.TABLE,
        prompt="Points to table",
        help="The table whose rows are named.",
        example="customers",
        required=True,
        choices=lambda situation: tuple(table_choice(one) for one in situation.tables),
    ),
    Question(
        key="ref_columns",
        kind=Kind.COLUMNS,
        prompt="Points to columns",
        help="Left empty, the primary key of that table. Otherwise columns that are unique there.",
        example="id",
        choices=_ref_columns,
    ),
    Question(
        key="orphans",
        kind=Kind.CHOICE,
        prompt="Rows that point nowhere",
        help="What to do with existing rows whose target does not exist. Deleting them, or "
        "clearing the pointer, cannot be undone.",
        example="fail",
        default=lambda _: "fail",
        choices=lambda _: (
            Choice(
                value="fail", label="stop and let me look", hint="the proof fails, nothing lost"
            ),
            Choice(value="null", label="clear the pointer", hint="sets the columns to NULL"),
            Choice(value="delete", label="delete the rows", hint="for good"),
        ),
    ),
    Question(
        key="on_delete",
        kind=Kind.CHOICE,
        prompt="When the target is deleted",
        help="What happens to these rows when the row they point to is deleted.",
        example="cascade",
        default=lambda _: "no action",
        choices=lambda _: _ACTIONS,
    ),
    Question(
        key="on_update",
        kind=Kind.CHOICE,
        prompt="When the target's key changes",
        help="What happens to these rows when the key they point to changes. Keys rarely do.",
        example="no action",
        advanced=True,
        default=lambda _: "no action",
        choices=lambda _: _ACTIONS,
    ),
    Question(
        key="deferrable",
        kind=Kind.BOOLEAN,
        prompt="Deferrable",
        help="Let a transaction check the key only when it commits.",
        example="false",
        advanced=True,
        default=lambda _: False,
        when=lambda one: one.dialect is None or one.dialect.capabilities.deferrable_key,
    ),
    Question(
        key="name",
        kind=Kind.NAME,
        prompt="Name",
        help="The constraint's name. Left empty, it follows the names of the table's other keys.",
        example="orders_customer_id_fkey",
        advanced=True,
    ),
)


def read(values: Mapping[str, Value], context: Context) -> Request:
    """Return the request; raises AnswerError for what is missing or does not fit the tables."""
    table = read_table(values, context)
    columns = read_names(values, "columns")
    if not columns:
        raise AnswerError(
            "missing-answer",
            "columns is missing",
            next_actions=("say the columns with --columns customer_id",),
            flag="--columns",
        )
    for name in columns:
        read_column(table, name, flag="--columns")
    parent = read_table(values, context, "ref_table")
    ref_columns = read_names(values, "ref_columns") or parent.primary_key
    for name in ref_columns:
        read_column(parent, name, flag="--ref-columns")
    if len(columns) != len(ref_columns):
        raise AnswerError(
            "bad-answer",
            f"{len(columns)} columns cannot point to {len(ref_columns)} columns of {parent.name}",
            next_actions=("name as many columns on both sides",),
            flag="--ref-columns",
        )
    if not _is_unique(parent, ref_columns):
        raise AnswerError(
            "not-unique",
            f"({', '.join(ref_columns)}) is not unique in {parent.name}, so nothing can point to it",
            next_actions=(
                f"add a unique index on {parent.name} first, or point to its primary key",
            ),
            flag="--ref-columns",
        )
    limit = context.dialect.capabilities.name_bytes
    deferrable = flag_value(values, "deferrable", default=False)
    if deferrable and not context.dialect.capabilities.deferrable_key:
        raise AnswerError(
            "unsupported",
            f"{context.dialect.label} checks a foreign key at once, always",
            flag="--deferrable",
        )
    name = text(values, "name") or object_name(table, columns, kind="fkey", limit=limit)
    if table.constraint(name) is not None:
        raise AnswerError(
            "name-taken", f"{table.name} has a constraint {name} already", flag="--name"
        )
    key = ForeignKey(
        name=context.dialect.check_name(name, flag="--name"),
        columns=columns,
        ref_table=parent.name,
        ref_columns=ref_columns,
        on_delete=read_action(values, "on_delete"),
        on_update=read_action(values, "on_update"),
        deferrable=deferrable,
    )
    orphans = choice(values, "orphans", ("fail", "delete", "null"), "fail")
    nullable = all((one := table.column(name)) is not None and one.nullable for name in columns)
    if orphans == "null" and not nullable:
        raise AnswerError(
            "not-nullable",
            f"{', '.join(columns)} cannot be NULL, so the pointer cannot be cleared",
            next_actions=("use --orphans fail or --orphans delete",),
            flag="--orphans",
        )
    return Request(table=table, parent=parent, key=key, orphans=cast("Orphans", orphans))


def _is_unique(parent: Table, columns: tuple[str, ...]) -> bool:
    if set(parent.primary_key) == set(columns):
        return True
    return any(
        index.unique and index.valid and not index.where and set(index.columns) == set(columns)
        for index in parent.indexes
        if len(index.parts) == len(columns)
    )


def indexed(table: Table, columns: tuple[str, ...]) -> bool:
    """Tell whether an index begins with the columns, in any order."""
    wanted = set(columns)
    if set(table.primary_key[: len(columns)]) == wanted:
        return True
    return any(
        index.valid
        and not index.where
        and {part.column for part in index.parts[: len(columns)]} == wanted
        for index in table.indexes
    )
