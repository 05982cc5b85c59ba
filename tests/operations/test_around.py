"""What stands around a changing column is wrapped around the change, or refused with a reason."""

from __future__ import annotations

from dataclasses import replace

import pytest
from shop import LARGE, ORDERS_TABLE, STOPPED, TINY

from wizard.dialects import dialect
from wizard.model.findings import Finding
from wizard.model.inverse import change
from wizard.model.names import TableName
from wizard.model.plan import Change
from wizard.model.rollout import Rollout
from wizard.model.schema import Column, Dependent, Table
from wizard.model.steps import ChangeType, RebuildTable, step_name
from wizard.operations.base import Context
from wizard.operations.dependents import around, around_findings
from wizard.operations.phases import Refusal

NOTE = Column(name="note", type="text")
VIEW = Dependent(
    kind="view", name="noted", columns=("note",), definition=("CREATE VIEW noted AS SELECT 1",)
)
SUMS = Dependent(
    kind="materialized view",
    name="sums",
    columns=("note", "total"),
    definition=("CREATE MATERIALIZED VIEW sums AS SELECT 1",),
)
POLICY = Dependent(
    kind="policy",
    name="seen",
    columns=("note",),
    definition=("CREATE POLICY seen ON other USING (true)",),
    on=TableName("other"),
)
FEED = Dependent(kind="publication", name="feed", columns=("note",), obstacle="nobody knows")
LOOSE = Dependent(kind="view", name="loose", columns=("total",))
STEP = change(ChangeType(table=ORDERS_TABLE.name, column=NOTE, to=replace(NOTE, type="varchar(9)")))


def wrapped(
    *dependents: Dependent,
    rollout: Rollout = LARGE,
    name: str = "postgresql",
    version: tuple[int, ...] = (16,),
    step: Change = STEP,
) -> tuple[list[str], list[str], list[str]]:
    """What is done up and down, and the codes of the findings."""
    table = replace(ORDERS_TABLE, dependents=dependents)
    context = Context(dialect=dialect(name, version), tables=lambda _: table, rollout=rollout)
    changes = around(context, table, ("note",), (step,))
    findings = around_findings(context, table, ("note",), (step,))

    def told(one: object) -> str:
        dependent = getattr(one, "dependent", None)
        return f"{step_name(one)} {dependent or ''}".strip()  # type: ignore[arg-type]

    up = [told(one.step) for one in changes]
    down = [told(one) for each in reversed(changes) for one in each.undo]
    return up, down, [one.code for one in findings]


def refused(*dependents: Dependent, rollout: Rollout = LARGE) -> Finding:
    with pytest.raises(Refusal) as caught:
        wrapped(*dependents, rollout=rollout)
    return caught.value.finding


def test_what_does_not_name_the_column_stays() -> None:
    assert wrapped(LOOSE) == (["change_type"], ["change_type"], [])


def test_dropped_in_reverse_and_made_again_in_order() -> None:
    up, down, codes = wrapped(VIEW, replace(VIEW, name="above"), LOOSE)
    assert up == [
        "drop_dependent view above",
        "drop_dependent view noted",
        "change_type",
        "create_dependent view noted",
        "create_dependent view above",
    ]
    assert down == up
    assert codes == ["dependents-made-again"]


def test_other_tables_are_locked_up_front_in_both_directions() -> None:
    up, down, codes = wrapped(VIEW, POLICY)
    assert up == [
        "lock_tables",
        "drop_dependent policy seen on other",
        "drop_dependent view noted",
        "change_type",
        "create_dependent view noted",
        "create_dependent policy seen on other",
    ]
    assert down == up
    assert codes == ["dependents-made-again", "more-tables-locked"]


def test_a_materialized_view_is_filled_under_the_lock_only_where_that_is_short() -> None:
    finding = refused(VIEW, SUMS)
    assert finding.code == "materialized-view-refresh"
    assert "sums reads note, total of orders" in finding.what
    for rollout in (TINY, STOPPED):
        _, _, codes = wrapped(VIEW, SUMS, rollout=rollout)
        assert codes == ["dependents-made-again", "materialized-view-filled"]


def test_what_cannot_be_made_again_is_refused_with_its_reason() -> None:
    finding = refused(VIEW, FEED)
    assert finding.code == "dependent-in-the-way"
    assert "publication feed" in finding.what
    assert finding.why == "Nobody knows."
    unknown = refused(replace(VIEW, definition=()))
    assert "its definition is not known here" in unknown.why


def test_engines_that_copy_the_table_leave_them_alone() -> None:
    table: Table = replace(ORDERS_TABLE, dependents=(VIEW,))
    rebuild = change(RebuildTable(before=table, after=table))
    up, down, codes = wrapped(VIEW, name="sqlite", version=(3, 40), step=rebuild)
    assert (up, down, codes) == (["rebuild_table"], ["rebuild_table"], [])
