"""Abandoning a plan from the command line: what is said, asked for and left behind."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from projects import BASE, alembic_ok, make_alembic_project

from wizard.cli import main
from wizard.journal import read

SCHEMA = """
CREATE TABLE orders (id bigint PRIMARY KEY, status_code varchar(20), note text);
"""
RENAME = [
    *("rename-column", "--table", "orders", "--column", "status_code", "--to", "status"),
    *("--how", "sync", "--rows", "120M", "--schema", "schema.sql", "--dialect", "postgresql"),
    *("--server-version", "16"),
]
SLUG = "rename-orders-status-code"


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    make_alembic_project(tmp_path)
    (tmp_path / "schema.sql").write_text(SCHEMA)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MIGWIZ_NOW", "2026-11-23T10:20:30Z")
    return tmp_path


def plan(root: Path, slug: str) -> Path:
    return root / "migrations" / "plans" / f"2026-11-23-{slug}.toml"


def test_it_asks_says_and_marks(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["write", *RENAME]) == 0
    kept = plan(shop, SLUG).read_text()
    assert main(["abandon", SLUG]) == 3
    said = capsys.readouterr().err
    assert "every running instance says status_code again, and none status" in said
    assert f"migwiz abandon {SLUG} --gate-open" in said
    assert plan(shop, SLUG).read_text() == kept
    assert main(["abandon", SLUG, "--gate-open", "--reason", "Bob wants it so"]) == 0
    said = capsys.readouterr().err
    assert "no live database was looked at" in said
    assert "migwiz write" not in said
    abandoned = read(plan(shop, SLUG)).abandoned
    assert abandoned is not None
    assert (abandoned.reason, abandoned.by) == ("Bob wants it so", f"abandon-{SLUG}")
    back = read(plan(shop, f"abandon-{SLUG}"))
    assert back.takes_back is not None
    assert (back.takes_back.plan, back.takes_back.phases) == (SLUG, ("expand",))
    assert back.phases[0].way_back
    for words in (["next", SLUG], ["abandon", SLUG]):
        assert main(words) == 2
        said = capsys.readouterr().err
        assert f"{SLUG} is abandoned since 2026-11-23" in said
        assert "why   Bob wants it so" in said
    assert main(["next", f"abandon-{SLUG}"]) == 2
    assert "every phase of" in capsys.readouterr().err


def test_rows_are_filled_by_whom_the_plan_says(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["write", *RENAME, "--backfill", "runner"]) == 0
    for _ in range(2):
        assert main(["next", SLUG, "--gate-open"]) == 0
    assert read(plan(shop, SLUG)).next_phase is None
    assert main(["abandon", SLUG]) == 0
    capsys.readouterr()
    assert main(["next", f"abandon-{SLUG}"]) == 0
    done = capsys.readouterr()
    assert f"migwiz backfill run abandon-{SLUG}      and wait until it is done" in done.err
    (name,) = (one for one in done.out.split() if one.endswith(".py"))
    # The file checks only that none is left.
    text = (shop / name).read_text()
    assert "BATCH" not in text
    assert "status_code IS DISTINCT FROM status LIMIT 1" in " ".join(text.split())


def test_what_is_unknown_is_named(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["abandon", "nothing"]) == 2
    assert "there is no plan called nothing" in capsys.readouterr().err


@pytest.fixture
def live_shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a database, in which a rename is written and not applied."""
    make_alembic_project(tmp_path)
    with sqlite3.connect(tmp_path / "shop.db") as connection:
        connection.execute("CREATE TABLE orders (id INTEGER PRIMARY KEY, status_code TEXT)")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", "sqlite:///shop.db")
    alembic_ok(tmp_path, f"sqlite:///{tmp_path}/shop.db", "upgrade", "head")
    assert main(["write", *RENAME[:11]]) == 0
    return tmp_path


def test_what_a_colleagues_migration_builds_on_is_not_removed(
    live_shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"sqlite:///{live_shop}/shop.db"
    head = alembic_ok(live_shop, url, "heads").split()[0]
    assert main(["abandon", SLUG, "--gate-open"]) == 3
    assert "next remove migrations/versions/" in " ".join(capsys.readouterr().err.split())
    theirs = live_shop / "migrations" / "versions" / "theirs.py"
    text = BASE.replace("8c1f2a40d511", "7e57", 2).replace("Revises:", f"Revises: {head}")
    theirs.write_text(text.replace("down_revision = None", f'down_revision = "{head}"'))
    assert main(["abandon", SLUG, "--gate-open"]) == 3
    said = " ".join(capsys.readouterr().err.split())
    assert f"migrations/versions/theirs.py builds on {head}" in said
    assert f"put 8c1f2a40d511 in place of {head}, then remove" in said
    assert f"migwiz abandon {SLUG} --write-anyway" in said
    # The first advice holds: all of it runs in order, and nothing of the plan is left.
    assert main(["abandon", SLUG, "--gate-open", "--write-anyway"]) == 0
    while main(["next", f"abandon-{SLUG}", "--gate-open", "--write-anyway"]) == 0:
        pass
    alembic_ok(live_shop, url, "upgrade", "head")
    with sqlite3.connect(live_shop / "shop.db") as connection:
        columns = [row[1] for row in connection.execute("PRAGMA table_info (orders)")]
    assert columns == ["id", "status_code"]
