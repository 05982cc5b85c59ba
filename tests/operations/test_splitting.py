"""One change of the schema for each file, where the engine cannot roll one back."""

from __future__ import annotations

from shop import ORDERS, TINY, plan_of, schema_for

from wizard.model.inverse import change
from wizard.model.plan import Migration
from wizard.model.schema import Column
from wizard.model.simulate import apply_all
from wizard.model.steps import (
    AddColumn,
    AddPrimaryKey,
    DropColumn,
    DropNotNull,
    LockTables,
    Nothing,
    Require,
    SetDefault,
    SetNotNull,
)
from wizard.operations.splitting import acts, split

EXTRA = Column(name="extra", type="int")
LOOK = Require(query="SELECT 1", message="no", table=ORDERS)
ADD = AddColumn(table=ORDERS, column=EXTRA)
DEFAULT = SetDefault(table=ORDERS, column=EXTRA, default="1")
REQUIRE = SetNotNull(table=ORDERS, column=EXTRA)


def migration(*changes: object, kind: str = "schema") -> Migration:
    return Migration(slug="many", title="many", changes=changes, kind=kind, lock_timeout_ms=7)  # type: ignore[arg-type]


def test_each_change_gets_a_file_with_its_look_and_its_way_back() -> None:
    whole = migration(change(ADD), change(LOOK), change(REQUIRE), change(DEFAULT))
    found = split(whole)
    assert [one.up for one in found] == [(ADD,), (LOOK, REQUIRE), (DEFAULT,)]
    assert [one.slug for one in found] == [
        "add_extra_to_orders",
        "require_orders_extra",
        "set_default_of_orders_extra",
    ]
    assert [step for one in reversed(found) for step in one.down] == list(whole.down)
    assert {one.lock_timeout_ms for one in found} == {7}


def test_a_way_back_of_several_steps_is_spread_over_files() -> None:
    undo = (LOOK, REQUIRE, DEFAULT, DropColumn(table=ORDERS, column=EXTRA))
    whole = migration(change(DropNotNull(table=ORDERS, column=EXTRA), undo=undo))
    found = split(whole)
    assert [len(one.down) for one in found] == [1, 1, 2]
    assert [type(one.up[0]) for one in found] == [DropNotNull, Nothing, Nothing]
    assert [step for one in reversed(found) for step in one.down] == list(undo)
    assert found[1].title == "set default of orders.extra on the way back"


def test_what_needs_no_split_stays_as_it_is() -> None:
    one = migration(change(LOOK), change(ADD))
    assert split(one) == (one,)
    only_looks = migration(change(LOOK))
    assert split(only_looks) == (only_looks,)
    data = migration(change(LOOK, undo=(DEFAULT, REQUIRE)), kind="data")
    assert split(data) == (data,)
    assert not acts(LockTables(tables=(ORDERS,), mode="share row exclusive"))
    assert acts(AddPrimaryKey.__new__(AddPrimaryKey))


def test_every_file_of_a_plan_acts_once_in_each_direction() -> None:
    values = {"table": "orders", "column": "status_code", "to": "status", "how": "sync"}
    for name, version in (("mysql", (8, 0, 36)), ("mariadb", (10, 11, 19))):
        plan = plan_of("rename_column", values, rollout=TINY, name=name, version=version)
        slugs = [one.slug for one in plan.migrations]
        assert len(set(slugs)) == len(slugs)
        for one in plan.migrations:
            assert sum(map(acts, one.up)) <= 1, one.slug
            assert sum(map(acts, one.down)) <= 1, one.slug
        steps = [step for one in plan.migrations for step in one.up]
        after = apply_all(schema_for(name), steps).table(ORDERS)
        assert after is not None
        assert after.column("status_code") is None


def test_an_engine_with_transactions_keeps_its_files() -> None:
    values = {"table": "orders", "column": "status_code", "to": "status", "how": "sync"}
    plan = plan_of("rename_column", values)
    assert any(sum(map(acts, one.up)) > 1 for one in plan.migrations)
