"""PostgreSQL 12 and later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wizard.dialects import sqltext
from wizard.dialects.base import Batch, Capabilities, Conversion, DefaultKind, Size
from wizard.dialects.postgresql import (
    batches,
    conversions,
    ctid,
    expressions,
    index_state,
    locks,
    statements,
    type_changes,
    types,
    views,
    words,
)
from wizard.dialects.postgresql.capabilities import capabilities
from wizard.model.errors import AnswerError
from wizard.model.names import TableName
from wizard.model.plan import Lock, Work
from wizard.model.schema import Column, Table
from wizard.model.steps import (
    AddIndex,
    Backfill,
    Batched,
    Beside,
    CopyRows,
    DeleteRows,
    DropIndex,
    Step,
    Sync,
)
from wizard.model.syncs import SyncSets

OLDEST = (12,)


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgreSQL:
    """PostgreSQL at a version; see `wizard.dialects.base.Dialect` for what each method promises."""

    version: tuple[int, ...]
    capabilities: Capabilities
    name: str = "postgresql"
    title: str = "PostgreSQL"

    @property
    def label(self) -> str:
        """The name with the major version."""
        return f"PostgreSQL {self.version[0]}"

    def quote(self, identifier: str) -> str:
        """Return the identifier, in quotes where it needs them."""
        return words.quote(identifier)

    def table(self, name: TableName) -> str:
        """Return the table's name, qualified and quoted as needed."""
        return words.table(name)

    def literal(self, text: str) -> str:
        """Return the text as a string literal."""
        return words.literal(text)

    def supports(self, step: Step | type) -> str | None:
        """Return why there is no SQL for a step, None where there is."""
        return statements.unsupported(step, self.version)

    def sql(self, step: Step) -> tuple[str, ...]:
        """Return the statements of a step."""
        return statements.statements(step, self.version)

    def hidden_key(self, table: Table) -> Column | None:
        """Return the place of a row, by whose blocks a table without a key can be walked."""
        return ctid.hidden_key(table)

    def batch(self, step: Batched) -> Batch:
        """Return the SQL of one batch, a single statement."""
        if ctid.walks_blocks(step):
            return ctid.batch(step, ranges=self.version >= ctid.RANGES)
        return batches.batch(step)

    def batch_script(self, step: Batched) -> tuple[str, ...]:
        """Return one DO block that commits each batch; it must run outside a transaction."""
        if ctid.walks_blocks(step):
            return (ctid.batch_script(step, ranges=self.version >= ctid.RANGES),)
        script = batches.batch_script(step)
        return () if script is None else (script,)

    def budget(self, milliseconds: int) -> tuple[str, ...]:
        """Return SET LOCAL lock_timeout."""
        return words.budget(milliseconds)

    def index_state(self, step: AddIndex) -> str:
        """Return the query for the state of an index."""
        return index_state.index_state(step, self.version)

    def unknown_partitions(
        self, table: TableName, known: tuple[TableName, ...], *, over_bytes: int
    ) -> str:
        """Return the query for partitions that a plan does not know."""
        return index_state.unknown_partitions(table, known, over_bytes=over_bytes)

    def lock(self, step: Step, size: Size) -> Lock:
        """Return what the step holds and for how long."""
        return locks.lock(step, size)

    def fit(self, step: Step, table: Table) -> Step:
        """Return the step: it is the same for every table."""
        del table
        return step

    def row_versions(self, step: Step) -> None:
        """Return None: any number of changes is fine."""
        del step

    def alteration(self, step: Step) -> None:
        """Return None: there are no tools of that kind."""
        del step

    def needs_own_transaction(self, step: Step) -> bool:
        """Tell whether the step cannot run inside a transaction: concurrent work, and batches."""
        match step:
            case AddIndex(concurrently=concurrently) | DropIndex(concurrently=concurrently):
                return concurrently
            case Backfill(key=key) | DeleteRows(key=key) | CopyRows(key=key):
                return bool(key)
            case _:
                return False

    def distinct(self, left: str, right: str, *, compare_as: str | None = None) -> str:
        """Return a predicate that holds when two expressions differ."""
        first, second = (
            words.compared(one, compare_as)
            if compare_as is not None
            else sqltext.grouped(one, self.name)
            for one in (left, right)
        )
        return f"{first} IS DISTINCT FROM {second}"

    def sync_triggers(self, sync: Sync | SyncSets) -> tuple[str, ...]:
        """Return the name of the trigger that keeps two columns equal."""
        return (sync.name,)

    def filler(self, column: Column) -> None:
        """Return None: lifting NOT NULL is a matter of the catalogue."""
        del column

    def existence(self, name: TableName) -> str:
        """Return a query that gives a row where a table is there, whatever may be read of it."""
        return f"SELECT 1 AS there WHERE to_regclass({self.literal(self.table(name))}) IS NOT NULL"

    def readers(self, name: TableName) -> str:
        """Return a query for the names of views that read a table or view, as the catalogue ties them."""
        return views.readers(name)

    def compare_as(self, column: Column) -> str | None:
        """Return the type to which values are cast so that only the very same ones are equal."""
        return types.compare_as(column)

    def type_change(
        self,
        column: Column,
        to: Column,
        *,
        using: str | None = None,
        beside: Sequence[Beside] = (),
    ) -> Work:
        """Return the work of a change of type in place: the matrix of safety.md §1.3."""
        return type_changes.type_change(column, to, using=using, beside=beside)

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
        return conversions.conversion(
            column, to, using=using, back=back, enums=enums, version=self.version
        )

    def default_kind(self, expression: str | None) -> DefaultKind:
        """Tell how a default is worked out."""
        return expressions.default_kind(expression)

    def neutral(self, column: Column) -> str | None:
        """Return a constant of the column's type that says nothing."""
        return types.neutral(column)

    def check_name(self, name: str, *, flag: str) -> str:
        """Return the name; raises AnswerError (`bad-name`, `name-too-long`)."""
        return words.check_name(name, flag=flag)

    def check_type(self, text: str, *, enums: tuple[str, ...], flag: str) -> str:
        """Return the type as format_type() writes it; raises AnswerError (`unknown-type` …)."""
        return types.check_type(text, version=self.version, enums=enums, flag=flag)

    def check_expression(self, text: str, *, flag: str) -> str:
        """Return the expression; raises AnswerError (`bad-expression`)."""
        return sqltext.check_expression(text, self.name, flag=flag)

    def rename_in(self, expression: str, old: str, new: str) -> str:
        """Return the expression with the column ``old`` called ``new``."""
        return sqltext.rename_in(expression, old, words.quote(new), self.name)

    def put_in(self, expression: str, column: str, value: str) -> str:
        """Return the expression with another one in place of the column."""
        return sqltext.rename_in(expression, column, sqltext.grouped(value, self.name), self.name)

    def columns_in(self, expression: str) -> frozenset[str]:
        """Return the names of the columns that an expression reads."""
        return sqltext.columns_in(expression, self.name)

    def proves_not_null(self, expression: str, column: str) -> bool:
        """Tell whether a check with this expression rules out NULL in the column."""
        return sqltext.proves_not_null(expression, column, self.name)

    def implies_null(self, predicate: str, column: str) -> bool:
        """Tell whether a predicate holds only for rows in which the column is NULL."""
        return sqltext.implies_null(predicate, column, self.name)


def dialect(version: tuple[int, ...]) -> PostgreSQL:
    """Return PostgreSQL at a server version; raises AnswerError (`old-server`) before 12."""
    if version < OLDEST:
        shown = ".".join(map(str, version)) or "of an unknown version"
        raise AnswerError(
            "old-server",
            f"this server is PostgreSQL {shown}; migwiz knows 12 and later",
            why="Earlier versions take other locks and lack what safe plans are made of.",
            next_actions=("upgrade the server, or say another --server-version",),
            flag="--server-version",
        )
    return PostgreSQL(version=version, capabilities=capabilities(version))
