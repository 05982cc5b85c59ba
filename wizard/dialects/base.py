"""What a dialect is: a database engine at a version, with its capabilities, SQL and lock facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from wizard.model.names import TableName
from wizard.model.plan import Lock, Work
from wizard.model.schema import Column, Table
from wizard.model.steps import AddIndex, Batched, Beside, Step, Sync
from wizard.model.syncs import SyncSets


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What an engine at a version can do. Operations ask these, never the engine's name."""

    #: DDL can be rolled back.
    transactional_ddl: bool
    #: Indexes can be built and dropped while writes go on, outside a transaction.
    concurrent_index: bool
    #: A plain build of an index lets reads and writes go on.
    online_index: bool
    #: ALTER TABLE says by which algorithm it works: some changes copy or rebuild the table.
    online_ddl: bool
    #: Where it copies, writes go on meanwhile.
    online_copy: bool
    #: Checks can be added now and validated later.
    not_valid: bool
    #: The same for foreign keys.
    not_valid_key: bool
    #: The same for a NOT NULL of its own name.
    not_null_not_valid: bool
    #: A validated check spares SET NOT NULL its scan.
    not_null_from_check: bool
    #: NOT NULL can be set and dropped in place; otherwise the table is rebuilt.
    alter_nullability: bool
    #: Foreign keys and uniques can be added to an existing table; otherwise it is rebuilt.
    add_constraint: bool
    #: A unique constraint can take over a finished unique index.
    unique_using_index: bool
    #: A column with a constant default, and with a stable one such as now(), is added in place.
    add_constant_default: bool
    add_stable_default: bool
    #: A foreign key that is not validated may be added to a partitioned table.
    partitioned_not_valid_key: bool
    #: A foreign key can wait for the commit; partitioned tables can have one.
    deferrable_key: bool
    partitioned_key: bool
    #: Each partition is a table of its own, which has indexes and keys of its own.
    partitions_are_tables: bool
    #: An explicit table lock exists, to take several in one order.
    lock_tables: bool
    #: A BEFORE trigger can fill a column, also one that is NOT NULL.
    sync_fills_required: bool
    #: The same on a partitioned table.
    sync_partitioned: bool
    #: A view with a renamed base table takes writes under both names.
    writable_view: bool
    #: A column that a check reads can be renamed: the check follows.
    rename_checked_column: bool
    #: An index can be hidden from queries before it is dropped.
    hide_index: bool
    #: An index which a foreign key of its table needs cannot be dropped.
    keeps_index_of_key: bool
    #: A view, policy, trigger or rule that names a column keeps it from changing its type or
    #: going: it is dropped before and made again behind.
    dependents_hold_columns: bool
    #: The queries of views name a renamed column as it is called then, by themselves.
    views_follow_renames: bool
    #: What CREATE INDEX understands; types of which only the beginning can be indexed.
    index_methods: tuple[str, ...]
    index_prefix_types: frozenset[str]
    index_where: bool
    index_expressions: bool
    index_include: bool
    index_nulls_order: bool
    index_nulls_not_distinct: bool
    #: Longest name of an object, in bytes.
    name_bytes: int
    #: Identity columns, at all and added to a table that exists; generated columns that are added
    #: without rewriting, stored and virtual.
    identity: bool
    add_identity: bool
    stored_generated_in_place: bool
    virtual_generated: bool
    #: The columns of a foreign key and of the key it points to must be of one type.
    equal_key_types: bool = False
    #: What every primary key is called there, whatever name it was given; None where names count.
    key_name: str | None = None
    #: A numbered column must be part of a key.
    numbering_needs_key: bool = False
    #: An index can also be dropped concurrently, not only built.
    concurrent_drop: bool = True
    #: A column with a default that is worked out for each row is added without stopping writes.
    add_volatile_default: bool = False
    #: Privileges belong to the table, not to its name.
    rights_follow_rename: bool = True
    #: A view in a table's place keeps privileges on single columns, and asks for row security.
    view_keeps_column_grants: bool = True
    view_keeps_row_security: bool = True
    #: An upsert forgives a duplicate in the one unique index that it names, not in any other.
    upsert_names_index: bool = False
    #: A prepared statement fails once a column that it reads has got another type.
    prepared_keep_types: bool = False
    #: A trigger goes on where an expression fails, instead of failing the write.
    sync_forgives: bool = True
    #: A batch of a backfill can keep the values that it overwrites, in its own transaction.
    keeps_old: bool = False
    #: What it has written to a row is known then, whatever triggers made of it.
    keeps_written: bool = False
    #: What stands behind FROM to read a moment ago without a wait; empty where nothing does.
    reads_past: str = ""
    #: What begins a transaction that is going to write.
    begin_writing: str = "START TRANSACTION"


