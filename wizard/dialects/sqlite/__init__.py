"""SQLite 3.35 and later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wizard.dialects import sqltext
from wizard.dialects.base import Batch, Capabilities, Conversion, DefaultKind, Size
from wizard.dialects.sqlite import (
    batches,
    conversions,
    expressions,
    locks,
    statements,
    triggers,
    words,
)
from wizard.dialects.sqlite.capabilities import capabilities
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
    RebuildTable,
    Step,
    Sync,
)
from wizard.model.syncs import SyncSets

OLDEST = (3, 35)


@dataclass(frozen=True, slots=True, kw_only=True)
class SQLite:
    """SQLite at a version; see `wizard.dialects.base.Dialect` for what each method promises."""

    version: tuple[int, ...]
    capabilities: Capabilities
    name: str = "sqlite"
    title: str = "SQLite"

    @property
    def label(self) -> str:
        """The name with major and minor version."""
        return f"SQLite {'.'.join(map(str, self.version[:2]))}"

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
        """Return the number that every row has, under a name which no column takes."""
        return batches.hidden_key(table)

    def batch(self, step: Batched) -> Batch:
        """Return the SQL of one batch: the walk, then the change."""
        return batches.batch(step)

    def batch_script(self, step: Batched) -> tuple[str, ...]:
        """Return nothing: SQLite has no loops."""
        del step
        return ()

    def budget(self, milliseconds: int) -> tuple[str, ...]:
        """Return PRAGMA busy_timeout, which bounds the wait of the whole connection."""
        return (f"PRAGMA busy_timeout = {max(1, milliseconds)}",)

    def index_state(self, step: AddIndex) -> None:
        """Return None: a build is one transaction, and leaves nothing when it is interrupted."""
        del step

    def unknown_partitions(
        self, table: TableName, known: tuple[TableName, ...], *, over_bytes: int
    ) -> None:
        """Return None: SQLite has no partitions."""
        del table, known, over_bytes

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
        """Tell whether the step brings its own transactions: rebuilds and batches."""
        match step:
            case RebuildTable():
                return True
            case Backfill(key=key) | DeleteRows(key=key) | CopyRows(key=key):
                return bool(key)
            case _:
                return False

    def distinct(self, left: str, right: str, *, compare_as: str | None = None) -> str:
        """Return a predicate that holds when two expressions differ."""
        # `x IS NOT TRUE` would ask whether x is true: the numbers behind the words do not.
        plain = {"true": "1", "false": "0"}
        first, second = (
            f"CAST({one} AS {compare_as})"
            if compare_as is not None
            else sqltext.grouped(plain.get(one.strip().lower(), one), self.name)
            for one in (left, right)
        )
        return f"{first} IS NOT {second}"

    def sync_triggers(self, sync: Sync | SyncSets) -> tuple[str, ...]:
        """Return the names of the two triggers that keep columns in step."""
        return triggers.names(sync)

    def filler(self, column: Column) -> None:
        """Return None: nothing is spared by it."""
        del column

    def existence(self, name: TableName) -> str:
        """Return a query that gives a row where a table is there, whatever may be read of it."""
        wanted = f"lower(name) = lower({self.literal(name.name)})"
        return f"SELECT 1 AS there FROM sqlite_master WHERE {wanted}"

    def readers(self, name: TableName) -> str:
        """Return a query for the names of views whose text names a table or view."""
        return (
            "SELECT name FROM sqlite_master WHERE type = 'view' "
            f"AND name <> {self.literal(name.name)} "
            f"AND instr(lower(sql), lower({self.literal(name.name)})) > 0 LIMIT 5"
        )

    def compare_as(self, column: Column) -> str | None:
        """Return BLOB where the column's collation takes two spellings for one."""
        return "BLOB" if (column.collation or "BINARY").upper() != "BINARY" else None

    def type_change(
        self,
        column: Column,
        to: Column,
        *,
        using: str | None = None,
        beside: Sequence[Beside] = (),
    ) -> Work:
        """Return a rewrite: SQLite changes a type only by a copy of the table."""
        del using, beside
        return "none" if (column.type, column.collation) == (to.type, to.collation) else "rewrite"

    def conversion(
        self,
        column: Column,
        to: Column,
        *,
        using: str | None = None,
        back: str | None = None,
        enums: Sequence[str] = (),
    ) -> Conversion:
        """Return how the affinity of a type converts values, which it never refuses."""
        del enums
        return conversions.conversion(column, to, using=using, back=back)

    def default_kind(self, expression: str | None) -> DefaultKind:
        """Tell how a default is worked out."""
        return expressions.default_kind(expression)

    def neutral(self, column: Column) -> str | None:
        """Return 0 or an empty text, by the affinity of the column's type."""
        return conversions.neutral(column.type)

    def check_name(self, name: str, *, flag: str) -> str:
        """Return the name; raises AnswerError (`bad-name`, `name-too-long`)."""
        return words.check_name(name, flag=flag)

    def check_type(self, text: str, *, enums: tuple[str, ...], flag: str) -> str:
        """Return the declared type; raises AnswerError (`bad-type`)."""
        return expressions.check_type(text, enums=enums, flag=flag)

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
        """Return the names of the columns that an expression reads, as written and in lower case."""
        found = sqltext.columns_in(expression, self.name)
        return found | {one.lower() for one in found}

    def proves_not_null(self, expression: str, column: str) -> bool:
        """Tell whether a check with this expression rules out NULL in the column."""
        return sqltext.proves_not_null(expression, column, self.name)

    def implies_null(self, predicate: str, column: str) -> bool:
        """Tell whether a predicate holds only for rows in which the column is NULL."""
        return sqltext.implies_null(predicate, column, self.name)


def dialect(version: tuple[int, ...]) -> SQLite:
    """Return SQLite at a library version; raises AnswerError (`old-server`) before 3.35."""
    if version < OLDEST:
        shown = ".".join(map(str, version)) or "of an unknown version"
        raise AnswerError(
            "old-server",
            f"this SQLite is {shown}; migwiz knows 3.35 and later",
            why="Earlier versions cannot drop a column.",
            next_actions=("upgrade the library, or say another --server-version",),
            flag="--server-version",
        )
    return SQLite(version=version, capabilities=capabilities(version))
