"""Reading where the plans stand, in a thread of its own, which never holds up who waits for it."""

from __future__ import annotations

from screens.desk import Desk
from screens.state import relative
from wizard.model.answers import Answers
from wizard.session import Environment, Session
from wizard.standing import FileStanding, GateStanding, PhaseStanding, PlanStanding


class PlansReader:
    """Asks a session of its own: a gate's query may take minutes, in which the wizard goes on."""

    def __init__(self, environment: Environment, answers: Answers) -> None:
        session = Session(environment, answers)
        self._answers = answers
        self._desk = Desk(session)
        self.where = (relative(session.root, session.root.parent),)

    async def read(self) -> tuple[PlanStanding, ...]:
        """Return where each plan stands now; raises MigwizError when that cannot be read."""
        return await self._desk.ask(_read, answers=self._answers)

    def close(self) -> None:
        """Let go of the connection, without waiting for a query that is still running."""
        self._desk.close(seconds=0)


def _read(session: Session) -> tuple[PlanStanding, ...]:
    session.forget()
    return kept(session)


def kept(session: Session) -> tuple[PlanStanding, ...]:
    """Return what the plan files alone tell. Reads the disk."""
    found = []
    for one in session.journals():
        waiting = one.next_phase
        found.append(
            PlanStanding(
                slug=one.slug,
                title=one.title,
                created=one.created,
                way_back=one.way_back,
                phases=tuple(
                    PhaseStanding(
                        name=phase.name,
                        state="waiting" if phase.written is None else "written",
                        when=phase.when,
                        application=phase.application,
                        written=phase.written,
                        files=tuple(
                            FileStanding(path=file.path, revision=file.revision, state="written")
                            for file in phase.files
                        ),
                        gate=None
                        if phase.gate is None
                        else GateStanding(
                            text=phase.gate.text,
                            state="people" if phase.gate.query is None else "unknown",
                            query=phase.gate.query,
                            people=phase.gate.people,
                            why="" if phase.gate.query is None else "asked by migwiz next",
                        ),
                    )
                    for phase in one.phases
                ),
                next="apply the files that are written"
                if waiting is None
                else f"write {waiting.name}: {waiting.when}",
                command="" if waiting is None else f"migwiz next {one.slug}",
            )
        )
    return tuple(found)
