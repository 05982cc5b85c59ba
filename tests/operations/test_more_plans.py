"""What the plans of the smaller changes are: defaults, NULL, checks, uniques, and what goes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from shop import (
    BLUE_GREEN,
    CUSTOMERS_TABLE,
    KEY,
    LARGE,
    ORDERS,
    ORDERS_TABLE,
    SCHEMA,
    STOPPED,
    TINY,
    outline,
    plan_of,
)

from wizard.model.errors import AnswerError
from wizard.model.names import TableName
from wizard.model.plan import Grade, Plan
from wizard.model.rollout import Rollout
from wizard.model.schema import (
    Check,
    Column,
    Generated,
    Index,
    IndexPart,
    NotNull,
    Reference,
    Schema,
    Table,
    Unique,
)
from wizard.model.steps import (
    AddForeignKey,
    AddIndex,
    AddUnique,
    DropConstraint,
    DropIndex,
    Require,
    SetDefault,
    SetNotNull,
)
from wizard.operations import operations
from wizard.questions import Choice, Situation

NEW_SQLITE = (3, 53, 0)
CODE = Unique(name="uq_customers_code", columns=("name",))
CODE_INDEX = Index(
    name="uq_customers_code", parts=(IndexPart(column="name"),), unique=True, constraint=True
)
MAIL_INDEX = Index(name="ux_mail", parts=(IndexPart(column="email"),), unique=True)


def codes(plan: Plan) -> set[str]:
    return {one.code for one in plan.findings}


def refused(plan: Plan) -> str:
    assert plan.refused is not None
    assert plan.phases == ()
    assert plan.refused.safer
    return plan.refused.code


def undone(plan: Plan) -> list[list[str]]:
    return [[type(step).__name__ for step in one.down] for one in plan.migrations]


def with_customers(**changes: Any) -> Schema:
    changed: Schema = SCHEMA.with_table(replace(CUSTOMERS_TABLE, **changes))
    return changed


def orders(**changes: Any) -> Schema:
    changed: Schema = SCHEMA.with_table(replace(ORDERS_TABLE, **changes))
    return changed


def choices(kind: str, key: str, table: Table) -> tuple[Choice, ...]:
    question = operations()[kind].question(key)
    assert question is not None
    return question.choices(Situation(table=table))


# Letting a column be empty


def test_the_way_back_to_required_proves_before_it_locks() -> None:
    plan = plan_of("drop_not_null")
    assert outline(plan) == ["expand: AddCheck, DropNotNull | DropConstraint"]
    assert undone(plan) == [
        ["ValidateConstraint", "SetNotNull", "DropConstraint"],
        ["Require", "AddCheck"],
    ]
    required = next(step for step in plan.migrations[0].down if isinstance(step, SetNotNull))
    assert required.proof == "orders_customer_id_required"
    assert plan.reversibility.grade is Grade.LOSSLESS_UNTIL
    assert str(plan.reversibility) == "lossless until a NULL is written to customer_id"


@pytest.mark.parametrize("rollout", [TINY, STOPPED], ids=["tiny", "stopped"])
def test_a_small_or_stopped_table_sets_it_back_at_once(rollout: Rollout) -> None:
    plan = plan_of("drop_not_null", rollout=rollout)
    assert undone(plan) == [["Require", "SetNotNull"]]
    assert plan.reversibility.grade is Grade.LOSSLESS_UNTIL


def test_readers_come_first_while_old_and_new_code_run() -> None:
    gate = plan_of("drop_not_null").phases[0].gate
    assert gate is not None
    assert "every running instance copes with NULL in orders.customer_id" in gate.text
    blue = plan_of("drop_not_null", rollout=BLUE_GREEN).phases[0].gate
    assert blue is not None
    assert blue.text.startswith("green copes with NULL")
    assert "null-surprises-readers" in codes(plan_of("drop_not_null"))
    assert "null-surprises-readers" not in codes(plan_of("drop_not_null", rollout=STOPPED))


def test_a_check_that_forbids_null_is_named_and_proves_the_way_back() -> None:
    proof = Check(name="ck_buyer", expression="customer_id IS NOT NULL", columns=("customer_id",))
    schema = orders(constraints=(*ORDERS_TABLE.constraints, proof))
    plan = plan_of("drop_not_null", schema=schema)
    assert outline(plan) == ["expand: DropNotNull"]
    (back,) = plan.migrations[0].down
    assert isinstance(back, SetNotNull)
    assert back.proof == "ck_buyer"
    assert "check-still-forbids" in codes(plan)
    assert plan.reversibility.grade is Grade.LOSSLESS


def test_what_is_optional_or_cannot_be_is_refused() -> None:
    assert refused(plan_of("drop_not_null", {"table": "orders", "column": "note"})) == (
        "already-optional"
    )
    assert (
        refused(plan_of("drop_not_null", {"table": "orders", "column": "id"})) == "stays-required"
    )
    number = Column(name="number", type="bigint", nullable=False, identity="always")
    schema = orders(columns=(*ORDERS_TABLE.columns, number))
    values = {"table": "orders", "column": "number"}
    assert refused(plan_of("drop_not_null", values, schema=schema)) == "stays-required"
    assert [one.value for one in choices("drop_not_null", "column", ORDERS_TABLE)] == [
        "customer_id",
        "status_code",
    ]


def test_a_rule_that_is_not_proven_yet_is_a_constraint_to_drop() -> None:
    pending = NotNull(name="orders_note_not_null", column="note")
    schema = orders(constraints=(*ORDERS_TABLE.constraints, pending))
    plan = plan_of("drop_not_null", {"table": "orders", "column": "note"}, schema=schema)
    assert plan.refused is not None
    assert "drop-constraint --table orders --name orders_note_not_null" in plan.refused.safer
    values = {"table": "orders", "name": "orders_note_not_null"}
    drop = plan_of("drop_constraint", values, schema=schema, version=(18, 0))
    assert undone(drop) == [["AddNotNull"]]


def test_a_partition_follows_its_parent() -> None:
    part = replace(ORDERS_TABLE, name=TableName("orders_1"), partition_of=ORDERS, kind="partition")
    schema = SCHEMA.with_table(part)
    values = {"table": "orders_1", "column": "customer_id"}
    assert refused(plan_of("drop_not_null", values, schema=schema)) == "inherited-rule"
    values = {"table": "orders_1", "name": "ck_orders_status"}
    assert refused(plan_of("drop_constraint", values, schema=schema)) == "inherited-rule"


def test_old_sqlite_rebuilds_and_says_so() -> None:
    old = plan_of("drop_not_null", name="sqlite", version=(3, 40, 1))
    assert outline(old) == ["expand: RebuildTable"]
    assert undone(old) == [["Require", "RebuildTable"]]
    assert "table-rebuilt" in codes(old)
    new = plan_of("drop_not_null", name="sqlite", version=NEW_SQLITE)
    assert outline(new) == ["expand: DropNotNull"]
    assert "table-rebuilt" not in codes(new)


# Defaults


def test_setting_a_default_brings_the_earlier_one_back() -> None:
    values = {"table": "orders", "column": "status_code", "default": "'open'"}
    plan = plan_of("set_default", values)
    (down,) = plan.migrations[0].down
    assert isinstance(down, SetDefault)
    assert down.default == "'new'::character varying"
    assert plan.migrations[0].lock_timeout_ms == LARGE.lock_budget_ms
    assert "default-for-new-rows" in codes(plan)


def test_a_default_that_is_there_or_cannot_be_is_refused() -> None:
    same = {"table": "orders", "column": "created_at", "default": "now()"}
    assert refused(plan_of("set_default", same)) == "default-exists"
    number = Column(name="number", type="bigint", nullable=False, identity="always")
    double = Column(name="double", type="numeric", generated=Generated(expression="total * 2"))
    schema = orders(columns=(*ORDERS_TABLE.columns, number, double))
    for column in ("number", "double"):
        values = {"table": "orders", "column": column, "default": "1"}
        assert refused(plan_of("set_default", values, schema=schema)) == "computed-column"


@pytest.mark.parametrize(
    ("default", "code"),
    [("EUR", "default-names-column"), ("NULL", "bad-answer"), ("", "missing-answer")],
)
def test_a_default_that_makes_no_sense_is_an_error(default: str, code: str) -> None:
    with pytest.raises(AnswerError) as caught:
        plan_of("set_default", {"table": "orders", "column": "note", "default": default})
    assert caught.value.code == code
    assert caught.value.flag == "--default"


def test_dropping_a_default_waits_for_the_code() -> None:
    plan = plan_of("drop_default")
    assert outline(plan) == ["contract: SetDefault"]
    assert plan.phases[0].gate is not None
    assert "null-instead-of-default" in codes(plan)
    required = plan_of("drop_default", {"table": "orders", "column": "status_code"})
    assert "required-without-default" in codes(required)
    assert plan.reversibility.grade is Grade.LOSSLESS
    assert refused(plan_of("drop_default", {"table": "orders", "column": "note"})) == "no-default"
    assert [one.value for one in choices("drop_default", "column", ORDERS_TABLE)] == [
        "status_code",
        "created_at",
    ]


@pytest.mark.parametrize("kind", ["set_default", "drop_default"])
def test_the_end_of_a_sequence_is_named(kind: str) -> None:
    number = Column(name="number", type="bigint", default="nextval('orders_number_seq'::regclass)")
    schema = orders(columns=(*ORDERS_TABLE.columns, number))
    values = {"table": "orders", "column": "number"}
    if kind == "set_default":
        values["default"] = "0"
    assert "numbered-by-sequence" in codes(plan_of(kind, values, schema=schema))


# Checks


def test_a_check_is_added_unproven_and_proven_alone() -> None:
    plan = plan_of("add_check")
    assert outline(plan) == ["expand: Require, AddCheck", "validate: ValidateConstraint"]
    assert plan.migrations[1].lock_timeout_ms is None
    assert "ck_orders_total" in plan.title
    assert outline(plan_of("add_check", rollout=TINY)) == ["expand: Require, AddCheck"]
    assert outline(plan_of("add_check", rollout=STOPPED)) == ["switch: Require, AddCheck"]
    assert plan.preflights[0].query.endswith("WHERE NOT (total >= 0) LIMIT 5")


def test_a_check_names_what_slips_through_it() -> None:
    assert "null-passes-check" in codes(plan_of("add_check"))
    strict = {"table": "orders", "expression": "total >= 0 AND total IS NOT NULL"}
    assert "null-passes-check" not in codes(plan_of("add_check", strict))
    timed = {"table": "orders", "expression": "created_at < now()"}
    assert "check-changes-with-time" in codes(plan_of("add_check", timed))
    quoted = {"table": "orders", "expression": "note <> 'now()'"}
    assert "check-changes-with-time" not in codes(plan_of("add_check", quoted))


@pytest.mark.parametrize(
    ("expression", "code"),
    [
        ("status_code = new", "unknown-column"),
        ("1 = 1", "check-without-column"),
        ("customer_id IN (SELECT id FROM customers)", "check-reads-rows"),
        ("total >", "bad-expression"),
    ],
)
def test_a_condition_that_is_none_is_an_error(expression: str, code: str) -> None:
    with pytest.raises(AnswerError) as caught:
        plan_of("add_check", {"table": "orders", "expression": expression})
    assert caught.value.code == code
    assert caught.value.flag == "--expression"


def test_a_text_that_looks_like_a_query_is_no_query() -> None:
    values = {"table": "orders", "expression": "note <> 'select'"}
    assert plan_of("add_check", values).refused is None


def test_a_check_that_is_there_is_not_added_again() -> None:
    values = {"table": "orders", "expression": "(status_code  <> '')", "name": "again"}
    assert refused(plan_of("add_check", values)) == "check-exists"
    taken = {"table": "orders", "expression": "total > 1", "name": "ck_orders_status"}
    with pytest.raises(AnswerError, match="ck_orders_status already"):
        plan_of("add_check", taken)


# Uniques


def test_a_unique_constraint_comes_from_an_index_built_beside_the_writes() -> None:
    plan = plan_of("add_unique")
    assert outline(plan) == ["expand: Require, AddIndex, AddUnique"]
    (migration,) = plan.migrations
    build, add = migration.up[1:]
    assert isinstance(build, AddIndex)
    assert build.concurrently
    assert isinstance(add, AddUnique)
    assert add.using == build.index
    assert not migration.transactional
    assert undone(plan) == [["DropConstraint"]]
    assert outline(plan_of("add_unique", rollout=STOPPED)) == ["switch: Require, AddUnique"]


def test_an_index_that_is_there_is_taken_over_and_built_again_on_the_way_back() -> None:
    schema = with_customers(indexes=(*CUSTOMERS_TABLE.indexes, MAIL_INDEX))
    plan = plan_of("add_unique", schema=schema)
    assert outline(plan) == ["expand: AddUnique"]
    assert undone(plan) == [["AddIndex", "DropConstraint"]]
    assert "index-taken-over" in codes(plan)
    assert plan.phases[0].gate is None
    same = {"table": "customers", "columns": ["email"], "name": "ux_mail"}
    assert undone(plan_of("add_unique", same, schema=schema)) == [["DropConstraint", "AddIndex"]]


@pytest.mark.parametrize(
    "other",
    [
        replace(MAIL_INDEX, where="email <> ''"),
        replace(MAIL_INDEX, valid=False),
        replace(MAIL_INDEX, unique=False),
        replace(MAIL_INDEX, parts=(IndexPart(column="email", order="desc"),)),
        replace(MAIL_INDEX, parts=(IndexPart(expression="lower(email)"),)),
        replace(MAIL_INDEX, include=("name",)),
    ],
    ids=["partial", "invalid", "not unique", "descending", "expression", "included"],
)
def test_an_index_that_does_not_fit_is_left_alone(other: Index) -> None:
    schema = with_customers(indexes=(*CUSTOMERS_TABLE.indexes, other))
    assert outline(plan_of("add_unique", schema=schema)) == ["expand: Require, AddIndex, AddUnique"]


def test_a_unique_that_is_there_is_not_added_again() -> None:
    schema = with_customers(
        constraints=(*CUSTOMERS_TABLE.constraints, CODE),
        indexes=(*CUSTOMERS_TABLE.indexes, CODE_INDEX),
    )
    values = {"table": "customers", "columns": ["name"]}
    assert refused(plan_of("add_unique", values, schema=schema)) == "unique-exists"
    key = {"table": "customers", "columns": ["id"]}
    assert refused(plan_of("add_unique", key)) == "unique-exists"
    habit = plan_of("add_unique", {"table": "customers", "columns": ["email"]}, schema=schema)
    assert isinstance(habit.migrations[0].up[2], AddUnique)
    assert habit.migrations[0].up[2].constraint.name == "uq_customers_email"


def test_sqlite_points_to_the_unique_index() -> None:
    plan = plan_of("add_unique", name="sqlite", version=NEW_SQLITE)
    assert outline(plan) == ["expand: Require, RebuildTable"]
    assert {"table-rebuilt", "unique-index-instead"} <= codes(plan)


def test_only_a_deferrable_constraint_is_checked_at_commit() -> None:
    values = {"table": "customers", "columns": ["email"], "initially": "deferred"}
    with pytest.raises(AnswerError) as caught:
        plan_of("add_unique", values)
    assert caught.value.flag == "--initially"
    plan = plan_of("add_unique", {**values, "deferrable": True})
    assert "deferrable-serves-less" in codes(plan)


# Dropping an index


def test_an_index_goes_and_comes_back_beside_the_writes() -> None:
    plan = plan_of("drop_index")
    (migration,) = plan.migrations
    (drop,) = migration.up
    assert isinstance(drop, DropIndex)
    assert drop.concurrently
    assert not migration.transactional
    assert migration.lock_timeout_ms is None
    (back,) = migration.down
    assert isinstance(back, AddIndex)
    assert back.concurrently
    (stopped,) = plan_of("drop_index", rollout=STOPPED).migrations
    assert stopped.transactional
    assert stopped.lock_timeout_ms == LARGE.lock_budget_ms


def test_a_unique_index_takes_its_rule_along() -> None:
    schema = with_customers(indexes=(*CUSTOMERS_TABLE.indexes, MAIL_INDEX))
    plan = plan_of("drop_index", {"table": "customers", "name": "ux_mail"}, schema=schema)
    assert undone(plan) == [["Require", "AddIndex"]]
    assert plan.reversibility.grade is Grade.LOSSLESS_UNTIL
    assert "unique-rule-ends" in codes(plan)


def test_an_index_that_something_needs_stays() -> None:
    values = {"table": "customers", "name": "customers_pkey"}
    assert refused(plan_of("drop_index", values)) == "index-of-constraint"
    by_mail = replace(KEY, name="by_mail", columns=("note",), ref_columns=("email",))
    schema = with_customers(
        indexes=(*CUSTOMERS_TABLE.indexes, MAIL_INDEX),
        referenced_by=(Reference(table=ORDERS, foreign_key=by_mail),),
    )
    plan = plan_of("drop_index", {"table": "customers", "name": "ux_mail"}, schema=schema)
    assert refused(plan) == "index-needed"
    assert plan.refused is not None
    assert "by_mail of orders" in plan.refused.what
    shown = {one.value: one.disabled for one in choices("drop_index", "name", ORDERS_TABLE)}
    assert shown["orders_pkey"]
    assert not shown["ix_orders_customer_id"]


def test_a_foreign_key_that_loses_its_only_index_is_named() -> None:
    values = {"table": "orders", "name": "ix_orders_customer_id"}
    assert "key-loses-index" in codes(plan_of("drop_index", values))
    other = Index(
        name="ix_both", parts=(IndexPart(column="customer_id"), IndexPart(column="total"))
    )
    schema = orders(indexes=(*ORDERS_TABLE.indexes, other))
    assert "key-loses-index" not in codes(plan_of("drop_index", values, schema=schema))


def test_the_rest_of_a_build_is_not_built_again() -> None:
    rest = replace(ORDERS_TABLE.indexes[2], valid=False)
    schema = orders(indexes=(*ORDERS_TABLE.indexes[:2], rest))
    plan = plan_of("drop_index", schema=schema)
    assert undone(plan) == [["Nothing"]]
    assert codes(plan) == {"broken-index-goes"}
    assert plan.phases[0].gate is None


def test_an_unknown_index_or_constraint_lists_what_there_is() -> None:
    with pytest.raises(AnswerError) as caught:
        plan_of("drop_index", {"table": "orders", "name": "nope"})
    assert caught.value.code == "unknown-index"
    assert "ix_orders_customer_id" in caught.value.next_actions[0]
    with pytest.raises(AnswerError) as caught:
        plan_of("drop_constraint", {"table": "orders", "name": "nope"})
    assert caught.value.code == "unknown-constraint"
    with pytest.raises(AnswerError, match="no constraint ix_orders_customer_id") as caught:
        plan_of("drop_constraint", {"table": "orders", "name": "ix_orders_customer_id"})
    assert caught.value.next_actions == ("use migwiz drop-index",)


# Dropping a constraint


def test_a_foreign_key_locks_both_tables_and_is_proven_on_the_way_back() -> None:
    plan = plan_of("drop_constraint")
    assert outline(plan) == ["contract: Nothing | LockTables, DropConstraint"]
    assert undone(plan) == [["ValidateConstraint"], ["Require", "LockTables", "AddForeignKey"]]
    back = plan.migrations[1].down[-1]
    assert isinstance(back, AddForeignKey)
    assert not back.constraint.validated
    assert plan.reversibility.grade is Grade.LOSSLESS_UNTIL
    assert {"rule-ends", "index-stays"} <= codes(plan)


def test_a_check_of_a_small_table_comes_back_at_once() -> None:
    values = {"table": "orders", "name": "ck_orders_status"}
    plan = plan_of("drop_constraint", values, rollout=TINY)
    assert outline(plan) == ["contract: DropConstraint"]
    assert undone(plan) == [["Require", "AddCheck"]]
    large = plan_of("drop_constraint", values)
    assert outline(large) == ["contract: Nothing | DropConstraint"]


def test_what_was_never_proven_is_not_proven_on_the_way_back() -> None:
    loose = replace(KEY, validated=False)
    kept = tuple(one for one in ORDERS_TABLE.constraints if one is not KEY)
    plan = plan_of("drop_constraint", schema=orders(constraints=(*kept, loose)))
    assert outline(plan) == ["contract: LockTables, DropConstraint"]
    assert undone(plan) == [["LockTables", "AddForeignKey"]]


def test_a_unique_constraint_comes_back_from_a_concurrent_index() -> None:
    schema = with_customers(
        constraints=(*CUSTOMERS_TABLE.constraints, CODE),
        indexes=(*CUSTOMERS_TABLE.indexes, replace(CODE_INDEX, include=("email",))),
    )
    plan = plan_of("drop_constraint", {"table": "customers", "name": CODE.name}, schema=schema)
    (migration,) = plan.migrations
    look, build, _add = migration.down
    assert isinstance(look, Require)
    assert isinstance(build, AddIndex)
    assert build.concurrently
    assert build.index.include == ("email",)
    assert "unique-rule-ends" in codes(plan)


def test_a_constraint_that_something_needs_stays() -> None:
    pointing = replace(KEY, name="by_name", columns=("note",), ref_columns=("name",))
    schema = with_customers(
        constraints=(*CUSTOMERS_TABLE.constraints, CODE),
        referenced_by=(Reference(table=ORDERS, foreign_key=pointing),),
    )
    values = {"table": "customers", "name": CODE.name}
    assert refused(plan_of("drop_constraint", values, schema=schema)) == "constraint-needed"
    key = {"table": "customers", "name": "customers_pkey"}
    assert refused(plan_of("drop_constraint", key)) == "constraint-needed"


def test_the_end_of_a_cascade_is_named() -> None:
    kept = tuple(one for one in ORDERS_TABLE.constraints if one is not KEY)
    schema = orders(constraints=(*kept, replace(KEY, on_delete="cascade")))
    assert "cascade-ends" in codes(plan_of("drop_constraint", schema=schema))


@pytest.mark.parametrize(
    ("name", "version", "step"),
    [
        ("ck_orders_status", NEW_SQLITE, DropConstraint),
        ("ck_orders_status", (3, 40, 1), None),
        ("orders_customer_id_fkey", NEW_SQLITE, None),
    ],
)
def test_sqlite_alters_what_it_can(name: str, version: tuple[int, ...], step: type | None) -> None:
    values = {"table": "orders", "name": name}
    plan = plan_of("drop_constraint", values, name="sqlite", version=version)
    rebuilt = "table-rebuilt" in codes(plan)
    assert rebuilt == (step is None)
    assert outline(plan) == [f"contract: {'RebuildTable' if rebuilt else 'DropConstraint'}"]


def test_every_new_operation_is_found() -> None:
    groups = {kind: one.group for kind, one in operations().items()}
    assert groups["drop_not_null"] == groups["set_default"] == groups["drop_default"] == "Column"
    assert groups["add_check"] == groups["add_unique"] == groups["drop_constraint"] == "Constraint"
    assert groups["drop_index"] == "Index"


def test_the_index_of_a_constraint_names_the_constraint() -> None:
    own = Index(
        name="sqlite_autoindex_1", parts=(IndexPart(column="name"),), unique=True, constraint=True
    )
    schema = with_customers(
        constraints=(*CUSTOMERS_TABLE.constraints, CODE), indexes=(*CUSTOMERS_TABLE.indexes, own)
    )
    values = {"table": "customers", "name": "sqlite_autoindex_1"}
    plan = plan_of("drop_index", values, schema=schema)
    assert plan.refused is not None
    assert plan.refused.safer.endswith("--name uq_customers_code")
    unnamed = with_customers(
        constraints=(*CUSTOMERS_TABLE.constraints, replace(CODE, name=None)),
        indexes=(*CUSTOMERS_TABLE.indexes, own),
    )
    plan = plan_of("drop_index", values, schema=unnamed)
    assert plan.refused is not None
    assert "no name" in plan.refused.safer
