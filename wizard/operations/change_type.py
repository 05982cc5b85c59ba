"""Change the type of a column.

What it does
    Gives a column another type or collation, and converts its values.

Why it is dangerous
    Unless the stored bytes stay as they are the server writes the whole table and all its indexes
    anew while nobody can read or write it. Even an instant change reads every row when a check
    names the column. Running code meets values of a type that it does not expect, and the way back
    is often worse: it writes everything anew once more, or fails at the first value that no longer
    fits.

How migwiz does it
    Knows which changes are instant, and makes those in one step. A narrower text or number becomes
    a check instead, which stops nobody. For all else it adds a second column of the new type which
    a trigger keeps in step, fills it in batches, gives it the indexes and constraints of the old
    one, and then swaps the names of both in one short transaction. The old column follows the new
    one for a release, so that the swap can be taken back. Where names cannot be swapped so, a tool
    that copies the table beside the application makes the change. An integer key becomes bigint together
    with all columns that point to it, and the plan names the day on which the way back closes.

Reference
    PostgreSQL manual, ALTER TABLE, SET DATA TYPE; safety.md PG-8, PG-8i, §1.3, §1.7, conclusion 12.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from wizard.model.answers import Value
from wizard.model.errors import AnswerError
from wizard.model.findings import info
from wizard.model.plan import Plan
from wizard.model.schema import Schema, Table
from wizard.model.steps import ChangeType, SwapColumns
from wizard.operations.base import Context, Operation, tables_of
from wizard.operations.big_key import key_shadow
from wizard.operations.column_uses import key_on, pointing_at
from wizard.operations.common import (
    choice,
    column_choices,
    expression_check,
    read_table,
    table_question,
    type_check,
)
from wizard.operations.key_direct import key_direct
from wizard.operations.key_family import family_of
from wizard.operations.key_growth import growth_of
from wizard.operations.phases import Refusal
from wizard.operations.retyping import How, Retype
from wizard.operations.type_answers import ask_zone, read_retype
from wizard.operations.type_check import by_check, narrows
from wizard.operations.type_findings import key_stays, no_check, too_long
from wizard.operations.type_in_place import cost, gentle, in_place
from wizard.operations.type_obstacles import refuse_bound
from wizard.operations.type_shadow import shadow
from wizard.operations.type_tool import by_tool, without_tool
from wizard.questions import Choice, Kind, Question, Situation

#: Below this many rows a table counts as small, whose size nobody was asked for.
_FEW_ROWS = 10_000

HOWS: tuple[How, ...] = ("in_place", "shadow", "check", "tool")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was asked for, checked against the table. ``growth`` is how many rows come a day."""

    retype: Retype
    how: How | None
    growth: int | None


def _asked(situation: Situation) -> Retype | None:
    """Return the change as far as it is answered, None while it is not."""
    if situation.dialect is None or situation.table is None:
        return None
    context = _context(situation)
    try:
        return read_retype(situation.values, situation.table, context)
    except AnswerError:
        return None


def _context(situation: Situation) -> Context:
    assert situation.dialect is not None
    known = () if situation.table is None else (situation.table,)
    return Context(
        dialect=situation.dialect,
        tables=tables_of(Schema(tables=known)),
        rollout=situation.rollout,
        enums=situation.enums,
    )


def _how_choices(situation: Situation) -> tuple[Choice, ...]:
    asked = _asked(situation)
    quick = asked is None or gentle(cost(asked, _context(situation)))
    narrow = asked is None or narrows(asked)
    large = not situation.rollout.direct
    return (
        Choice(
            value="in_place",
            label="change it in place",
            hint="one step, in an instant" if quick else "the table is written anew under a lock",
            disabled="it would stop reads and writes for long" if large and not quick else "",
        ),
        Choice(
            value="shadow",
            label="a second column, swapped in a moment",
            hint="2 deploys · writes slower meanwhile",
            disabled=_no_swap(situation),
        ),
        Choice(
            value="check",
            label="keep the type, forbid what is too long by a check",
            hint="instant both ways",
            disabled="" if narrow else "the new type is not a narrower one of its kind",
        ),
        Choice(
            value="tool",
            label="a copy of the table by a tool, such as gh-ost",
            hint="you run its command lines in place of the file",
            disabled=_no_tool(asked, situation),
        ),
    )


def _no_swap(situation: Situation) -> str:
    if situation.dialect is None or situation.dialect.supports(SwapColumns) is None:
        return ""
    return f"{situation.dialect.title} has no swap of two names in one step"


def _no_tool(asked: Retype | None, situation: Situation) -> str:
    if asked is None:
        return ""
    context = _context(situation)
    if gentle(cost(asked, context)):
        return "the server copies nothing for it"
    return "no tool can do it here" if without_tool(asked, context) else ""


def _usual(situation: Situation) -> Value:
    asked = _asked(situation)
    return None if asked is None else usual_how(asked, _context(situation))


def usual_how(retype: Retype, context: Context) -> How:
    """Return how to make the change: in place where that is short, never a long lock unasked."""
    if context.rollout.direct or gentle(cost(retype, context)):
        return "in_place"
    if narrows(retype):
        return "check"
    return "tool" if _no_twins(context) and not without_tool(retype, context) else "shadow"


def _no_twins(context: Context) -> bool:
    """Tell whether no second column can take the place of the first here."""
    return context.dialect.supports(SwapColumns) is not None


def _is_key(situation: Situation) -> bool:
    asked = _asked(situation)
    return asked is not None and asked.way.limit is not None and _in_key(asked)


