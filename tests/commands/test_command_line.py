"""The command line: exit codes, streams, and the twin of the wizard."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import tomllib
from pathlib import Path

import jsonschema
import pytest
from projects import alembic_ok, make_alembic_project

from wizard.cli import main

HERE = Path(__file__).resolve().parents[2]
SCHEMA = json.loads((HERE / "docs" / "plan.schema.json").read_text())


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An Alembic project on an SQLite file; needs no server."""
    make_alembic_project(tmp_path)
    connection = sqlite3.connect(tmp_path / "shop.db")
    connection.executescript(
        """
        CREATE TABLE customers (id INTEGER PRIMARY KEY, email TEXT, name TEXT NOT NULL);
        CREATE TABLE orders (
            id INTEGER PRIMARY KEY, customer_id INTEGER, status_code TEXT, note TEXT
        );
        INSERT INTO orders (customer_id, status_code) VALUES (1, 'new'), (1, 'paid');
        """
    )
    connection.close()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", "sqlite:///shop.db")
    monkeypatch.setenv("MIGWIZ_NOW", "2026-11-23T10:20:30Z")
    monkeypatch.setenv("MIGWIZ_SEED", "test")
    return tmp_path


ADD = ["--table", "orders", "--column", "currency", "--type", "text"]


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys; from wizard.cli import main; main(['--help'])\n"
        "heavy = {'textual', 'sqlalchemy', 'alembic', 'sqlglot', 'django', 'click'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Commands:" in done.stdout


def test_a_headless_write_loads_no_textual(shop: Path) -> None:
    code = (
        "import sys; from wizard.cli import main\n"
        f"assert main(['write', 'add-column', *{ADD!r}]) == 0\n"
        "assert 'textual' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_write_prints_paths_to_stdout_and_talk_to_stderr(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["write", "add-column", *ADD]) == 0
    out, err = capsys.readouterr()
    paths = out.splitlines()
    assert all((shop / path).is_file() for path in paths)
    assert paths[0].startswith("migrations/versions/2026_11_23_1020-")
    assert paths[-1] == "migrations/plans/2026-11-23-add-currency-to-orders.toml"
    assert "alembic upgrade" in err
    assert "alembic downgrade 8c1f2a40d511" in err


def test_plan_prints_the_published_document(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "add-column", *ADD, "--rows", "120M", "--format", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    jsonschema.validate(document, SCHEMA)
    assert document["rollout"]["rows"] == 120_000_000
    assert document["files"]


def test_plan_writes_nothing(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = sorted(shop.rglob("*.py"))
    assert main(["plan", "add-column", *ADD]) == 0
    assert sorted(shop.rglob("*.py")) == before
    assert "add currency to orders" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["write", "add-column", "--column", "c", "--type", "text"], 2, "--table"),
        (["write", "add-column", "--table", "nope", "--column", "c", "--type", "text"], 2, "nope"),
        (["write", "add-index", "--table", "orders", "--columns", "nope"], 2, "no column nope"),
        (["write", "add-column", *ADD, "--default", "1; DROP TABLE orders"], 2, "--default"),
        (["write", "add-column", *ADD, "--default", "(SELECT"], 2, "--default"),
        (["plan", "add-column", *ADD, "--rows", "many"], 2, "many"),
        (["plan", "add-column", *ADD, "--deployment", "yolo"], 2, "yolo"),
        (["plan", "frobnicate"], 2, "frobnicate"),
        (["frobnicate"], 2, "migwiz --help"),
        (["plan", "add-column", *ADD, "--url", "env:NOT_SET"], 2, "NOT_SET"),
        (["plan", "add-column", *ADD, "--url", "sqlite:///missing.db"], 5, "missing.db"),
        (["plan", "add-column", *ADD, "--root", "/nowhere/at/all"], 5, "--root"),
        (["plan", "--answers", "missing.toml"], 5, "missing.toml"),
        (["next", "nothing"], 2, "nothing"),
        (["explain", "add-colum"], 2, "add-column"),
        (
            ["write", "backfill", "--table", "orders", "--set", "note = 'x'"],
            3,
            "--accept-loss",
        ),
        (
            [
                *("write", "rename-column", "--table", "orders", "--column", "note"),
                *("--to", "remark", "--how", "direct"),
            ],
            3,
            "--how map",
        ),
    ],
)
def test_mistakes_have_their_exit_code_and_say_what_next(
    shop: Path, capsys: pytest.CaptureFixture[str], words: list[str], code: int, says: str
) -> None:
    assert main(words) == code
    err = capsys.readouterr().err
    assert says in err
    assert "Traceback" not in err


