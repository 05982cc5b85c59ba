"""The command that writes rows: asked for by name, watched and stopped from anywhere."""

from __future__ import annotations

import json
from pathlib import Path

import psycopg
import pytest
from projects import make_alembic_project
from servers import TestServer

from wizard.cli import main

PLAN = "fill-orders-note"


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgres18: TestServer):
    make_alembic_project(tmp_path)
    with postgres18.database() as url:
        plain = url.replace("+psycopg", "", 1)
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("DATABASE_URL", plain)
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute("CREATE TABLE orders (id bigint PRIMARY KEY, note text, code text)")
            connection.execute(
                "INSERT INTO orders SELECT n, NULL, n FROM generate_series(1, 2500) n"
            )
            connection.execute("ANALYZE orders")
            yield connection


@pytest.fixture
def plan(shop: psycopg.Connection) -> str:
    """The name of the database, in which a plan waits to be run."""
    words = ["--table", "orders", "--set", "note = 'none'", "--where", "note IS NULL"]
    assert main(["write", "backfill", *words, "--rows", "120M"]) == 0
    return shop.info.dbname


def left(shop: psycopg.Connection) -> int:
    ((count,),) = shop.execute("SELECT count(*) FROM orders WHERE note IS NULL").fetchall()
    return count


def test_rows_are_written_when_the_database_is_named(
    shop: psycopg.Connection, plan: str, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert main(["backfill", "run", PLAN]) == 3
    assert f"--confirm {plan}" in capsys.readouterr().err
    assert main(["backfill", "run", PLAN, "--confirm", "production"]) == 3
    assert "'production' is another name" in capsys.readouterr().err
    assert left(shop) == 2_500
    assert main(["backfill", "run", PLAN, "--confirm", plan]) == 0
    told = capsys.readouterr().err
    assert "done, no row needs it any more" in told
    assert "2,500 rows walked, 2,500 changed" in told
    assert left(shop) == 0


def test_a_table_without_a_key_is_walked_by_where_its_rows_lie(
    shop: psycopg.Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.execute("ALTER TABLE orders DROP CONSTRAINT orders_pkey")
    words = ["--table", "orders", "--set", "note = 'none'", "--where", "note IS NULL"]
    assert main(["write", "backfill", *words, "--rows", "120M", "--backfill", "runner"]) == 0
    run = ["backfill", "run", PLAN, "--confirm", shop.info.dbname]
    assert main([*run, "--workers", "2"]) == 0
    assert "done, no row needs it any more" in capsys.readouterr().err
    assert left(shop) == 0


def test_each_progress_is_a_line_of_json(
    shop: psycopg.Connection, plan: str, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert main(["backfill", "run", PLAN, "--confirm", plan, "--format", "json"]) == 0
    lines = [json.loads(one) for one in capsys.readouterr().out.splitlines()]
    assert (lines[-1]["state"], lines[-1]["walked"], lines[-1]["total"]) == ("done", 2_500, 2_500)
    assert main(["backfill", "status", "--format", "json"]) == 0
    (run,) = json.loads(capsys.readouterr().out)
    assert (run["plan"], run["state"], run["remaining"]) == (PLAN, "done", 0)
    assert main(["backfill", "status", PLAN]) == 0
    assert "2,500 of about 2,500 walked, 2,500 changed" in capsys.readouterr().out


def test_what_was_run_is_forgotten_with_its_tables(
    shop: psycopg.Connection, plan: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["backfill", "status"]) == 0
    assert "no backfill was run" in capsys.readouterr().err
    assert main(["backfill", "run", PLAN, "--confirm", plan]) == 0
    assert main(["backfill", "pause", PLAN]) == 2
    assert "no backfill of fill-orders-note is at work" in capsys.readouterr().err
    assert main(["backfill", "forget", PLAN]) == 0
    tables = shop.execute("SELECT count(*) FROM pg_tables WHERE tablename LIKE 'migwiz%'")
    assert tables.fetchall() == [(0,)]


def test_the_phase_before_must_be_there(
    shop: psycopg.Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    rename = ["--table", "orders", "--column", "note", "--to", "remark", "--how", "sync"]
    assert main(["write", "rename-column", *rename, "--rows", "120M"]) == 0
    capsys.readouterr()
    run = ["backfill", "run", "rename-orders-note", "--confirm", shop.info.dbname]
    assert main(run) == 3
    assert "remark of orders is not in this database" in capsys.readouterr().err
    shop.execute("UPDATE orders SET note = code WHERE id % 2 = 0")
    shop.execute("ALTER TABLE orders ADD remark text")
    assert main(run) == 0
    assert shop.execute("SELECT count(*) FROM orders WHERE remark = code").fetchall() == [(1_250,)]


def test_a_failure_names_the_rows(
    shop: psycopg.Connection, plan: str, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.execute("ALTER TABLE orders ADD CHECK (note <> 'none' OR id < 1500)")
    capsys.readouterr()
    assert main(["backfill", "run", PLAN, "--confirm", plan]) == 4
    told = capsys.readouterr().err
    assert "the next 1200 rows behind key 1000" in told
    assert "violates check constraint" in told
    assert main(["backfill", "status", PLAN]) == 0
    assert f"go on    migwiz backfill run {PLAN}" in capsys.readouterr().out
    assert left(shop) == 1_500


def test_a_pace_is_wanted_of_a_run_at_work(
    shop: psycopg.Connection, plan: str, capsys: pytest.CaptureFixture[str]
) -> None:
    pace = ["backfill", "pace", PLAN]
    assert main(pace) == 2
    assert "say which pace" in capsys.readouterr().err
    for wrong in (["--nice", "-1"], ["--nice", "101"], ["--target-ms", "5"], ["--nice", "nan"]):
        assert main([*pace, *wrong]) == 2
        assert wrong[0] in capsys.readouterr().err
    assert main([*pace, "--nice", "1"]) == 2
    assert "is at work in this database" in capsys.readouterr().err
    run = ["backfill", "run", PLAN, "--confirm", plan]
    assert main([*run, "--nice", "0.5", "--target-ms", "80"]) == 0
    # As if it were at work.
    shop.execute("UPDATE migwiz_backfills SET state = 'running', holder = 'me'")
    capsys.readouterr()
    assert main([*pace, "--nice", "2"]) == 0
    told = "80 ms a batch, rests 2 times as long after each"
    assert f"from the next batches on {told}" in capsys.readouterr().err
    assert main(["backfill", "status", PLAN]) == 0
    assert f"pace     {told}" in capsys.readouterr().out
    assert main(["backfill", "status", "--format", "json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)
    assert (found["target_ms"], found["nice"]) == (80, 2)
    shop.execute("ALTER TABLE migwiz_backfills DROP nice")
    assert main([*pace, "--nice", "2"]) == 4
    assert "ALTER TABLE migwiz_backfills ADD nice double precision;" in capsys.readouterr().err


def test_limits_and_replicas_are_read_before_anything_is_written(
    shop: psycopg.Connection, plan: str, capsys: pytest.CaptureFixture[str]
) -> None:
    run = ["backfill", "run", PLAN, "--confirm", plan]
    assert main([*run, "--limit", "weather=3"]) == 2
    assert "replica-lag=5" in capsys.readouterr().err
    assert main([*run, "--replica", "mysql://host/shop"]) == 2
    assert "of the same engine" in capsys.readouterr().err
    assert left(shop) == 2_500
    assert main([*run, "--limit", "replica-lag=60", "--nice", "0.1", "--workers", "2"]) == 0
    assert left(shop) == 0
