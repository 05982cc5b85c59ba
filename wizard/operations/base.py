"""What an operation is: its questions, and a function that plans it for one situation."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol, get_args

from wizard.dialects.base import Dialect, Size
from wizard.model.answers import Value
from wizard.model.enums import no_enum
from wizard.model.names import TableName
from wizard.model.plan import Plan
from wizard.model.rollout import Rollout
from wizard.model.schema import Enum, Schema, Table
from wizard.questions import Question

Group = Literal["Column", "Table", "Index", "Constraint", "Rename", "Type", "Backfill"]
GROUPS: tuple[Group, ...] = get_args(Group)


class Tables(Protocol):
    """Where an operation looks a table up; raises AnswerError when there is none."""

    def __call__(self, name: TableName) -> Table:
        """Return the table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """All that a plan may depend on. ``tables`` reads the schema as earlier operations leave it.

    ``enums`` names the database's own types; ``enum`` reads one of them, with what uses it.
    """

    dialect: Dialect
    tables: Tables
    rollout: Rollout
    enums: tuple[str, ...] = ()
    enum: Callable[[TableName], Enum] = no_enum

    def size(self, table: Table) -> Size:
        """The size to plan for: what was answered, else the statistics."""
        rollout = self.rollout
        if rollout.rows is not None or rollout.bytes is not None:
            return Size(rows=rollout.rows, bytes=rollout.bytes)
        return Size(rows=table.rows, bytes=table.bytes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """The ways of an operation whose question ``how`` chooses one, with their labels, best first.

    ``obstacles`` returns for each way every reason that forbids it in this database.
    """

    labels: Mapping[str, str]
    obstacles: Callable[[Any, Context], Mapping[str, Sequence[str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One thing a user can ask for.

    ``read`` turns answered values into the operation's own request data and raises AnswerError
    for what is missing or wrong; ``plan`` is pure. ``summary`` names the change in a few words.
    ``sized`` is false when the plan is the same for any number of rows. ``ways`` are compared for
    users where there are several. The module's docstring,
    under fixed headings, is what users read about it.
    """

    kind: str
    group: Group
    label: str
    verb: str
    questions: tuple[Question, ...]
    read: Callable[[Mapping[str, Value], Context], Any]
    plan: Callable[[Any, Context], Plan]
    summary: Callable[[Mapping[str, Value]], str]
    sized: bool = True
    doc: str = ""
    ways: Ways | None = None

    @property
    def command(self) -> str:
        """The subcommand: ``add_column`` is ``add-column``."""
        return self.kind.replace("_", "-")

    def question(self, key: str) -> Question | None:
        """Return the question of that key, or None."""
        return next((one for one in self.questions if one.key == key), None)


#: What a plan function may read of a schema that is already loaded whole (tests, simulation).
def tables_of(schema: Schema) -> Tables:
    """Return a look-up in a schema that is already in memory."""
    from wizard.model.errors import AnswerError

    def look_up(name: TableName) -> Table:
        table = schema.table(name)
        if table is None:
            raise AnswerError("unknown-table", f"there is no table {name}", flag="--table")
        return table

    return look_up
