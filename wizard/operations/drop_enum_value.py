"""Take a value out of use.

What it does
    Forbids a value of an enumerated type in every column that holds it, or builds the type anew
    without it.

Why it is dangerous
    Servers have no command for it. Building the type anew writes each table that uses it again,
    with all indexes, while nobody can read or write it. Code that still writes the value fails, and
    rows that hold it have to become something else first, which nobody can take back.

How migwiz does it
    Recommends a check on each column: it is added in an instant and proven while reads and writes
    go on, and the way back drops it. The word stays in the list, where it harms nobody. In a
    maintenance window the type can be built anew instead; its checks and indexes are dropped and
    made again around it, and the way back builds the old type in the same way.

Reference
    safety.md PG-23, PG-18, §1.4.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, cast

from wizard.dialects.base import Size
from wizard.model.answers import Value
from wizard.model.errors import AnswerError
from wizard.model.findings import Finding, danger, info, warning
from wizard.model.names import slugify
from wizard.model.plan import Gate, Migration, Naive, Plan
from wizard.model.schema import Enum
from wizard.model.steps import CreateEnum, DropEnum
from wizard.operations.base import Context, Operation
from wizard.operations.common import choice, text
from wizard.operations.enum_findings import value_stays
from wizard.operations.enum_obstacles import refuse_unmovable, type_obstacle
from wizard.operations.enum_retype import retype
from wizard.operations.enum_steps import forbid, forbids, move_rows, relist
from wizard.operations.enum_values import (
    Enumeration,
    Use,
    enum_questions,
    label_choices,
    names_label,
    no_row_has,
    read_enumeration,
    read_label,
    rows_with,
)
from wizard.operations.phases import Part, Refusal, everywhere, phases
from wizard.questions import Choice, Kind, Question, Situation

How = Literal["check", "type"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was asked for, checked against the type."""

    values: Enumeration
    value: str
    to: str | None
    how: How


def _how_choices(situation: Situation) -> tuple[Choice, ...]:
    direct = situation.rollout.stopped
    later = situation.dialect is None or situation.dialect.capabilities.not_valid
    return (
        Choice(
            value="check",
            label="forbid it by a check on each column",
            hint="proven while writes go on · undone in an instant"
            if later
            else "looks at every row · undone in an instant",
        ),
        Choice(
            value="type",
            label="build the list anew without it",
            hint="writes each table again",
            disabled="" if direct else "only in a maintenance window",
        ),
    )


QUESTIONS = (
    *enum_questions("goes out of use"),
    Question(
        key="value",
        kind=Kind.CHOICE,
        prompt="Value",
        help="The value that no row may hold any more.",
        example="lost",
        required=True,
        choices=label_choices,
    ),
    Question(
        key="to",
        kind=Kind.TEXT,
        prompt="Rows that hold it get",
        help="Another value for rows that hold this one. That cannot be undone: nobody can tell "
        "them from the others afterwards. Left empty, the migration stops when there are any.",
        example="sent",
    ),
    Question(
        key="how",
        kind=Kind.CHOICE,
        prompt="How",
        help="A check can be dropped again in an instant. Building the list anew takes the word away "
        "for good, and writes every table that uses it.",
        example="check",
        default=lambda _: "check",
        choices=_how_choices,
    ),
)


def read(values: Mapping[str, Value], context: Context) -> Request:
    """Return the request; raises AnswerError for what is missing or does not fit the type."""
    found = read_enumeration(values, context)
    value = read_label(values, "value", found)
    to = read_label(values, "to", found) if text(values, "to") else None
    if to == value:
        raise AnswerError(
            "bad-answer",
            f"rows that hold {value} cannot get {value}",
            next_actions=(f"name another of {', '.join(found.without(value))}",),
            flag="--to",
        )
    how = choice(values, "how", ("check", "type"), "check")
    return Request(values=found, value=value, to=to, how=cast("How", how))


def plan(request: Request, context: Context) -> Plan:
    """Return the plan: change the rows that hold it, then forbid the value or build anew."""
    found, value, rollout = request.values, request.value, context.rollout
    _refuse(request, context)
    if request.to is not None:
        refuse_unmovable(found, value)
    moving = tuple(
        move_rows(context, use, value, request.to, back=False)
        for use in found.uses
        if request.to is not None
    )
    title = f"drop {value} from {found.name}"
    closing = _closing(request, context, title)
    unwritten = everywhere(rollout, f"writes no {value}")
    query = no_row_has(context, found.uses, value)
    return Plan(
        title=title,
        slug=slugify(title, separator="-"),
        phases=phases(
            rollout,
            Part(
                phase="backfill",
                migrations=moving,
                when=f"after the deploy whose code writes no {value}",
                application=f"writes no {value}, and can still read it",
                gate=Gate(text=unwritten),
            ),
            Part(
                phase="validate",
                migrations=closing,
                when="when no row holds it any more",
                application=f"need not know {value} any more",
                gate=Gate(text=f"{unwritten}; no row holds {value}", query=query)
                if not moving
                else Gate(text=f"no row holds {value}", query=query, people=False),
            ),
        ),
        findings=_findings(request, context),
        preflights=tuple(rows_with(context, use, value) for use in found.uses)
        if request.to is None
        else (),
        naive=_naive(request, context),
    )


