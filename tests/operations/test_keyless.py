"""Backfills of tables that have no key: walked where the engine says where rows lie, refused elsewhere."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest
import sqlalchemy as sa
from engines import GOLDEN_VERSIONS
from generated import files, opened, upgrade
from servers import TestServer
from shop import LARGE, TINY, plan_of
from test_golden import TARGETS

from wizard.model.names import TableName
from wizard.model.plan import Plan
from wizard.model.rollout import Rollout
from wizard.model.schema import Column, Schema, Table
from wizard.model.steps import Backfill

EVENTS = Table(
    name=TableName("events"),
    columns=(Column(name="kind", type="text"), Column(name="note", type="text")),
)
RUNNER = replace(LARGE, backfill="runner")
VALUES: dict[str, object] = {"table": "events", "set": {"note": "'none'"}, "where": "note IS NULL"}


def plan_for(engine: str, rollout: Rollout = LARGE, kind: str = "backfill", **more: object) -> Plan:
    values = {**VALUES, **more} if kind == "backfill" else {"table": "events", **more}
    return plan_of(
        kind,
        values,
        rollout=rollout,
        name=engine,
        version=GOLDEN_VERSIONS[engine],
        schema=Schema(tables=(EVENTS,)),
    )


@pytest.mark.parametrize("engine", ["postgresql", "sqlite"])
def test_rows_are_walked_by_where_they_lie(engine: str) -> None:
    plan = plan_for(engine)
    (step,) = plan.migrations[0].up
    assert isinstance(step, Backfill)
    assert step.key_types == (("tid",) if engine == "postgresql" else ("rowid",))
    assert not plan.migrations[0].transactional
    assert "walks-without-key" in {one.code for one in plan.findings}


@pytest.mark.parametrize("engine", ["postgresql", "sqlite"])
def test_the_runner_walks_them_too_and_the_file_checks_it(engine: str, tmp_path: Path) -> None:
    plan = plan_for(engine, RUNNER)
    assert plan.by_runner == ("fill_events_note",)
    assert {"backfill-by-runner", "walks-without-key"} <= {one.code for one in plan.findings}
    text = "".join(one.content for one in files(plan, engine, "alembic", tmp_path))
    assert "migwiz backfill run fill-events-note" in text
    assert "ctid" not in text


@pytest.mark.parametrize("engine", ["mysql", "mariadb"])
def test_others_say_what_to_do_first(engine: str) -> None:
    plan = plan_for(engine)
    assert plan.refused is not None
    assert plan.refused.code == "no-key"
    assert plan_for(engine, TINY).refused is None


def test_a_tiny_table_is_changed_at_once() -> None:
    (step,) = plan_for("postgresql", TINY).migrations[0].up
    assert isinstance(step, Backfill)
    assert step.key == ()


@pytest.mark.parametrize("engine", ["postgresql", "sqlite"])
def test_a_column_is_not_archived_by_what_does_not_last(engine: str) -> None:
    plan = plan_for(engine, kind="drop_column", column="note")
    assert not [step for one in plan.migrations for step in one.up if "Copy" in type(step).__name__]


@pytest.mark.parametrize("engine", ["postgresql", "sqlite"])
@pytest.mark.parametrize("target", TARGETS)
def test_every_framework_walks_them(target: str, engine: str, tmp_path: Path) -> None:
    text = "".join(one.content for one in files(plan_for(engine), engine, target, tmp_path))
    assert ("ctid" if engine == "postgresql" else "rowid") in text or "sql/" in target


def test_alembic_fills_such_a_table(postgres15: TestServer, tmp_path: Path) -> None:
    (edit,) = files(plan_for("postgresql"), "postgresql", "alembic", tmp_path)
    module = ModuleType("migration")
    exec(compile(edit.content, "migration", "exec"), vars(module))
    with postgres15.database() as url, opened(url) as database:
        with database.begin() as connection:
            connection.execute(sa.text("CREATE TABLE events (kind text, note text)"))
            connection.execute(
                sa.text("INSERT INTO events SELECT 'k' FROM generate_series(1, 30000)")
            )
        upgrade(module, database)
        with database.connect() as connection:
            left = connection.scalar(sa.text("SELECT count(*) FROM events WHERE note IS NULL"))
    assert left == 0
