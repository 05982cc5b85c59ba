"""Questions, declared once: the wizard's fields, the flags and the plain prompts are made of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from wizard.dialects.base import Dialect
from wizard.model.answers import Value
from wizard.model.rollout import Rollout
from wizard.model.schema import Table, TableSummary


class Kind(StrEnum):
    """What kind of value a question takes; a widget, a flag type and a prompt exist for each."""

    TABLE = "table"  # an existing table, "schema.table"
    COLUMN = "column"  # an existing column of the answered table
    COLUMNS = "columns"  # several of them, in order
    NAME = "name"  # a new name
    TYPE = "type"  # a SQL type
    EXPRESSION = "expression"  # a SQL expression
    TEXT = "text"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    PARTS = "parts"  # keys of an index: names, or tables with name/expression, order, nulls …
    ASSIGNMENTS = "assignments"  # {column: expression}
    REFERENCE = "reference"  # {table, columns, on_delete}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One of several answers. ``disabled`` says why it cannot be taken now, empty when it can."""

    value: str
    label: str
    hint: str = ""
    disabled: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What is known while questions are asked. All callables of a question are pure over it.

    ``table`` is the details of the table answered under ``table``, None before that or offline
    without it; ``ref_table`` the same for ``ref_table``.
    """

    values: Mapping[str, Value] = field(default_factory=dict)
    tables: tuple[TableSummary, ...] = ()
    table: Table | None = None
    ref_table: Table | None = None
    dialect: Dialect | None = None
    rollout: Rollout = field(default_factory=Rollout)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One thing to ask.

    ``key`` is its name in the answers file; ``prompt`` a short label, ``help`` one or two plain
    sentences for the Why pane and ``--help``, ``example`` a value that would do. ``default``
    proposes a value, None for none. ``when`` hides it. ``choices`` lists what to pick from.
    ``check`` returns a sentence that says what is wrong and how to mend it, or None.
    """

    key: str
    kind: Kind
    prompt: str
    help: str
    example: str
    required: bool = False
    advanced: bool = False
    default: Callable[[Situation], Value] = lambda _: None
    when: Callable[[Situation], bool] = lambda _: True
    choices: Callable[[Situation], tuple[Choice, ...]] = lambda _: ()
    check: Callable[[Value, Situation], str | None] = lambda _value, _situation: None

    @property
    def flag(self) -> str:
        """The command-line flag."""
        return "--" + self.key.rpartition(".")[2].replace("_", "-")
