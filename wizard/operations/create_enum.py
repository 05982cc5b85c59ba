"""Create an enumerated type.

What it does
    Makes a type whose values are a fixed, ordered list of words. Columns can then be of this type.

Why it is dangerous
    Not by itself: nothing uses the type yet. But it is easy to add a value later and hard to take
    one away, and values sort in the order in which they are listed, not by the alphabet.

How migwiz does it
    One file, which locks nothing. The way back drops the type; the server refuses that while a
    column is of it.

Reference
    PostgreSQL manual, Enumerated Types; safety.md PG-21 to PG-23.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from wizard.dialects.base import Size
from wizard.model.answers import Value
from wizard.model.errors import AnswerError
from wizard.model.findings import info
from wizard.model.inverse import change
from wizard.model.names import TableName, slugify
from wizard.model.plan import Migration, Naive, Plan
from wizard.model.schema import Enum
from wizard.model.steps import CreateEnum
from wizard.operations.base import Context, Operation
from wizard.operations.enum_values import labels_from, no_types, read_type_name
from wizard.operations.new_names import taken
from wizard.operations.phases import Part, additive, phases
from wizard.questions import Kind, Question, Situation


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was asked for, checked."""

    enum: Enum


def _free(value: Value, situation: Situation) -> str | None:
    if str(value) in situation.enums:
        return f"there is a type {value} already; choose another name"
    return None


QUESTIONS = (
    Question(
        key="type",
        kind=Kind.NAME,
        prompt="Name",
        help="The new type's name; schema.name for another schema than the usual one.",
        example="delivery",
        required=True,
        check=_free,
    ),
    Question(
        key="values",
        kind=Kind.TEXT,
        prompt="Values",
        help="The values in the order in which they sort, parted by commas. A value that holds a "
        "comma stands in single quotes.",
        example="pending, sent, lost",
        required=True,
    ),
)


def read(values: Mapping[str, Value], context: Context) -> Request:
    """Return the request; raises AnswerError for what is missing or taken."""
    reason = context.dialect.supports(CreateEnum)
    if reason is not None:
        raise no_types(context, reason)
    given = read_type_name(values)
    name = TableName(context.dialect.check_name(given.name, flag="--type"), given.schema)
    # A table has a type of its own name, too.
    if str(name) in context.enums or taken(context, name):
        raise AnswerError(
            "type-exists",
            f"there is a type {name} already",
            next_actions=("choose another name", "or add a value to it: migwiz add-enum-value"),
            flag="--type",
        )
    if values.get("values") in (None, ""):
        raise AnswerError(
            "missing-answer",
            "values is missing",
            next_actions=("say them with --values pending,sent,lost",),
            flag="--values",
        )
    labels = labels_from(values["values"], context, flag="--values")
    return Request(enum=Enum(name=name, labels=labels))


def plan(request: Request, context: Context) -> Plan:
    """Return the plan: one file, at any time."""
    enum = request.enum
    step = CreateEnum(enum=enum)
    title = f"create type {enum.name}"
    migration = Migration(slug=slugify(title), title=title, changes=(change(step),))
    return Plan(
        title=title,
        slug=slugify(title, separator="-"),
        phases=phases(
            context.rollout,
            Part(
                phase="expand",
                migrations=(migration,),
                when=additive(context.rollout, str(enum.name)),
                application="need not change",
            ),
        ),
        findings=(
            info(
                "enum-only-grows",
                f"A value of {enum.name} can be added in an instant, but not taken away: it can "
                "only be forbidden, or the type built anew under a lock.",
                why="Rows keep the value's number, so the server never gives a number up.",
                safer="For a list that changes often, use a text column with a check, or a table "
                "that the column points to.",
                reference="PostgreSQL manual, Enumerated Types, Implementation Details",
            ),
        ),
        naive=Naive(
            up=(step,),
            lock=context.dialect.lock(step, Size()),
            effect="the same: this is how it is done in one line",
        ),
    )


def summary(values: Mapping[str, Value]) -> str:
    """Name the change."""
    return f"create type {values.get('type', '…')}"


OPERATION = Operation(
    kind="create_enum",
    group="Type",
    label="Create an enumerated type",
    verb="create",
    questions=QUESTIONS,
    read=read,
    plan=plan,
    summary=summary,
    sized=False,
)
