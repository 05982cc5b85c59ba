"""What a plan copies, rebuilds and spends on MySQL and MariaDB, and the forms that a table takes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from shop import LARGE, ORDERS, ORDERS_TABLE, STOPPED, TINY, plan_of, schema_for

from wizard.model.findings import Severity
from wizard.model.plan import Plan
from wizard.model.schema import Index, IndexPart, Storage, Table
from wizard.model.steps import AddColumn, DropColumn
from wizard.operations.online_work import version_budget

MYSQL, MARIADB = ("mysql", (8, 0, 36)), ("mariadb", (10, 11, 19))
ADD = {"table": "orders", "column": "extra", "type": "int"}


def planned(
    kind: str,
    values: dict[str, object] | None = None,
    *,
    engine: tuple[str, tuple[int, ...]] = MYSQL,
    rollout: object = LARGE,
    **changes: object,
) -> Plan:
    """Plan a change of orders with some of the table's parts replaced."""
    schema = schema_for(engine[0])
    table = schema.table(ORDERS)
    assert table is not None
    changed = schema.with_table(replace(table, **changes))  # type: ignore[arg-type]
    return plan_of(
        kind,
        values,
        rollout=rollout,  # type: ignore[arg-type]
        name=engine[0],
        version=engine[1],
        schema=changed,
    )


def partitioned() -> Plan:
    schema = schema_for("mysql")
    orders = schema.table(ORDERS)
    assert orders is not None
    changed = schema.with_table(replace(orders, kind="partitioned"))
    return plan_of("add_foreign_key", rollout=LARGE, name="mysql", version=(8, 4), schema=changed)


def codes(plan: Plan) -> dict[str, Severity]:
    return {one.code: one.severity for one in plan.findings}


def test_a_copy_is_a_danger_unless_nobody_writes() -> None:
    assert codes(planned("add_check"))["writes-wait-for-copy"] is Severity.DANGER
    assert codes(planned("add_check", rollout=STOPPED))["writes-wait-for-copy"] is Severity.INFO
    assert "writes-wait-for-copy" not in codes(planned("add_check", rollout=TINY))
    online = planned("add_check", engine=("mariadb", (11, 8, 9)))
    assert "writes-wait-for-copy" not in codes(online)
    assert "table-rebuilt-online" in codes(online)


def test_a_rebuild_in_place_is_told_once_for_both_directions() -> None:
    plan = planned("drop_not_null")
    told = [one for one in plan.findings if one.code == "table-rebuilt-online"]
    assert len(told) == 1
    assert told[0].what.endswith("The way back does the same.")
    assert "for up to 20 min" in told[0].what


@pytest.mark.parametrize(
    ("before", "left", "severity"), [(3, 60, Severity.INFO), (60, 3, Severity.WARNING)]
)
def test_instant_changes_are_counted(before: int, left: int, severity: Severity) -> None:
    plan = planned("add_column", ADD, storage=Storage(row_versions=before))
    told = next(one for one in plan.findings if one.code == "row-versions")
    assert told.what.startswith(f"{left} of 64 instant changes of orders")
    assert told.severity is severity
    later = planned(
        "add_column", ADD, engine=("mysql", (9, 1)), storage=Storage(row_versions=before)
    )
    assert f"{255 - before - 1} of 255" in next(
        one.what for one in later.findings if one.code == "row-versions"
    )


def test_the_last_instant_change_is_followed_by_a_rebuild() -> None:
    plan = planned("add_column", ADD, storage=Storage(row_versions=64))
    step = plan.migrations[0].up[0]
    assert isinstance(step, AddColumn)
    assert step.rebuild == "online"
    assert "table-rebuilt-online" in codes(plan)
    assert "row-versions" not in codes(plan)


def test_no_budget_where_there_is_no_limit_or_nothing_is_known() -> None:
    assert "row-versions" not in codes(planned("add_column", ADD, engine=MARIADB))
    assert "row-versions" not in codes(planned("add_column", ADD, storage=Storage()))
    assert "row-versions" not in codes(planned("add_column", ADD, engine=("mysql", (8, 0, 20))))
    table = Table(name=ORDERS, columns=())
    assert version_budget(table, 64, 1) is None
    empty = version_budget(replace(table, storage=Storage(row_versions=70)), 64, 1)
    assert empty is not None
    assert empty.what.startswith("0 of 64")


WORDS = Index(name="ft", parts=(IndexPart(column="note"),), method="fulltext")


@pytest.mark.parametrize(
    ("engine", "changes", "form"),
    [
        (MYSQL, {"storage": Storage(row_format="Compressed")}, "online"),
        (MARIADB, {"storage": Storage(row_format="COMPRESSED")}, "online"),
        (MYSQL, {"indexes": (WORDS,)}, "copy"),
        (MARIADB, {"indexes": (WORDS,)}, "locked"),
        (MYSQL, {}, None),
    ],
)
def test_a_step_takes_the_form_that_the_table_allows(
    engine: tuple[str, tuple[int, ...]], changes: dict[str, object], form: str | None
) -> None:
    change = planned("add_column", ADD, engine=engine, **changes).migrations[0].changes[0]
    for step in (change.step, *change.undo):
        assert isinstance(step, AddColumn | DropColumn)
        assert step.rebuild == form


def test_an_index_is_hidden_before_it_is_dropped() -> None:
    plan = planned("drop_index")
    assert [one.name for one in plan.phases] == ["expand", "contract"]
    assert [one.name for one in planned("drop_index", rollout=STOPPED).phases] == ["switch"]


def test_an_index_that_a_key_needs_stays() -> None:
    plan = planned("drop_index", {"table": "orders", "name": "ix_orders_customer_id"})
    assert plan.refused is not None
    assert plan.refused.code == "index-needed"
    assert "orders_customer_id_fkey" in plan.refused.what


def test_what_the_engine_has_not_is_refused_with_a_way_out() -> None:
    lower = {"table": "orders", "columns": ["lower(note)"]}
    assert planned("add_index", lower).refused is None
    refused = planned("add_index", lower, engine=MARIADB).refused
    assert refused is not None
    assert refused.code == "engine-cannot"
    view = {"table": "orders", "column": "note", "to": "remark", "how": "view"}
    for engine in (MYSQL, MARIADB):
        refused = planned("rename_column", view, engine=engine).refused
        assert refused is not None
        assert refused.code == "cannot-view"
    direct = {"table": "orders", "column": "status_code", "to": "status", "how": "direct"}
    refused = planned("rename_column", direct, rollout=STOPPED).refused
    assert refused is not None
    assert refused.code == "check-holds-name"
    assert planned("rename_column", direct, rollout=STOPPED, engine=MARIADB).refused is None
    refused = partitioned().refused
    assert refused is not None
    assert refused.code == "partitioned-key"


def test_the_shop_of_postgresql_hears_nothing_of_it() -> None:
    assert ORDERS_TABLE.storage is None
    told = codes(plan_of("drop_not_null"))
    assert not {"table-rebuilt-online", "writes-wait-for-copy", "row-versions"} & set(told)
