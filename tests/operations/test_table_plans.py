"""What the plans of whole tables are: made, renamed and dropped."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from shop import (
    ITEMS,
    ITEMS_TABLE,
    LARGE,
    ORDERS,
    ORDERS_TABLE,
    SCHEMA,
    STOPPED,
    outline,
    plan_of,
)

from wizard.dialects import dialect
from wizard.model.answers import OperationAnswers, freeze
from wizard.model.errors import AnswerError
from wizard.model.findings import Finding
from wizard.model.names import TableName
from wizard.model.plan import Grade, Plan
from wizard.model.rollout import Rollout
from wizard.model.schema import (
    Check,
    Dependent,
    ForeignKey,
    Reference,
    Schema,
    Trigger,
)
from wizard.model.steps import (
    AddForeignKey,
    CreateTable,
    DropTable,
    LockTables,
    RenameTable,
    Require,
)
from wizard.operations import operations
from wizard.operations.base import tables_of
from wizard.planner import Known, make_plan
from wizard.questions import Situation

KEYS = (
    "id bigint identity, customer_id bigint references customers, "
    "payer_id bigint references customers, order_id bigint references orders, "
    "parent_id bigint references invoices"
)


def codes(plan: Plan) -> set[str]:
    return {one.code for one in plan.findings}


def refused(plan: Plan) -> Finding:
    assert plan.refused is not None
    assert plan.phases == ()
    assert plan.refused.safer
    return plan.refused


def made(**values: object) -> Plan:
    return plan_of("create_table", {"table": "invoices", **values})


def with_items(**changes: Any) -> Schema:
    return SCHEMA.with_table(replace(ITEMS_TABLE, **changes))


def several(*changes: dict[str, object], schema: Schema = SCHEMA) -> Plan:
    known = Known(dialect=dialect("postgresql", (16, 4)), table=tables_of(schema), rollout=LARGE)
    answers = [
        OperationAnswers(
            kind=str(one["kind"]),
            values=freeze({key: value for key, value in one.items() if key != "kind"}),
        )
        for one in changes
    ]
    return make_plan(answers, known)


# --- create ----------------------------------------------------------------------------------


def test_one_parent_in_each_transaction() -> None:
    plan = made(columns=KEYS)
    assert outline(plan) == [
        "expand: CreateTable | LockTables, AddForeignKey, AddForeignKey | LockTables, AddForeignKey"
    ]
    create, *keys = plan.migrations
    (step,) = create.up
    assert isinstance(step, CreateTable)
    # The key to itself locks nobody else.
    assert [key.ref_table.name for key in step.table.foreign_keys] == ["invoices"]
    for migration in keys:
        parents = {
            one.constraint.ref_table for one in migration.up if isinstance(one, AddForeignKey)
        }
        assert len(parents) == 1
        assert isinstance(migration.up[0], LockTables)
        assert migration.up[0].tables == (*parents, TableName("invoices"))
        assert migration.lock_timeout_ms == 2_000
        assert isinstance(migration.down[0], Require)
    assert codes(plan) >= {"parents-locked", "key-indexed"}


def test_the_keys_get_their_indexes_unless_they_have_them() -> None:
    plan = made(columns=KEYS, indexes="(order_id, id), (customer_id)")
    (create,) = (one for one in plan.migrations[0].up if isinstance(one, CreateTable))
    assert [one.columns for one in create.table.indexes if not one.constraint] == [
        ("order_id", "id"),
        ("customer_id",),
        ("parent_id",),
        ("payer_id",),
    ]


def test_a_window_needs_one_file_and_a_table_alone_no_lock() -> None:
    stopped = plan_of("create_table", {"table": "invoices", "columns": KEYS}, rollout=STOPPED)
    assert outline(stopped) == ["switch: CreateTable, AddForeignKey, AddForeignKey, AddForeignKey"]
    plan = made(columns="id bigint identity")
    assert outline(plan) == ["expand: CreateTable"]
    assert codes(plan) == set()


@pytest.mark.parametrize("rows", [None, 0, 900, 10**9])
def test_the_size_of_other_tables_does_not_count(rows: int | None) -> None:
    values: dict[str, object] = {"table": "invoices", "columns": KEYS}
    plan = plan_of("create_table", values, rollout=Rollout(rows=rows))
    assert plan == plan_of("create_table", values, rollout=LARGE)
    assert plan.new_tables == {TableName("invoices")}


def test_the_way_back_looks_before_it_drops_anything() -> None:
    plan = made(columns="id bigint identity, customer_id bigint references customers")
    (migration,) = plan.migrations
    assert [type(one) for one in migration.down] == [LockTables, Require, DropTable]
    assert migration.reversibility.grade is Grade.LOSSLESS_UNTIL


def test_the_one_that_numbers_itself_is_the_key_and_none_is_said() -> None:
    (create,) = made(columns="a text, id bigint identity").migrations[0].up
    assert isinstance(create, CreateTable)
    assert create.table.primary_key == ("id",)
    column = create.table.column("id")
    assert column is not None
    assert not column.nullable
    assert "no-primary-key" in codes(made(columns="a text"))


@pytest.mark.parametrize(
    ("values", "code", "flag"),
    [
        ({"table": "orders", "columns": "id int"}, "table-exists", "--table"),
        ({}, "missing-answer", "--columns"),
        ({"columns": "id int, id text"}, "bad-answer", "--columns"),
        ({"columns": "id serial"}, "serial-type", "--columns"),
        ({"columns": "id bigintt"}, "unknown-type", "--columns"),
        ({"columns": "id int default a"}, "default-names-column", "--columns"),
        ({"columns": "id int identity default 1"}, "bad-answer", "--columns"),
        ({"columns": "id int identity optional"}, "bad-answer", "--columns"),
        ({"columns": "id int", "primary_key": "no"}, "unknown-column", "--primary-key"),
        ({"columns": "id int", "constraints": "check (no > 0)"}, "unknown-column", "--constraints"),
        ({"columns": "id int", "constraints": "unique (no)"}, "unknown-column", "--constraints"),
        ({"columns": "id int", "indexes": "(no)"}, "unknown-column", "--indexes"),
        ({"columns": "id int references nowhere"}, "unknown-table", "--constraints"),
        ({"columns": "id int references orders (note)"}, "not-unique", "--constraints"),
        ({"columns": [{"name": "id", "kind": "int"}]}, "unknown-answer", "--columns"),
        ({"columns": "id int", "constraints": [{"name": "c"}]}, "bad-answer", "--constraints"),
    ],
)
def test_what_is_wrong_names_its_flag(values: dict[str, object], code: str, flag: str) -> None:
    with pytest.raises(AnswerError) as raised:
        plan_of("create_table", {"table": "invoices", **values})
    assert (raised.value.code, raised.value.flag) == (code, flag)


def test_sqlite_numbers_an_integer_key_only() -> None:
    with pytest.raises(AnswerError, match="cannot number"):
        plan_of("create_table", {"table": "t", "columns": "id text identity"}, name="sqlite")
    columns = "id integer identity, order_id integer references orders"
    plan = plan_of("create_table", {"table": "t", "columns": columns}, name="sqlite")
    (create,) = plan.migrations[0].up
    assert isinstance(create, CreateTable)
    assert len(create.table.foreign_keys) == 1


def test_a_table_can_have_a_type_that_the_plan_makes() -> None:
    plan = several(
        {"kind": "create_enum", "type": "payment", "values": "open,paid"},
        {"kind": "create_table", "table": "invoices", "columns": "id int, state payment"},
        {"kind": "add_index", "table": "invoices", "columns": ["state"]},
    )
    assert plan.refused is None
    assert outline(plan)[0].startswith("expand: CreateEnum | CreateTable | ")


# --- drop ------------------------------------------------------------------------------------


def test_keys_go_first_then_the_name_then_the_table() -> None:
    plan = plan_of("drop_table", {"table": "items"})
    assert outline(plan) == [
        "switch: Nothing | LockTables, DropConstraint | RenameTable",
        "contract: DropTable",
    ]
    assert all(phase.gate is not None for phase in plan.phases)
    locks = plan.migrations[1].up[0]
    assert isinstance(locks, LockTables)
    assert locks.tables == (TableName("products"), ITEMS)
    drop = plan.migrations[-1].up[0]
    assert isinstance(drop, DropTable)
    assert drop.table.foreign_keys == ()
    assert [one.reversibility.grade for one in plan.phases[0].migrations] == [
        Grade.LOSSLESS,
        Grade.LOSSLESS_UNTIL,
        Grade.LOSSLESS,
    ]
    assert plan.reversibility.grade is Grade.STRUCTURE_ONLY


def test_the_drop_waits_for_a_release_in_a_window_too() -> None:
    plan = plan_of("drop_table", {"table": "items"}, rollout=STOPPED)
    assert [phase.name for phase in plan.phases] == ["switch", "contract"]
    at_once = plan_of("drop_table", {"table": "items", "archive": "none"}, rollout=STOPPED)
    assert [phase.name for phase in at_once.phases] == ["switch"]
    assert "rows-gone" in codes(at_once)


def test_a_table_that_is_kept_loses_nothing() -> None:
    plan = plan_of("drop_table", {"table": "items", "archive": "table"})
    assert not plan.reversibility.needs_acknowledgement
    assert not any(isinstance(one, DropTable) for each in plan.migrations for one in each.up)


def test_the_way_back_makes_it_under_the_name_that_its_triggers_say() -> None:
    trigger = Trigger(name="touch", definition="CREATE TRIGGER touch AFTER INSERT ON items …")
    policy = Dependent(
        kind="policy", name="own", definition=("CREATE POLICY own ON items USING (true)",)
    )
    plan = plan_of(
        "drop_table",
        {"table": "items"},
        schema=with_items(triggers=(trigger,), dependents=(policy,)),
    )
    down = plan.migrations[-1].down
    assert [type(one).__name__ for one in down] == [
        "CreateTable",
        "CreateDependent",
        "RenameTable",
    ]
    assert isinstance(down[0], CreateTable)
    assert down[0].table.name == ITEMS
    assert isinstance(down[-1], RenameTable)
    assert down[-1].new == "items_tombstone"


def test_what_cannot_be_made_again_is_named() -> None:
    schema = with_items(dependents=(Dependent(kind="policy", name="own"),))
    plan = plan_of("drop_table", {"table": "items"}, schema=schema)
    (told,) = (one for one in plan.findings if one.code == "table-comes-back-bare")
    assert "policy own" in told.what


def test_who_points_there_is_named_with_what_to_do() -> None:
    told = refused(plan_of("drop_table", {"table": "products"}))
    assert told.code == "table-referenced"
    assert "items_product_id_fkey of items" in told.what
    assert "migwiz drop-constraint --table items --name items_product_id_fkey" in told.safer


def test_the_key_and_the_table_go_in_one_plan() -> None:
    plan = several(
        {"kind": "drop_constraint", "table": "items", "name": "items_product_id_fkey"},
        {"kind": "drop_table", "table": "products", "archive": "none"},
    )
    assert plan.refused is None
    assert [type(one).__name__ for one in plan.migrations[-1].up] == ["DropTable"]
    with pytest.raises(AnswerError, match="any more"):
        several(
            {"kind": "drop_table", "table": "items"},
            {"kind": "drop_index", "table": "items", "name": "ix_items_delivery"},
        )


@pytest.mark.parametrize(
    "dependent",
    [
        Dependent(kind="view", name="deliveries", columns=("delivery",)),
        Dependent(kind="materialized view", name="sums"),
        Dependent(kind="function", name="total(bigint)"),
        Dependent(kind="trigger", name="log on orders"),
    ],
)
def test_who_uses_it_is_named(dependent: Dependent) -> None:
    told = refused(
        plan_of("drop_table", {"table": "items"}, schema=with_items(dependents=(dependent,)))
    )
    assert told.code == "table-used"
    assert f"{dependent.kind} {dependent.name}" in told.what


def test_its_own_trigger_and_its_key_to_itself_do_not_stop_it() -> None:
    own = ForeignKey(
        name="items_parent_fkey", columns=("amount",), ref_table=ITEMS, ref_columns=("id",)
    )
    schema = with_items(
        triggers=(Trigger(name="log on change", definition="CREATE TRIGGER …"),),
        dependents=(Dependent(kind="trigger", name="log on change", columns=("amount",)),),
        constraints=(*ITEMS_TABLE.constraints, own),
        referenced_by=(Reference(table=ITEMS, foreign_key=own),),
    )
    plan = plan_of("drop_table", {"table": "items"}, schema=schema)
    assert plan.refused is None
    drop = plan.migrations[-1].up[0]
    assert isinstance(drop, DropTable)
    assert [key.ref_table.name for key in drop.table.foreign_keys] == ["items_tombstone"]


def test_a_partition_is_detached_and_a_whole_tree_does_not_come_back() -> None:
    part = with_items(kind="partition", partition_of=ORDERS)
    told = refused(plan_of("drop_table", {"table": "items"}, schema=part))
    assert told.code == "partition-drop"
    assert "DETACH PARTITION items" in told.safer
    name = TableName("items_1")
    tree = with_items(kind="partitioned", partitions=(name,))
    whole = tree.table(TableName("items"))
    assert whole is not None
    tree = tree.with_table(
        replace(whole, name=name, kind="partition", partition_of=whole.name, partitions=())
    )
    plan = plan_of("drop_table", {"table": "items"}, schema=tree)
    assert plan.phases[0].migrations[-1].reversibility.grade is Grade.LOSSLESS
    assert plan.reversibility.grade is Grade.NONE


def test_a_tombstone_takes_a_free_name() -> None:
    schema = SCHEMA.with_table(replace(ITEMS_TABLE, name=TableName("items_tombstone")))
    plan = plan_of("drop_table", {"table": "items", "archive": "table"}, schema=schema)
    step = plan.migrations[-1].up[0]
    assert isinstance(step, RenameTable)
    assert step.new == "items_tombstone_2"


# --- rename ----------------------------------------------------------------------------------


def how(name: str, rollout: Rollout) -> dict[str, str]:
    (question,) = (one for one in operations()["rename_table"].questions if one.key == "how")
    situation = Situation(
        values={}, table=ORDERS_TABLE, dialect=dialect(name, (16, 4)), rollout=rollout
    )
    return {one.value: one.disabled for one in question.choices(situation)}


def test_the_ways_of_a_rename() -> None:
    assert how("postgresql", LARGE) == {
        "map": "",
        "view": "",
        "direct": "only in a maintenance window: running instances that say orders would fail",
    }
    assert how("postgresql", STOPPED)["direct"] == ""
    assert how("postgresql", STOPPED)["view"]
    assert how("sqlite", LARGE)["view"] == "a view of SQLite 16.4 does not take writes"


def test_only_the_code_changes_unless_asked() -> None:
    plan = plan_of("rename_table", {"table": "orders", "to": "purchases"})
    assert plan.phases == ()
    assert codes(plan) == {"map-the-name"}
    assert {one.title for one in plan.snippets} == {"SQLAlchemy", "Django", "SeaORM"}
    assert all('"orders"' in one.text for one in plan.snippets)


def test_a_direct_rename_is_for_a_window() -> None:
    values: dict[str, object] = {"table": "orders", "to": "purchases", "how": "direct"}
    assert refused(plan_of("rename_table", values)).code == "rename-breaks-old-code"
    plan = plan_of("rename_table", values, rollout=STOPPED)
    assert outline(plan) == ["switch: RenameTable"]
    assert codes(plan) == {"text-names-table", "names-stay", "views-follow"}


def test_a_taken_name_is_refused() -> None:
    with pytest.raises(AnswerError) as raised:
        plan_of("rename_table", {"table": "orders", "to": "items"})
    assert raised.value.code == "table-exists"
    with pytest.raises(AnswerError, match="already"):
        plan_of("rename_table", {"table": "orders", "to": "orders"})


def test_an_index_of_a_constraint_leads_to_the_constraint() -> None:
    told = refused(
        plan_of("rename_index", {"table": "orders", "name": "orders_pkey", "to": "pk_orders"})
    )
    assert told.code == "index-of-constraint"
    assert "rename-constraint --table orders --name orders_pkey --to pk_orders" in told.safer


def test_a_check_of_a_partition_is_renamed_with_its_parent() -> None:
    check = Check(name="ck_items_amount", expression="amount > 0", columns=("amount",))
    part = replace(
        ITEMS_TABLE,
        name=TableName("items_1"),
        kind="partition",
        partition_of=ITEMS,
        constraints=(check, *(one for one in ITEMS_TABLE.constraints if one != check)),
    )
    schema = SCHEMA.with_table(part)
    values: dict[str, object] = {"table": "items_1", "name": "ck_items_amount", "to": "ck"}
    told = refused(plan_of("rename_constraint", values, schema=schema))
    assert told.code == "inherited-constraint"
    assert "--table items " in told.safer
    # Keys of a partition have names of their own.
    key = plan_of(
        "rename_constraint",
        {**values, "name": "items_product_id_fkey"},
        schema=schema,
    )
    assert outline(key) == ["expand: RenameConstraint"]


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("orders_customer_id_fkey", "In a maintenance window"),
        ("ck_orders_status", "In a maintenance window"),
    ],
)
def test_an_engine_without_renames_of_constraints_adds_and_drops_in_a_window(
    name: str, says: str
) -> None:
    values: dict[str, object] = {"table": "orders", "name": name, "to": "fresh"}
    engine: dict[str, Any] = {"name": "mysql", "version": (8, 0, 36)}
    told = refused(plan_of("rename_constraint", values, **engine))
    assert told.code == "no-rename"
    assert says in told.safer
    plan = plan_of("rename_constraint", values, rollout=STOPPED, **engine)
    assert "rule-added-again" in codes(plan)
    assert [[type(one).__name__[:3] for one in each.up] for each in plan.migrations][-1] == ["Dro"]
