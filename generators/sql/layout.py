"""What a layout is: how one runner of SQL files names, orders, frames and runs them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Literal, Protocol

from generators.base import Commands, Project
from generators.header import laid_out
from generators.ledger import Ledger, Unrecorded
from generators.sql.tree import Tree
from wizard.dialects.base import Dialect
from wizard.model.steps import Require, Step

Direction = Literal["up", "down"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A statement without its semicolon, with a comment to stand before it; either may be empty."""

    sql: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Within:
    """How work that belongs outside a transaction may be done within one all the same.

    ``unless`` is a query; where it returns a row, the ``statements`` must not run. ``note`` says so.
    """

    note: str
    unless: str
    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """What one direction of a file does.

    ``undone`` looks, for what cannot be in a transaction, whether it still has to be done; its
    message is to be filled in. None where nothing tells. ``within`` is for what may after all.
    """

    statements: tuple[Statement, ...] = ()
    transactional: bool = True
    undone: Require | None = None
    within: Within | None = None

    def text(self) -> str:
        """Return the section as SQL, each statement closed, without framing."""
        lines: list[str] = []
        for one in self.statements:
            lines += [f"-- {line}".rstrip() for line in one.note.splitlines()]
            if one.sql:
                lines.append(f"{one.sql};")
        return "\n".join(lines)

    @property
    def runs(self) -> bool:
        """Whether there is anything but comments."""
        return any(one.sql for one in self.statements)

    def never_empty(self) -> Section:
        """Return the section for a runner that refuses to send nothing but comments."""
        if self.runs:
            return self
        return replace(self, statements=(*self.statements, Statement(sql="SELECT 1")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One file: its name, its whole text, and what of it is shown as upgrade and downgrade.

    ``name`` is relative to the project's folder of migrations; it may lead into a folder or, with
    ``..``, to one beside it. ``up`` and ``down`` are SQL, also where ``language`` is another.
    """

    name: str
    content: str
    up: str = ""
    down: str = ""
    language: str = "sql"


@dataclass(frozen=True, slots=True, kw_only=True)
class Companion:
    """Another file that the runner wants changed with the new ones: a journal, a sum, a change log.

    ``before`` is the text that was read, None for a file that is not there yet.
    """

    path: Path
    content: str
    before: str | None
    language: str = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One migration file still to be laid out.

    ``header`` holds labels and texts, ``repairs`` what to type after a cut in each direction.
    ``steps`` are those of the upgrade. ``namesakes`` counts the drafts before it, in the same
    write, with the same slug; ``previous`` is the first file of the one just before it.
    """

    version: str
    slug: str
    header: tuple[tuple[str, str], ...]
    dialect: Dialect
    up: Section
    down: Section
    repairs: Mapping[Direction, str] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()
    namesakes: int = 0
    previous: Written | None = None

    def comments(
        self, *directions: Direction, more: Sequence[tuple[str, str]] = (), mark: str = "--"
    ) -> str:
        """Return the header as comments, SQL's by default, with the repairs of these directions."""
        repairs = dict.fromkeys(self.repairs.get(one, "") for one in directions)
        lines = laid_out((*self.header, *(("Repair", one) for one in repairs if one), *more))
        return "".join(f"{mark} {line}\n" for line in lines)

    def turns(self, runner: str) -> tuple[tuple[str, str], ...]:
        """Return the remark for a file that builds an index while others write; else nothing.

        Measured with goose, sql-migrate, tern, sqlx and diesel: of two runs that overlap here, the
        server ends one with a deadlock, whether the runner takes a lock of its own or not.
        """
        statements = (*self.up.statements, *self.down.statements)
        if not any("INDEX CONCURRENTLY" in one.sql for one in statements):
            return ()
        told = f"one {runner} at a time: of two that overlap here, one ends with a deadlock"
        return (("Runner", told),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Interruption:
    """A run that was cut short in a file which is outside a transaction.

    ``start`` is where to begin again: for "up" the version before the first file to repeat, None
    when there is none; for "down" that of the first file to take back once more. ``files`` counts
    the files to repeat, the interrupted one included. ``index`` says that an unfinished index
    build may have been left behind.
    """

    direction: Direction
    start: str | None
    files: int
    index: bool


class Layout(Protocol):
    """A runner of SQL files. Implementations are modules' ``LAYOUT`` values, by discovery."""

    @property
    def name(self) -> str:
        """The stable name, as answers files say it."""

    @property
    def label(self) -> str:
        """The runner's name for people."""

    def detect(self, tree: Tree) -> list[Project]:
        """Return the folders that this runner owns, with the evidence, best first."""

    def imagine(self, root: Path) -> Project:
        """Return the project that the runner's own tool would set up."""

    def next_versions(
        self, project: Project, *, taken: Sequence[str], now: datetime, count: int
    ) -> tuple[str, ...]:
        """Return versions which the runner takes as newer than all files there.

        ``taken`` are versions already planned in the same write. Raises ConflictError when the
        folder is in a state that the runner itself refuses.
        """

    def write(self, project: Project, draft: Draft) -> tuple[Written, ...]:
        """Return the file or files of one migration, framed and with the project's separators."""

    def companions(
        self, project: Project, files: Sequence[Written], *, now: datetime
    ) -> tuple[Companion, ...]:
        """Return what else must change with these files, all those of one write in order.

        Raises ConflictError where the companion is in a state that cannot be gone on from.
        """

    def one_statement(self, dialect: Dialect) -> bool:
        """Tell whether a section outside a transaction may hold a single statement only."""

    def repair(self, cut: Interruption) -> str:
        """Return what to type after an interruption; "" when running again is enough."""

    def escape(self, sql: str) -> str:
        """Return SQL with what the runner would take for its own placeholders escaped."""

    def ledger(self, project: Project, dialect: Dialect) -> Ledger | Unrecorded:
        """Return where the runner records what is applied, by the project's own settings."""

    def commands(self, project: Project, versions: Sequence[str]) -> Commands:
        """Return how to apply the files of these versions, and how to take them back."""
