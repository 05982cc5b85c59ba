"""What the plans are, phase by phase."""

from __future__ import annotations

from dataclasses import replace

import pytest
from shop import (
    BLUE_GREEN,
    CUSTOMERS_TABLE,
    LARGE,
    ORDERS_TABLE,
    SCHEMA,
    STOPPED,
    TINY,
    outline,
    plan_of,
)

from wizard.dialects import dialect
from wizard.model.answers import OperationAnswers, freeze
from wizard.model.errors import AnswerError
from wizard.model.plan import Grade
from wizard.model.rollout import Rollout
from wizard.model.schema import Check, Table
from wizard.model.steps import AddColumn, DropConstraint, is_data
from wizard.operations.base import tables_of
from wizard.planner import Known, make_plan


def test_schema_and_data_never_share_a_migration() -> None:
    for kind in ("set_not_null", "rename_column", "backfill", "add_foreign_key"):
        for migration in plan_of(kind).migrations:
            kinds = {is_data(step) for step in migration.up}
            assert len(kinds) == 1, migration.slug
            assert kinds == {migration.kind == "data"} or migration.slug.startswith("check_that")


def test_a_constant_default_is_one_short_step() -> None:
    assert outline(plan_of("add_column")) == ["expand: AddColumn"]


def test_a_volatile_default_is_set_after_the_column_is_there() -> None:
    values = {
        "table": "orders",
        "column": "token",
        "type": "uuid",
        "nullable": False,
        "default": "gen_random_uuid()",
    }
    assert outline(plan_of("add_column", values)) == [
        "expand: AddColumn, SetDefault",
        "backfill: Backfill",
        "validate: Require, AddCheck | ValidateConstraint | "
        "ValidateConstraint, SetNotNull, DropConstraint",
    ]
    tiny = plan_of("add_column", values, rollout=TINY)
    assert outline(tiny) == ["expand: AddColumn"]


def test_a_stable_default_warns_that_it_stamps_old_rows() -> None:
    values = {"table": "orders", "column": "seen", "type": "timestamptz", "default": "now()"}
    plan = plan_of("add_column", values)
    assert outline(plan) == ["expand: AddColumn"]
    assert "default-stamps-old-rows" in {one.code for one in plan.findings}


def test_a_required_column_without_a_value_is_an_error_that_names_the_flag() -> None:
    values = {"table": "orders", "column": "size", "type": "integer", "nullable": False}
    with pytest.raises(AnswerError) as caught:
        plan_of("add_column", values)
    assert caught.value.flag == "--fill"


def test_a_required_column_without_default_waits_for_the_code() -> None:
    values = {
        "table": "orders",
        "column": "size",
        "type": "integer",
        "nullable": False,
        "fill": "0",
    }
    plan = plan_of("add_column", values)
    assert [phase.name for phase in plan.phases] == ["expand", "backfill", "validate"]
    first = plan.migrations[0].up[0]
    assert isinstance(first, AddColumn)
    assert first.column.nullable
    assert plan.phases[1].gate is not None
    assert "always writes orders.size" in plan.phases[1].gate.text
    # Even on a tiny table a deploy lies between adding and requiring.
    tiny = plan_of("add_column", values, rollout=TINY)
    assert outline(tiny) == ["expand: AddColumn", "validate: Backfill | Require, SetNotNull"]


def test_a_column_with_a_foreign_key_adds_it_unproven() -> None:
    values = {
        "table": "orders",
        "column": "agent_id",
        "type": "bigint",
        "references": {"table": "customers", "columns": ["id"], "on_delete": "set null"},
    }
    assert outline(plan_of("add_column", values)) == [
        "expand: AddColumn | AddIndex | LockTables, AddForeignKey",
        "validate: ValidateConstraint",
    ]


def test_an_identity_column_on_a_large_table_is_refused_with_another_way() -> None:
    values = {"table": "orders", "column": "number", "type": "bigint", "identity": "always"}
    plan = plan_of("add_column", values)
    assert plan.refused is not None
    assert "rewrites the whole table" in plan.refused.what
    assert "sequence" in plan.refused.safer
    assert outline(plan_of("add_column", values, rollout=STOPPED)) == ["switch: AddColumn"]


def test_an_index_is_built_concurrently_and_without_a_lock_timeout() -> None:
    (migration,) = plan_of("add_index").migrations
    assert not migration.transactional
    assert migration.lock_timeout_ms is None
    (migration,) = plan_of("add_index", rollout=STOPPED).migrations
    assert migration.transactional
    assert migration.lock_timeout_ms == 2_000


