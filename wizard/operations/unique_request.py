"""Adding a unique constraint: its questions, and what was asked for, checked against the table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from wizard.model.answers import Value
from wizard.model.errors import AnswerError
from wizard.model.schema import Index, Table, Unique
from wizard.operations.base import Context
from wizard.operations.common import (
    choice,
    column_choices,
    flag_value,
    object_name,
    read_table,
    table_question,
    text,
)
from wizard.operations.constraints import unique_index
from wizard.operations.key_columns import key_columns
from wizard.operations.needs import pointing
from wizard.questions import Choice, Kind, Question


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was asked for, checked against the table; ``index`` is one to take over."""

    table: Table
    unique: Unique
    index: Index | None


QUESTIONS = (
    table_question("Table", "The table whose rows must differ."),
    Question(
        key="columns",
        kind=Kind.COLUMNS,
        prompt="Columns",
        help="The columns whose values together must differ from row to row. Rows with a NULL in "
        "one of them differ from all others.",
        example="email",
        required=True,
        choices=column_choices,
    ),
    Question(
        key="deferrable",
        kind=Kind.BOOLEAN,
        prompt="Deferrable",
        help="Let a transaction check the rule only when it commits. Such a constraint serves no "
        "ON CONFLICT and no foreign key.",
        example="false",
        advanced=True,
        default=lambda _: False,
        when=lambda one: one.dialect is None or one.dialect.capabilities.unique_using_index,
    ),
    Question(
        key="initially",
        kind=Kind.CHOICE,
        prompt="Checked",
        help="When a deferrable constraint is checked unless a transaction says otherwise.",
        example="immediate",
        advanced=True,
        default=lambda _: "immediate",
        choices=lambda _: (
            Choice(value="immediate", label="after each statement"),
            Choice(value="deferred", label="when the transaction commits"),
        ),
        when=lambda one: one.values.get("deferrable") is True,
    ),
    Question(
        key="nulls_not_distinct",
        kind=Kind.BOOLEAN,
        prompt="NULLs are equal",
        help="Let the columns be NULL in one row only.",
        example="false",
        advanced=True,
        default=lambda _: False,
        when=lambda one: one.dialect is None or one.dialect.capabilities.index_nulls_not_distinct,
    ),
    Question(
        key="name",
        kind=Kind.NAME,
        prompt="Name",
        help="The constraint's name. Left empty, it follows the names of the table's others.",
        example="uq_customers_email",
        advanced=True,
    ),
)


def read(values: Mapping[str, Value], context: Context) -> Request:
    """Return the request; raises AnswerError for what is missing or does not fit the table."""
    table, dialect = read_table(values, context), context.dialect
    columns = key_columns(values, table, example="email")
    capabilities = dialect.capabilities
    nulls_not_distinct = flag_value(values, "nulls_not_distinct", default=False)
    if nulls_not_distinct and not capabilities.index_nulls_not_distinct:
        raise AnswerError(
            "unsupported",
            f"{dialect.label} cannot treat NULLs as equal",
            flag="--nulls-not-distinct",
        )
    deferrable = flag_value(values, "deferrable", default=False)
    deferred = choice(values, "initially", ("immediate", "deferred"), "immediate") == "deferred"
    if deferred and not deferrable:
        raise AnswerError(
            "bad-answer",
            "only a deferrable constraint is checked at commit",
            next_actions=("add --deferrable",),
            flag="--initially",
        )
    if deferrable and not capabilities.unique_using_index:
        raise AnswerError(
            "unsupported",
            f"{dialect.label} checks uniqueness at once, always",
            flag="--deferrable",
        )
    name = text(values, "name") or object_name(
        table, columns, kind="unique", limit=capabilities.name_bytes
    )
    unique = Unique(
        name=dialect.check_name(name, flag="--name"),
        columns=columns,
        nulls_not_distinct=nulls_not_distinct,
        deferrable=deferrable,
        initially_deferred=deferred,
    )
    index = _adoptable(table, unique, context)
    taken = table.index(name)
    if table.constraint(name) is not None or (taken is not None and taken is not index):
        raise AnswerError(
            "name-taken",
            f"{table.name} has a constraint or an index {name} already",
            next_actions=("choose another name with --name",),
            flag="--name",
        )
    return Request(table=table, unique=unique, index=index)


def _adoptable(table: Table, unique: Unique, context: Context) -> Index | None:
    """Return a finished index that can become the constraint's own, None when there is none."""
    if not context.dialect.capabilities.unique_using_index or table.kind == "partitioned":
        return None
    if pointing(table, unique.columns):
        # A foreign key holds on to its index: the way back could not give it up.
        return None
    wanted = replace(unique_index(context, table, unique), name="", include=())
    return next(
        (one for one in table.indexes if one.valid and replace(one, name="") == wanted), None
    )
