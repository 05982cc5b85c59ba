"""Questions, declared once: the wizard's fields, the flags and the plain prompts are made of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from wizard.dialects.base import Dialect
from wizard.model.answers import Value
from wizard.model.rollout import Rollout
from wizard.model.schema import Enum, Table, TableSummary


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
    """One of several answers. ``disabled`` says why it cannot be taken now, empty when it can.

    ``aside`` is one that hardly anybody wants: it may be taken, and stands last.
    """

    value: str
    label: str
    hint: str = ""
    disabled: str = ""
    aside: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What is known while questions are asked. All callables of a question are pure over it.

    ``table`` is the details of the table answered under ``table``, None before that or offline
    without it; ``ref_table`` the same for ``ref_table``, ``enum`` for the enumerated type answered
    under ``type``.
    """

    values: Mapping[str, Value] = field(default_factory=dict)
    tables: tuple[TableSummary, ...] = ()
    table: Table | None = None
    ref_table: Table | None = None
    dialect: Dialect | None = None
    rollout: Rollout = field(default_factory=Rollout)
    #: Names of the enumerated types and domains of the database.
    enums: tuple[str, ...] = ()
    enum: Enum | None = None


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


def _deployments(_: Situation) -> tuple[Choice, ...]:
    return (
        Choice(
            value="rolling",
            label="old and new together (rolling)",
            hint="old ████▓▓▒▒░░   new ░░▒▒▓▓████",
        ),
        Choice(
            value="blue-green",
            label="old, then new, one switch (blue-green)",
            hint="old █████│        new      │█████",
        ),
        Choice(
            value="maintenance",
            label="none: the app is stopped (maintenance)",
            hint="old ███       new       ███",
        ),
    )


def _whole(value: Value, _: Situation) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        return "write a whole number of zero or more"
    return None


ROLLOUT_QUESTIONS: tuple[Question, ...] = (
    Question(
        key="rollout.deployment",
        kind=Kind.CHOICE,
        prompt="While the new version rolls out, which application versions run?",
        help="This decides the plan. Where old and new code overlap, every migration must suit "
        "both; where the application is stopped, one file may do.",
        example="rolling",
        required=True,
        default=lambda _: "rolling",
        choices=_deployments,
    ),
    Question(
        key="rollout.migrate",
        kind=Kind.CHOICE,
        prompt="Migrations run",
        help="Before or after the new code starts. After means that what new code needs must be "
        "there one release earlier.",
        example="before",
        required=True,
        default=lambda _: "before",
        choices=lambda _: (
            Choice(value="before", label="before the new code starts"),
            Choice(value="after", label="after it has started"),
        ),
    ),
    Question(
        key="rollout.rows",
        kind=Kind.INTEGER,
        prompt="Rows in production",
        help="How many rows the table has in production. A scan, a rewrite or a fill takes as long "
        "as the table is big; the wait for a lock does not depend on it.",
        example="120000000",
        default=lambda one: one.table.rows if one.table else None,
        check=_whole,
    ),
    Question(
        key="rollout.bytes",
        kind=Kind.INTEGER,
        prompt="Bytes in production",
        help="How big the table is in production, in bytes.",
        example="48000000000",
        advanced=True,
        default=lambda one: one.table.bytes if one.table else None,
        check=_whole,
    ),
    Question(
        key="rollout.lock_budget_ms",
        kind=Kind.INTEGER,
        prompt="Longest wait for a lock (ms)",
        help="While a migration waits for a strong lock, everybody else waits behind it. After "
        "this time it gives up and can be run again.",
        example="2000",
        required=True,
        default=lambda _: 2_000,
        check=lambda value, _: (
            None
            if isinstance(value, int) and not isinstance(value, bool) and 10 <= value <= 60_000
            else "write a number from 10 to 60,000 milliseconds"
        ),
    ),
    Question(
        key="rollout.backfill",
        kind=Kind.CHOICE,
        prompt="Rows are filled by",
        help="The migration's file walks the rows itself: a deploy waits for it. migwiz backfill run "
        "is for millions of rows: it can be paused, keeps its place and slows down for replicas; "
        "the file then only checks that it is done.",
        example="runner",
        advanced=True,
        default=lambda _: "file",
        choices=lambda _: (
            Choice(value="file", label="the migration's file, in batches"),
            Choice(value="runner", label="migwiz backfill run, before the file"),
        ),
    ),
)

DATABASE_QUESTIONS: tuple[Question, ...] = (
    Question(
        key="database.url",
        kind=Kind.TEXT,
        prompt="Database URL",
        help="Where to read the schema from, read-only. env:NAME takes it from the environment, so "
        "that no password is written anywhere.",
        example="env:DATABASE_URL",
    ),
    Question(
        key="database.schema",
        kind=Kind.TEXT,
        prompt="DDL file",
        help="Without a database: a file of CREATE statements, such as a schema dump.",
        example="db/structure.sql",
        advanced=True,
    ),
    Question(
        key="database.dialect",
        kind=Kind.CHOICE,
        prompt="Dialect",
        help="The engine; needed only with a DDL file.",
        example="postgresql",
        advanced=True,
        choices=lambda _: (
            Choice(value="postgresql", label="PostgreSQL"),
            Choice(value="mysql", label="MySQL"),
            Choice(value="mariadb", label="MariaDB"),
            Choice(value="sqlite", label="SQLite"),
        ),
    ),
    Question(
        key="database.server_version",
        kind=Kind.TEXT,
        prompt="Server version",
        help="The version in production; needed only with a DDL file.",
        example="15.4",
        advanced=True,
    ),
    Question(
        key="database.flavour",
        kind=Kind.TEXT,
        prompt="Engine that speaks it",
        help="An engine that speaks the dialect and is another: aurora-mysql, aurora-postgresql, "
        "citus, cockroachdb, planetscale, timescaledb, vitess, yugabytedb, with its own version. A "
        "server is recognised; none takes it for the plain engine.",
        example="cockroachdb 24.1",
        advanced=True,
    ),
)

PROJECT_QUESTIONS: tuple[Question, ...] = (
    Question(
        key="project.root",
        kind=Kind.TEXT,
        prompt="Root",
        help="The folder of the project.",
        example=".",
        default=lambda _: ".",
        advanced=True,
    ),
    Question(
        key="project.framework",
        kind=Kind.CHOICE,
        prompt="Framework",
        help="Which tool runs the migrations; detected where it can be.",
        example="alembic",
    ),
    Question(
        key="project.layout",
        kind=Kind.TEXT,
        prompt="Layout",
        help="For raw SQL: whose files they are.",
        example="dbmate",
        advanced=True,
    ),
    Question(
        key="project.directory",
        kind=Kind.TEXT,
        prompt="Directory",
        help="Where the migration files are, when there are several sets of them.",
        example="migrations/versions",
        advanced=True,
    ),
)
