"""What the plans of a split and a merge are: what they refuse, lose and say."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from shop import (
    BLUE_GREEN,
    CUSTOMERS_TABLE,
    SCHEMA,
    STOPPED,
    TINY,
    outline,
    plan_of,
)

from wizard.entry import show_entry
from wizard.model.errors import AnswerError
from wizard.model.plan import Grade, Plan
from wizard.model.schema import Index, IndexPart, Schema, Unique
from wizard.model.steps import Backfill, CreateSync, Require
from wizard.model.syncs import SyncSets
from wizard.operations import operations

INTO = (
    "first_name text required = split_part(name, ' ', 1), \"last; name\" = split_part(name, ' ', 2)"
)
SPLIT: dict[str, Any] = {
    "table": "customers",
    "column": "name",
    "into": INTO,
    "back": "first_name || ' ' || \"last; name\"",
}
MERGE: dict[str, Any] = {
    "table": "orders",
    "columns": ["note", "total"],
    "to": "remark",
    "expression": "total || ' ' || note",
    "back": {"note": "split_part(remark, ' ', 2)", "total": "CAST(remark AS numeric(10,2))"},
}


def codes(plan: Plan) -> set[str]:
    return {one.code for one in plan.findings}


def sync_in(plan: Plan) -> SyncSets:
    found = [one.sync for each in plan.migrations for one in each.up if isinstance(one, CreateSync)]
    assert len(found) == 1
    assert isinstance(found[0], SyncSets)
    return found[0]


def test_a_split_takes_three_deploys_and_goes_back_whole() -> None:
    plan = plan_of("split_column", SPLIT)
    assert outline(plan) == [
        "expand: Require, AddColumn, AddColumn | CreateSync",
        "backfill: Backfill",
        "validate: Require, AddCheck | ValidateConstraint | ValidateConstraint, SetNotNull, "
        "DropConstraint",
        "contract: AddCheck, DropNotNull | DropConstraint | Require | DropSync, DropColumn",
    ]
    assert not plan.reversibility.needs_acknowledgement
    assert {"value-does-not-return", "way-back-complete", "expression-makes-null"} <= codes(plan)
    sync = sync_in(plan)
    assert sync.two_way
    assert sync.news == ("first_name", "last; name")


def test_small_tables_are_filled_in_the_first_phase_and_windows_have_one() -> None:
    assert [one.name for one in plan_of("split_column", SPLIT, rollout=TINY).phases] == [
        "expand",
        "contract",
    ]
    assert [one.name for one in plan_of("merge_columns", MERGE, rollout=STOPPED).phases] == [
        "switch"
    ]


def test_the_gates_ask_what_may_not_be_lost() -> None:
    validate, contract = (
        one.gate for one in plan_of("split_column", SPLIT, rollout=BLUE_GREEN).phases[2:]
    )
    assert validate is not None
    assert contract is not None
    # First whether all is filled, at last whether each old value would come back.
    assert "first_name IS NULL" in str(validate.query)
    assert str(contract.query) == (
        "SELECT id FROM customers WHERE name IS DISTINCT FROM (first_name || ' ' || "
        '"last; name") LIMIT 5'
    )
    assert contract.text.startswith("green uses only")


def test_odd_values_are_shown_beforehand_with_what_becomes_of_them() -> None:
    plan = plan_of("split_column", SPLIT)
    (asked,) = plan.preflights
    back = "split_part(name, ' ', 1) || ' ' || split_part(name, ' ', 2)"
    assert asked.query == (
        f"SELECT id, name, {back} AS name_returned, count(*) OVER () AS such_rows FROM customers "
        f"WHERE name IS DISTINCT FROM ({back}) LIMIT 5"
    )
    first = plan.migrations[0].up[0]
    assert isinstance(first, Require)
    assert "--normalise" in first.message


@pytest.mark.parametrize("normalise", [False, True])
def test_texts_that_are_too_long_are_found_beforehand(normalise: bool) -> None:
    into = "first_name varchar(9) = split_part(name, ' ', 1), rest = substr(name, 9)"
    values = {**SPLIT, "into": into, "back": "first_name || rest", "normalise": normalise}
    plan = plan_of("split_column", values)
    asked = plan.preflights[-1]
    assert asked.query == (
        "SELECT id FROM customers WHERE NOT (char_length(split_part(name, ' ', 1)) <= 9) LIMIT 5"
    )
    assert "too long for first_name (character varying(9))" in asked.problem
    assert Require(query=asked.query, message=asked.problem, table=CUSTOMERS_TABLE.name) in (
        plan.migrations[0].up
    )
    # A text of unknown length, put together of others, is looked at whatever its type.
    merged = {**MERGE, "columns": ["status_code", "note"], "back": None, "expression": "note"}
    merged = {key: one for key, one in merged.items() if one is not None}
    assert "too long for remark" in plan_of("merge_columns", merged).preflights[0].problem


def test_odd_values_can_be_written_anew_which_is_graded() -> None:
    plan = plan_of("split_column", {**SPLIT, "normalise": True})
    assert plan.preflights == ()
    assert not isinstance(plan.migrations[0].up[0], Require)
    assert "values-written-anew" in codes(plan)
    assert plan.reversibility.grade is Grade.STRUCTURE_ONLY
    rewritten = plan.phases[-1].migrations[0].up[0]
    assert isinstance(rewritten, Backfill)
    assert [one.column for one in rewritten.assignments] == ["name"]


@pytest.mark.parametrize(("kind", "values"), [("split_column", SPLIT), ("merge_columns", MERGE)])
def test_without_a_way_back_the_old_side_leads_and_the_loss_is_said(
    kind: str, values: dict[str, Any]
) -> None:
    given = {key: value for key, value in values.items() if key != "back"}
    if kind == "split_column":
        refused = plan_of(kind, given).refused
        assert refused is not None
        assert "give --back" in refused.what
        given |= {"table": "orders", "column": "note", "into": "a = note, b = note"}
    plan = plan_of(kind, given)
    assert plan.refused is None
    assert not sync_in(plan).two_way
    assert "old-values-stand-still" in codes(plan)
    assert plan.reversibility.grade is Grade.STRUCTURE_ONLY


def test_what_stands_on_the_old_column_is_named() -> None:
    index = Index(name="ux_name", parts=(IndexPart(column="name"),), unique=True)
    table = replace(CUSTOMERS_TABLE, indexes=(*CUSTOMERS_TABLE.indexes, index))
    plan = plan_of("split_column", SPLIT, schema=Schema(tables=(table,)))
    (left,) = (one for one in plan.findings if one.code == "rule-left-behind")
    assert "ux_name" in left.what
    assert "equal" in left.what
    owned = replace(
        table, constraints=(*table.constraints, Unique(name="ux_name", columns=("name",)))
    )
    assert "rule-left-behind" in codes(
        plan_of("split_column", SPLIT, schema=Schema(tables=(owned,)))
    )


@pytest.mark.parametrize(
    ("kind", "values", "said"),
    [
        ("split_column", {**SPLIT, "into": "a = name"}, "two columns or more"),
        ("split_column", {**SPLIT, "into": "a = name, a = name"}, "a name of its own"),
        ("split_column", {**SPLIT, "into": "a, b = name"}, "does not read"),
        ("split_column", {**SPLIT, "into": "a = 'x, b = name"}, "does not read"),
        ("split_column", {**SPLIT, "into": "email = name, b = name"}, "has a column email"),
        ("split_column", {**SPLIT, "into": "a = email, b = name"}, "reads email"),
        ("split_column", {**SPLIT, "into": "a = customers.name, b = name"}, "names a table"),
        ("split_column", {**SPLIT, "into": "a = (SELECT name), b = name"}, "reads other rows"),
        ("split_column", {**SPLIT, "into": "a nonsense = name, b = name"}, "nonsense"),
        ("split_column", {**SPLIT, "back": "name"}, "reads name"),
        ("split_column", {**SPLIT, "into": None}, "into is missing"),
        ("merge_columns", {**MERGE, "columns": ["note"]}, "two columns or more"),
        ("merge_columns", {**MERGE, "columns": ["note", "note"]}, "two columns or more"),
        ("merge_columns", {**MERGE, "back": {"note": "remark"}}, "for each of note and total"),
        ("merge_columns", {**MERGE, "back": "note = remark"}, "one expression for each"),
        ("merge_columns", {**MERGE, "to": "shown"}, "has a column shown"),
    ],
)
def test_what_does_not_fit_is_said(kind: str, values: dict[str, Any], said: str) -> None:
    with pytest.raises(AnswerError) as raised:
        plan_of(kind, {key: one for key, one in values.items() if one is not None})
    assert said in raised.value.message


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"table": "orders", "column": "shown", "into": "a = shown, b = shown"}, "open_orders"),
        ({"table": "orders", "column": "id", "into": "a = id, b = id"}, "by the database"),
        (
            {
                "table": "orders",
                "column": "customer_id",
                "into": "a = customer_id, b = customer_id",
            },
            "give --back",
        ),
    ],
)
def test_what_cannot_be_kept_in_two_forms_is_refused(values: dict[str, Any], said: str) -> None:
    refused = plan_of("split_column", values).refused
    assert refused is not None
    assert said in refused.what
    assert refused.safer


def test_where_a_trigger_cannot_fill_a_required_column_it_is_refused() -> None:
    note = {"table": "orders", "column": "note", "into": "a required = note, b = note", "back": "a"}
    refused = plan_of("split_column", note, name="sqlite", version=(3, 40, 1)).refused
    assert refused is not None
    assert "cannot fill a required column: let a be NULL" in refused.what
    whole = {**SPLIT, "into": "a = name, b = name", "back": "a"}
    refused = plan_of("split_column", whole, name="sqlite", version=(3, 40, 1)).refused
    assert refused is not None
    assert "cannot fill name" in refused.what


def test_a_partitioned_table_is_refused() -> None:
    table = replace(CUSTOMERS_TABLE, kind="partitioned")
    refused = plan_of("split_column", SPLIT, schema=Schema(tables=(table,))).refused
    assert refused is not None
    assert "each partition" in refused.what


def test_the_new_columns_of_an_answers_file_are_shown_as_they_are_typed() -> None:
    question = operations()["split_column"].question("into")
    assert question is not None
    entries: Any = (
        {"name": "a b", "type": "varchar(8)", "nullable": False, "expression": "left(name, 8)"},
        {"name": "rest", "expression": "substr(name, 9)"},
    )
    shown = show_entry(question, entries)
    assert shown == '"a b" varchar(8) required = left(name, 8), rest = substr(name, 9)'
    given = {"table": "customers", "column": "name"}
    typed = plan_of("split_column", {**given, "into": shown, "back": '"a b" || rest'})
    listed = plan_of("split_column", {**given, "into": list(entries), "back": '"a b" || rest'})
    assert typed == listed


def test_engines_without_a_forgiving_trigger_say_so() -> None:
    assert "expression-may-fail" in codes(plan_of("split_column", name="mysql", version=(8, 4, 0)))
    assert "expression-may-fail" not in codes(plan_of("split_column", schema=SCHEMA))