class DefaultKind(StrEnum):
    """How a default is worked out, which decides whether adding it rewrites the table."""

    NONE = "none"
    CONSTANT = "constant"
    STABLE = "stable"
    VOLATILE = "volatile"


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """A table's size for estimates; None where it is not known."""

    rows: int | None = None
    bytes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """The SQL of one batch of a backfill.

    ``first`` starts the walk, ``following`` goes on behind the key given as ``after_0`` …; both
    take ``size``. Each returns one row: the last key walked as ``last_0`` …, all NULL when there
    was none, and ``changed``, the number of rows changed.

    Where ``walk_first`` is set (SQLite, which cannot change rows inside a query) a batch is two
    statements: ``walk_first`` or ``walk_following`` return the last key of the next ``size`` keys
    as ``last_0`` …, all NULL when there is none; then ``first`` or ``following`` change the rows
    up to ``upto_0`` …, and the driver's row count is ``changed``.

    ``begin`` and ``end`` are run once on the session, before the first batch and after the last.
    ``last`` asks for the key at which the walk ends, None for a key of several columns.
    ``lagging`` returns a row while a replica is too far behind, where one cheap query tells.
    ``about`` says how it walks, where that is not along a key.

    Where ``keep_first`` is set, ``keep_first`` or ``keep_following`` run before ``first`` or
    ``following`` with the same parameters, both in one transaction.

    Parameters are written ``:name``. The user's own SQL in it may hold colons in quotes, casts and
    slices, which are none: `wizard.dialects.parameters.rebind` tells them apart for a driver.
    """

    first: str
    following: str
    walk_first: str | None = None
    walk_following: str | None = None
    begin: tuple[str, ...] = ()
    end: tuple[str, ...] = ()
    last: str | None = None
    lagging: str | None = None
    about: str = ""
    keep_first: str | None = None
    keep_following: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """How a column's values become values of another type, and back.

    ``to_new`` and ``to_old`` are expressions over the column's name, which holds the old type in the
    first and the new one in the second. ``fits`` is a predicate for the values that have a place in
    the new type: "" when all have, None when only trying tells. ``returns`` says the same of the
    way back. Where a predicate is known the expression yields NULL for values that do not fit; else
    it fails. ``plain`` is ``to_new`` without that guard, for values that are known to fit.
    ``exact`` says that a value which went there and back is what it was; ``alike``, that
    expressions over the column mean the same for the new type. ``limit`` is the largest whole
    number that the old type holds, None where that is not what limits it. ``zone`` says that only
    one of the types knows time zones, and that the expressions read the values as UTC. ``indexable``
    says that ``to_old`` may stand in an index: that it yields the same at any time.
    """

    to_new: str
    to_old: str
    plain: str
    fits: str | None = None
    returns: str | None = None
    exact: bool = False
    alike: bool = False
    limit: int | None = None
    zone: bool = False
    indexable: bool = True

    @property
    def misfits(self) -> str | None:
        """The predicate for values without a place in the new type; "" and None as in ``fits``."""
        return f"NOT ({self.fits})" if self.fits else self.fits

    @property
    def closes(self) -> str | None:
        """The predicate for new values without a place in the old type."""
        return f"NOT ({self.returns})" if self.returns else self.returns


