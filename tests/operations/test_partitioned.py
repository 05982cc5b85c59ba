"""Changes of a partitioned table: on each partition while writes go on, then on the whole."""

from __future__ import annotations

from dataclasses import replace

import pytest
from partitioned_shop import EVENTS, LAST, PARTITIONED, REST, SOLD, THIS
from shop import LARGE, STOPPED, TINY, outline, plan_of
from test_identity import assert_reversible

from wizard.model.names import TableName
from wizard.model.plan import Plan
from wizard.model.rollout import Rollout
from wizard.model.schema import Schema
from wizard.model.simulate import apply_all
from wizard.model.steps import (
    AddForeignKey,
    AddIndex,
    AddUnique,
    LockTables,
    Require,
    Step,
    ValidateConstraint,
)

Values = dict[str, object]
OLD, NEW = ("postgresql", (16, 4)), ("postgresql", (18, 0))


def plan(
    kind: str,
    values: Values,
    *,
    rollout: Rollout = LARGE,
    version: tuple[int, ...] = (16, 4),
    schema: Schema = PARTITIONED,
) -> Plan:
    given = {"table": "events", **values}
    return plan_of(kind, given, rollout=rollout, version=version, schema=schema)


def codes(found: Plan) -> set[str]:
    return {one.code for one in found.findings}


def changed(schema: Schema, name: TableName, **options: object) -> Schema:
    table = schema.table(name)
    assert table is not None
    return schema.with_table(replace(table, **options))  # type: ignore[arg-type]


def indexes(schema: Schema, name: TableName) -> dict[str, str | None]:
    table = schema.table(name)
    assert table is not None
    return {one.name: one.inherits for one in table.indexes}


CHANGES: list[tuple[str, Values]] = [
    ("add_index", {"columns": ["customer_id"]}),
    ("add_index", {"columns": ["kind", "at"], "unique": True}),
    ("add_index", {"columns": ["lower(kind)"], "where": "id > 1"}),
    ("drop_index", {"name": "ix_events_note"}),
    ("add_unique", {"columns": ["customer_id", "at", "kind"]}),
    ("add_foreign_key", {"columns": ["customer_id"], "ref_table": "customers"}),
    ("add_check", {"expression": "payer_id > 0"}),
    ("set_not_null", {"column": "note"}),
    ("drop_not_null", {"column": "size"}),
    ("drop_constraint", {"name": "ck_events_note"}),
    ("drop_constraint", {"name": "events_once"}),
    ("drop_constraint", {"name": "events_payer_id_fkey"}),
    ("add_column", {"column": "extra", "type": "text", "nullable": False, "default": "'x'"}),
    ("set_default", {"column": "note", "default": "'none'"}),
    ("rename_column", {"column": "note", "to": "remark", "how": "sync"}),
    ("rename_column", {"column": "payer_id", "to": "debtor_id", "how": "sync"}),
]


@pytest.mark.parametrize("engine", [OLD, NEW], ids=["pg16", "pg18"])
@pytest.mark.parametrize("rollout", [LARGE, TINY, STOPPED], ids=["large", "tiny", "stopped"])
@pytest.mark.parametrize(("kind", "values"), CHANGES, ids=lambda one: str(one)[:50])
def test_up_then_down_is_the_identity(
    kind: str, values: Values, rollout: Rollout, engine: tuple[str, tuple[int, ...]]
) -> None:
    if rollout is STOPPED and values.get("how") == "sync":
        values = {**values, "how": "direct"}
    found = plan(kind, values, rollout=rollout, version=engine[1])
    assert found.refused is None, found.refused
    assert_reversible(found, PARTITIONED, engine)


def test_an_index_is_built_on_each_leaf_and_taken_in_from_below() -> None:
    found = plan("add_index", {"columns": ["customer_id"], "name": "ix_events_customer_id"})
    (migration,) = found.migrations
    told = [
        (str(one.table), one.index.name, one.concurrently, len(one.ready))
        for one in migration.up
        if isinstance(one, AddIndex)
    ]
    # One leaf has such an index already: it is taken in as it is.
    assert told == [
        ("events_2025", "ix_events_2025_customer_id", True, 0),
        ("events_2026_rest", "ix_events_2026_rest_customer_id", True, 0),
        ("events_2026", "ix_events_2026_customer_id", False, 2),
        ("events", "ix_events_customer_id", False, 4),
    ]
    lock, look = migration.up[2:4]
    assert lock == LockTables(tables=(EVENTS,), mode="share")
    assert isinstance(look, Require)
    assert look.named
    after = apply_all(PARTITIONED, migration.up)
    assert indexes(after, SOLD)["sold_customer_id"] == "ix_events_2026_customer_id"
    assert indexes(after, THIS)["ix_events_2026_customer_id"] == "ix_events_customer_id"
    back = apply_all(after, migration.down)
    assert indexes(back, SOLD) == indexes(PARTITIONED, SOLD)
    assert {"partition-by-partition", "partitions-of-this-database", "partitioned-way-back"} <= (
        codes(found)
    )