def test_a_unique_index_looks_for_doubles_first() -> None:
    values = {"table": "customers", "columns": ["email"], "unique": True}
    plan = plan_of("add_index", values)
    assert outline(plan) == ["expand: Require, AddIndex"]
    assert "count(*) > 1" in plan.preflights[0].query


def test_an_index_that_is_there_already_is_not_built_again() -> None:
    values = {"table": "orders", "columns": ["customer_id"], "name": "another"}
    plan = plan_of("add_index", values)
    assert plan.refused is not None
    assert "ix_orders_customer_id" in plan.refused.what


def test_an_index_follows_the_names_of_the_others() -> None:
    plan = plan_of("add_index", {"table": "orders", "columns": ["note"]})
    assert plan.migrations[0].slug == "add_ix_orders_note"


def test_a_foreign_key_is_indexed_added_and_proven_apart() -> None:
    plan = plan_of("add_foreign_key")
    assert outline(plan) == [
        "expand: AddIndex | LockTables, AddForeignKey",
        "validate: ValidateConstraint",
    ]
    key = plan.migrations[1]
    assert [type(step).__name__ for step in key.down] == ["LockTables", "DropConstraint"]
    assert key.lock_timeout_ms == 2_000
    assert plan.migrations[2].lock_timeout_ms is None


def test_orphans_are_repaired_before_the_proof() -> None:
    values = {
        "table": "orders",
        "columns": ["billing_id"],
        "ref_table": "customers",
        "orphans": "null",
    }
    plan = plan_of("add_foreign_key", values)
    assert [phase.name for phase in plan.phases] == ["expand", "backfill", "validate"]
    assert plan.reversibility.grade is Grade.NONE


def test_a_key_to_columns_that_are_not_unique_is_an_error() -> None:
    values = {
        "table": "orders",
        "columns": ["note"],
        "ref_table": "customers",
        "ref_columns": ["name"],
    }
    with pytest.raises(AnswerError) as caught:
        plan_of("add_foreign_key", values)
    assert caught.value.code == "not-unique"


def test_required_by_a_check_then_by_not_null() -> None:
    assert outline(plan_of("set_not_null", version=(15, 4))) == [
        "backfill: Backfill",
        "validate: Require, AddCheck | ValidateConstraint | "
        "ValidateConstraint, SetNotNull, DropConstraint",
    ]


def test_required_by_not_null_itself_where_it_can_wait_for_its_proof() -> None:
    assert outline(plan_of("set_not_null", version=(18, 0))) == [
        "backfill: Backfill",
        "validate: Require, AddNotNull | ValidateConstraint",
    ]


def test_a_proof_in_the_catalogue_is_used() -> None:
    proof = Check(name="has_email", expression="(email IS NOT NULL) AND (name <> '')")
    table = replace(CUSTOMERS_TABLE, constraints=(*CUSTOMERS_TABLE.constraints, proof))
    values = {"table": "customers", "column": "email"}
    plan = plan_of("set_not_null", values, schema=SCHEMA.with_table(table))
    assert outline(plan) == ["validate: SetNotNull"]


@pytest.mark.parametrize("expression", ["email <> ''", "email IS NOT NULL OR name <> ''"])
def test_what_lets_null_pass_is_no_proof(expression: str) -> None:
    check = Check(name="no_proof", expression=expression)
    table = replace(CUSTOMERS_TABLE, constraints=(*CUSTOMERS_TABLE.constraints, check))
    values = {"table": "customers", "column": "email"}
    plan = plan_of("set_not_null", values, schema=SCHEMA.with_table(table))
    assert len(plan.migrations) == 3


def test_tiny_tables_need_one_phase_but_keep_the_lock_budget() -> None:
    plan = plan_of("set_not_null", rollout=TINY)
    assert outline(plan) == ["validate: Backfill | Require, SetNotNull"]
    assert plan.migrations[1].lock_timeout_ms == 2_000


def test_mapping_the_name_needs_no_migration() -> None:
    values = {"table": "orders", "column": "status_code", "to": "status"}
    plan = plan_of("rename_column", values)
    assert plan.phases == ()
    assert {one.title for one in plan.snippets} == {"SQLAlchemy", "Django", "SeaORM"}


def test_renaming_directly_is_for_a_stopped_application() -> None:
    values = {"table": "orders", "column": "status_code", "to": "status", "how": "direct"}
    assert plan_of("rename_column", values).refused is not None
    assert outline(plan_of("rename_column", values, rollout=STOPPED)) == ["switch: RenameColumn"]


