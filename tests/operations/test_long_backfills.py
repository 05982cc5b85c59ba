"""Who walks the rows of a long backfill, and the files that only check that it is done."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from engines import GOLDEN_VERSIONS
from generated import files
from shop import EXAMPLES, LARGE, TINY, examples_for, plan_of
from test_golden import TARGETS

from generators.header import table_of
from wizard.dialects import dialect
from wizard.dialects.remaining import rows_left
from wizard.model.answers import Answers
from wizard.model.errors import AnswerError
from wizard.model.names import TableName
from wizard.model.plan import Plan
from wizard.model.steps import (
    AddForeignKey,
    Assignment,
    Backfill,
    Batched,
    ChangeType,
    DeleteRows,
    DropColumn,
    DropTable,
    RebuildTable,
    Require,
    SetNotNull,
    SwapColumns,
    ValidateConstraint,
)
from wizard.operations.long_backfills import asserting

RUNNER = replace(LARGE, backfill="runner")


def plan_for(kind: str, engine: str, runner: bool = True) -> Plan:
    rollout = RUNNER if runner else LARGE
    return plan_of(kind, rollout=rollout, name=engine, version=GOLDEN_VERSIONS[engine])


def test_the_plan_keeps_its_batches_for_the_runner() -> None:
    plan = plan_for("backfill", "postgresql")
    assert plan.by_runner == ("fill_orders_note",)
    assert [type(step) for step in plan.migrations[0].up] == [Backfill]
    assert [one.code for one in plan.findings if "backfill" in one.code] == ["backfill-by-runner"]


def test_the_runner_is_only_suggested() -> None:
    plan = plan_for("backfill", "postgresql", runner=False)
    assert plan.by_runner == ()
    assert [one.code for one in plan.findings if "backfill" in one.code] == ["long-backfill"]
    small = plan_of("backfill", rollout=replace(LARGE, rows=1_000_000))
    assert not [one for one in small.findings if "backfill" in one.code]


def test_a_tiny_table_needs_no_runner() -> None:
    tiny = plan_of("backfill", rollout=replace(TINY, backfill="runner"))
    assert tiny.by_runner == tuple(one.slug for one in tiny.migrations)


@pytest.mark.parametrize("engine", sorted(GOLDEN_VERSIONS))
@pytest.mark.parametrize("target", TARGETS)
def test_the_file_checks_and_says_what_comes_first(
    target: str, engine: str, tmp_path: Path
) -> None:
    plan = plan_for("backfill", engine)
    first, *others = [one for one in files(plan, engine, target, tmp_path) if one.revision]
    text = first.content
    assert "migwiz backfill run fill-orders-note; this file only checks that it is done" in text
    assert "note IS NULL" in text
    assert "UPDATE" not in text
    assert "walk" not in text
    assert not others or target == "sql/golang-migrate"


@pytest.mark.parametrize("kind", sorted(EXAMPLES))
@pytest.mark.parametrize("engine", sorted(GOLDEN_VERSIONS))
def test_every_plan_can_leave_its_rows_to_the_runner(kind: str, engine: str) -> None:
    plan, known = plan_for(kind, engine), dialect(engine, GOLDEN_VERSIONS[engine])
    for migration in plan.migrations:
        walked = [one for one in migration.up if isinstance(one, Batched) and one.key]
        assert (migration.slug in plan.by_runner) == bool(walked)
        checked = asserting(migration, plan.slug, known)
        assert not [one for one in checked.up if isinstance(one, Batched) and one.key]
        assert checked.down == migration.down
        assert len(checked.up) == len(migration.up)
        if not walked:
            assert checked.up == migration.up


def test_rows_that_do_not_show_it_have_no_check() -> None:
    step = Backfill(
        table=TableName("orders"),
        assignments=(Assignment(column="note", expression="'x'"),),
        needed="true",
        key=("id",),
        key_types=("bigint",),
    )
    postgresql = dialect("postgresql", (16,))
    assert rows_left(step, postgresql) is None
    joined = replace(step, join="customers", on="orders.customer_id = customers.id")
    assert "FROM orders, customers" in str(rows_left(joined, postgresql))
    delete = DeleteRows(table=step.table, needed="true", key=("id",), key_types=("bigint",))
    assert rows_left(delete, postgresql) == "SELECT 1 FROM orders\nLIMIT 1"


def test_what_is_no_choice_is_refused() -> None:
    assert Answers().put("rollout.backfill", "runner").rollout.backfill == "runner"
    with pytest.raises(AnswerError, match="by the file or by the runner") as caught:
        _ = Answers().put("rollout.backfill", "me").rollout
    assert caught.value.flag == "--backfill"


def test_the_check_stops_until_all_rows_are_filled() -> None:
    plan = plan_for("backfill", "sqlite")
    checked = asserting(plan.migrations[0], plan.slug, dialect("sqlite", (3, 40, 1)))
    (step,) = checked.up
    assert isinstance(step, Require)
    assert step.message.endswith("run migwiz backfill run fill-orders-note first, then this again")
    with sa.create_engine("sqlite://").begin() as connection:
        connection.exec_driver_sql("CREATE TABLE orders (id integer PRIMARY KEY, note text)")
        connection.exec_driver_sql("INSERT INTO orders (note) VALUES ('a'), (NULL)")
        assert connection.exec_driver_sql(step.query).first() is not None
        connection.exec_driver_sql("UPDATE orders SET note = 'b' WHERE note IS NULL")
        assert connection.exec_driver_sql(step.query).first() is None


#: What relies on rows that a backfill has filled, moved or copied.
RELIES = (
    AddForeignKey,
    ChangeType,
    DropColumn,
    DropTable,
    RebuildTable,
    SetNotNull,
    SwapColumns,
)
#: What stops where a row is left: a query, or the engine itself.
PROVES = (AddForeignKey, Require, ValidateConstraint)
VARIANTS: tuple[tuple[str, dict[str, object]], ...] = (
    *((kind, {}) for kind in sorted(EXAMPLES)),
    ("drop_enum_value", {"to": "sent"}),
    ("add_foreign_key", {"orphans": "delete"}),
    ("add_foreign_key", {"orphans": "null"}),
    ("add_column", {"default": "random()", "type": "double precision", "nullable": False}),
)


@pytest.mark.parametrize("engine", sorted(GOLDEN_VERSIONS))
@pytest.mark.parametrize(("kind", "more"), VARIANTS, ids=lambda one: str(one)[:40])
def test_what_relies_on_a_backfill_looks_first(
    kind: str, more: dict[str, object], engine: str
) -> None:
    plan = plan_of(
        kind,
        {**examples_for(engine)[kind], **more},
        rollout=LARGE,
        name=engine,
        version=GOLDEN_VERSIONS[engine],
    )
    waiting: set[object] = set()
    for migration in plan.migrations:
        for step in migration.up:
            table = table_of(step)
            if isinstance(step, Batched):
                waiting.add(table)
            elif isinstance(step, PROVES):
                waiting.discard(table)
            elif isinstance(step, RELIES):
                assert table not in waiting, f"{migration.slug} trusts that rows were filled"