class Dialect(Protocol):
    """An engine at a version. Implementations are frozen data; nothing here touches a server."""

    @property
    def name(self) -> str:
        """The stable name, such as ``postgresql``; SQLAlchemy calls it so, too."""

    @property
    def title(self) -> str:
        """The engine's name for people, without a version."""

    @property
    def label(self) -> str:
        """The name with the version, for people."""

    @property
    def version(self) -> tuple[int, ...]:
        """The server's version."""

    @property
    def capabilities(self) -> Capabilities:
        """What this engine can do."""

    def quote(self, identifier: str) -> str:
        """Return the identifier, in quotes where it needs them."""

    def table(self, name: TableName) -> str:
        """Return the table's name, qualified and quoted as needed."""

    def literal(self, text: str) -> str:
        """Return the text as a string literal."""

    def supports(self, step: Step | type) -> str | None:
        """Return why this engine has no SQL for a step, or for a kind of step; None if it has.

        No plan holds a step that is not supported: capabilities say beforehand what there is.
        """

    def sql(self, step: Step) -> tuple[str, ...]:
        """Return the statements of a step, each without its closing semicolon.

        Steps that change rows yield one statement for all rows, which is the only form for a step
        with an empty ``key``; `batch` is the gentle form. Where old values are kept another one may
        come before it, which belongs into the same transaction. Raises AnswerError (`unsupported`) for
        what the engine cannot do at this version.
        """

    def hidden_key(self, table: Table) -> Column | None:
        """Return what rows of a table without a key can be walked along, None where nothing is.

        Its type is one of `wizard.dialects.keyset.HIDDEN_TYPES`, and it takes part in no statement
        but those of `batch` and `batch_script`.
        """

    def batch(self, step: Batched) -> Batch:
        """Return the SQL of one batch; the step must have a key."""

    def batch_script(self, step: Batched) -> tuple[str, ...]:
        """Return statements that loop over all batches by themselves and commit each, if they can.

        Each must be sent alone and outside a transaction. Empty where there are none such.
        """

    def sync_triggers(self, sync: Sync | SyncSets) -> tuple[str, ...]:
        """Return the names of the triggers that keep columns in step."""

    def budget(self, milliseconds: int) -> tuple[str, ...]:
        """Return the statements that bound, for this transaction only, how long a lock may wait."""

    def index_state(self, step: AddIndex) -> str | None:
        """Return a query that yields ``absent``, ``invalid``, ``valid`` or ``different``.

        ``different`` is an index of that name with another definition. None where an interrupted
        build leaves nothing behind.
        """

    def unknown_partitions(
        self, table: TableName, known: tuple[TableName, ...], *, over_bytes: int
    ) -> str | None:
        """Return a query for the names of a table's partitions that are not among the known ones.

        Of those that hold rows, and only those larger than that. None where partitions are no
        tables.
        """

    def lock(self, step: Step, size: Size) -> Lock:
        """Return what the step holds and for how long on a table of that size."""

    def fit(self, step: Step, table: Table) -> Step:
        """Return the step in the form which this table takes; the same step where all take it.

        ``table`` is the step's own, as it is just before the step.
        """

    def row_versions(self, step: Step) -> int | None:
        """Return how many such steps a table takes before it must be rebuilt; None for any number."""

    def alteration(self, step: Step) -> str | None:
        """Return what stands behind ALTER TABLE for a step which a tool can do on a copy of the table.

        Without ALGORITHM and LOCK. None for any other step, and where there are no such tools: those
        which follow the table meanwhile and swap the copy in (see `wizard.handover`).
        """

    def needs_own_transaction(self, step: Step) -> bool:
        """Tell whether the step must run outside any transaction."""

    def distinct(self, left: str, right: str, *, compare_as: str | None = None) -> str:
        """Return a predicate that holds when two expressions differ, NULL counting as a value.

        ``compare_as`` is what `compare_as` returns for the column that they are values of.
        """

    def compare_as(self, column: Column) -> str | None:
        """Return the type to which values are cast so that only the very same ones are equal.

        None where they are compared as they are. Some types have no equality, and to some letters
        of either case are equal: a change from one to the other would be missed.
        """

    def type_change(
        self,
        column: Column,
        to: Column,
        *,
        using: str | None = None,
        beside: Sequence[Beside] = (),
    ) -> Work:
        """Return the work of a change of type or collation in place; see `ChangeType`."""

    def conversion(
        self,
        column: Column,
        to: Column,
        *,
        using: str | None = None,
        back: str | None = None,
        enums: Sequence[str] = (),
    ) -> Conversion:
        """Return how values go from one type to the other.

        ``using`` and ``back`` are the user's own expressions over the column's name. ``enums`` are
        the names of the database's own enumerated types.
        """

    def filler(self, column: Column) -> str | None:
        """Return a default that lets new rows leave out a required column which nobody reads.

        None where lifting NOT NULL costs nothing, and is the better way.
        """

    def existence(self, name: TableName) -> str:
        """Return a query that gives a row where a table is there, whatever may be read of it."""

    def readers(self, name: TableName) -> str:
        """Return a query for the names of views that read a table or view, none for one that is gone."""

    def default_kind(self, expression: str | None) -> DefaultKind:
        """Tell how a default is worked out; unknown functions count as volatile."""

    def neutral(self, column: Column) -> str | None:
        """Return a constant of the column's type that says nothing, such as 0; None for no such."""

    def check_name(self, name: str, *, flag: str) -> str:
        """Return the name; raises AnswerError when the engine would not take it whole."""

    def check_type(self, text: str, *, enums: tuple[str, ...], flag: str) -> str:
        """Return the type as the engine writes it; raises AnswerError when it knows none such.

        That is the one normal form of `Column.type`: format_type()'s text on PostgreSQL
        (``character varying(3)``, ``timestamp with time zone``), the declared text on SQLite.
        """

    def check_expression(self, text: str, *, flag: str) -> str:
        """Return the expression; raises AnswerError unless it is exactly one SQL expression."""

    def rename_in(self, expression: str, old: str, new: str) -> str:
        """Return the expression with the column ``old`` called ``new``."""

    def put_in(self, expression: str, column: str, value: str) -> str:
        """Return the expression with another one in place of the column."""

    def columns_in(self, expression: str) -> frozenset[str]:
        """Return the names of the columns that an expression reads."""

    def proves_not_null(self, expression: str, column: str) -> bool:
        """Tell whether a check with this expression rules out NULL in the column.

        Only a top-level ``column IS NOT NULL`` counts, alone or joined by AND: ``column > 0``
        lets NULL pass (safety.md §1.1).
        """

    def implies_null(self, predicate: str, column: str) -> bool:
        """Tell whether a predicate holds only for rows in which the column is NULL.

        Only a top-level ``column IS NULL`` counts, alone or joined by AND.
        """
