"""What of a plan a database holds, and what others have changed: pure comparisons."""

from __future__ import annotations

from dataclasses import replace

import pytest

from wizard.dialects import dialect
from wizard.drift import compare, states
from wizard.drift_update import brought_up
from wizard.drift_words import lacking, since
from wizard.model.answers import OperationAnswers, freeze
from wizard.model.names import TableName
from wizard.model.plan import Plan
from wizard.model.rollout import Rollout
from wizard.model.schema import (
    Check,
    Column,
    Counter,
    Dependent,
    Enum,
    ForeignKey,
    Index,
    IndexPart,
    PrimaryKey,
    Reference,
    Schema,
    Storage,
    Table,
    Trigger,
    Unique,
)
from wizard.model.steps import AddColumn
from wizard.planner import Known, make_plan

ORDERS = TableName("orders")


def index(name: str, *columns: str, unique: bool = False, constraint: bool = False) -> Index:
    parts = tuple(IndexPart(column=one) for one in columns)
    return Index(name=name, parts=parts, unique=unique, constraint=constraint)


BEFORE = Table(
    name=ORDERS,
    columns=(
        Column(name="id", type="bigint", nullable=False, counter=Counter(name=TableName("s"))),
        Column(name="code", type="character varying(20)", nullable=False, default="'new'"),
        Column(name="note", type="text"),
    ),
    constraints=(PrimaryKey(columns=("id",), name="orders_pkey"),),
    indexes=(index("orders_pkey", "id", unique=True, constraint=True), index("ix_code", "code")),
    rows=10,
)
SCHEMA = Schema(tables=(BEFORE,))


def plan(table: Table = BEFORE) -> Plan:
    values = freeze({"table": "orders", "column": "code", "to": "status", "how": "sync"})
    known = Known(
        dialect=dialect("postgresql", (16,)),
        table=lambda _: table,
        rollout=Rollout(rows=120_000_000),
    )
    operation = OperationAnswers(kind="rename_column", values=values)  # type: ignore[arg-type]
    return make_plan([operation], known)


def after(count: int) -> tuple[Schema, ...]:
    phases = [[step for one in phase.migrations for step in one.up] for phase in plan().phases]
    return states(SCHEMA, phases[:count])


def live(count: int, **changes: object) -> Schema:
    """The database after some phases, as a server tells it: in other words, with statistics."""
    (table,) = after(count)[-1].tables
    (counted,) = (one for one in table.columns if one.name == "id")
    columns = [
        replace(counted, counter=Counter(name=TableName("s"), last=77)),
        *(
            replace(one, collation="C") if one.name == "status" else one
            for one in reversed(table.columns)
            if one.name != "id"
        ),
    ]
    table = replace(
        table,
        columns=tuple(columns),
        triggers=tuple(replace(one, definition="CREATE TRIGGER …") for one in table.triggers),
        constraints=tuple(
            replace(one, expression=f"({one.expression})") if isinstance(one, Check) else one
            for one in table.constraints
        ),
        rows=99,
        bytes=8192,
        sql="CREATE TABLE …",
        storage=Storage(row_versions=3),
    )
    return Schema(tables=(replace(table, **changes),))  # type: ignore[arg-type]


@pytest.mark.parametrize("count", range(5))
def test_a_database_that_the_plan_alone_has_changed_is_as_expected(count: int) -> None:
    found = compare(after(count), live(count))
    assert found.broken == found.drift == ()
    # A backfill changes no table: from these alone nobody can tell whether it has run.
    assert found.applied == count


@pytest.mark.parametrize(
    ("written", "there", "applied"), [(1, 0, 0), (2, 0, 0), (3, 1, 2), (4, 3, 3), (4, 1, 2)]
)
def test_files_that_were_not_run_are_noticed(written: int, there: int, applied: int) -> None:
    found = compare(after(written), live(there))
    assert (found.applied, found.broken, found.drift) == (applied, (), ())


def words(written: int, now: Schema) -> list[str]:
    found = compare(after(written), now)
    assert not found.broken
    assert found.applied == written
    return [since(one) for one in found.drift if one.told]


def with_column(table: Table, name: str, **changes: object) -> tuple[Column, ...]:
    return tuple(
        replace(one, **changes) if one.name == name else one  # type: ignore[arg-type]
        for one in table.columns
    )