def _in_key(retype: Retype) -> bool:
    table, name = retype.table, retype.column.name
    return key_on(table, name) or bool(pointing_at(table, name))


def _moves_zone(situation: Situation) -> bool:
    asked = _asked(situation)
    return asked is not None and asked.using is None and asked.way.zone


def _pace(situation: Situation) -> Value:
    asked = _asked(situation)
    counter = None if asked is None else asked.column.counter
    return None if counter is None else counter.per_day


QUESTIONS = (
    table_question("Table", "The table that holds the column."),
    Question(
        key="column",
        kind=Kind.COLUMN,
        prompt="Column",
        help="The column whose type changes.",
        example="total",
        required=True,
        choices=column_choices,
    ),
    Question(
        key="type",
        kind=Kind.TYPE,
        prompt="New type",
        help="The column's new type, as SQL writes it.",
        example="numeric(12,2)",
        required=True,
        check=type_check,
    ),
    Question(
        key="utc",
        kind=Kind.BOOLEAN,
        prompt="Are the stored times UTC?",
        help="A time without a zone means nothing by itself. If all stored values are UTC the change "
        "keeps every byte. If they are not, say how to convert them.",
        example="true",
        when=_moves_zone,
    ),
    Question(
        key="how",
        kind=Kind.CHOICE,
        prompt="How",
        help="In place where that takes an instant or the table is small. A second column takes "
        "longer and stops nobody. A tool copies the table beside the application. A check forbids what a narrower type would not hold.",
        example="shadow",
        default=_usual,
        choices=_how_choices,
    ),
    Question(
        key="growth",
        kind=Kind.INTEGER,
        prompt="New rows a day",
        help="How many rows the table takes a day in production: from it follows the day on which "
        "the numbers pass what the old type holds, and the way back closes.",
        example="50000",
        default=_pace,
        when=_is_key,
    ),
    Question(
        key="using",
        kind=Kind.EXPRESSION,
        prompt="Conversion",
        help="A SQL expression over the column that makes the new value. Leave it empty for the "
        "engine's own conversion.",
        example="nullif(trim(code), '')::integer",
        advanced=True,
        check=expression_check,
    ),
    Question(
        key="back",
        kind=Kind.EXPRESSION,
        prompt="Conversion back",
        help="A SQL expression over the column in its new type that makes the old value, for the "
        "way back. Leave it empty for the engine's own conversion.",
        example="code::text",
        advanced=True,
        check=expression_check,
    ),
    Question(
        key="collation",
        kind=Kind.TEXT,
        prompt="Collation",
        help="How texts are compared and sorted, if that is to change.",
        example="C",
        advanced=True,
    ),
)


def read(values: Mapping[str, Value], context: Context) -> Request:
    """Return the request; raises AnswerError for what is missing or does not fit the table."""
    retype = read_retype(values, read_table(values, context), context)
    growth = values.get("growth")
    if growth is not None and (isinstance(growth, bool) or not isinstance(growth, int)):
        raise AnswerError(
            "bad-answer", f"growth must be a whole number, not {growth!r}", flag="--growth"
        )
    if retype.way.zone and retype.using is None:
        ask_zone(values, retype)
    how = choice(values, "how", HOWS, None)
    return Request(retype=retype, how=cast("How | None", how), growth=growth)


def plan(request: Request, context: Context) -> Plan:
    """Return the plan for the chosen way, or for the one that the matrix chooses."""
    retype = request.retype
    if (retype.column.type, retype.column.collation) == (retype.to.type, retype.to.collation):
        raise Refusal(
            info(
                "type-unchanged",
                f"{retype.name} is {retype.to.type} already.",
                safer="Nothing to do.",
            )
        )
    refuse_bound(retype, context)
    how = request.how or usual_how(retype, context)
    quick = gentle(cost(retype, context))
    if how == "tool" and not quick:
        return by_tool(retype, context)
    if _in_key(retype) and not quick:
        if context.dialect.supports(ChangeType) is not None:
            raise Refusal(key_stays(retype, context))
        return _key(request, how, context)
    match how:
        case "in_place" | "tool":
            if not quick and not context.rollout.direct:
                raise Refusal(too_long(retype, "tool" if _no_twins(context) else "shadow"))
            return in_place(retype, context)
        case "check":
            if not narrows(retype):
                raise Refusal(no_check(retype))
            return by_check(retype, context)
        case "shadow":
            return shadow(retype, context)


def _key(request: Request, how: How, context: Context) -> Plan:
    """Return the plan for a key, with all columns that point to it."""
    retype = request.retype
    family = family_of(retype, context)
    growth = growth_of(retype, request.growth)
    small = all(_few(one) for one in family.tables if one.name != retype.table.name)
    direct = context.rollout.stopped or (context.rollout.small and small)
    if direct and how != "shadow":
        return key_direct(retype, family, growth, context)
    if how == "in_place":
        raise Refusal(too_long(retype, "tool" if _no_twins(context) else "shadow"))
    return key_shadow(retype, family, growth, context)


def _few(table: Table) -> bool:
    """Tell whether a table is known to be small: its size was not asked for."""
    return table.rows is not None and table.rows < _FEW_ROWS


def summary(values: Mapping[str, Value]) -> str:
    """Name the change."""
    shown = [values.get(key, "…") for key in ("table", "column", "type")]
    return f"change {shown[0]}.{shown[1]} to {shown[2]}"


OPERATION = Operation(
    kind="change_type",
    group="Column",
    label="Change a column's type",
    verb="type",
    questions=QUESTIONS,
    read=read,
    plan=plan,
    summary=summary,
)
