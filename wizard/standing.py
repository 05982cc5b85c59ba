"""Where each plan stands: what is written, what is applied, which gates hold, what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from wizard.model.plan import PhaseName, Snippet

#: ``unknown`` is all that cannot be told without a connection, or of a runner that keeps no record.
FileState = Literal["written", "applied", "not applied", "unknown"]
PhaseState = Literal["waiting", "written", "partly applied", "applied", "unknown"]
#: ``people`` is a gate without a query: only people know whether it holds.
GateState = Literal["holds", "fails", "people", "forced", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileStanding:
    """A file of a phase; ``note`` says when it is gone, or was changed or renamed since it was written."""

    path: str
    revision: str
    state: FileState
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GateStanding:
    """A gate; ``rows`` are some of those that its query returned, ``why`` says what is not known."""

    text: str
    state: GateState
    query: str | None = None
    people: bool = True
    rows: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseStanding:
    """A phase of a plan; ``written`` is when, in UTC, None while it waits."""

    name: PhaseName
    state: PhaseState
    when: str
    application: str
    way_back: str = ""
    written: str | None = None
    files: tuple[FileStanding, ...] = ()
    gate: GateStanding | None = None
    snippets: tuple[Snippet, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanStanding:
    """A plan; ``next`` says what to do, ``command`` what to type, ``blocked`` what has to come first.

    ``over`` says that nothing is left to do: "finished", "abandoned", or empty.
    """

    slug: str
    title: str
    created: str
    way_back: str
    phases: tuple[PhaseStanding, ...]
    next: str
    command: str = ""
    blocked: str = ""
    over: str = ""
    notes: tuple[str, ...] = ()
    #: What was looked at, for people; empty when not connected.
    database: str = ""
