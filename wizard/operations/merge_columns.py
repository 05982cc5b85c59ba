"""Merge several columns into one.

What it does
    Puts one column in the place of several: name in the place of first_name and last_name. A SQL
    expression puts the values together, and others take them apart again.

Why it is dangerous
    In one step it breaks every running instance that still says the old names, and it writes the
    whole table at once. What stood between two values may not be found again: is "van" a part of
    the first name or of the last one?

How migwiz does it
    Stops first if a value would not come back as it was. Then it adds the new column beside the old
    ones and keeps both sides in step by a trigger while both versions of the code run: whatever is
    written to one side is written to the other. Old rows are filled in batches, the new column
    becomes required without stopping anybody, and the old columns go a release later, when a query
    shows that every value of them would come back. Each downgrade brings everything back, values
    too. Without expressions for the way back only the old side leads, the values are gone in the
    end, and you are asked to accept that.

Reference
    safety.md PG-10, PG-8, MY-3, conclusion 12.
"""

from __future__ import annotations

from collections.abc import Mapping

from wizard.model.answers import Value
from wizard.model.errors import AnswerError
from wizard.model.names import slugify
from wizard.model.plan import Plan
from wizard.model.schema import Column
from wizard.operations.base import Context, Operation
from wizard.operations.column_sets import Reshape, listed
from wizard.operations.common import (
    column_choices,
    expression_check,
    flag_value,
    new_name_check,
    read_column,
    read_names,
    read_table,
    require,
    table_question,
    type_check,
)
from wizard.operations.made_columns import Made, checked, new_column
from wizard.operations.reshaping import reshaped
from wizard.questions import Kind, Question, Situation


def _two_check(value: Value, _: Situation) -> str | None:
    names = read_names({"columns": value}, "columns")
    return None if len(set(names)) > 1 else "name two columns or more"


QUESTIONS = (
    table_question("Table", "The table that holds the columns."),
    Question(
        key="columns",
        kind=Kind.COLUMNS,
        prompt="Columns",
        help="The columns to merge, two or more.",
        example="first_name,last_name",
        required=True,
        choices=column_choices,
        check=_two_check,
    ),
    Question(
        key="to",
        kind=Kind.NAME,
        prompt="Into",
        help="The new column's name.",
        example="full_name",
        required=True,
        check=new_name_check,
    ),
    Question(
        key="expression",
        kind=Kind.EXPRESSION,
        prompt="Its value",
        help="The SQL expression that makes the new value of the old ones.",
        example="first_name || ' ' || last_name",
        required=True,
        check=expression_check,
    ),
    Question(
        key="back",
        kind=Kind.ASSIGNMENTS,
        prompt="And back",
        help="For each old column the SQL expression that makes its value of the new one, for old "
        "code that still reads it and for the way back. Without them the old values are lost in "
        "the end.",
        example="first_name = split_part(full_name, ' ', 1)",
        choices=column_choices,
    ),
    Question(
        key="type",
        kind=Kind.TYPE,
        prompt="Type",
        help="The new column's type. Left empty, that of the first of the old ones.",
        example="text",
        check=type_check,
    ),
    Question(
        key="nullable",
        kind=Kind.BOOLEAN,
        prompt="May be NULL",
        help="Whether the new column may be NULL. A required one is proven without stopping anybody.",
        example="true",
        default=lambda _: True,
    ),
    Question(
        key="normalise",
        kind=Kind.BOOLEAN,
        prompt="Write odd values anew",
        help="Values that do not come back as they were stop the plan. With this they are written "
        "in the form in which they would come back, before the old columns go.",
        example="false",
        advanced=True,
        default=lambda _: False,
    ),
)


def read(values: Mapping[str, Value], context: Context) -> Reshape:
    """Return the request; raises AnswerError for what is missing or does not fit the table."""
    table = read_table(values, context)
    names = read_names(values, "columns")
    old = tuple(read_column(table, one, flag="--columns") for one in names)
    if len({one.name for one in old}) < max(2, len(old)):
        raise AnswerError(
            "bad-answer",
            "two columns or more are merged, each named once",
            next_actions=("say them with --columns first_name,last_name",),
            flag="--columns",
        )
    entry = {
        "name": require(values, "to"),
        "expression": require(values, "expression"),
        "type": values.get("type"),
        "nullable": flag_value(values, "nullable", default=True),
    }
    new = new_column(entry, table, old, context, "--to")
    back = _back(values.get("back"), old, new.name, context)
    return Reshape(
        table=table,
        old=tuple(Made(column=one, expression=back.get(one.name)) for one in old),
        new=(new,),
        normalise=bool(back) and flag_value(values, "normalise", default=False),
    )


def _back(value: Value, old: tuple[Column, ...], new: str, context: Context) -> Mapping[str, str]:
    """Return what makes each old column, empty where nothing was said."""
    if value is None or value == "":
        return {}
    if not isinstance(value, Mapping):
        raise AnswerError("bad-answer", "back is one expression for each old column", flag="--back")
    names = [one.name for one in old]
    if set(value) != set(names):
        raise AnswerError(
            "bad-answer",
            f"the way back needs an expression for each of {listed(names)}, and for nothing else",
            why="A column without one would stand still while new code writes.",
            next_actions=(f'write --back "{names[0]} = …" for each of them',),
            flag="--back",
        )
    return {name: checked(str(one), name, (new,), context, "--back") for name, one in value.items()}


def plan(request: Reshape, context: Context) -> Plan:
    """Return the plan."""
    table, olds = request.table.name, listed(request.olds)
    return reshaped(
        request,
        context,
        title=f"merge {olds} of {table} into {request.news[0]}",
        slug=slugify(f"merge {table} {request.news[0]}", separator="-"),
    )


def summary(values: Mapping[str, Value]) -> str:
    """Name the change."""
    return f"merge columns of {values.get('table', '…')} into {values.get('to', '…')}"


OPERATION = Operation(
    kind="merge_columns",
    group="Column",
    label="Merge columns",
    verb="merge",
    questions=QUESTIONS,
    read=read,
    plan=plan,
    summary=summary,
)
