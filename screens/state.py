"""What the wizard knows while it is open: the answers, and what was read for them last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from wizard.flow import STEPS, WizardStep
from wizard.model.answers import Answers, OperationAnswers, Value
from wizard.model.errors import MigwizError
from wizard.model.option import Option
from wizard.model.plan import Plan
from wizard.questions import Situation
from wizard.session import Session

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectLine:
    """A project as the first step lists it. ``answers`` are those that choose it.

    It is ``sure`` when more than the look of its files speaks for it.
    """

    label: str
    where: str
    detail: str
    evidence: tuple[str, ...]
    problems: tuple[str, ...]
    sure: bool
    answers: Mapping[str, Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLine:
    """A place in which a database URL was found; ``shown`` holds no password, ``answer`` may."""

    shown: str
    where: str
    answer: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """What the screens say about the open database."""

    label: str
    name: str
    live: bool
    tables: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A plan of which a phase is not written yet."""

    slug: str
    title: str
    phase: str
    gate: str


@dataclass(slots=True)
class State:
    """Everything that the steps show. Only the wizard screen changes it."""

    session: Session
    answers: Answers
    accepted: frozenset[str] = frozenset()
    step: WizardStep = WizardStep.CHANGE
    reached: int = STEPS.index(WizardStep.CHANGE)
    projects: tuple[ProjectLine, ...] | None = None
    project: int | None = None
    project_error: MigwizError | None = None
    sources: tuple[SourceLine, ...] | None = None
    source: str = ""
    database: Database | None = None
    database_error: MigwizError | None = None
    connecting: bool = False
    waiting: tuple[Waiting, ...] = ()
    situation: Situation | None = None
    plan: Plan | None = None
    plan_error: MigwizError | None = None
    #: The ways of the chosen operation side by side, where there are several.
    options: tuple[Option, ...] = ()
    dirty: bool = False
    #: Steps at which something needs a look, with the reason.
    attention: dict[WizardStep, str] = field(default_factory=dict)

    @property
    def chosen(self) -> OperationAnswers | None:
        """The operation's answers, None before one was chosen."""
        return self.answers.operations[0] if self.answers.operations else None

    def summary(self) -> str:
        """Name the change in a few words, empty before one was chosen."""
        chosen = self.chosen
        if chosen is None:
            return ""
        return next(
            one.summary(chosen.values)
            for one in self.session.operations()
            if one.kind == chosen.kind
        )


def relative(path: object, root: object) -> str:
    """Return a path as it is best read: below the root without it."""
    text, head = str(path), f"{root}/"
    return text.removeprefix(head) if text != str(root) else "."


def read_projects(session: Session) -> tuple[ProjectLine, ...]:
    """Read the projects, best first. Reads the disk."""
    found = session.projects()
    return tuple(
        ProjectLine(
            label=one.name,
            where=relative(one.directory, session.root),
            detail=_history(one.heads, one.latest),
            evidence=tuple(f"{each.what} ({each.where})" for each in one.evidence),
            problems=one.problems,
            sure=one.confidence != "low",
            answers={
                "project.framework": one.framework,
                "project.layout": one.layout,
                "project.directory": relative(one.directory, session.root),
            },
        )
        for one in found
    )


def _history(heads: Sequence[str], latest: str | None) -> str:
    if len(heads) > 1:
        return f"{len(heads)} heads: {', '.join(heads)}"
    if heads:
        return f"head {heads[0]}"
    return f"newest {latest}" if latest else "no migrations yet"


def read_project(session: Session) -> int:
    """Return which of the projects is written for; raises what `Session.project` raises."""
    chosen = session.project()
    return session.projects().index(chosen)


def read_sources(session: Session) -> tuple[SourceLine, ...]:
    """Read where a database URL was found, best first. Reads the disk."""
    return tuple(
        # The best source needs no answer; it is what an empty answer means.
        SourceLine(
            # Paths are best read from the root.
            shown=one.shown.replace(f"{session.root}/", ""),
            where=one.origin,
            answer="" if number == 0 else one.url,
        )
        for number, one in enumerate(session.sources())
    )


def read_database(session: Session) -> Database:
    """Open the database and list its tables; raises what `Session.connect` raises."""
    catalog = session.connect()
    tables = session.tables()
    return Database(
        label=session.engine(),
        name=catalog.database,
        live=catalog.live,
        tables=len(tables),
    )


def read_waiting(session: Session) -> tuple[Waiting, ...]:
    """Read the plans whose next phase is not written yet. Reads the disk."""
    return tuple(
        Waiting(
            slug=one.slug,
            title=one.title,
            phase=phase.name,
            gate=phase.gate.text if phase.gate else "",
        )
        for one in session.journals()
        if (phase := one.next_phase) is not None
    )