def test_small_ones_and_windows_need_one_step() -> None:
    for rollout, phase in ((TINY, "expand"), (STOPPED, "switch")):
        found = plan("add_index", {"columns": ["payer_id"]}, rollout=rollout)
        assert outline(found) == [f"{phase}: AddIndex"]
        assert "partition-by-partition" not in codes(found)


@pytest.mark.parametrize(
    ("schema", "columns", "code", "told"),
    [
        (PARTITIONED, ["id"], "partition-key-missing", "must hold at as well, by which events is"),
        (PARTITIONED, ["id", "at"], "partition-key-missing", "must hold kind as well"),
        (
            changed(PARTITIONED, THIS, partition_key="LIST (lower(kind))"),
            ["id", "at", "kind"],
            "partition-key-expression",
            "events_2026 is partitioned by an expression, LIST (lower(kind))",
        ),
        (
            changed(PARTITIONED, LAST, kind="foreign"),
            ["id", "at", "kind"],
            "foreign-partition",
            "events_2025 of events is a foreign table",
        ),
    ],
)
def test_what_is_unique_must_hold_the_partition_key(
    schema: Schema, columns: list[str], code: str, told: str
) -> None:
    unique: Values = {"columns": [*columns, "note"], "unique": True}
    for rollout in (LARGE, TINY):
        for kind, values in (
            ("add_index", unique),
            ("add_unique", {"columns": [*columns, "note"]}),
        ):
            refused = plan(kind, values, schema=schema, rollout=rollout).refused
            assert refused is not None
            assert refused.code == code
            assert told in refused.what


def test_a_quoted_partition_key_is_read() -> None:
    schema = PARTITIONED
    for name in (EVENTS, LAST, THIS, SOLD, REST):
        table = schema.table(name)
        assert table is not None
        extra = replace(table.columns[3], name="Odd Key")
        schema = schema.with_table(replace(table, columns=(*table.columns, extra)))
    schema = changed(schema, EVENTS, partition_key='RANGE (at, "Odd Key" COLLATE "C" text_ops)')
    columns = ["id", "at", "kind", "size"]
    refused = plan("add_unique", {"columns": columns}, schema=schema).refused
    assert refused is not None
    assert "must hold Odd Key as well" in refused.what
    assert plan("add_unique", {"columns": [*columns, "Odd Key"]}, schema=schema).refused is None


def test_uniques_of_the_leaves_become_the_parents() -> None:
    found = plan("add_unique", {"columns": ["customer_id", "at", "kind"], "name": "uq_events"})
    (migration,) = found.migrations
    builds = [one for one in migration.up if isinstance(one, AddIndex)]
    keys = [one for one in migration.up if isinstance(one, AddUnique)]
    assert [str(one.table) for one in builds] == ["events_2025", "events_2026_rest"]
    assert all(one.concurrently for one in builds)
    assert [(str(one.table), one.using is None, len(one.ready)) for one in keys] == [
        ("events_2025", False, 0),
        ("events_2026_rest", False, 0),
        ("events_2026", True, 2),
        ("events", True, 4),
    ]
    lock = next(one for one in migration.up if isinstance(one, LockTables))
    assert lock.mode == "access exclusive"


