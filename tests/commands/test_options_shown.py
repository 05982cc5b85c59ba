"""The ways of a rename, the ways back and the snippets, as the command line shows them."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import jsonschema
import pytest
from projects import make_alembic_project

from wizard.cli import main

HERE = Path(__file__).resolve().parents[2]
SCHEMA = json.loads((HERE / "docs" / "plan.schema.json").read_text())
RENAME = ["rename-column", "--table", "orders", "--column", "note", "--to", "remark"]


@pytest.fixture(autouse=True)
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    make_alembic_project(tmp_path)
    connection = sqlite3.connect(tmp_path / "shop.db")
    connection.executescript("CREATE TABLE orders (id INTEGER PRIMARY KEY, note varchar(20));")
    connection.close()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", "sqlite:///shop.db")
    return tmp_path


def document(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, object]:
    assert main(["plan", *words, "--rows", "120M", "--format", "json"]) == 0
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    jsonschema.validate(found, SCHEMA)
    return found


def test_the_ways_are_compared_before_one_is_chosen(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", *RENAME, "--rows", "120M"]) == 0
    shown = capsys.readouterr().out
    assert "The ways here, the best first; --how chooses one" in shown
    assert [one.split()[1] for one in shown.splitlines() if one.startswith("  --how ")] == [
        "map",
        "sync",
        "view",
        "direct",
    ]
    assert "✗ a view of SQLite" in shown
    assert "✗ only in a maintenance window" in shown
    assert "way back open to the end" in shown
    assert main(["plan", *RENAME, "--rows", "120M", "--how", "sync"]) == 0
    assert "The ways here" not in capsys.readouterr().out


def test_the_document_holds_the_ways_and_each_way_back(capsys: pytest.CaptureFixture[str]) -> None:
    found = document(capsys, *RENAME, "--how", "sync")
    options = found["options"]
    assert isinstance(options, list)
    assert [(one["how"], one["possible"]) for one in options] == [
        ("map", True),
        ("sync", True),
        ("view", False),
        ("direct", False),
    ]
    phases = found["phases"]
    assert isinstance(phases, list)
    sync = options[1]
    assert sync["files"] == sum(len(one["migrations"]) for one in phases)
    assert all("nothing is lost" in one["way_back"] for one in phases)
    assert phases[0]["way_back"].startswith("first deploy code that does without orders.remark;")


def test_where_there_is_one_way_nothing_is_compared(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("add-column", "--table", "orders", "--column", "c", "--type", "text")
    assert document(capsys, *words)["options"] == []


def test_each_phase_shows_its_way_back_and_its_models(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", *RENAME, "--rows", "120M", "--how", "sync"]) == 0
    shown = capsys.readouterr().out
    assert shown.count("\n  back  ") == 3
    assert (
        "  expand · SQLAlchemy\n"
        "      # first deploy, may be left out: the code says remark, still reads and writes note\n"
        '      remark: Mapped[str | None] = mapped_column("note", String(20))\n'
    ) in shown
    assert "  contract · Django\n" in shown


def test_a_rename_in_the_code_alone_says_what_to_paste(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["write", *RENAME]) == 0
    shown = capsys.readouterr().err
    assert '      remark: Mapped[str | None] = mapped_column("note", String(20))\n' in shown
    assert '      #[sea_orm(column_name = "note", column_type = ' in shown
