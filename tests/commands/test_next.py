"""Phase after phase: gates are asked in the database, and people are asked for what they know."""

from __future__ import annotations

import sqlite3
import tomllib
from pathlib import Path

import pytest
from projects import alembic_ok, make_alembic_project

from wizard.cli import main

RENAME = [
    *("write", "rename-column", "--table", "orders", "--column", "note", "--to", "remark"),
    *("--how", "sync", "--rows", "120M"),
]
NEXT = ["next", "rename-orders-note"]


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    make_alembic_project(tmp_path)
    with sqlite3.connect(tmp_path / "shop.db") as connection:
        connection.executescript(
            """
            CREATE TABLE orders (id INTEGER PRIMARY KEY, note TEXT);
            CREATE INDEX ix_orders_note ON orders (note);
            INSERT INTO orders (note) VALUES ('a'), ('b'), (NULL);
            """
        )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", "sqlite:///shop.db")
    return tmp_path


def upgrade(root: Path) -> None:
    alembic_ok(root, f"sqlite:///{root}/shop.db", "upgrade", "head")


def status(root: Path) -> list[str]:
    (path,) = (root / "migrations" / "plans").glob("*.toml")
    return [f"{one['name']} {one['status']}" for one in tomllib.loads(path.read_text())["phase"]]


