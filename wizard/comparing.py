"""The ways of a change side by side, each planned in full against the database."""

from __future__ import annotations

from wizard.dialects.flavours import planned_for
from wizard.model.answers import OperationAnswers
from wizard.model.errors import AnswerError
from wizard.model.names import TableName
from wizard.model.option import Option
from wizard.model.schema import Table
from wizard.operations import operation
from wizard.operations.base import Context
from wizard.operations.ways import option_of
from wizard.planner import Known, make_plan


def options(answers: OperationAnswers, known: Known) -> tuple[Option, ...]:
    """Return all ways of an operation, best first; none where there is nothing to choose.

    Raises AnswerError where the answers do not name what is to be changed.
    """
    kind = operation(answers.kind)
    if kind.ways is None:
        return ()

    def look_up(name: TableName) -> Table:
        return known.table(name)

    context = Context(
        dialect=known.dialect,
        tables=look_up,
        rollout=planned_for(known.dialect, known.rollout),
        enums=known.enums,
        enum=known.enum,
    )
    first = next(iter(kind.ways.labels))
    request = kind.read({**answers.values, "how": first}, context)
    forbidden = kind.ways.obstacles(request, context)
    found = []
    for value, label in kind.ways.labels.items():
        plan = make_plan((answers.put("how", value),), known)
        found.append(option_of(value, label, plan, forbidden.get(value, ()), known.dialect))
    return tuple(found)


def options_or_none(answers: OperationAnswers, known: Known) -> tuple[Option, ...]:
    """Return the ways, none while the answers are not complete."""
    try:
        return options(answers, known)
    except AnswerError:
        return ()