def test_renaming_in_steps_brings_everything_along_and_back() -> None:
    plan = plan_of("rename_column")
    assert outline(plan) == [
        "expand: AddColumn | CreateSync",
        "backfill: Backfill",
        "validate: AddIndex | AddCheck | ValidateConstraint | Require, AddCheck | "
        "ValidateConstraint | ValidateConstraint, SetNotNull, DropConstraint",
        "contract: DropIndex | AddCheck, DropNotNull | DropConstraint, DropConstraint | "
        "Require | SetDefault, SetDefault, DropSync, DropColumn",
    ]
    # No loss in either direction, so nothing has to be accepted.
    assert not plan.reversibility.needs_acknowledgement


def test_the_twin_has_no_default_of_its_own_until_contract() -> None:
    first = plan_of("rename_column").migrations[0].up[0]
    assert isinstance(first, AddColumn)
    assert first.column.default is None
    assert first.column.nullable


@pytest.mark.parametrize(
    ("column", "reason"),
    [("id", "a sequence whose name is not known"), ("shown", "view open_orders")],
)
def test_what_cannot_be_kept_twice_is_refused(column: str, reason: str) -> None:
    values = {"table": "orders", "column": column, "to": "fresh", "how": "sync"}
    plan = plan_of("rename_column", values)
    assert plan.refused is not None
    assert reason in plan.refused.what
    assert "--how map" in plan.refused.safer


def test_blue_green_waits_until_blue_is_gone() -> None:
    gate = plan_of("rename_column", rollout=BLUE_GREEN).phases[-1].gate
    assert gate is not None
    assert "blue is gone" in gate.text


def test_filling_nulls_loses_nothing() -> None:
    plan = plan_of("backfill")
    assert plan.reversibility.grade is Grade.LOSSLESS


def test_overwriting_must_be_accepted() -> None:
    values = {"table": "orders", "set": {"note": "upper(note)"}}
    plan = plan_of("backfill", values)
    assert plan.reversibility.grade is Grade.NONE
    assert "overwrites-values" in {one.code for one in plan.findings}


@pytest.mark.parametrize("expression", ["total * 2", "total + 1", "round(total * 1.1)"])
def test_what_a_second_run_would_apply_twice_is_refused(expression: str) -> None:
    plan = plan_of("backfill", {"table": "orders", "set": {"total": expression}})
    assert plan.refused is not None
    assert plan.refused.code == "not-repeatable"


@pytest.mark.parametrize("expression", ["upper(note)", "lower(trim(note))", "'x'", "shown"])
def test_what_settles_may_run_twice(expression: str) -> None:
    plan = plan_of("backfill", {"table": "orders", "set": {"note": expression}})
    assert plan.refused is None


def test_a_table_without_a_key_is_refused_when_it_is_large() -> None:
    keyless = Table(
        name=ORDERS_TABLE.name, columns=ORDERS_TABLE.columns, rows=120_000_000, bytes=10**10
    )
    schema = SCHEMA.with_table(keyless)
    plan = plan_of("backfill", name="mysql", version=(8, 0, 36), schema=schema)
    assert plan.refused is not None
    assert "primary key" in plan.refused.what


def test_two_operations_share_their_phases() -> None:
    known = Known(dialect=dialect("postgresql", (16,)), table=tables_of(SCHEMA), rollout=LARGE)
    asked = [
        {"table": "orders", "column": "note_2", "type": "text"},
        {"table": "orders", "columns": ["note_2"]},
    ]
    plan = make_plan(
        [
            OperationAnswers(kind="add_column", values=freeze(asked[0])),
            OperationAnswers(kind="add_index", values=freeze(asked[1])),
        ],
        known,
    )
    assert outline(plan) == ["expand: AddColumn | AddIndex"]


def test_an_unknown_answer_is_named() -> None:
    with pytest.raises(AnswerError, match="colunm"):
        plan_of("backfill", {"table": "orders", "colunm": "x"})


def test_an_unknown_size_counts_as_large_and_says_so() -> None:
    plan = plan_of("set_not_null", rollout=Rollout())
    assert "size-unknown" in {one.code for one in plan.findings}
    assert len(plan.phases) == 2


def test_dropping_a_constraint_keeps_what_brings_it_back() -> None:
    plan = plan_of("rename_column")
    dropped = [
        step
        for migration in plan.migrations
        for step in migration.up
        if isinstance(step, DropConstraint)
    ]
    assert all(step.constraint.name for step in dropped)
