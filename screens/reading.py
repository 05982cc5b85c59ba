"""What the wizard asks the session for, each in one piece of work for the desk."""

from __future__ import annotations

from dataclasses import dataclass, replace

from screens.compare import Way, compare
from wizard.model.errors import AnswerError, MigwizError
from wizard.model.option import Option
from wizard.model.plan import Plan
from wizard.questions import Situation
from wizard.session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The situation, and the plan as far as the answers go.

    ``error`` is about the answers, ``unreachable`` about the database; then nothing else is known.
    """

    situation: Situation | None = None
    rollout: Situation | None = None
    plan: Plan | None = None
    error: MigwizError | None = None
    unreachable: MigwizError | None = None
    ways: tuple[Way, ...] = ()
    options: tuple[Option, ...] = ()


def read_plan(session: Session, *, ways: bool) -> Reading:
    """Read the situation and try to plan; ``ways`` compares the deployment models too."""
    try:
        situation = session.situation()
        reading = Reading(
            situation=situation,
            # The rollout's questions are asked under dotted keys, beside the operation's own.
            rollout=replace(situation, values=session.answers.values),
        )
    except MigwizError as error:
        return Reading(unreachable=error)
    if not session.answers.operations:
        return reading
    try:
        plan = session.plan()
    except AnswerError as error:
        return replace(reading, error=error)
    except MigwizError as error:
        return replace(reading, unreachable=error)
    return replace(
        reading,
        plan=plan,
        ways=compare(session) if ways else (),
        options=() if ways else session.options(),
    )
