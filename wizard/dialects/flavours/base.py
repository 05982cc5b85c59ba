"""What a flavour is: an engine that speaks another engine's language and changes the recipe.

A `Flavoured` dialect passes everything on to the dialect that the engine speaks; each engine
overrides what it does otherwise. ``name`` stays the spoken language's, because parsers, drivers
and generators go by it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar, Protocol

from wizard.dialects.base import Batch, Capabilities, Conversion, DefaultKind, Dialect, Size
from wizard.dialects.flavours.by_shard import ByShard, Place
from wizard.dialects.flavours.subjects import tables_of
from wizard.model.findings import Finding, danger
from wizard.model.names import TableName
from wizard.model.plan import Lock, Naive, Plan, Work
from wizard.model.rollout import Rollout
from wizard.model.schema import Column, Table
from wizard.model.steps import AddIndex, Batched, Beside, Step, Sync
from wizard.model.syncs import SyncSets

Version = tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What one cheap query tells of a server.

    ``version`` is version()'s text and ``comment`` MySQL's @@version_comment; ``extensions`` maps
    PostgreSQL's to their versions; ``aurora`` is the version that Aurora tells, empty when it only
    shows that it is one, None on any other server.
    """

    version: str
    comment: str = ""
    extensions: Mapping[str, str] = field(default_factory=dict)
    aurora: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dump:
    """How an engine tells its schema as text.

    The first column of each row of ``queries`` is DDL, which ``as_spoken`` turns into the spoken
    language's (it raises `wizard.dialects.lexing.Unreadable`). ``rows_query`` returns schema, table
    and estimated rows, which may be NULL.
    """

    queries: tuple[str, ...]
    as_spoken: Callable[[str], str]
    rows_query: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Flavour:
    """One engine: ``name`` stands in answers, ``speaks`` is the dialect whose language it knows.

    ``recognise`` returns the engine's own version, empty when it is not told, None when the server
    is another; ``make`` takes the version of the spoken language (empty when unknown) and the own
    one. ``spread_query`` asks how one table is spread, with the parameters schema and name: its row
    is kind, columns, compression, compressed, as in `wizard.model.schema.Spread`. ``dump`` is given
    for an engine whose catalogue is not that of the language which it speaks.
    """

    name: str
    label: str
    speaks: str
    recognise: Callable[[Signs], Version | None]
    make: Callable[[Version, Version], Dialect]
    spread_query: str | None = None
    dump: Dump | None = None


