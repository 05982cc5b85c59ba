"""What a plan file holds, as data: one plan, and how far it has come."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from wizard.model.answers import Answers
from wizard.model.plan import Gate, PhaseName, Snippet
from wizard.model.schema import Enum, Table

VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalFile:
    """A file that was written: path below the project's root, revision id, hash of its content."""

    path: str
    revision: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Forced:
    """A gate that was passed although it failed: when (UTC), why, and some rows that it found."""

    at: str
    reason: str
    rows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Abandoned:
    """A plan that is not gone on with: since when (UTC), why, and the plan that takes it back.

    ``by`` is empty when nothing had to be taken back.
    """

    at: str
    reason: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakesBack:
    """What an abandoning plan takes back: another plan's slug, and which of its phases.

    ``late`` are migrations that were written with a later phase than their own, as ``phase/slug``.
    """

    plan: str
    phases: tuple[PhaseName, ...]
    late: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalPhase:
    """A phase of the plan; ``files`` is empty and ``written`` None while it waits.

    ``migrations`` says who runs its files and when, ``snippets`` what developers change. ``late``
    names migrations of an earlier phase that are written with this one: what they need came later.
    """

    name: PhaseName
    when: str
    application: str
    migrations: str = ""
    way_back: str = ""
    snippets: tuple[Snippet, ...] = ()
    gate: Gate | None = None
    written: str | None = None
    files: tuple[JournalFile, ...] = ()
    forced: Forced | None = None
    late: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    """One plan as it is kept. ``tables`` and ``enums`` are those it was planned from.

    ``types`` names all types of the database, whose columns a plan may make. The answers of a plan
    that takes another one back are those of the other one.
    """

    slug: str
    title: str
    created: str
    dialect: str
    server_version: str
    way_back: str
    answers: Answers
    phases: tuple[JournalPhase, ...]
    tables: tuple[Table, ...]
    types: tuple[str, ...] = ()
    #: The engine that speaks the dialect, with its own version; empty for the plain engine.
    flavour: str = ""
    enums: tuple[Enum, ...] = ()
    path: Path | None = None
    abandoned: Abandoned | None = None
    takes_back: TakesBack | None = None

    @property
    def next_phase(self) -> JournalPhase | None:
        """The first phase that was not written yet, None when all were or the plan is abandoned."""
        if self.abandoned is not None:
            return None
        return next((phase for phase in self.phases if phase.written is None), None)

    @property
    def written_phases(self) -> tuple[JournalPhase, ...]:
        """The phases whose files are written, in order."""
        return tuple(phase for phase in self.phases if phase.written is not None)