def _refuse(request: Request, context: Context) -> None:
    found, value = request.values, request.value
    beginning = [str(use) for use in found.uses if names_label(use.column.default, value, context)]
    if beginning:
        raise Refusal(
            danger(
                "value-is-default",
                f"{', '.join(beginning)} begins with {value}.",
                why="Every insert that does not name the column would fail.",
                safer="Give it another default first: migwiz set-default.",
            )
        )
    done = [one for use in found.uses if (one := forbids(context, use, value)) is not None]
    if request.how == "check" and found.uses and len(done) == len(found.uses):
        raise Refusal(
            info(
                "value-forbidden",
                f"{', '.join(str(one.name) for one in done)} forbids {value} already.",
                safer="Nothing to do.",
            )
        )
    if request.how == "type" and found.uses and not context.rollout.direct:
        tables = ", ".join(dict.fromkeys(str(use.table.name) for use in found.uses))
        raise Refusal(
            danger(
                "type-rewrites",
                f"Building {found.name} anew writes {tables} again, with all indexes, while nobody "
                "can read or write there.",
                why="A row keeps the number of its value, which another list gives to another "
                "word.",
                safer="Forbid the value by a check instead: --how check. With the application "
                "stopped, use --deployment maintenance.",
            )
        )
    if request.how == "type":
        _refuse_bound(request, context)


def _refuse_bound(request: Request, context: Context) -> None:
    found, value = request.values, request.value
    others = context.enum(found.enum.name).others if found.enum is not None else ()
    reasons = [f"{', '.join(others)} is tied to it"] if others else []
    for use in found.uses if found.enum is not None else ():
        reason = type_obstacle(context, use, value)
        reasons += [f"{use}: {reason}"] if reason else []
    if reasons:
        raise Refusal(
            danger(
                "type-bound",
                f"{found.name} cannot be built anew: {'; '.join(reasons)}.",
                why="The server ties these to the type as it is, and refuses to change a column or "
                "drop the type under them.",
                safer="Forbid the value by a check instead (--how check), or drop these first.",
            )
        )


def _closing(request: Request, context: Context, title: str) -> tuple[Migration, ...]:
    found, value = request.values, request.value
    if request.how == "check" and found.uses:
        left = tuple(one for one in found.uses if forbids(context, one, value) is None)
        adding, proving = forbid(context, left, value)
        return (*adding, *proving)
    if found.enum is None:
        use = found.uses[0]
        return (relist(context, use, found.without(value), title=title, gone=value),)
    without = Enum(name=found.enum.name, labels=found.without(value))
    return (retype(context, found, without, gone=value, title=title),)


def _naive(request: Request, context: Context) -> Naive:
    found, value = request.values, request.value
    tables = ", ".join(dict.fromkeys(str(use.table.name) for use in found.uses))
    effect = f"nobody can read or write {tables} while it is written again"
    if found.enum is None:
        use = found.uses[0]
        step = relist(context, use, found.without(value), title="").changes[-1].step
        return Naive(
            up=(step,), lock=context.dialect.lock(step, context.size(use.table)), effect=effect
        )
    after = Enum(name=found.enum.name, labels=found.without(value))
    up = (DropEnum(enum=found.enum), CreateEnum(enum=after))
    if not found.uses:
        return Naive(up=up, lock=context.dialect.lock(up[0], Size()), effect="much the same")
    changes = retype(context, found, after, gone=value, title="").changes
    locks = [context.dialect.lock(one.step, context.size(found.uses[0].table)) for one in changes]
    lock = next((one for one in locks if one.work == "rewrite"), locks[0])
    return Naive(up=tuple(one.step for one in changes), lock=lock, effect=effect)


def _findings(request: Request, context: Context) -> tuple[Finding, ...]:
    found, value = request.values, request.value
    findings: list[Finding] = []
    if not context.rollout.stopped:
        findings.append(
            warning(
                "value-and-old-code",
                f"Code that writes {value} fails as soon as it is forbidden, old code too.",
                why="Old instances run until the last one is replaced.",
                safer="Deploy the code that does without it first; the gate says so.",
            )
        )
    if request.to is not None:
        findings.append(
            danger(
                "values-merge",
                f"Rows that hold {value} get {request.to}, and nobody can tell them from the "
                "others afterwards.",
                why="The earlier value is overwritten and kept nowhere.",
                safer="Note their keys first if it may matter.",
            )
        )
    if request.how == "check" and found.uses:
        findings.append(
            value_stays(
                value,
                found.name,
                safer="Only these columns refuse it. A new column of the type needs a check of its "
                "own.",
            )
        )
    if request.how == "type" and found.uses:
        findings.append(_rewritten(found.uses, found.name))
    return tuple(findings)


def _rewritten(uses: tuple[Use, ...], name: str) -> Finding:
    listed = ", ".join(map(str, uses))
    indexes = [
        one.name
        for use in uses
        for one in use.table.indexes
        if use.column.name in one.columns
        or use.column.name in (one.where or "")
        or any(use.column.name in (part.expression or "") for part in one.parts)
    ]
    more = f", and {', '.join(dict.fromkeys(indexes))} are built again" if indexes else ""
    return warning(
        "type-rewritten",
        f"{listed} is written again, in one transaction{more}. The way back does the same.",
        why="Each row keeps the number of its value, which has to be looked up anew.",
        safer=f"Sessions that know {name} from before must connect again.",
    )


def summary(values: Mapping[str, Value]) -> str:
    """Name the change."""
    where = values.get("type") or f"{values.get('table', '…')}.{values.get('column', '…')}"
    return f"drop {values.get('value', '…')} from {where}"


OPERATION = Operation(
    kind="drop_enum_value",
    group="Type",
    label="Take a value of a type out of use",
    verb="value",
    questions=QUESTIONS,
    read=read,
    plan=plan,
    summary=summary,
)