KEY = ForeignKey(
    columns=("note",), ref_table=TableName("notes"), ref_columns=("id",), name="fk_note"
)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            lambda one: {"indexes": (*one.indexes, index("ix_new", "code", "note"))},
            ["index ix_new on orders (code, note) was added"],
        ),
        (
            lambda one: {"indexes": tuple(i for i in one.indexes if i.name != "ix_code")},
            ["index ix_code on orders (code) was dropped"],
        ),
        (
            lambda one: {
                "indexes": tuple(
                    index("ix_code", "note") if i.name == "ix_code" else i for i in one.indexes
                )
            },
            ["index ix_code on orders (note) is not what it was"],
        ),
        (
            lambda one: {"columns": with_column(one, "note", default="'x'")},
            ["column note of orders: its default was none and is 'x' now"],
        ),
        (
            lambda one: {"columns": with_column(one, "note", type="json", nullable=False)},
            ["column note of orders: its type was text and is json now; it is required now"],
        ),
        (
            lambda one: {"columns": tuple(c for c in one.columns if c.name != "note")},
            ["column note of orders was dropped"],
        ),
        (
            lambda one: {"columns": (*one.columns, Column(name="more", type="text"))},
            ["column more of orders was added"],
        ),
        (
            lambda one: {"constraints": (*one.constraints, KEY)},
            ["foreign key fk_note on orders (note) to notes was added"],
        ),
        (
            lambda one: {
                "constraints": (*one.constraints, Unique(columns=("note",), name="uq_note")),
                "indexes": (*one.indexes, index("uq_note", "note", unique=True, constraint=True)),
            },
            ["unique constraint uq_note on orders was added"],
        ),
        (
            lambda one: {
                "referenced_by": (
                    Reference(
                        table=TableName("lines"),
                        foreign_key=replace(KEY, ref_table=ORDERS, name="fk_line"),
                    ),
                )
            },
            ["foreign key fk_line of lines to orders was added"],
        ),
        (
            lambda one: {"triggers": (*one.triggers, Trigger(name="log", definition="…"))},
            ["trigger log of orders was added"],
        ),
        (
            lambda one: {"dependents": (Dependent(kind="view", name="v", columns=("id",)),)},
            ["view v was added"],
        ),
        (lambda one: {"comment": "ours"}, ["the comment on orders was added"]),
    ],
)
def test_what_others_have_done_is_told_and_taken_into_the_tables_before(
    change: object, told: list[str]
) -> None:
    (table,) = live(2).tables
    now = Schema(tables=(replace(table, **change(table)),))  # type: ignore[operator]
    assert words(2, now) == told
    drift = compare(after(2), now).drift
    fresh = brought_up(SCHEMA, drift)
    assert fresh != SCHEMA
    (mine,) = fresh.tables
    assert mine.column("status") is None
    assert (mine.rows, mine.columns[0].counter) == (10, BEFORE.columns[0].counter)
    # Planned from these, the database is what the plan expects, and nothing is told twice.
    phases = [[step for one in phase.migrations for step in one.up] for phase in plan().phases]
    again = compare(states(fresh, phases[:2]), now)
    assert (again.broken, again.drift) == ((), ())


def test_what_stands_on_a_column_that_the_plan_brings_stays_out() -> None:
    (table,) = live(2).tables
    new = replace(table, indexes=(*table.indexes, index("ix_status", "status")))
    now = Schema(tables=(new,))
    assert words(2, now) == ["index ix_status on orders (status) was added"]
    assert brought_up(SCHEMA, compare(after(2), now).drift) == SCHEMA


def broken(written: int, now: Schema) -> list[str]:
    return [lacking(one) for one in compare(after(written), now).broken]


def test_parts_of_the_plan_that_are_gone_are_named() -> None:
    assert broken(2, live(2, triggers=())) == [
        "trigger zz_sync_orders_code_status of orders is not there"
    ]
    (table,) = live(2).tables
    other = with_column(table, "status", type="text")
    assert broken(2, live(2, columns=other)) == [
        "column status of orders: its type was character varying(20) and is text now"
    ]
    # Half of the contract has run.
    (table,) = live(3).tables
    kept = tuple(one for one in table.indexes if one.name != "ix_code")
    assert broken(4, live(3, indexes=kept)) == [
        "column code of orders is still there",
        "trigger zz_sync_orders_code_status of orders is still there",
    ]


def test_an_index_that_an_interrupted_build_has_left_is_not_there() -> None:
    (table,) = live(3).tables
    left = tuple(replace(one, valid=one.name != "ix_status") for one in table.indexes)
    assert broken(3, live(3, indexes=left)) == ["index ix_status on orders (status) is another one"]


def test_values_of_a_type_are_compared() -> None:
    mood = Enum(name=TableName("mood"), labels=("a", "b"))
    before = Schema(tables=(BEFORE,), enums=(mood,))
    now = Schema(tables=(BEFORE,), enums=(replace(mood, labels=("a", "b", "c")),))
    drift = compare(states(before, []), now).drift
    assert [since(one) for one in drift] == ["type mood has the values a, b, c now"]
    assert brought_up(before, drift).enums == now.enums


def test_a_table_that_the_plan_makes_is_compared_by_name_alone() -> None:
    from wizard.model.steps import CreateTable

    made = Table(name=TableName("made"), columns=(Column(name="id", type="int"),))
    told = replace(made, comment="theirs", indexes=(index("ix", "id"),))
    expected = states(SCHEMA, [[CreateTable(table=made)]])
    found = compare(expected, Schema(tables=(BEFORE, told)))
    assert (found.applied, found.broken) == (1, ())
    assert found.drift == ()
    assert compare(expected, SCHEMA).applied == 0


def test_a_type_that_others_gave_the_column_does_not_pass_for_the_plans_own() -> None:
    step = AddColumn(table=ORDERS, column=Column(name="more", type="integer"))
    expected = states(SCHEMA, [[step]])
    theirs = replace(BEFORE, columns=(*BEFORE.columns, Column(name="more", type="text")))
    assert [lacking(one) for one in compare(expected, Schema(tables=(theirs,))).broken] == [
        "column more of orders: its type was integer and is text now"
    ]