def test_a_change_is_written_once(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["write", "add-column", *ADD]) == 0
    files = sorted(shop.rglob("*.py"))
    assert main(["write", "add-column", *ADD]) == 4
    assert "migwiz next add-currency-to-orders" in capsys.readouterr().err
    assert sorted(shop.rglob("*.py")) == files


def test_two_heads_are_a_conflict(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    versions = shop / "migrations" / "versions"
    base = next(versions.glob("*.py")).read_text()
    for name in ("aaaaaaaaaaaa", "bbbbbbbbbbbb"):
        text = base.replace('revision = "8c1f2a40d511"', f'revision = "{name}"')
        text = text.replace("down_revision = None", 'down_revision = "8c1f2a40d511"')
        (versions / f"{name}_x.py").write_text(text)
    assert main(["write", "add-column", *ADD]) == 4
    assert "alembic merge" in capsys.readouterr().err


def test_answers_go_out_and_come_back(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "add-column", *ADD, "--rows", "7", "--save-answers", "a.toml"]) == 0
    first = capsys.readouterr().out
    document = tomllib.loads((shop / "a.toml").read_text())
    assert document["operation"][0]["column"] == "currency"
    assert main(["plan", "--answers", "a.toml"]) == 0
    assert capsys.readouterr().out == first


def test_a_password_is_never_shown(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    url = "postgresql://me:s3cr3t@127.0.0.1:1/shop"
    assert main(["plan", "add-column", *ADD, "--url", url]) == 5
    out, err = capsys.readouterr()
    assert "s3cr3t" not in out + err
    assert "127.0.0.1" in err


def test_without_a_terminal_the_wizard_says_what_to_do(shop: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "wizard"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert "migwiz plan add-column --help" in done.stderr
    assert done.stdout == ""


def test_next_writes_phase_after_phase(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--table", "orders", "--column", "note", "--to", "remark", "--how", "sync"]
    assert main(["write", "rename-column", *words, "--rows", "120M"]) == 0
    assert main(["status"]) == 0
    assert "migwiz next rename-orders-note" in capsys.readouterr().out
    # Its columns are in no database yet.
    assert main(["next", "rename-orders-note"]) == 3
    assert "not applied in this database" in capsys.readouterr().err
    alembic_ok(shop, "sqlite:///shop.db", "upgrade", "head")
    assert main(["next", "rename-orders-note"]) == 0
    # The contract's gate needs a person: nobody has said that it holds.
    assert main(["next", "rename-orders-note"]) == 3
    assert "--gate-open" in capsys.readouterr().err


def test_explain_prints_what_the_wizard_shows(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "rename-column"]) == 0
    assert "Why it is dangerous" in capsys.readouterr().out


def test_doctor_tells_evidence_and_the_next_name(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["doctor", "--format", "json", "--slug", "add_email", "--at", "2026-11-23T10:20:30Z"]
    assert main(words) == 0
    (project,) = json.loads(capsys.readouterr().out)["projects"]
    assert project["framework"] == "alembic"
    assert project["heads"] == ["8c1f2a40d511"]
    assert project["evidence"]
    (name,) = project["next"]["files"]
    assert name.startswith("migrations/versions/2026_11_23_1020-")
    assert name.endswith("_add_email.py")