def test_from_the_first_phase_to_the_last(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    upgrade(shop)
    assert main(RENAME) == 0
    assert status(shop) == [
        *("expand written", "backfill waiting", "validate waiting", "contract waiting")
    ]
    # Expand has not run: what follows would build on a column that is not there.
    assert main(NEXT) == 3
    said = capsys.readouterr().err
    assert "expand is written, but not applied in this database" in said
    assert "apply the phase before it first: alembic upgrade " in said
    upgrade(shop)
    assert main(NEXT) == 0
    # The backfill has not run: the gate tells.
    assert main(NEXT) == 3
    said = capsys.readouterr().err
    assert "the gate before validate does not hold: rows 1, 2, perhaps more" in said
    assert "where they count as applied: migwiz backfill run " in said
    upgrade(shop)
    assert main(NEXT) == 0
    upgrade(shop)
    # What only people know is asked for, even when the query would hold.
    assert main(NEXT) == 3
    assert "only you can know" in capsys.readouterr().err
    with sqlite3.connect(shop / "shop.db") as connection:
        triggers = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall()
        for name, _ in triggers:
            connection.execute(f'DROP TRIGGER "{name}"')
        connection.execute("UPDATE orders SET remark = 'drifted' WHERE id = 2")
    assert main([*NEXT, "--gate-open"]) == 3
    said = capsys.readouterr().err
    assert "trigger zz_sync_orders_note_remark of orders is not there" in said
    assert "migwiz abandon rename-orders-note" in said
    # The gate stands all the same.
    assert main([*NEXT, "--gate-open", "--write-anyway"]) == 3
    assert "does not hold: row 2, perhaps more" in capsys.readouterr().err
    with sqlite3.connect(shop / "shop.db") as connection:
        for _, sql in triggers:
            connection.execute(sql)
    assert main([*NEXT, "--gate-open"]) == 3
    assert "does not hold: row 2, perhaps more" in capsys.readouterr().err
    assert status(shop)[-1] == "contract waiting"


def test_the_last_phase_and_all_the_way_back(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    upgrade(shop)
    assert main(RENAME) == 0
    for _ in range(3):
        upgrade(shop)
        assert main([*NEXT, "--gate-open"]) == 0
    upgrade(shop)
    with sqlite3.connect(shop / "shop.db") as connection:
        connection.execute("INSERT INTO orders (remark) VALUES ('new')")
        (sql,) = connection.execute(
            "SELECT sql FROM sqlite_master WHERE name = 'orders'"
        ).fetchone()
    assert "note" not in sql
    assert main(NEXT) == 2
    assert "still to be applied: migwiz status rename-orders-note" in capsys.readouterr().err
    alembic_ok(shop, f"sqlite:///{shop}/shop.db", "downgrade", "8c1f2a40d511")
    with sqlite3.connect(shop / "shop.db") as connection:
        rows = connection.execute("SELECT note FROM orders ORDER BY id").fetchall()
    assert rows == [("a",), ("b",), (None,), ("new",)]


def test_a_broken_plan_file_is_named(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    upgrade(shop)
    assert main(RENAME) == 0
    (path,) = (shop / "migrations" / "plans").glob("*.toml")
    path.write_text(path.read_text().replace('name = "backfill"', 'name = "nonsense"'))
    assert main(NEXT) == 2
    assert path.name in capsys.readouterr().err


def test_a_plan_file_holds_no_password(shop: Path) -> None:
    upgrade(shop)
    assert main([*RENAME, "--url", "sqlite:///shop.db"]) == 0
    (path,) = (shop / "migrations" / "plans").glob("*.toml")
    assert "shop.db" not in path.read_text()


def test_a_gate_is_forced_by_name_and_with_a_reason(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    upgrade(shop)
    assert main(RENAME) == 0
    upgrade(shop)
    assert main(NEXT) == 0
    force = ["--force-gate", "validate"]
    assert main([*NEXT, *force]) == 2
    assert "--reason" in capsys.readouterr().err
    assert main([*NEXT, "--reason", "they are test data"]) == 2
    assert "--force-gate" in capsys.readouterr().err
    assert main([*NEXT, "--force-gate", "contract", "--reason", "why not"]) == 2
    assert "the next phase of rename-orders-note is validate" in capsys.readouterr().err
    assert status(shop)[2] == "validate waiting"
    assert main([*NEXT, *force, "--reason", " they are\n test data"]) == 0
    assert "gate forced: they are test data (it found rows 1, 2)" in capsys.readouterr().err
    (path,) = (shop / "migrations" / "plans").glob("*.toml")
    forced = tomllib.loads(path.read_text())["phase"][2]["forced"]
    assert (forced["reason"], forced["rows"]) == ("they are test data", ["1", "2"])
    # What only people can know is not for the flag to say.
    upgrade(shop)
    assert main([*NEXT, "--force-gate", "contract", "--reason", "they are test data"]) == 3
    assert "only you can know" in capsys.readouterr().err
    assert main([*NEXT, "--gate-open", "--force-gate", "contract", "--reason", "no need"]) == 0
    assert "the gate before contract holds: nothing had to be forced" in capsys.readouterr().err


def test_without_a_database_it_is_planned_from_the_tables_as_they_were(
    shop: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    upgrade(shop)
    assert main(RENAME) == 0
    monkeypatch.delenv("DATABASE_URL")
    (shop / "shop.db").unlink()
    assert main(NEXT) == 0
    said = capsys.readouterr().err
    assert "no live database was looked at (no database URL was found): planned from" in said


def test_what_was_not_run_is_gone_on_with_when_asked(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    upgrade(shop)
    assert main(RENAME) == 0
    assert main([*NEXT, "--write-anyway"]) == 0
    assert "the tables were not compared, as you asked" in capsys.readouterr().err


def test_another_database_is_not_gone_on_with(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    upgrade(shop)
    assert main(RENAME) == 0
    with sqlite3.connect(shop / "empty.db") as connection:
        connection.execute("CREATE TABLE others (id INTEGER)")
    assert main([*NEXT, "--url", "sqlite:///empty.db"]) == 3
    said = capsys.readouterr().err
    assert "does not hold orders" in said
    assert "name that one with --url" in said
    assert "or, if orders was dropped for good: remove migrations/versions/" in said


def test_a_table_that_was_dropped_is_told(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    upgrade(shop)
    assert main(RENAME) == 0
    upgrade(shop)
    assert main(NEXT) == 0
    with sqlite3.connect(shop / "shop.db") as connection:
        connection.execute("DROP TABLE orders")
    (late,) = (shop / "migrations" / "versions").glob("*fill*.py")
    for words in (NEXT, ["abandon", "rename-orders-note"]):
        assert main(words) == 3
        said = capsys.readouterr().err
        assert "orders is not there any more in the database shop.db" in said
        assert f"was dropped for good: remove migrations/versions/{late.name}, migrations/" in said
        assert "--url" not in said


SPLIT = [
    *("split-column", "--table", "orders", "--column", "note", "--back", "head || tail"),
    *("--into", "head = substr(note, 1, 1), tail = substr(note, 2)"),
]
MERGE = [
    *("merge-columns", "--table", "orders", "--columns", "note,other", "--to", "whole"),
    *("--expression", "note || '-' || other"),
    *("--back", "note = substr(whole, 1, 1)", "--back", "other = substr(whole, 3)"),
]


@pytest.mark.parametrize("operation", [SPLIT, MERGE], ids=["split", "merge"])
def test_a_split_or_merge_is_gone_on_with(
    shop: Path, operation: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """The engine needs two triggers for what the plan knows as one: neither is news to it."""
    with sqlite3.connect(shop / "shop.db") as connection:
        connection.execute("DROP INDEX ix_orders_note")
        connection.execute("ALTER TABLE orders ADD other TEXT")
        connection.execute("UPDATE orders SET other = 'x'")
        connection.execute("DELETE FROM orders WHERE note IS NULL")
    assert main(["write", *operation, "--rows", "120M"]) == 0
    (path,) = (shop / "migrations" / "plans").glob("*.toml")
    tables = path.read_text().partition("[before]")[2]
    assert "zz_sync" not in tables
    upgrade(shop)
    capsys.readouterr()
    assert main(["next", tomllib.loads(path.read_text())["plan"]]) == 0
    assert "since the plan was made" not in capsys.readouterr().err
    assert path.read_text().partition("[before]")[2] == tables


MANIFEST = """\
[package]
name = "migration"
version = "0.1.0"

[dependencies]
sea-orm-migration = "2.0"
"""
LIBRARY = """\
pub use sea_orm_migration::prelude::*;

pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![]
    }
}
"""


def test_a_runner_that_counts_is_told_of_all_that_is_pending(
    shop: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # What the crate's files do is run from files of SQL for the same plan: cargo takes minutes.
    (shop / "alembic.ini").unlink()
    source = shop / "crate" / "migration" / "src"
    source.mkdir(parents=True)
    (source / "lib.rs").write_text(LIBRARY)
    (source.parent / "Cargo.toml").write_text(MANIFEST)
    scripts = shop / "scripts" / "migrations"
    scripts.mkdir(parents=True)
    (scripts / "20250101000000_start.up.sql").write_text("SELECT 1;\n")
    (scripts / "20250101000000_start.down.sql").write_text("SELECT 1;\n")
    (scripts.parent / "Makefile").write_text("up:\n\tmigrate -path migrations up\n")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{shop}/shop.db")
    for folder in (scripts.parent, shop / "crate"):
        monkeypatch.chdir(folder)
        assert main(RENAME) == 0
    with sqlite3.connect(shop / "shop.db") as connection:
        for path in sorted(scripts.glob("*.up.sql")):
            connection.executescript(path.read_text())
        connection.execute("CREATE TABLE seaql_migrations (version TEXT, applied_at INTEGER)")
        for path in source.glob("m*.rs"):
            connection.execute("INSERT INTO seaql_migrations VALUES (?, 0)", (path.stem,))
    assert main(NEXT) == 0
    assert "Migrator::up(&db, Some(1))" in capsys.readouterr().err
    # `migwiz backfill run` fills the rows; the phase's own file is still to be applied.
    with sqlite3.connect(shop / "shop.db") as connection:
        connection.execute("UPDATE orders SET remark = note WHERE remark IS NOT note")
    assert main([*NEXT, "--gate-open"]) == 0
    said = capsys.readouterr().err
    assert "backfill is not recorded as applied in this database" in said
    assert "Migrator::up(&db, Some(2))" in said
    assert "Migrator::down(&db, Some(1))" in said
