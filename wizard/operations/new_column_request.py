"""Adding a column: its questions, and what was asked for, checked against the table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from wizard.dialects.base import DefaultKind
from wizard.model.answers import Value
from wizard.model.errors import AnswerError
from wizard.model.names import TableName
from wizard.model.schema import Column, Generated, Table
from wizard.operations import foreign_key_request
from wizard.operations.base import Context
from wizard.operations.common import (
    choice,
    expression_check,
    flag_value,
    new_name_check,
    read_default,
    read_table,
    require,
    table_question,
    text,
    type_check,
)
from wizard.questions import Choice, Kind, Question


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was asked for, checked against the table. ``key`` is the foreign key that follows."""

    table: Table
    column: Column
    fill: str | None
    unique: bool
    kind: DefaultKind
    key: foreign_key_request.Request | None


QUESTIONS = (
    table_question("Table", "The table that gets the column."),
    Question(
        key="column",
        kind=Kind.NAME,
        prompt="Name",
        help="The new column's name.",
        example="currency",
        required=True,
        check=new_name_check,
    ),
    Question(
        key="type",
        kind=Kind.TYPE,
        prompt="Type",
        help="A type of your database, such as text, integer, numeric(10,2) or timestamptz.",
        example="varchar(3)",
        required=True,
        check=type_check,
    ),
    Question(
        key="nullable",
        kind=Kind.BOOLEAN,
        prompt="May be NULL",
        help="A column that may be NULL never breaks running code. A required one needs a default, "
        "or a value for the rows that exist and code that always writes it.",
        example="true",
        default=lambda _: True,
    ),
    Question(
        key="default",
        kind=Kind.EXPRESSION,
        prompt="Default",
        help="A SQL expression for rows that do not name the column. Text goes in quotes: 'EUR'.",
        example="'EUR'",
        check=expression_check,
    ),
    Question(
        key="fill",
        kind=Kind.EXPRESSION,
        prompt="Fill old rows with",
        help="A SQL expression for the rows that exist already, when the column is required and "
        "has no default. It may use other columns.",
        example="'EUR'",
        when=lambda one: one.values.get("nullable") is False and not one.values.get("default"),
        check=expression_check,
    ),
    Question(
        key="references",
        kind=Kind.REFERENCE,
        prompt="Points to",
        help="Another table whose key the column holds: a foreign key. It is added and proven as "
        "steps of its own.",
        example="customers(id)",
        advanced=True,
    ),
    Question(
        key="unique",
        kind=Kind.BOOLEAN,
        prompt="Unique",
        help="Build a unique index on the column.",
        example="false",
        advanced=True,
        default=lambda _: False,
    ),
    Question(
        key="identity",
        kind=Kind.CHOICE,
        prompt="Identity",
        help="Let the database count up. Rewrites the table, so only for small ones.",
        example="by default",
        advanced=True,
        choices=lambda _: (
            Choice(value="always", label="always", hint="nobody may write it"),
            Choice(value="by default", label="by default", hint="a written value wins"),
        ),
        when=lambda one: one.dialect is None or one.dialect.capabilities.add_identity,
    ),
    Question(
        key="generated",
        kind=Kind.EXPRESSION,
        prompt="Computed as",
        help="An expression over other columns of the row: a generated column.",
        example="price * quantity",
        advanced=True,
        check=expression_check,
    ),
    Question(
        key="stored",
        kind=Kind.BOOLEAN,
        prompt="Stored",
        help="Keep the computed value on disk; otherwise it is computed at each read.",
        example="true",
        advanced=True,
        default=lambda _: True,
        when=lambda one: bool(one.values.get("generated")),
    ),
    Question(
        key="comment",
        kind=Kind.TEXT,
        prompt="Comment",
        help="A sentence about the column, kept in the database.",
        example="ISO 4217 code",
        advanced=True,
    ),
)


def read(values: Mapping[str, Value], context: Context) -> Request:
    """Return the request; raises AnswerError for what is missing or does not fit the table."""
    table, dialect = read_table(values, context), context.dialect
    name = dialect.check_name(require(values, "column"), flag="--column")
    if table.column(name) is not None:
        raise AnswerError(
            "column-exists",
            f"{table.name} has a column {name} already",
            next_actions=("choose another name",),
            flag="--column",
        )
    default, fill = text(values, "default"), text(values, "fill")
    generated = text(values, "generated")
    identity = choice(values, "identity", ("always", "by default"), None)
    stored = flag_value(values, "stored", default=True)
    if sum(one is not None for one in (default, generated, identity)) > 1:
        raise AnswerError(
            "bad-answer",
            "default, identity and generated exclude each other",
            next_actions=("keep one of them",),
            flag="--default",
        )
    checked = read_default(values, context)
    column = Column(
        name=name,
        type=dialect.check_type(require(values, "type"), enums=context.enums, flag="--type"),
        nullable=flag_value(values, "nullable", default=True) and identity is None,
        default=None if checked is not None and checked.upper() == "NULL" else checked,
        identity="always" if identity == "always" else "by default" if identity else None,
        generated=None
        if generated is None
        else Generated(
            expression=dialect.check_expression(generated, flag="--generated"), stored=stored
        ),
        comment=text(values, "comment"),
    )
    return Request(
        table=table,
        column=column,
        fill=None if fill is None else dialect.check_expression(fill, flag="--fill"),
        unique=flag_value(values, "unique", default=False),
        kind=dialect.default_kind(column.default),
        key=_read_reference(values.get("references"), table, column, context),
    )


def _read_reference(
    value: Value, table: Table, column: Column, context: Context
) -> foreign_key_request.Request | None:
    if value is None or value == "":
        return None
    if isinstance(value, str):
        name, bracket, rest = value.partition("(")
        value = {"table": name.strip()}
        if bracket:
            value["columns"] = rest.rstrip(") ")
    if not isinstance(value, Mapping):
        raise AnswerError("bad-answer", "references reads table(column)", flag="--references")
    answers: dict[str, Value] = {
        "table": str(table.name),
        "columns": (column.name,),
        "ref_table": value.get("table"),
        "ref_columns": value.get("columns"),
        "on_delete": value.get("on_delete"),
    }
    wider = replace(table, columns=(*table.columns, column))

    def tables(name: TableName) -> Table:
        return wider if name == table.name else context.tables(name)

    return foreign_key_request.read(answers, replace(context, tables=tables))
