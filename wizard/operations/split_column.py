"""Split a column into several.

What it does
    Puts several columns in the place of one: first_name and last_name in the place of name. SQL
    expressions take the old value apart, and another one puts it together again.

Why it is dangerous
    In one step it breaks every running instance that still says the old name, and it writes the
    whole table at once. What the expressions do not foresee is lost without a word: a name of three
    words, or of one.

How migwiz does it
    Stops first if a value would not come back as it was. Then it adds the new columns beside the
    old one and keeps both in step by a trigger while both versions of the code run: whatever is
    written to one side is written to the other. Old rows are filled in batches, new columns become
    required without stopping anybody, and the old column goes a release later, when a query shows
    that every value of it would come back. Each downgrade brings everything back, values too.
    Without an expression for the way back only the old side leads, the values are gone in the end,
    and you are asked to accept that.

Reference
    safety.md PG-10, PG-8, MY-3, conclusion 12.
"""

from __future__ import annotations

from collections.abc import Mapping

from wizard.model.answers import Value
from wizard.model.errors import AnswerError
from wizard.model.names import slugify
from wizard.model.plan import Plan
from wizard.operations.base import Context, Operation
from wizard.operations.column_sets import Reshape, listed
from wizard.operations.common import (
    column_choices,
    expression_check,
    flag_value,
    read_column,
    read_table,
    require,
    table_question,
    text,
)
from wizard.operations.made_columns import Made, checked, entries, new_column
from wizard.operations.reshaping import reshaped
from wizard.questions import Kind, Question, Situation


def _into_check(value: Value, situation: Situation) -> str | None:
    """Say what is wrong with the new columns, or None."""
    if situation.dialect is None:
        return None
    try:
        for one in entries(value, situation.dialect, flag=""):
            situation.dialect.check_name(require(one, "name"), flag="")
            situation.dialect.check_expression(require(one, "expression"), flag="")
    except AnswerError as error:
        return error.message
    return None


QUESTIONS = (
    table_question("Table", "The table that holds the column."),
    Question(
        key="column",
        kind=Kind.COLUMN,
        prompt="Column",
        help="The column to split.",
        example="name",
        required=True,
        choices=column_choices,
    ),
    Question(
        key="into",
        kind=Kind.TEXT,
        prompt="Into",
        help="Each new column with the SQL expression that makes its value, parted by commas. "
        "A type and the word required may stand before the sign; without a type it is that of the "
        "old column.",
        example="first_name = split_part(name, ' ', 1), last_name = split_part(name, ' ', 2)",
        required=True,
        check=_into_check,
    ),
    Question(
        key="back",
        kind=Kind.EXPRESSION,
        prompt="And back",
        help="The SQL expression that makes the old value of the new ones, for old code that still "
        "reads it and for the way back. Without it the old values are lost in the end.",
        example="first_name || ' ' || last_name",
        check=expression_check,
    ),
    Question(
        key="normalise",
        kind=Kind.BOOLEAN,
        prompt="Write odd values anew",
        help="Values that do not come back as they were stop the plan. With this they are written "
        "in the form in which they would come back, before the old column goes.",
        example="false",
        advanced=True,
        default=lambda _: False,
    ),
)


def read(values: Mapping[str, Value], context: Context) -> Reshape:
    """Return the request; raises AnswerError for what is missing or does not fit the table."""
    table = read_table(values, context)
    column = read_column(table, require(values, "column"))
    if not values.get("into"):
        require(values, "into")
    new = tuple(
        new_column(one, table, (column,), context, "--into")
        for one in entries(values.get("into"), context.dialect, flag="--into")
    )
    names = [one.name for one in new]
    if len(new) < 2 or len(set(names)) < len(names):
        raise AnswerError(
            "bad-answer",
            f"{column.name} is split into two columns or more, each of a name of its own",
            next_actions=("for one column see migwiz rename-column and change-type",),
            flag="--into",
        )
    back = text(values, "back")
    if back is not None:
        back = checked(back, column.name, tuple(names), context, "--back")
    return Reshape(
        table=table,
        old=(Made(column=column, expression=back),),
        new=new,
        normalise=back is not None and flag_value(values, "normalise", default=False),
    )


def plan(request: Reshape, context: Context) -> Plan:
    """Return the plan."""
    table, column = request.table.name, request.olds[0]
    return reshaped(
        request,
        context,
        title=f"split {table}.{column} into {listed(request.news)}",
        slug=slugify(f"split {table} {column}", separator="-"),
    )


def summary(values: Mapping[str, Value]) -> str:
    """Name the change."""
    return f"split {values.get('table', '…')}.{values.get('column', '…')}"


OPERATION = Operation(
    kind="split_column",
    group="Column",
    label="Split a column",
    verb="split",
    questions=QUESTIONS,
    read=read,
    plan=plan,
    summary=summary,
)
