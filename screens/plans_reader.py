"""Reading where the plans stand, in a thread of its own, which never holds up who waits for it."""

from __future__ import annotations

from screens.desk import Desk
from screens.plans_screen import PlansScreen
from screens.state import relative
from wizard.model.answers import Answers
from wizard.model.errors import MigwizError
from wizard.session import Environment, Session
from wizard.standing import PlanStanding

Plans = tuple[PlanStanding, ...]


class PlansReader:
    """Asks a session of its own: a gate's query may take minutes, in which the wizard goes on."""

    def __init__(self, environment: Environment, answers: Answers, *, offline: bool) -> None:
        session = Session(environment, answers)
        self._offline = offline
        self._answers = answers
        self._desk = Desk(session)
        self._problems: tuple[MigwizError, ...] = ()
        self.where = (relative(session.root, session.root.parent),)

    async def glance(self) -> Plans:
        """Return what the disk alone tells."""
        plans, self._problems = await self._desk.ask(_glance, answers=self._answers)
        return plans

    async def read(self) -> Plans:
        """Return where each plan stands now; raises MigwizError when that cannot be read."""
        work = _glance if self._offline else _read
        plans, self._problems = await self._desk.ask(work, answers=self._answers)
        return plans

    def problems(self) -> tuple[MigwizError, ...]:
        """What was wrong with plan files that did not read the last time."""
        return self._problems

    def close(self) -> None:
        """Let go of the connection, without waiting for a query that is still running."""
        self._desk.close(seconds=0)


def plans_screen(
    environment: Environment, answers: Answers, *, wanted: str = "", offline: bool = False
) -> PlansScreen:
    """Return the screen of the plans in a project; the answers say where it and its database are."""
    reader = PlansReader(environment, answers, offline=offline)
    return PlansScreen(
        reader.read,
        wanted=wanted,
        glance=reader.glance,
        problems=reader.problems,
        where=reader.where,
        close=reader.close,
    )


def _glance(session: Session) -> tuple[Plans, tuple[MigwizError, ...]]:
    # Files and database may be others by now.
    session.forget()
    return session.standings(offline=True), session.plan_problems()


def _read(session: Session) -> tuple[Plans, tuple[MigwizError, ...]]:
    session.forget()
    return session.standings(), session.plan_problems()
