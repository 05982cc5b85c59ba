"""What a generator is: a framework whose projects are found, named after and written for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal, Protocol

from generators.ledger import Ledger, Unrecorded
from generators.ties import Tie
from wizard.dialects.base import Dialect, Size
from wizard.model.names import TableName
from wizard.model.plan import Migration, PhaseName

Transactions = Literal["each migration", "whole run", "file decides", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Why migwiz believes something: what was seen, and in which file (relative to the root)."""

    what: str
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """One set of migrations found below a root.

    ``directory`` is where new files go; ``keeping`` is where plan files may lie, None for a folder
    within it: a runner that takes each folder for a migration must not meet one there. ``heads`` are the ids a new migration can follow; more
    than one is a conflict. ``latest`` is the newest file's name, ``pattern`` how names are made,
    for people. ``options`` is the generator's own knowledge, by name. ``problems`` are sentences
    about a broken history. ``apart`` is for a runner that holds all files of a run in one
    transaction which they cannot leave: how it is told to run each alone, None for any other.
    """

    framework: str
    layout: str | None
    root: Path
    directory: Path
    keeping: Path | None = None
    confidence: Literal["high", "medium", "low"]
    evidence: tuple[Evidence, ...]
    heads: tuple[str, ...] = ()
    latest: str | None = None
    pattern: str = ""
    transactions: Transactions = "each migration"
    apart: str | None = None
    database: str | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """``alembic``, or ``sql/dbmate``."""
        return f"{self.framework}/{self.layout}" if self.layout else self.framework


@dataclass(frozen=True, slots=True, kw_only=True)
class FileEdit:
    """A file to create, or an existing one to replace by ``content``.

    ``path`` is absolute and below the project's root. ``up`` and ``down`` are the parts of
    ``content`` that the preview shows side by side; ``slug`` is the migration's, ``revision`` the
    id by which the framework knows it, empty for companions.
    """

    path: Path
    content: str
    phase: PhaseName
    action: Literal["create", "edit"] = "create"
    language: str = "sql"
    up: str = ""
    down: str = ""
    slug: str = ""
    title: str = ""
    revision: str = ""
    #: What a developer writes in the models for it, where the framework keeps a state of them.
    models: tuple[str, ...] = ()
    #: For an edit, the text that was read: the writer refuses when the file has changed since.
    before: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What to render: some migrations of a plan, and all they depend on besides the project.

    ``phase`` of each migration stands in ``migrations`` beside it. ``after`` are edits already
    planned in the same write, which the new files follow. ``tools`` names, by the slug of a
    migration, the tool that does its work in place of the file. ``before`` gives, by the slug, the
    command that has to be done before the file, which only checks that it was. ``now`` and ``new_id`` are the only
    sources of time and randomness: ``new_id(n)`` returns ``n`` hexadecimal digits. ``whole`` are
    all migrations of the plan, also those of other phases; empty means just these.
    """

    title: str
    plan_slug: str
    migrations: tuple[tuple[PhaseName, Migration], ...]
    dialect: Dialect
    sizes: Callable[[TableName], Size]
    now: datetime
    new_id: Callable[[int], str]
    deploy: Mapping[PhaseName, str] = field(default_factory=dict)
    tools: Mapping[str, str] = field(default_factory=dict)
    before: Mapping[str, str] = field(default_factory=dict)
    after: tuple[FileEdit, ...] = ()
    whole: tuple[Migration, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Commands:
    """Shell commands for people: apply up to the last of some files, and take them back.

    ``mark`` makes the framework take them for applied without running them, once all before them
    are; empty where it has no command for that.
    """

    apply: str
    revert: str
    mark: str = ""


class Generator(Protocol):
    """A framework. Implementations are modules' ``GENERATOR`` values, found by discovery."""

    @property
    def framework(self) -> str:
        """The stable name, as answers files say it."""

    @property
    def label(self) -> str:
        """The name for people."""

    def detect(self, root: Path) -> list[Project]:
        """Return every project of this framework below ``root``, best first.

        Reads files as text and never imports user code. Unreadable files are skipped.
        """

    def imagine(self, root: Path, dialect: Dialect) -> Project:
        """Return the project this framework's own tool would set up, for a preview without one."""

    def render(self, project: Project, job: Job) -> tuple[FileEdit, ...]:
        """Return the files, named and written as the project's own tool and newest files would.

        Raises ConflictError for two heads, a broken history or a taken name.
        """

    def check(self, edits: Sequence[FileEdit], dialect: Dialect) -> None:
        """Raise an AssertionError when a rendered file does not compile or parse."""

    def ledger(self, project: Project, dialect: Dialect) -> Ledger | Unrecorded:
        """Return where the framework records what is applied, by the project's own settings."""

    def ties(self, project: Project, edits: Sequence[FileEdit]) -> tuple[Tie, ...]:
        """Return the other files that break when these are removed. Reads the disk."""

    def commands(self, project: Project, edits: Sequence[FileEdit]) -> Commands:
        """Return how to apply and revert these files."""