def test_a_key_is_proven_in_each_leaf_where_it_cannot_be_added_loose() -> None:
    values: Values = {"columns": ["customer_id"], "ref_table": "customers"}
    found = plan("add_foreign_key", values)
    assert outline(found) == [
        "expand: AddIndex, AddIndex, LockTables, Require, AddIndex, AddIndex | "
        "LockTables, AddForeignKey, AddForeignKey",
        "validate: ValidateConstraint, ValidateConstraint, "
        "LockTables, LockTables, Require, AddForeignKey",
    ]
    assert "partitioned-key" in codes(found)
    whole = found.migrations[-1]
    last = whole.up[-1]
    assert isinstance(last, AddForeignKey)
    assert set(last.ready) == {LAST, THIS, SOLD, REST}
    # What the parent's key took in comes back, the leaf's own one proven as it was.
    again = [one for one in whole.down if isinstance(one, AddForeignKey | ValidateConstraint)]
    assert [(type(one).__name__, str(one.table)) for one in again] == [
        ("AddForeignKey", "events_2025"),
        ("AddForeignKey", "events_2026_rest"),
        ("AddForeignKey", "events_2026_sold"),
        ("ValidateConstraint", "events_2026_sold"),
    ]
    later = plan("add_foreign_key", values, version=(18, 0))
    assert "partitioned-key" not in codes(later)


def test_a_dropped_key_comes_back_leaf_by_leaf() -> None:
    found = plan("drop_constraint", {"name": "events_payer_id_fkey"})
    leaves = ", ".join(["AddForeignKey"] * 3)
    drops = ", ".join(["DropConstraint"] * 3)
    assert outline(found) == [
        f"contract: LockTables, DropConstraint, {leaves} | LockTables, {drops}"
    ]
    kept, dropped = (one.down for one in found.migrations)
    assert [type(one).__name__ for one in kept] == [
        *["ValidateConstraint"] * 3,
        *["LockTables"] * 2,
        "Require",
        "AddForeignKey",
    ]
    assert [type(one).__name__ for one in dropped] == [
        "Require",
        "LockTables",
        *["AddForeignKey"] * 3,
    ]


def test_what_belongs_to_the_parent_does_not_go_alone() -> None:
    values: Values = {"table": "events_2025", "name": "ix_events_2025_note"}
    refused = plan("drop_index", values).refused
    assert refused is not None
    assert refused.code == "index-of-parent"
    assert "--table events --name ix_events_note" in refused.safer


def test_a_key_that_includes_more_is_not_dropped() -> None:
    table = PARTITIONED.table(EVENTS)
    assert table is not None
    wider = tuple(
        replace(one, include=("customer_id",)) if one.name == "events_once" else one
        for one in table.indexes
    )
    schema = changed(PARTITIONED, EVENTS, indexes=wider)
    refused = plan("drop_constraint", {"name": "events_once"}, schema=schema).refused
    assert refused is not None
    assert (refused.code, "customer_id" in refused.what) == ("key-includes-more", True)
    assert plan("drop_constraint", {"name": "events_once"}).refused is None


@pytest.mark.parametrize(
    ("column", "told"),
    [
        ("at", "events is partitioned by at"),
        ("kind", "events_2026 is partitioned by kind"),
        ("customer_id", "index sold_customer_id of events_2026_sold alone names it"),
    ],
)
def test_a_column_that_a_partition_needs_on_its_own_is_not_renamed_by_two(
    column: str, told: str
) -> None:
    schema = PARTITIONED
    for name in (EVENTS, LAST, THIS, SOLD, REST):
        table = schema.table(name)
        assert table is not None
        kept = tuple(one for one in table.constraints if one.name is None or "pkey" not in one.name)
        schema = schema.with_table(replace(table, constraints=kept))
    refused = plan(
        "rename_column", {"column": column, "to": "fresh", "how": "sync"}, schema=schema
    ).refused
    assert refused is not None
    assert refused.code == "cannot-sync"
    assert told in refused.what


def test_the_names_of_parts_fit() -> None:
    found = plan("add_index", {"columns": ["kind"], "name": "e" * 63})
    names = [one.index.name for one in found.migrations[0].up if isinstance(one, AddIndex)]
    assert all(len(one.encode()) <= 63 for one in names)
    assert len(set(names)) == len(names)


def test_steps_reach_the_partitions() -> None:
    steps: list[Step] = []
    for kind, values in CHANGES[5:10]:
        steps = [step for one in plan(kind, values).migrations for step in one.up]
        after = apply_all(PARTITIONED, steps)
        root, leaf = after.table(EVENTS), after.table(REST)
        assert root is not None
        assert leaf is not None
        assert [(one.name, one.nullable) for one in root.columns] == [
            (one.name, one.nullable) for one in leaf.columns
        ]
        named = {type(one): one.name for one in root.constraints}
        assert named.keys() == {type(one) for one in leaf.constraints}
    assert steps
