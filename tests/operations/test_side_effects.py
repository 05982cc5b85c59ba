"""Columns that the server sets with each change of a row stay as they are in a backfill."""

from __future__ import annotations

import pytest
import servers
from engines import GOLDEN_VERSIONS
from servers import TestServer
from shop import LARGE, plan_of

from wizard.database.urls import parse_url
from wizard.dialects import dialect
from wizard.dialects.parameters import rebind
from wizard.model.names import TableName
from wizard.model.plan import Plan
from wizard.model.schema import Column, Index, IndexPart, PrimaryKey, Schema, Table
from wizard.model.steps import Backfill

NOTES = Table(
    name=TableName("notes"),
    columns=(
        Column(name="id", type="int", nullable=False),
        Column(name="note", type="varchar(200)"),
        Column(
            name="updated_at",
            type="datetime",
            nullable=False,
            default="CURRENT_TIMESTAMP",
            on_update="CURRENT_TIMESTAMP",
        ),
    ),
    constraints=(PrimaryKey(name="PRIMARY", columns=("id",)),),
    indexes=(Index(name="PRIMARY", parts=(IndexPart(column="id"),), unique=True, constraint=True),),
)
OTHERS = Table(
    name=TableName("others"),
    columns=(Column(name="note_id", type="int"), Column(name="said", type="varchar(200)")),
)
VALUES: dict[str, object] = {"table": "notes", "set": {"note": "'x'"}, "where": "note IS NULL"}


def plan_for(engine: str, kind: str = "backfill", **more: object) -> Plan:
    values = {**VALUES, **more} if kind == "backfill" else {"table": "notes", **more}
    return plan_of(
        kind,
        values,
        rollout=LARGE,
        name=engine,
        version=GOLDEN_VERSIONS[engine],
        schema=Schema(tables=(NOTES, OTHERS)),
    )


def backfill_of(plan: Plan) -> Backfill:
    (step,) = (step for one in plan.migrations for step in one.up if isinstance(step, Backfill))
    return step


def codes(plan: Plan) -> set[str]:
    return {one.code for one in plan.findings}


@pytest.mark.parametrize("engine", ["mysql", "mariadb"])
def test_they_are_kept_unless_it_is_asked_for(engine: str) -> None:
    kept = plan_for(engine)
    assert backfill_of(kept).keeps == ("updated_at",)
    assert "touch-left-out" in codes(kept)
    touched = plan_for(engine, touch=True)
    assert backfill_of(touched).keeps == ()
    assert "touch-left-out" not in codes(touched)
    set_by_name = plan_for(engine, set={"updated_at": "'2026-01-01'"}, where="note IS NULL")
    assert backfill_of(set_by_name).keeps == ()


def test_other_operations_keep_them_too() -> None:
    plan = plan_for("mysql", kind="set_not_null", column="note", fill="'x'")
    assert backfill_of(plan).keeps == ("updated_at",)


@pytest.mark.parametrize("joined", [False, True])
def test_the_server_leaves_them(joined: bool, mysql_family: TestServer) -> None:
    name = parse_url(mysql_family.url).dialect
    engine = dialect(name, mysql_family.version)
    more: dict[str, object] = {}
    if joined:
        more = {
            "set": {"note": "others.said"},
            "from": "others",
            "where": "others.note_id = notes.id AND notes.note IS NULL",
        }
    step = backfill_of(plan_for(name, **more))
    batch = engine.batch(step)
    with mysql_family.database() as url, servers.connected(url) as cursor:
        cursor.execute(
            "CREATE TABLE notes (id int PRIMARY KEY, note varchar(200), updated_at datetime "
            "NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP)"
        )
        cursor.execute("CREATE TABLE others (note_id int, said varchar(200))")
        for number in (1, 2, 3):
            cursor.execute(f"INSERT INTO notes VALUES ({number}, NULL, '2020-01-01')")
            cursor.execute(f"INSERT INTO others VALUES ({number}, 'x')")
        cursor.execute(rebind(batch.first, "psycopg", name), {"upto_0": 1})
        following = rebind(batch.following, "psycopg", name)
        cursor.execute(following, {"after_0": 1, "upto_0": 2})
        for sql in engine.batch_script(step):
            cursor.execute(sql)
        cursor.execute("SELECT count(*) FROM notes WHERE note = 'x' AND updated_at = '2020-01-01'")
        assert cursor.fetchall() == ((3,),)