class Tables(Protocol):
    """Where a table is looked up; None for one that the plan itself makes or renames."""

    def __call__(self, name: TableName) -> Table | None:
        """Return the table as it is before the plan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What decides beside the step itself whether an engine can do it."""

    rollout: Rollout
    table: Tables

    def tables(self, step: Step) -> tuple[Table, ...]:
        """Return the tables that a step touches, as they are before the plan."""
        found = (self.table(name) for name in tables_of(step))
        return tuple(one for one in found if one is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flavoured:
    """A dialect as another engine speaks it; see `wizard.dialects.base.Dialect` for the methods.

    ``own`` is the engine's own version, empty when it is not known. Subclasses override methods and
    call those of ``base``.
    """

    FLAVOUR: ClassVar[str] = ""
    LABEL: ClassVar[str] = ""

    base: Dialect
    own: Version = ()

    # --- what a flavour adds -------------------------------------------------------------------

    @property
    def flavour(self) -> str:
        """The engine with its own version, as answers and plan files hold it."""
        return " ".join(filter(None, (self.FLAVOUR, ".".join(map(str, self.own)))))

    @property
    def engine(self) -> str:
        """The engine's own name, with its version where it is known."""
        return " ".join(filter(None, (self.LABEL, ".".join(map(str, self.own[:2])))))

    @property
    def told(self) -> str:
        """What the engine is called where it is shown for the first time."""
        return self.label

    def planned_for(self, rollout: Rollout) -> Rollout:
        """Return the rollout that operations plan for."""
        return rollout

    def in_own_words(self, step: Step) -> bool:
        """Tell whether `sql` does a step in a way that frameworks' own operations do not know."""
        del step
        return False

    def adapted(self, step: Step, situation: Situation) -> Step:
        """Return the step in the form that this engine takes."""
        del situation
        return step

    def by_shard(self, step: Batched) -> ByShard | None:
        """Return how a step's rows are walked where they are; None for all through one connection."""
        del step
        return None

    def on_shard(self, step: Batched, place: Place) -> Batched:
        """Return the step as it is sent to one of these places."""
        del place
        return step

    def obstacle(self, step: Step, situation: Situation) -> Finding | None:
        """Return why the step cannot be planned here and what to do instead, None when it can."""
        del situation
        reason = self.supports(step)
        return None if reason is None else self.cannot(reason, safer=self.instead(step))

    def cannot(self, reason: str, *, safer: str, reference: str = "") -> Finding:
        """Return the finding that refuses a plan; ``reason`` is a clause without its full stop."""
        return danger(
            "engine-cannot",
            f"{self.engine}: {reason}.",
            why=f"{self.LABEL} takes the statements of another engine, but not all of them, and "
            "some of them do another thing here.",
            safer=safer,
            reference=reference or f"{self.LABEL} documentation",
        )

    def instead(self, step: Step) -> str:
        """Say what to do instead of a step that is not supported."""
        del step
        return (
            f"Make this change by hand, as the documentation of {self.LABEL} describes it, and put "
            "it into a migration of its own."
        )

    def untrue(self, plan: Plan) -> frozenset[str]:
        """Return the codes of findings that tell of locks which this engine does not take."""
        del plan
        return frozenset()

    def compared(self, naive: Naive) -> Naive | None:
        """Return what a one-line migration would do here, None where it would do no worse."""
        return naive

    def findings(self, plan: Plan, situation: Situation) -> tuple[Finding, ...]:
        """Return what is to know of a plan on this engine."""
        del plan, situation
        return ()

    # --- what every dialect has ----------------------------------------------------------------

    @property
    def name(self) -> str:
        """The name of the dialect that the engine speaks."""
        return self.base.name

    @property
    def title(self) -> str:
        """The engine without a version, where sentences name it: what it is, or what it builds on."""
        return self.base.title

    @property
    def label(self) -> str:
        """The engine with its version, for people."""
        return f"{self.base.label} with {self.engine}"

    @property
    def version(self) -> Version:
        """The version of the language that is spoken."""
        return self.base.version

    @property
    def capabilities(self) -> Capabilities:
        """What plans may count on."""
        return replace(self.base.capabilities, keeps_old=False)

    def quote(self, identifier: str) -> str:
        """Return the identifier, in quotes where it needs them."""
        return self.base.quote(identifier)

    def table(self, name: TableName) -> str:
        """Return the table's name, qualified and quoted as needed."""
        return self.base.table(name)

    def literal(self, text: str) -> str:
        """Return the text as a string literal."""
        return self.base.literal(text)

    def supports(self, step: Step | type) -> str | None:
        """Return why there is no SQL for a step, None where there is."""
        return self.base.supports(step)

    def sql(self, step: Step) -> tuple[str, ...]:
        """Return the statements of a step."""
        return self.base.sql(step)

    def hidden_key(self, table: Table) -> Column | None:
        """Return None: where rows lie is the engine's own business."""
        del table
        return None

    def batch(self, step: Batched) -> Batch:
        """Return the SQL of one batch."""
        return self.base.batch(step)

    def batch_script(self, step: Batched) -> tuple[str, ...]:
        """Return statements that walk all batches, none where there are none such."""
        return self.base.batch_script(step)

    def budget(self, milliseconds: int) -> tuple[str, ...]:
        """Return the statements that bound how long a lock may wait."""
        return self.base.budget(milliseconds)

    def index_state(self, step: AddIndex) -> str | None:
        """Return the query for the state of an index."""
        return self.base.index_state(step)

    def unknown_partitions(
        self, table: TableName, known: tuple[TableName, ...], *, over_bytes: int
    ) -> str | None:
        """Return a query for the names of a table's partitions that are not known."""
        return self.base.unknown_partitions(table, known, over_bytes=over_bytes)

    def lock(self, step: Step, size: Size) -> Lock:
        """Return what the step holds and for how long."""
        return self.base.lock(step, size)

    def fit(self, step: Step, table: Table) -> Step:
        """Return the step in the form which this table takes."""
        return self.base.fit(step, table)

    def row_versions(self, step: Step) -> int | None:
        """Return how many such steps a table takes before it must be rebuilt."""
        return self.base.row_versions(step)

    def compare_as(self, column: Column) -> str | None:
        """Return the type to which two values are cast so that any difference shows."""
        return self.base.compare_as(column)

    def sync_triggers(self, sync: Sync | SyncSets) -> tuple[str, ...]:
        """Return the names of the triggers that keep columns in step."""
        return self.base.sync_triggers(sync)

    def filler(self, column: Column) -> str | None:
        """Return a default that lets new rows leave out a required column which nobody reads."""
        return self.base.filler(column)

    def existence(self, name: TableName) -> str:
        """Return a query that gives a row where a table is there, whatever may be read of it."""
        return self.base.existence(name)

    def readers(self, name: TableName) -> str:
        """Return a query for the names of views that read a table or view."""
        return self.base.readers(name)

    def alteration(self, step: Step) -> str | None:
        """Return what stands behind ALTER TABLE for a tool that copies, None where none is used."""
        return self.base.alteration(step)

    def needs_own_transaction(self, step: Step) -> bool:
        """Tell whether the step must run outside any transaction."""
        return self.base.needs_own_transaction(step)

    def distinct(self, left: str, right: str, *, compare_as: str | None = None) -> str:
        """Return a predicate that holds when two expressions differ."""
        return self.base.distinct(left, right, compare_as=compare_as)

    def type_change(
        self,
        column: Column,
        to: Column,
        *,
        using: str | None = None,
        beside: Sequence[Beside] = (),
    ) -> Work:
        """Return the work of a change of type or collation in place."""
        return self.base.type_change(column, to, using=using, beside=beside)

    def conversion(
        self,
        column: Column,
        to: Column,
        *,
        using: str | None = None,
        back: str | None = None,
        enums: Sequence[str] = (),
    ) -> Conversion:
        """Return how values go from one type to the other."""
        return self.base.conversion(column, to, using=using, back=back, enums=enums)

    def default_kind(self, expression: str | None) -> DefaultKind:
        """Tell how a default is worked out."""
        return self.base.default_kind(expression)

    def neutral(self, column: Column) -> str | None:
        """Return a constant of the column's type that says nothing."""
        return self.base.neutral(column)

    def check_name(self, name: str, *, flag: str) -> str:
        """Return the name; raises AnswerError when the engine would not take it whole."""
        return self.base.check_name(name, flag=flag)

    def check_type(self, text: str, *, enums: tuple[str, ...], flag: str) -> str:
        """Return the type as the engine writes it; raises AnswerError when it knows none such."""
        return self.base.check_type(text, enums=enums, flag=flag)

    def check_expression(self, text: str, *, flag: str) -> str:
        """Return the expression; raises AnswerError unless it is exactly one SQL expression."""
        return self.base.check_expression(text, flag=flag)

    def rename_in(self, expression: str, old: str, new: str) -> str:
        """Return the expression with the column ``old`` called ``new``."""
        return self.base.rename_in(expression, old, new)

    def put_in(self, expression: str, column: str, value: str) -> str:
        """Return the expression with another one in place of the column."""
        return self.base.put_in(expression, column, value)

    def columns_in(self, expression: str) -> frozenset[str]:
        """Return the names of the columns that an expression reads."""
        return self.base.columns_in(expression)

    def proves_not_null(self, expression: str, column: str) -> bool:
        """Tell whether a check with this expression rules out NULL in the column."""
        return self.base.proves_not_null(expression, column)

    def implies_null(self, predicate: str, column: str) -> bool:
        """Tell whether a predicate holds only for rows in which the column is NULL."""
        return self.base.implies_null(predicate, column)
