"""A plan: phases of migrations with the gates between them, and what to know about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from wizard.model.findings import Finding
from wizard.model.handover import Handover
from wizard.model.names import TableName
from wizard.model.steps import CreateTable, Step


class Grade(StrEnum):
    """How good the way back is, best first."""

    LOSSLESS = "lossless"
    LOSSLESS_UNTIL = "lossless until"
    STRUCTURE_ONLY = "structure only"
    NONE = "none"


_ORDER = list(Grade)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reversibility:
    """A grade; ``until`` names the gate after which it no longer holds, ``reason`` says why."""

    grade: Grade = Grade.LOSSLESS
    until: str = ""
    reason: str = ""

    def __str__(self) -> str:
        return f"{self.grade} {self.until}".strip()

    @property
    def needs_acknowledgement(self) -> bool:
        """Whether something is lost that no care can keep."""
        return self.grade in (Grade.STRUCTURE_ONLY, Grade.NONE)


LOSSLESS = Reversibility()


def worst(*grades: Reversibility) -> Reversibility:
    """Return the worst of several ways back; lossless when there are none."""
    return max(grades, key=lambda one: _ORDER.index(one.grade), default=LOSSLESS)


Work = Literal["none", "scan", "rewrite", "build", "batches"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """What a step holds while it works: the engine's own mode name, on which tables, what waits.

    ``work`` is what happens under the lock; ``milliseconds`` an estimate of its length, a range
    (least, most), None where it cannot be said. With ``ends`` an exclusive lock is waited for at
    the beginning and at the end, behind which everybody queues, however little it holds between.
    """

    mode: str
    on: tuple[TableName, ...] = ()
    blocks: tuple[Literal["reads", "writes"], ...] = ()
    work: Work = "none"
    milliseconds: tuple[int, int] | None = None
    ends: bool = False


NO_LOCK = Lock(mode="none")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A step and its way back: ``undo`` is run in order by the downgrade."""

    step: Step
    undo: tuple[Step, ...]
    reversibility: Reversibility = LOSSLESS
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """The changes of one file.

    ``slug`` names the file, ``title`` says what it does in a few words. ``transactional`` is
    false when a step cannot run inside a transaction. ``lock_timeout_ms`` is the lock budget
    under which its strong locks wait, None for builds and validations, which must not be cut
    short (safety.md, conclusion 7). ``by_tool`` says that a tool should do its work, whatever the
    size of the table.
    """

    slug: str
    title: str
    changes: tuple[Change, ...]
    kind: Literal["schema", "data"] = "schema"
    transactional: bool = True
    lock_timeout_ms: int | None = None
    by_tool: bool = False

    @property
    def reversibility(self) -> Reversibility:
        """The worst way back among the changes."""
        return worst(*(change.reversibility for change in self.changes))

    @property
    def up(self) -> tuple[Step, ...]:
        """The steps of the upgrade, in order."""
        return tuple(change.step for change in self.changes)

    @property
    def down(self) -> tuple[Step, ...]:
        """The steps of the downgrade, in order: the changes taken back last to first."""
        return tuple(step for change in reversed(self.changes) for step in change.undo)


PhaseName = Literal["expand", "backfill", "validate", "switch", "contract"]
PHASES: tuple[PhaseName, ...] = ("expand", "backfill", "validate", "switch", "contract")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """What must be true before a phase. ``query``, when given, returns no row while it holds.

    ``people`` is true when part of it is known to people only, such as what is deployed where.
    """

    text: str
    query: str | None = None
    people: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """The migrations to run between two deploys.

    ``when`` says when to run them, ``application`` what the application must do by then, ``gate``
    what must hold before; None for a phase that may run at once. ``way_back`` says what going back
    from there takes, and when it closes; the planner fills it in.
    """

    name: PhaseName
    when: str
    application: str
    migrations: tuple[Migration, ...]
    gate: Gate | None = None
    way_back: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Naive:
    """What a one-line migration would have done, to compare with."""

    up: tuple[Step, ...]
    lock: Lock
    effect: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Preflight:
    """A question to the data before a step that can fail on it.

    ``query`` returns the offending rows (at most a few); none means that all is well.
    """

    query: str
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Snippet:
    """What a developer changes in the application, as text for a screen and the plan file."""

    phase: PhaseName
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All that one change takes, from the first file to the last.

    ``refused`` says why there is nothing to do and what to do instead; then there are no phases.
    ``handovers`` name files whose work a tool should do, each by the slugs of its migrations.
    ``by_runner`` are the slugs of data migrations whose rows ``migwiz backfill run`` walks: their
    steps say how, their files only check that it is done.
    """

    title: str
    slug: str
    phases: tuple[Phase, ...] = ()
    findings: tuple[Finding, ...] = ()
    naive: Naive | None = None
    preflights: tuple[Preflight, ...] = ()
    snippets: tuple[Snippet, ...] = ()
    refused: Finding | None = None
    notes: tuple[str, ...] = field(default=())
    handovers: tuple[Handover, ...] = ()
    by_runner: tuple[str, ...] = ()

    @property
    def migrations(self) -> tuple[Migration, ...]:
        """All migrations, in the order in which they run."""
        return tuple(one for phase in self.phases for one in phase.migrations)

    @property
    def reversibility(self) -> Reversibility:
        """The worst way back among the migrations."""
        return worst(*(migration.reversibility for migration in self.migrations))

    @property
    def new_tables(self) -> frozenset[TableName]:
        """The tables that the plan makes, which are empty whatever size was answered."""
        steps = (step for migration in self.migrations for step in migration.up)
        return frozenset(step.table.name for step in steps if isinstance(step, CreateTable))
