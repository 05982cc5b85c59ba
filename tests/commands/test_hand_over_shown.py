"""A hand-over as `migwiz plan` shows it: to people, and to programs."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import jsonschema
import pytest
from projects import make_alembic_project

from wizard.cli import main

HERE = Path(__file__).resolve().parents[2]
SCHEMA = json.loads((HERE / "docs" / "plan.schema.json").read_text())
STRUCTURE = "CREATE TABLE orders (id int PRIMARY KEY, total int, note varchar(40));\n"
WORDS = (
    *(
        "plan",
        "add-check",
        "--table",
        "orders",
        "--name",
        "paid",
        "--expression",
        "note <> 'it''s'",
    ),
    *("--schema", "structure.sql", "--rows", "20M"),
)
MARIADB = ("--dialect", "mariadb", "--server-version", "10.11.4")
MYSQL = ("--dialect", "mysql", "--server-version", "8.0.36")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    make_alembic_project(tmp_path)
    (tmp_path / "structure.sql").write_text(STRUCTURE)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MIGWIZ_NOW", "2026-11-23T10:20:30Z")
    monkeypatch.setenv("MIGWIZ_SEED", "test")
    return tmp_path


@pytest.mark.parametrize(
    ("engine", "tool"), [(MARIADB, "pt-online-schema-change"), (MYSQL, "gh-ost")]
)
def test_programs_get_the_words_of_each_command(
    project: Path, capsys: pytest.CaptureFixture[str], engine: tuple[str, ...], tool: str
) -> None:
    assert main([*WORDS, *engine, "--format", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    jsonschema.validate(document, SCHEMA)
    (handover,) = document["handovers"]
    slugs = [one["slug"] for phase in document["phases"] for one in phase["migrations"]]
    assert handover["migrations"] == slugs
    best, *others = handover["offers"]
    assert (best["tool"], best["refusal"]) == (tool, None)
    assert "--alter=ADD CONSTRAINT paid CHECK (note <> 'it''s')" in best["command"]["execute"]
    assert best["command"]["execute"][0] == best["command"]["dry_run"][0] == tool
    assert all((one["command"] is None) != (one["refusal"] is None) for one in others)
    assert [one["code"] for one in document["findings"]].count("handed-over") == 1


def test_a_small_table_has_none(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*WORDS[:-1], "900", *MARIADB, "--format", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    jsonschema.validate(document, SCHEMA)
    assert document["handovers"] == []


def test_people_get_lines_that_a_shell_takes(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*WORDS, *MARIADB]) == 0
    text = capsys.readouterr().out
    head, _, rest = text.partition("Hand-over   ")
    assert "EXPAND" in head
    assert rest.startswith("Let pt-online-schema-change add check paid to orders\n")
    run = rest.partition("\n  run\n")[2].partition("\n  watch")[0]
    # A shell that only prints the words which it would run.
    printed = subprocess.run(
        ["/bin/sh", "-c", run.replace("pt-online-schema-change", "printf '%s\\n' tool", 1)],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    assert printed[0] == "tool"
    assert "--alter=ADD CONSTRAINT paid CHECK (note <> 'it''s')" in printed
    assert printed[-1] == "h=HOST,P=3306,D=DATABASE,t=orders"
    labels = {line.split()[0] for line in rest.splitlines() if re.match(r"  \w", line)}
    assert labels >= {
        *("why", "fill", "first", "mind", "try", "run", "watch", "pause", "stop", "mark"),
        *("after", "back", "not"),
    }
    assert "alembic stamp" in rest
    wide = [line for line in rest.partition("  try")[0].splitlines() if len(line) > 100]
    assert wide == []


def test_why_no_tool_can_is_said(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "structure.sql").write_text("CREATE TABLE orders (id int, total int);\n")
    words = (
        "plan",
        "add-check",
        "--table",
        "orders",
        "--name",
        "paid",
        "--expression",
        "total > 0",
    )
    assert main([*words, "--schema", "structure.sql", "--rows", "20M", *MYSQL]) == 0
    text = capsys.readouterr().out
    rest = text.partition("Hand-over   ")[2]
    assert rest.startswith("No tool can add check paid to orders\n")
    assert rest.count("unique key without NULLs") >= 3
    assert "\n  run" not in rest
    assert "✗ danger: No tool can add check paid to orders on a copy of orders" in text


def test_what_is_written_is_not_told_to_be_run(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["write", *WORDS[1:], *MARIADB]) == 0
    (file,) = (project / "migrations" / "versions").glob("*paid*.py")
    assert "\nTool     pt-online-schema-change does this in production" in file.read_text()
    rows = [line.split(None, 1) for line in capsys.readouterr().err.splitlines()]
    told = [(one[0], one[1]) for one in rows if one[0] in ("next", "then", "mark")]
    assert [label for label, _ in told] == ["next", "mark"]
    assert told[0][1].startswith(
        "let pt-online-schema-change add check paid to orders; its command"
    )
    assert "migwiz plan add-check --table orders" in told[0][1]
    assert re.search(r"alembic .*stamp [0-9a-f]{12} ", told[1][1])
    assert not [text for _, text in told if "upgrade" in text]


def test_files_around_a_tool_are_applied_on_their_own(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("--table", "orders", "--column", "note", "--fill", "'-'", "--rows", "20M")
    assert (
        main(
            [
                *("write", "set-not-null", *words, "--all-phases"),
                *("--schema", "structure.sql", *MARIADB),
            ]
        )
        == 0
    )
    rows = [line.split(None, 1) for line in capsys.readouterr().err.splitlines()]
    told = [(one[0], one[1]) for one in rows if one[0] in ("next", "then", "mark")]
    assert [label for label, _ in told][:3] == ["next", "then", "mark"]
    assert "upgrade" in told[0][1]
    assert "let pt-online-schema-change require orders.note" in told[1][1]
    assert "stamp" in told[2][1]
    assert len({re.search(r"[0-9a-f]{12}", told[at][1]) for at in (0, 2)}) == 2
