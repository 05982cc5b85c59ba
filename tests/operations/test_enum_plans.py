"""What the plans of enumerations are: made, grown, renamed and retired."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from shop import DELIVERY, ITEMS, ITEMS_TABLE, LARGE, SCHEMA, STOPPED, outline, plan_of

from wizard.dialects import dialect
from wizard.model.answers import OperationAnswers, freeze
from wizard.model.enums import columns_of_type, find_enum
from wizard.model.errors import AnswerError
from wizard.model.findings import Finding
from wizard.model.names import TableName
from wizard.model.plan import Grade, Plan
from wizard.model.schema import (
    Check,
    Column,
    Dependent,
    Enum,
    Index,
    IndexPart,
    Schema,
    Table,
    TypeUse,
)
from wizard.model.steps import (
    AddCheck,
    AddEnumValue,
    Backfill,
    ChangeType,
    CreateEnum,
    DropEnum,
    Require,
    SetDefault,
)
from wizard.operations import operations
from wizard.operations.base import tables_of
from wizard.planner import Known, make_plan
from wizard.questions import Situation

BOXES = Table(
    name=TableName("boxes"),
    columns=(
        Column(name="id", type="bigint", nullable=False),
        Column(name="state", type="delivery"),
    ),
)
MYSQL: dict[str, Any] = {"name": "mysql", "version": (8, 0, 36)}
COLUMN: dict[str, object] = {"table": "items", "column": "delivery"}


def codes(plan: Plan) -> set[str]:
    return {one.code for one in plan.findings}


def refused(plan: Plan) -> Finding:
    assert plan.refused is not None
    assert plan.phases == ()
    assert plan.refused.safer
    return plan.refused


def of(kind: str, **values: object) -> Plan:
    return plan_of(kind, {"type": "delivery", **values})


def shop(*tables: Table, **changes: Any) -> Schema:
    """The shop with more tables, and its table of items changed."""
    schema = SCHEMA.with_table(replace(ITEMS_TABLE, **changes))
    for one in tables:
        schema = schema.with_table(one)
    used = columns_of_type(DELIVERY.name, schema.tables)
    return replace(schema, enums=(replace(DELIVERY, used_by=used),))


# --- create and add --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "labels"),
    [
        ("open, paid", ("open", "paid")),
        ("'a, b', it's ,'it''s'", ("a, b", "it's", "it's")),
        (["a", "b, c"], ("a", "b, c")),
    ],
)
def test_values_are_a_list_or_parted_by_commas(values: object, labels: tuple[str, ...]) -> None:
    if len(set(labels)) < len(labels):
        with pytest.raises(AnswerError, match="named twice"):
            plan_of("create_enum", {"type": "t", "values": values})
        return
    (step,) = plan_of("create_enum", {"type": "t", "values": values}).migrations[0].up
    assert isinstance(step, CreateEnum)
    assert step.enum.labels == labels


@pytest.mark.parametrize(
    ("kind", "values", "code"),
    [
        ("create_enum", {"type": "delivery", "values": "a"}, "type-exists"),
        ("create_enum", {"type": "orders", "values": "a"}, "type-exists"),
        ("create_enum", {"type": "t"}, "missing-answer"),
        ("create_enum", {"type": "t", "values": "x" * 64}, "bad-value"),
        ("add_enum_value", {"type": "delivry", "value": "a"}, "unknown-enum"),
        ("add_enum_value", {"type": "delivery", "value": "a", "before": "no"}, "unknown-value"),
        (
            "add_enum_value",
            {"type": "delivery", "value": "a", "before": "lost", "after": "sent"},
            "bad-answer",
        ),
        ("rename_enum_value", {"type": "delivery", "value": "no", "to": "x"}, "unknown-value"),
        ("rename_enum_value", {"type": "delivery", "value": "lost", "to": "sent"}, "value-taken"),
        ("drop_enum_value", {"type": "delivery", "value": "lost", "to": "lost"}, "bad-answer"),
    ],
)
def test_what_is_wrong_is_said(kind: str, values: dict[str, object], code: str) -> None:
    with pytest.raises(AnswerError) as raised:
        plan_of(kind, values)
    assert raised.value.code == code
    assert raised.value.flag


def test_a_value_is_added_alone_and_stays_on_the_way_back() -> None:
    plan = of("add_enum_value", value="returned")
    assert outline(plan) == ["expand: AddEnumValue"]
    assert plan.reversibility.grade is Grade.LOSSLESS
    assert codes(plan) == {"readers-first", "value-stays", "value-sorts-last"}
    assert "items.delivery" in next(
        one.what for one in plan.findings if one.code == "readers-first"
    )
    assert refused(of("add_enum_value", value="sent")).code == "value-exists"


def test_a_column_that_lists_its_values_takes_them_at_the_end() -> None:
    plan = plan_of("add_enum_value", {**COLUMN, "value": "it's"}, **MYSQL)
    (step,) = plan.migrations[0].up
    assert isinstance(step, ChangeType)
    assert step.to.type == "enum('pending','sent','lost','it''s')"
    assert isinstance(plan.migrations[0].down[0], Require)
    assert plan.reversibility.grade is Grade.LOSSLESS_UNTIL
    middle: dict[str, object] = {**COLUMN, "value": "x", "before": "lost"}
    assert refused(plan_of("add_enum_value", middle, **MYSQL)).code == "ordinals-shift"
    assert plan_of("add_enum_value", middle, rollout=STOPPED, **MYSQL).refused is None


@pytest.mark.parametrize("engine", [{"name": "sqlite", "version": (3, 40, 1)}, MYSQL])
def test_a_column_without_values_is_no_enumeration(engine: dict[str, Any]) -> None:
    values: dict[str, object] = {"table": "orders", "column": "note", "value": "x"}
    assert refused(plan_of("add_enum_value", values, **engine)).code == "no-enumeration"
    bare = refused(plan_of("add_enum_value", {"value": "x"}, **engine))
    assert "migwiz add-check" in bare.safer


def test_questions_follow_the_engine() -> None:
    questions = {one.key: one for one in operations()["drop_enum_value"].questions}
    there = Situation(dialect=dialect("postgresql", (16,)), enums=("delivery",), enum=DELIVERY)
    assert questions["type"].when(there)
    assert not questions["column"].when(there)
    assert [one.value for one in questions["value"].choices(there)] == ["pending", "sent", "lost"]
    column = Column(name="state", type="enum('a','b''c')")
    here = Situation(
        dialect=dialect("mysql", (8, 4)),
        table=replace(BOXES, columns=(column,)),
        values={"column": "state"},
    )
    assert not questions["type"].when(here)
    assert [one.value for one in questions["value"].choices(here)] == ["a", "b'c"]


# --- rename ----------------------------------------------------------------------------------


def test_rows_are_changed_over_and_back() -> None:
    plan = plan_of(
        "rename_enum_value",
        {"type": "delivery", "value": "pending", "to": "waiting", "how": "add"},
        schema=shop(replace(BOXES, rows=10, constraints=SCHEMA.tables[0].constraints)),
    )
    assert outline(plan) == [
        "expand: AddEnumValue",
        "backfill: SetDefault | Backfill | Backfill",
        "validate: Require, AddCheck | Require, AddCheck | ValidateConstraint | ValidateConstraint",
    ]
    steps = [step for one in plan.migrations for step in one.up]
    (default,) = (one for one in steps if isinstance(one, SetDefault))
    assert default.default == "'waiting'::delivery"
    fills = [one for one in plan.migrations if isinstance(one.up[0], Backfill)]
    for one in fills:
        up, down = one.up[0], one.down[0]
        assert isinstance(up, Backfill)
        assert isinstance(down, Backfill)
        assert up.assignments[0].expression == "'waiting'"
        assert down.assignments[0].expression == "'pending'"
    assert plan.reversibility.grade is Grade.LOSSLESS
    gates = [phase.gate for phase in plan.phases]
    assert gates[2] is not None
    assert "items" in str(gates[2].query)
    assert "boxes" in str(gates[2].query)


def test_what_names_the_word_is_listed() -> None:
    check = Check(
        name="ck_lost", expression="delivery <> 'lost' OR amount > 1", columns=("delivery",)
    )
    index = Index(name="ix_lost", parts=(IndexPart(column="id"),), where="delivery = 'lost'")
    schema = shop(
        constraints=(*ITEMS_TABLE.constraints, check), indexes=(*ITEMS_TABLE.indexes, index)
    )
    values: dict[str, object] = {"type": "delivery", "value": "lost", "to": "gone", "how": "add"}
    plan = plan_of("rename_enum_value", values, schema=schema)
    (told,) = (one for one in plan.findings if one.code == "value-named")
    assert "check ck_lost of items.delivery" in told.what
    assert "index ix_lost of items.delivery" in told.what


@pytest.mark.parametrize(
    ("column", "changes", "says"),
    [
        (Column(name="delivery", type="delivery[]"), {}, "an array"),
        (Column(name="id", type="delivery", nullable=False), {}, "primary key"),
        (Column(name="product_id", type="delivery"), {}, "items_product_id_fkey"),
        (
            Column(name="delivery", type="delivery"),
            {"partition_key": "LIST (delivery)", "kind": "partitioned"},
            "partitioned by it",
        ),
    ],
)
def test_rows_that_cannot_be_changed_over(
    column: Column, changes: dict[str, Any], says: str
) -> None:
    columns = [one for one in ITEMS_TABLE.columns if one.name not in ("delivery", column.name)]
    schema = shop(columns=(*columns, column), **changes)
    values: dict[str, object] = {"type": "delivery", "value": "lost", "to": "gone", "how": "add"}
    told = refused(plan_of("rename_enum_value", values, schema=schema))
    assert told.code == "rows-stay"
    assert says in told.what


def test_in_place_is_for_a_window_and_for_engines_with_types() -> None:
    values: dict[str, object] = {"value": "lost", "to": "gone", "how": "direct"}
    assert refused(of("rename_enum_value", **values)).code == "rename-breaks-old-code"
    there = plan_of("rename_enum_value", {"type": "delivery", **values}, rollout=STOPPED)
    assert outline(there) == ["switch: RenameEnumValue"]
    here = refused(plan_of("rename_enum_value", {**COLUMN, **values}, rollout=STOPPED, **MYSQL))
    assert "--how add" in here.safer
    mapped = of("rename_enum_value", value="lost", to="gone missing")
    assert mapped.phases == ()
    assert 'GONE_MISSING = "lost"' in mapped.snippets[0].text


# --- drop ------------------------------------------------------------------------------------


def test_each_column_gets_a_check_that_is_proven_later() -> None:
    plan = plan_of("drop_enum_value", {"type": "delivery", "value": "lost"}, schema=shop(BOXES))
    assert outline(plan) == [
        "validate: Require, AddCheck | Require, AddCheck | ValidateConstraint | ValidateConstraint"
    ]
    checks = [one for each in plan.migrations for one in each.up if isinstance(one, AddCheck)]
    assert {one.constraint.name for one in checks} == {
        "boxes_state_not_lost_check",
        "ck_items_delivery_not_lost",
    }
    assert plan.reversibility.grade is Grade.LOSSLESS
    assert len(plan.preflights) == 2


def test_rows_that_become_another_value_cannot_be_told_apart() -> None:
    plan = of("drop_enum_value", value="lost", to="sent")
    assert [phase.name for phase in plan.phases] == ["backfill", "validate"]
    assert plan.reversibility.grade is Grade.NONE
    assert "values-merge" in codes(plan)
    assert plan.preflights == ()


def test_what_is_forbidden_already_needs_nothing() -> None:
    check = Check(
        name="no_lost", expression="(delivery <> 'lost'::delivery)", columns=("delivery",)
    )
    done = shop(constraints=(*ITEMS_TABLE.constraints, check))
    values: dict[str, object] = {"type": "delivery", "value": "lost"}
    assert refused(plan_of("drop_enum_value", values, schema=done)).code == "value-forbidden"
    unproven = shop(constraints=(*ITEMS_TABLE.constraints, replace(check, validated=False)))
    assert plan_of("drop_enum_value", values, schema=unproven).refused is None


def test_a_column_that_begins_with_it_comes_first() -> None:
    told = refused(of("drop_enum_value", value="pending"))
    assert told.code == "value-is-default"
    assert "items.delivery" in told.what


def test_a_new_list_is_for_a_window() -> None:
    values: dict[str, object] = {"type": "delivery", "value": "lost", "how": "type"}
    assert refused(plan_of("drop_enum_value", values)).code == "type-rewrites"
    plan = plan_of("drop_enum_value", values, rollout=STOPPED)
    assert outline(plan) == [
        "switch: Require, SetDefault, RenameEnum, CreateEnum, ChangeType, DropEnum, SetDefault"
    ]
    (old,) = (one for one in plan.migrations[0].up if isinstance(one, DropEnum))
    assert old.enum.name == TableName("delivery_old")
    (change,) = (one for one in plan.migrations[0].up if isinstance(one, ChangeType))
    assert (change.column.type, change.to.type) == ("delivery_old", "delivery")
    assert change.using == "delivery::text::delivery"
    assert "ix_items_delivery" in next(
        one.what for one in plan.findings if one.code == "type-rewritten"
    )


def test_a_type_that_nothing_uses_is_made_anew_at_any_time() -> None:
    schema = replace(SCHEMA, enums=(Enum(name=TableName("idle"), labels=("a", "b")),))
    for how in ("check", "type"):
        values: dict[str, object] = {"type": "idle", "value": "b", "how": how}
        plan = plan_of("drop_enum_value", values, schema=schema)
        assert outline(plan) == ["validate: DropEnum, CreateEnum"]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        (
            {"dependents": (Dependent(kind="view", name="open_items", columns=("delivery",)),)},
            "view open_items uses it",
        ),
        (
            {
                "constraints": (
                    *ITEMS_TABLE.constraints,
                    Check(name="c", expression="delivery <> 'lost'", validated=False),
                )
            },
            "c says 'lost'",
        ),
    ],
)
def test_what_holds_on_to_the_type(changes: dict[str, Any], says: str) -> None:
    values: dict[str, object] = {"type": "delivery", "value": "lost", "how": "type"}
    told = refused(plan_of("drop_enum_value", values, rollout=STOPPED, schema=shop(**changes)))
    assert told.code == "type-bound"
    assert says in told.what
    schema = shop()
    enum = replace(schema.enums[0], others=("function f(delivery)",))
    bound = plan_of(
        "drop_enum_value", values, rollout=STOPPED, schema=replace(schema, enums=(enum,))
    )
    assert "function f(delivery)" in refused(bound).what


# --- several in one plan ---------------------------------------------------------------------


def test_a_type_is_as_earlier_operations_leave_it() -> None:
    changes: list[dict[str, object]] = [
        {"kind": "create_enum", "type": "colour", "values": "red,green"},
        {"kind": "create_table", "table": "walls", "columns": "id bigint identity, c colour"},
        {"kind": "add_enum_value", "type": "colour", "value": "blue"},
        {"kind": "drop_enum_value", "type": "colour", "value": "red"},
    ]
    known = Known(dialect=dialect("postgresql", (16, 4)), table=tables_of(SCHEMA), rollout=LARGE)
    answers = [
        OperationAnswers(
            kind=str(one["kind"]),
            values=freeze({key: value for key, value in one.items() if key != "kind"}),
        )
        for one in changes
    ]
    plan = make_plan(answers, known)
    assert plan.refused is None
    (check,) = (one for each in plan.migrations for one in each.up if isinstance(one, AddCheck))
    assert check.table == TableName("walls")
    (added,) = (one for each in plan.migrations for one in each.up if isinstance(one, AddEnumValue))
    assert added.enum.labels == ("red", "green")


def test_a_type_is_found_by_its_name_and_near_names_are_said() -> None:
    assert find_enum([DELIVERY], TableName("delivery")) is DELIVERY
    with pytest.raises(AnswerError) as raised:
        find_enum([DELIVERY], TableName("delivry"))
    assert raised.value.next_actions == ("did you mean delivery?",)
    with pytest.raises(AnswerError, match="no enumerated type x"):
        find_enum([], TableName("x"))


def test_columns_of_a_type_are_told_from_those_that_only_look_like_it() -> None:
    table = Table(
        name=TableName("t"),
        columns=tuple(
            Column(name=f"c{number}", type=one)
            for number, one in enumerate(
                ("mood", "mood[]", "public.mood", '"mood"', '"Mood"', "moody", "timestamp(3)")
            )
        ),
    )
    assert columns_of_type(TableName("mood"), [table]) == (
        TypeUse(table=TableName("t"), column="c0"),
        TypeUse(table=TableName("t"), column="c1", array=True),
        TypeUse(table=TableName("t"), column="c3"),
    )
    assert columns_of_type(TableName("mood"), [replace(table, partition_of=ITEMS)]) == ()
