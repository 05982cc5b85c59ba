"""MySQL or MariaDB at a version: what `wizard.dialects.base.Dialect` promises, for both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from wizard.dialects import sqltext
from wizard.dialects.base import Batch, Capabilities, Conversion, DefaultKind, Size
from wizard.dialects.lexing import Unreadable, tokens
from wizard.dialects.mysql_family import (
    batches,
    conversions,
    expressions,
    fitting,
    locks,
    statements,
    supported,
    triggers,
    type_changes,
    types,
    words,
)
from wizard.dialects.mysql_family.choosing import adding, way
from wizard.dialects.mysql_family.fillers import filler
from wizard.dialects.mysql_family.ways import INSTANT, Ways
from wizard.model.errors import AnswerError
from wizard.model.names import TableName
from wizard.model.plan import Lock, Work
from wizard.model.schema import Column, Table
from wizard.model.steps import AddColumn, AddIndex, Batched, Beside, DropColumn, Step, Sync
from wizard.model.syncs import SyncSets


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """MySQL or MariaDB; see `wizard.dialects.base.Dialect` for what each method promises."""

    name: Literal["mysql", "mariadb"]
    title: str
    version: tuple[int, ...]
    capabilities: Capabilities
    ways: Ways

    @property
    def label(self) -> str:
        """The name with the version: of MySQL's all of it, since what it can do changed within 8.0."""
        shown = self.version[:2] if self.ways.maria else self.version
        return f"{self.title} {'.'.join(map(str, shown))}"

    def quote(self, identifier: str) -> str:
        """Return the identifier, in backticks where it needs them."""
        return words.quote(identifier)

    def table(self, name: TableName) -> str:
        """Return the table's name, qualified and quoted as needed."""
        return words.table(name)

    def literal(self, text: str) -> str:
        """Return the text as a string literal."""
        return words.literal(text)

    def supports(self, step: Step | type) -> str | None:
        """Return why there is no SQL for a step, None where there is."""
        return supported.unsupported(step, self.ways)

    def sql(self, step: Step) -> tuple[str, ...]:
        """Return the statements of a step."""
        return statements.statements(step, self.ways)

    def hidden_key(self, table: Table) -> None:
        """Return None: InnoDB shows nobody by what it tells such rows apart."""
        del table

    def batch(self, step: Batched) -> Batch:
        """Return the SQL of one batch: the walk, then the change."""
        return batches.batch(step, self.name)

    def batch_script(self, step: Batched) -> tuple[str, ...]:
        """Return a block that commits each batch (MariaDB), or a procedure and its call (MySQL)."""
        return batches.batch_script(step, self.name)

    def budget(self, milliseconds: int) -> tuple[str, ...]:
        """Return SET SESSION lock_wait_timeout, which knows whole seconds from one on only."""
        return (f"SET SESSION lock_wait_timeout = {max(1, milliseconds // 1000)}",)

    def index_state(self, step: AddIndex) -> None:
        """Return None: an interrupted build leaves nothing behind."""
        del step

    def unknown_partitions(
        self, table: TableName, known: tuple[TableName, ...], *, over_bytes: int
    ) -> None:
        """Return None: partitions are no tables."""
        del table, known, over_bytes

    def lock(self, step: Step, size: Size) -> Lock:
        """Return what the step holds and for how long."""
        return locks.lock(step, size, self.ways)

    def fit(self, step: Step, table: Table) -> Step:
        """Return the step in the form which this table takes."""
        return fitting.fit(step, table, self.ways)

    def row_versions(self, step: Step) -> int | None:
        """Return the limit of instant changes for a step that is one of those which count."""
        if not isinstance(step, AddColumn | DropColumn) or way(step, self.ways) != INSTANT:
            return None
        virtual = step.column.generated is not None and adding(step.column, self.ways) == INSTANT
        return None if virtual else self.ways.row_versions

    def alteration(self, step: Step) -> str | None:
        """Return what stands behind ALTER TABLE, without ALGORITHM and LOCK."""
        return statements.alteration(step, self.ways)

    def needs_own_transaction(self, step: Step) -> bool:
        """Tell whether the step brings its own transactions: batches do."""
        return isinstance(step, Batched) and bool(step.key)

    def distinct(self, left: str, right: str, *, compare_as: str | None = None) -> str:
        """Return a predicate that holds when two expressions differ."""
        first, second = (
            f"CAST({one} AS {compare_as})" if compare_as else sqltext.grouped(one, self.name)
            for one in (left, right)
        )
        return f"NOT ({first} <=> {second})"

    def existence(self, name: TableName) -> str:
        """Return a query that gives a row where a table is there, whatever may be read of it."""
        schema = self.literal(name.schema) if name.schema else "DATABASE()"
        return (
            "SELECT 1 AS there FROM information_schema.tables "
            f"WHERE table_schema = {schema} AND table_name = {self.literal(name.name)}"
        )

    def readers(self, name: TableName) -> str:
        """Return a query for the names of views whose text names a table or view.

        The server keeps it with every name in backquotes; it shows it to who may see the view.
        """
        schema = "DATABASE()" if name.schema is None else self.literal(name.schema)
        quoted = self.literal("`" + name.name.replace("`", "``") + "`")
        return (
            "SELECT table_name FROM information_schema.views "
            f"WHERE table_schema = {schema} AND table_name <> {self.literal(name.name)} "
            f"AND INSTR(view_definition, {quoted}) > 0 LIMIT 5"
        )

    def compare_as(self, column: Column) -> str | None:
        """Return ``binary`` for texts and documents: collations and JSON overlook differences."""
        text = types.is_text(column.type) or types.parts(column.type).base == "json"
        return "binary" if text else None

    def type_change(
        self,
        column: Column,
        to: Column,
        *,
        using: str | None = None,
        beside: Sequence[Beside] = (),
    ) -> Work:
        """Return the work of a change of type in place (safety.md §1.4)."""
        del using, beside
        return type_changes.type_change(column, to, self.ways).work

    def conversion(
        self,
        column: Column,
        to: Column,
        *,
        using: str | None = None,
        back: str | None = None,
        enums: Sequence[str] = (),
    ) -> Conversion:
        """Return the server's own conversion, which in strict mode refuses what does not fit."""
        del enums
        return conversions.conversion(column, to, using=using, back=back)

    def sync_triggers(self, sync: Sync | SyncSets) -> tuple[str, ...]:
        """Return the names of the two triggers that keep columns in step."""
        return triggers.trigger_names(sync)

    def filler(self, column: Column) -> str | None:
        """Return a default for a required column without one: lifting NOT NULL is a rebuild."""
        return filler(column)

    def default_kind(self, expression: str | None) -> DefaultKind:
        """Tell how a default is worked out."""
        return expressions.default_kind(expression, self.name)

    def neutral(self, column: Column) -> str | None:
        """Return a constant of the column's type that says nothing."""
        return filler(replace(column, nullable=False, default=None))

    def check_name(self, name: str, *, flag: str) -> str:
        """Return the name; raises AnswerError (`bad-name`, `name-too-long`)."""
        return words.check_name(name, flag=flag)

    def check_type(self, text: str, *, enums: tuple[str, ...], flag: str) -> str:
        """Return the type as the catalogue writes it; raises AnswerError (`unknown-type` …)."""
        del enums  # they belong to columns here
        return types.check_type(text, engine=self.name, version=self.version, flag=flag)

    def check_expression(self, text: str, *, flag: str) -> str:
        """Return the expression; raises AnswerError (`bad-expression`)."""
        checked = sqltext.check_expression(text, self.name, flag=flag)
        try:
            double = any(
                one.kind == "string" and '"' in one.text.split("'")[0]
                for one in tokens(checked, self.name)
            )
        except Unreadable:
            double = False
        if double:
            raise AnswerError(
                "bad-expression",
                f"{text!r} has something in double quotes",
                why="They hold a text or a name: that depends on the session's sql_mode.",
                next_actions=("write texts in single quotes, and names in backticks",),
                flag=flag or None,
            )
        return checked

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
