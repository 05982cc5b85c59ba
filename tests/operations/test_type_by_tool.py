"""Changing a type by a tool, where no second column can take the first one's place."""

from __future__ import annotations

from dataclasses import replace

import pytest
from shop import CUSTOMERS, LARGE, ORDERS, ORDERS_TABLE, TINY, examples_for, plan_of, schema_for

from wizard.model.plan import Plan
from wizard.model.rollout import Rollout
from wizard.model.schema import Schema
from wizard.model.steps import ChangeType, Nothing

TOTAL: dict[str, object] = {"table": "orders", "column": "total", "type": "decimal(14,4)"}
FAMILY = {"mariadb": (10, 11, 19), "mysql": (8, 0, 36)}
EACH = pytest.mark.parametrize("name", FAMILY)


def planned(name: str, rollout: Rollout = LARGE, **changes: object) -> Plan:
    return plan_of("change_type", TOTAL | changes, rollout=rollout, name=name, version=FAMILY[name])


@EACH
def test_a_large_table_is_for_a_tool_and_not_refused(name: str) -> None:
    plan = planned(name)
    assert plan.refused is None
    (phase,) = plan.phases
    (migration,) = phase.migrations
    assert (phase.name, migration.by_tool) == ("switch", True)
    assert phase.gate is not None
    assert "decimal(10,2) and as decimal(14,4)" in phase.gate.text
    (handover,) = plan.handovers
    assert handover.migrations == (migration.slug,)
    codes = [one.code for one in plan.findings]
    assert {"writes-wait-for-copy", "handed-over"} <= set(codes)
    assert "type-rewrites" not in codes


@EACH
def test_the_way_back_is_a_change_of_type(name: str) -> None:
    (migration,) = planned(name, how="tool").migrations
    (back,) = [one for one in migration.down if isinstance(one, ChangeType)]
    assert back.to.type == "decimal(10,2)"
    assert not [one for one in migration.down if isinstance(one, Nothing)]


@EACH
def test_also_a_table_of_a_size_at_which_others_are_not_handed_over(name: str) -> None:
    medium = Rollout(rows=300_000, bytes=30_000_000)
    assert planned(name, medium).handovers
    assert not plan_of("add_check", rollout=medium, name=name, version=FAMILY[name]).handovers
    assert planned(name, TINY).handovers == ()


@EACH
def test_in_place_is_refused_and_points_to_a_tool(name: str) -> None:
    refused = planned(name, how="in_place").refused
    assert refused is not None
    assert refused.code == "type-change-locks"
    assert "--how tool" in refused.safer


def test_in_place_points_to_a_second_column_where_there_is_one() -> None:
    values = examples_for("postgresql")["change_type"] | {"how": "in_place"}
    refused = plan_of("change_type", values, rollout=LARGE).refused
    assert refused is not None
    assert "--how shadow" in refused.safer


@EACH
def test_a_key_that_others_point_to_is_for_no_tool(name: str) -> None:
    customers = next(one for one in schema_for(name).tables if one.name == CUSTOMERS)
    narrow = replace(customers, columns=(replace(customers.columns[0], type="int"),))
    plan = plan_of(
        "change_type",
        {"table": "customers", "column": "id", "type": "bigint", "how": "tool"},
        rollout=LARGE,
        name=name,
        version=FAMILY[name],
        schema=Schema(tables=(narrow,)),
    )
    assert plan.refused is not None
    assert plan.refused.code == "no-tool-can"
    assert "both ends" in plan.refused.why


def test_values_that_may_be_cut_are_for_no_tool_on_mariadb() -> None:
    plan = planned("mariadb", column="note", type="varchar(9)", how="tool")
    assert plan.refused is not None
    assert plan.refused.code == "no-tool-can"
    assert "INSERT IGNORE" in plan.refused.why


def test_postgresql_has_no_such_tools() -> None:
    plan = plan_of("change_type", TOTAL | {"type": "bigint", "how": "tool"}, rollout=LARGE)
    assert plan.refused is not None
    assert "no such tools for PostgreSQL" in plan.refused.why


@EACH
def test_a_key_of_its_own_is_for_a_tool(name: str) -> None:
    orders = next(one for one in schema_for(name).tables if one.name == ORDERS)
    narrow = replace(orders.columns[0], type="int")
    alone = replace(
        orders,
        columns=(narrow, *orders.columns[1:]),
        constraints=tuple(one for one in orders.constraints if one not in orders.foreign_keys),
    )
    assert alone.name == ORDERS_TABLE.name
    plan = plan_of(
        "change_type",
        {"table": "orders", "column": "id", "type": "bigint"},
        rollout=LARGE,
        name=name,
        version=FAMILY[name],
        schema=Schema(tables=(alone,)),
    )
    assert plan.refused is None
    (handover,) = plan.handovers
    assert handover.best is not None
    assert handover.best.command is not None
    assert handover.best.command.revert_words, "whole numbers are never cut short on the way back"
