"""Add a value to an enumerated type.

What it does
    Lets columns of the type hold one more value. Rows stay as they are.

Why it is dangerous
    The database takes it in an instant and locks no table. The code does not: a running instance
    that reads a value which it does not know fails. And there is no way to take a value away again,
    nor can it be used in the transaction that adds it.

How migwiz does it
    One file of its own, which commits before anything can use the value. First let all code read
    the value, then let some code write it. The way back leaves the value: nobody has to use it, and
    running the file again does nothing. Where columns list their values themselves, the value goes
    to the end of the list, which changes no row.

Reference
    PostgreSQL manual, ALTER TYPE, ADD VALUE; safety.md PG-21, §1.4.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from wizard.dialects.base import Size
from wizard.model.answers import Value
from wizard.model.errors import AnswerError
from wizard.model.findings import Finding, danger, info
from wizard.model.names import slugify
from wizard.model.plan import Lock, Migration, Naive, Plan
from wizard.model.steps import Step
from wizard.operations.base import Context, Operation
from wizard.operations.common import text
from wizard.operations.enum_findings import readers_first, value_stays
from wizard.operations.enum_steps import add_value, relist
from wizard.operations.enum_values import (
    Enumeration,
    enum_questions,
    label_choices,
    read_enumeration,
    read_label,
    read_new_label,
)
from wizard.operations.phases import Part, Refusal, phases
from wizard.questions import Kind, Question, Situation


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was asked for, checked against the type."""

    values: Enumeration
    value: str
    before: str | None
    after: str | None


def _new(value: Value, situation: Situation) -> str | None:
    if str(value) in {one.value for one in label_choices(situation)}:
        return f"there is a value {value} already"
    return None


def _known(value: Value, situation: Situation) -> str | None:
    known = [one.value for one in label_choices(situation)]
    if known and str(value) not in known:
        return f"there is no value {value}; the values are {', '.join(known)}"
    return None


QUESTIONS = (
    *enum_questions("comes in"),
    Question(
        key="value",
        kind=Kind.NAME,
        prompt="New value",
        help="The value that columns may hold from then on.",
        example="returned",
        required=True,
        check=_new,
    ),
    Question(
        key="before",
        kind=Kind.TEXT,
        prompt="Sorts before",
        help="The value in front of which it sorts. Left empty, it sorts last. The order cannot be "
        "changed later.",
        example="lost",
        advanced=True,
        check=_known,
    ),
    Question(
        key="after",
        kind=Kind.TEXT,
        prompt="Sorts after",
        help="The value behind which it sorts, in place of the one before which it does.",
        example="sent",
        advanced=True,
        check=_known,
    ),
)


def read(values: Mapping[str, Value], context: Context) -> Request:
    """Return the request; raises AnswerError for what is missing or does not fit the type."""
    found = read_enumeration(values, context)
    value = read_new_label(values, "value", context)
    before = read_label(values, "before", found) if text(values, "before") else None
    after = read_label(values, "after", found) if text(values, "after") else None
    if before is not None and after is not None:
        raise AnswerError(
            "bad-answer",
            "a value sorts before one value or after one",
            next_actions=("leave --before or --after out",),
            flag="--after",
        )
    return Request(values=found, value=value, before=before, after=after)


def plan(request: Request, context: Context) -> Plan:
    """Return the plan: one file, before any code writes the value."""
    found, value = request.values, request.value
    if value in found.labels:
        raise Refusal(
            info(
                "value-exists",
                f"{found.name} has the value {value} already.",
                why="Its place in the order cannot be changed.",
                safer="Nothing to do.",
            )
        )
    title = f"add {value} to {found.name}"
    migration = _migration(request, context, title)
    step = migration.changes[-1].step
    return Plan(
        title=title,
        slug=slugify(title, separator="-"),
        phases=phases(
            context.rollout,
            Part(
                phase="expand",
                migrations=(migration,),
                when=f"after the deploy of the code that can read {value}, before the one that "
                "writes it",
                application=f"reads {value} everywhere before anything writes it",
            ),
        ),
        findings=_findings(request, context),
        naive=Naive(
            up=(step,),
            lock=_lock(step, request, context),
            effect=f"the same; with it in one deploy, old instances meet {value} before they know "
            "it",
        ),
    )


def _lock(step: Step, request: Request, context: Context) -> Lock:
    uses = request.values.uses
    size = Size() if request.values.enum is not None else context.size(uses[0].table)
    return context.dialect.lock(step, size)


def _migration(request: Request, context: Context, title: str) -> Migration:
    found, value = request.values, request.value
    if found.enum is not None:
        return add_value(found.enum, value, before=request.before, after=request.after)
    labels = list(found.labels)
    place = len(labels)
    if request.before is not None:
        place = labels.index(request.before)
    elif request.after is not None:
        place = labels.index(request.after) + 1
    if place < len(labels) and not context.rollout.direct:
        raise Refusal(
            danger(
                "ordinals-shift",
                f"{value} in the middle of the list gives the values behind it new numbers: "
                f"{found.uses[0].table.name} is copied, and nobody can write to it meanwhile.",
                why="A row keeps the number of its value in the list, not the word.",
                safer="Leave --before and --after out: at the end of the list it changes no row. "
                "Or plan it for a maintenance window.",
            )
        )
    labels.insert(place, value)
    return relist(context, found.uses[0], tuple(labels), title=title, new=value)


def _findings(request: Request, context: Context) -> tuple[Finding, ...]:
    found, value = request.values, request.value
    uses = ", ".join(map(str, found.uses))
    findings: list[Finding] = []
    if not context.rollout.stopped:
        findings.append(
            readers_first(
                value,
                where=uses,
                safer=f"Deploy code that can read {value} first, and code that writes it when no "
                "older instance runs. On the way back: first stop writing it, then change the rows "
                "that hold it.",
            )
        )
    if found.enum is not None:
        forbid = f"migwiz drop-enum-value --type {found.name} --value {value}"
        findings.append(
            value_stays(value, found.name, safer=f"The way back leaves it. To forbid it: {forbid}")
        )
    if request.before is None and request.after is None:
        findings.append(
            info(
                "value-sorts-last",
                f"{value} sorts behind {found.labels[-1]}."
                if found.labels
                else f"{value} is the first value.",
                why="Enumerations sort in the order of their list, also in < and >.",
                safer="If it belongs elsewhere, say so now with --before or --after: the order "
                "cannot be changed later.",
            )
        )
    return tuple(findings)


def summary(values: Mapping[str, Value]) -> str:
    """Name the change."""
    where = values.get("type") or f"{values.get('table', '…')}.{values.get('column', '…')}"
    return f"add {values.get('value', '…')} to {where}"


OPERATION = Operation(
    kind="add_enum_value",
    group="Type",
    label="Add a value to a type",
    verb="value",
    questions=QUESTIONS,
    read=read,
    plan=plan,
    summary=summary,
    sized=False,
)
