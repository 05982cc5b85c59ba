"""Comparing the ways of a change: each is really planned, and its facts are read off the plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from wizard.dialects.base import Dialect
from wizard.model.errors import AnswerError
from wizard.model.names import TableName
from wizard.model.option import Option
from wizard.model.plan import Plan
from wizard.model.schema import Table
from wizard.model.steps import CreateShadowView, CreateSync, CreateTableView
from wizard.operations.base import Context
from wizard.operations.online_work import settle
from wizard.operations.phases import Refusal
from wizard.questions import Choice, Situation
from wizard.ways_back import closing, lock_words, strongest

Request = TypeVar("Request")

#: What a way costs while it is under way, by the step that brings the cost. The third of a write
#: was measured, safety.md PG-10; what a view cannot do, in the same place.
_MEANWHILE = {
    CreateSync: "writes ≈ 1/3 slower meanwhile",
    CreateShadowView: "no TRUNCATE, no ALTER, no new key to it meanwhile",
    CreateTableView: "no TRUNCATE, no ALTER by the view's name meanwhile",
}


def option_of(
    value: str, label: str, plan: Plan, reasons: Sequence[str], dialect: Dialect
) -> Option:
    """Return one way as its plan is; ``reasons`` forbid it, beside what refuses the plan."""
    refused = () if plan.refused is None or reasons else (plan.refused.what.rstrip("."),)
    if reasons or refused:
        return Option(value=value, label=label, reasons=(*reasons, *refused))
    up = [step for one in plan.migrations for step in one.up]
    down = [step for one in plan.migrations for step in one.down]
    gates = [one.gate for one in plan.phases if one.gate is not None and one.gate.people]
    costs = (text for kind, text in _MEANWHILE.items() if any(isinstance(one, kind) for one in up))
    stopped = "the application is stopped" if plan.phases and _stopped(plan) else ""
    return Option(
        value=value,
        label=label,
        # Between two releases stands what only people can know: that one of them is everywhere.
        deploys=1 + len(gates),
        files=len(plan.migrations),
        meanwhile=stopped or next(costs, ""),
        lock_up=lock_words(strongest(dialect, up)),
        lock_down=lock_words(strongest(dialect, down)),
        way_back=closing(plan),
    )


def _stopped(plan: Plan) -> bool:
    return all(one.application.startswith("stopped") for one in plan.phases)


def offered(
    labels: Mapping[str, str],
    request: Callable[[str], Request],
    plan: Callable[[Request, Context], Plan],
    obstacles: Callable[[Request, Context], Mapping[str, Sequence[str]]],
    context: Context,
) -> tuple[Choice, ...]:
    """Return the ways as choices, with what each takes here, or all that forbids it."""
    try:
        forbidden = obstacles(request(next(iter(labels))), context)
    except AnswerError:
        # Partitions are not at hand while questions are asked: the plan itself will tell.
        return tuple(Choice(value=one, label=label) for one, label in labels.items())
    found = []
    for value, label in labels.items():
        reasons = tuple(forbidden.get(value, ()))
        made = Plan(title="", slug="") if reasons else _planned(plan, request(value), context)
        if made is None:
            found.append(Choice(value=value, label=label))
            continue
        option = option_of(value, label, made, reasons, context.dialect)
        disabled = "; ".join(option.reasons)
        found.append(Choice(value=value, label=label, hint=option.hint, disabled=disabled))
    return tuple(found)


def _planned(
    plan: Callable[[Request, Context], Plan], request: Request, context: Context
) -> Plan | None:
    try:
        made = plan(request, context)
        return settle(made, context.dialect, context.tables, context.rollout)
    except Refusal as refusal:
        return Plan(title="", slug="", refused=refusal.finding)
    except AnswerError:
        return None


def context_of(situation: Situation) -> Context | None:
    """Return what a way can be planned with while questions are asked, None without a table.

    No other table can be looked up then; the size is that of the statistics where none was answered.
    """
    table, dialect, rollout = situation.table, situation.dialect, situation.rollout
    if table is None or dialect is None:
        return None
    if rollout.rows is None and table.rows is not None:
        size = rollout.bytes if rollout.bytes is not None else table.bytes
        rollout = replace(rollout, rows=table.rows, bytes=size)

    def look_up(name: TableName) -> Table:
        if name == table.name:
            return table
        raise AnswerError("unknown-table", f"there is no table {name}", flag="--table")

    return Context(dialect=dialect, tables=look_up, rollout=rollout)
