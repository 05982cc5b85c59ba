"""Rename a value of an enumerated type.

What it does
    Calls a value otherwise: in the code only, or in the database, in steps that old and new code
    both survive.

Why it is dangerous
    RENAME VALUE takes an instant and locks no table, and from that instant on every running instance
    that reads or writes the old word fails: old code does not know the new word, new code does not
    find it before.

How migwiz does it
    Offers first what needs no change of the database: the code's own member gets the new name and
    keeps the old word. Otherwise the new word comes in beside the old one, code writes only the new
    one, rows are changed over in batches, and a check that is proven while writes go on forbids the
    old word. The way back changes the rows back. Renaming in place is for a stopped application.

Reference
    PostgreSQL manual, ALTER TYPE, RENAME VALUE; safety.md PG-22.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, cast

from wizard.dialects.base import Size
from wizard.model.answers import Value
from wizard.model.errors import AnswerError
from wizard.model.findings import danger, info
from wizard.model.inverse import change
from wizard.model.names import slugify
from wizard.model.plan import Gate, Migration, Naive, Plan
from wizard.model.steps import RenameEnumValue, SetDefault
from wizard.operations.base import Context, Operation
from wizard.operations.blocks import ddl
from wizard.operations.common import choice
from wizard.operations.enum_findings import renaming, texts_name
from wizard.operations.enum_obstacles import refuse_unmovable
from wizard.operations.enum_steps import add_value, forbid, move_rows, relist
from wizard.operations.enum_values import (
    Enumeration,
    enum_questions,
    has_types,
    label_choices,
    names_label,
    no_row_has,
    read_enumeration,
    read_label,
    read_new_label,
)
from wizard.operations.phases import Part, Refusal, everywhere, phases
from wizard.operations.snippets import mapped_value
from wizard.questions import Choice, Kind, Question, Situation

How = Literal["map", "add", "direct"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was asked for, checked against the type."""

    values: Enumeration
    old: str
    new: str
    how: How


def _how_choices(situation: Situation) -> tuple[Choice, ...]:
    stopped = situation.rollout.stopped
    in_place = "" if stopped else "only in a maintenance window"
    return (
        Choice(
            value="map",
            label="keep the word, rename the member in the code",
            hint="no migration · no risk",
        ),
        Choice(
            value="add",
            label="add the new word, change the rows, forbid the old one",
            hint="3 phases · both words work meanwhile",
        ),
        Choice(
            value="direct",
            label="rename in place",
            hint="one file",
            disabled=in_place if has_types(situation) else "the column lists its values itself",
        ),
    )


QUESTIONS = (
    *enum_questions("is renamed"),
    Question(
        key="value",
        kind=Kind.CHOICE,
        prompt="Value",
        help="The value to rename.",
        example="lost",
        required=True,
        choices=label_choices,
    ),
    Question(
        key="to",
        kind=Kind.NAME,
        prompt="New word",
        help="What the value is to be called.",
        example="missing",
        required=True,
    ),
    Question(
        key="how",
        kind=Kind.CHOICE,
        prompt="How",
        help="Renaming the member in the code changes nothing in the database and carries no risk. "
        "To change the word there while old and new code run, both must work for a while.",
        example="add",
        required=True,
        default=lambda _: "map",
        choices=_how_choices,
    ),
)


def read(values: Mapping[str, Value], context: Context) -> Request:
    """Return the request; raises AnswerError for what is missing or does not fit the type."""
    found = read_enumeration(values, context)
    old = read_label(values, "value", found)
    new = read_new_label(values, "to", context)
    if new in found.labels:
        raise AnswerError(
            "value-taken",
            f"{found.name} has a value {new} already",
            next_actions=("choose another word",),
            flag="--to",
        )
    how = choice(values, "how", ("map", "add", "direct"), "map")
    return Request(values=found, old=old, new=new, how=cast("How", how))


def plan(request: Request, context: Context) -> Plan:
    """Return the plan for the chosen way."""
    match request.how:
        case "map":
            return _map(request, context)
        case "add":
            return _add(request, context)
        case "direct":
            return _direct(request, context)


def _title(request: Request) -> str:
    return f"rename {request.old} of {request.values.name} to {request.new}"


def _slug(request: Request) -> str:
    return slugify(_title(request), separator="-")


def _naive(request: Request, context: Context) -> Naive:
    enum, old, new = request.values.enum, request.old, request.new
    effect = f"every running instance that says {old} fails until it is replaced"
    if enum is None:
        use = request.values.uses[0]
        labels = tuple(new if one == old else one for one in request.values.labels)
        step = relist(context, use, labels, title="").changes[-1].step
        lock = context.dialect.lock(step, context.size(use.table))
        return Naive(up=(step,), lock=lock, effect=f"rows that hold {old} lose it, or it fails")
    rename = RenameEnumValue(enum=enum, old=old, new=new)
    return Naive(up=(rename,), lock=context.dialect.lock(rename, Size()), effect=effect)


