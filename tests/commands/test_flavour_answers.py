"""An engine that speaks another one's language: answered for a file, recognised, and kept."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import jsonschema
import psycopg
import pytest
from projects import make_alembic_project

from wizard.cli import main

HERE = Path(__file__).resolve().parents[2]
SCHEMA = json.loads((HERE / "docs" / "plan.schema.json").read_text())
STRUCTURE = """\
CREATE TABLE customers (id bigint PRIMARY KEY, email text);
CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint, note text);
"""
FILE = ("--schema", "structure.sql", "--dialect", "postgresql")
INDEX = ("add-index", "--table", "orders", "--columns", "customer_id", "--rows", "120M")
REQUIRE = (
    "set-not-null",
    "--table",
    "orders",
    "--column",
    "note",
    "--fill",
    "''",
    "--rows",
    "120M",
)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    make_alembic_project(tmp_path)
    (tmp_path / "structure.sql").write_text(STRUCTURE)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MIGWIZ_NOW", "2026-11-23T10:20:30Z")
    monkeypatch.setenv("MIGWIZ_SEED", "test")
    return tmp_path


def planned(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, object]:
    assert main(["plan", *words, "--format", "json"]) == 0
    document: dict[str, object] = json.loads(capsys.readouterr().out)
    jsonschema.validate(document, SCHEMA)
    return document


def test_the_engine_of_a_file_is_answered(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = planned(capsys, *INDEX, *FILE, "--flavour", "cockroachdb 24.1")
    assert (document["dialect"], document["flavour"]) == ("postgresql", "cockroachdb 24.1")
    text = json.dumps(document["phases"])
    assert "CREATE INDEX ix_orders_customer_id ON orders (customer_id)" in text
    assert "DROP INDEX orders@ix_orders_customer_id" in text
    assert document["naive"] is None
    findings = document["findings"]
    assert isinstance(findings, list)
    assert "engine-online-ddl" in {one["code"] for one in findings}


def test_without_one_a_file_is_postgresqls(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    version = ("--server-version", "16.4")
    plain = planned(capsys, *INDEX, *FILE, *version)
    assert plain["flavour"] is None
    assert "CONCURRENTLY" in json.dumps(plain["phases"])
    assert planned(capsys, *INDEX, *FILE, *version, "--flavour", "none") == plain


def test_a_wrong_engine_names_its_flag(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", *INDEX, *FILE, "--flavour", "oracle 19"]) == 2
    told = capsys.readouterr().err
    assert "no engine 'oracle 19'" in told
    assert "aurora-postgresql, citus, cockroachdb" in told


def test_a_refusal_is_a_plan_that_says_why(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sync = ("rename-column", "--table", "orders", "--column", "note", "--to", "remark")
    named = ("--how", "sync", "--rows", "120M", "--flavour", "cockroachdb 25.4")
    document = planned(capsys, *sync, *FILE, *named)
    refused = document["refused"]
    assert isinstance(refused, dict)
    assert refused["safer"]
    assert main(["write", *sync, *FILE, *named]) == 3


def test_answers_keep_the_engine(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    named = ("--flavour", "yugabytedb 2025.1")
    first = planned(capsys, *INDEX, *FILE, *named, "--save-answers", "answers.toml")
    saved = tomllib.loads((project / "answers.toml").read_text())
    assert saved["database"]["flavour"] == "yugabytedb 2025.1"
    assert planned(capsys, "--answers", "answers.toml") == first


def test_the_plan_file_keeps_the_engine(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["write", *REQUIRE, *FILE, "--flavour", "cockroachdb 24.1"]) == 0
    assert "--flavour 'cockroachdb 24.1'" in capsys.readouterr().err
    (path,) = (project / "migrations" / "plans").glob("*.toml")
    kept = tomllib.loads(path.read_text())
    assert (kept["dialect"], kept["flavour"]) == ("postgresql", "cockroachdb 24.1")
    # The next phase is planned for the same engine, though nobody names it again.
    assert main(["next", kept["plan"], "--gate-open"]) == 0
    versions = (project / "migrations" / "versions").glob("*.py")
    (text,) = [one.read_text() for one in versions if "nullable=False" in one.read_text()]
    assert "autocommit_block" in text
    assert "an online job on orders while reading every row" in text
    # PostgreSQL's plan has a check here, which proves it first.
    assert "create_check_constraint" not in text


def test_doctor_names_the_engine_that_it_found(
    fresh_database: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plain = fresh_database.replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(
            "CREATE FUNCTION aurora_version() RETURNS text LANGUAGE sql AS $$ SELECT '15.4' $$"
        )
    assert main(["doctor", "--url", fresh_database]) == 0
    assert "✓ Aurora PostgreSQL 1" in capsys.readouterr().out