def _map(request: Request, context: Context) -> Plan:
    old, new = request.old, request.new
    finding = info(
        "map-the-name",
        f"No migration is needed: the member of the code's list is called after {new} and keeps "
        f"the word {old} in the database.",
        why="A rename that changes nothing in the database cannot break anything.",
        safer="To change the database too, choose --how add.",
    )
    return Plan(
        title=_title(request),
        slug=_slug(request),
        findings=(finding,),
        snippets=mapped_value(old, new),
        naive=_naive(request, context),
    )


def _direct(request: Request, context: Context) -> Plan:
    enum, old, new = request.values.enum, request.old, request.new
    reason = context.dialect.supports(RenameEnumValue)
    if enum is None or reason is not None or not context.rollout.stopped:
        raise Refusal(
            danger(
                "rename-breaks-old-code",
                f"Renaming {old} at once breaks every running instance that still says it."
                if reason is None
                else f"{context.dialect.label} cannot rename {old} in place.",
                why="Old and new code run together while a version rolls out."
                if reason is None
                else f"{reason}.",
                safer="Rename the member in the code (--how map), or the word in steps "
                "(--how add)."
                + (
                    " With the application stopped, use --deployment maintenance."
                    if reason is None
                    else ""
                ),
            )
        )
    step = RenameEnumValue(enum=enum, old=old, new=new)
    title = _title(request)
    migration = Migration(slug=slugify(title), title=title, changes=(change(step),))
    return Plan(
        title=title,
        slug=_slug(request),
        phases=phases(
            context.rollout,
            Part(
                phase="switch",
                migrations=(migration,),
                when="in the maintenance window",
                application=f"stopped; start the version that says {new}",
            ),
        ),
        findings=(texts_name(request.old, request.new),),
        naive=_naive(request, context),
    )


def _add(request: Request, context: Context) -> Plan:
    found, old, new = request.values, request.old, request.new
    rollout = context.rollout
    refuse_unmovable(found, old)
    moving = tuple(move_rows(context, use, old, new, back=True) for use in found.uses)
    adding, closing = _ends(request, context)
    only_new = everywhere(rollout, f"writes {new} and never {old}")
    return Plan(
        title=_title(request),
        slug=_slug(request),
        phases=phases(
            rollout,
            Part(
                phase="expand",
                migrations=(adding,),
                when=f"before the deploy of the code that reads {new} as well as {old}",
                application=f"reads both words, and still writes {old}",
            ),
            Part(
                phase="backfill",
                migrations=(*_defaults(request, context), *moving),
                when=f"after the deploy whose code writes {new}",
                application=f"reads both words, and writes only {new}",
                gate=Gate(text=only_new),
            ),
            Part(
                phase="validate",
                migrations=closing,
                when="when all rows are changed",
                application=f"need not know {old} any more",
                gate=Gate(
                    text=f"no row holds {old}",
                    query=no_row_has(context, found.uses, old),
                    people=False,
                ),
            ),
        ),
        findings=renaming(context, found, old, new),
        naive=_naive(request, context),
    )


def _ends(request: Request, context: Context) -> tuple[Migration, tuple[Migration, ...]]:
    """Return what brings the new word in, and what keeps the old one out afterwards."""
    found, old, new = request.values, request.old, request.new
    title = f"add {new} to {found.name}"
    if found.enum is not None:
        adding, proving = forbid(context, found.uses, old)
        return add_value(found.enum, new, after=old), (*adding, *proving)
    use, labels = found.uses[0], (*found.labels, new)
    first = relist(context, use, labels, title=title, new=new, moved=True)
    if not context.rollout.direct:
        return first, ()
    listed = replace(use, column=replace(use.column, type=_type_after(first)))
    kept = tuple(one for one in labels if one != old)
    closing = relist(context, listed, kept, title=f"drop {old} from {found.name}", gone=old)
    return first, (closing,)


def _type_after(migration: Migration) -> str:
    step = migration.changes[-1].step
    to = getattr(step, "to", None)
    return str(to.type) if to is not None else ""


def _defaults(request: Request, context: Context) -> tuple[Migration, ...]:
    """Return the migrations that let columns which begin with the old word begin with the new."""
    found: list[Migration] = []
    for use in request.values.uses:
        default = use.column.default
        if not names_label(default, request.old, context) or default is None:
            continue
        literal = context.dialect.literal
        renamed = default.replace(literal(request.old), literal(request.new))
        step = SetDefault(table=use.table.name, column=use.column, default=renamed)
        title = f"begin {use} with {request.new}"
        found.append(ddl(context, title, change(step)))
    return tuple(found)


def summary(values: Mapping[str, Value]) -> str:
    """Name the change."""
    return f"rename the value {values.get('value', '…')} to {values.get('to', '…')}"


OPERATION = Operation(
    kind="rename_enum_value",
    group="Type",
    label="Rename a value of a type",
    verb="value",
    questions=QUESTIONS,
    read=read,
    plan=plan,
    summary=summary,
)
