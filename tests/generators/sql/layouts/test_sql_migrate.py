"""sql-migrate: recognised by its marks; files as it cuts them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sample_changes import ADDED, BUILT, FILLED, defaulted, rendered

from generators.base import Job, Project
from generators.sql.layouts.sql_migrate import LAYOUT
from generators.sql.tree import survey
from wizard.dialects import dialect
from wizard.model.errors import ConflictError

Write = Callable[[dict[str, str]], Path]
MakeJob = Callable[..., Job]
MARKED = "\n-- +migrate Up\nSELECT 1;\n\n-- +migrate Down\n"
CONFIG = "development:\n  dialect: postgres\n  datasource: dbname=x\n  dir: db/sql\n  table: gone\n"
POSTGRESQL = dialect("postgresql", (16, 0))


def found(root: Path) -> list[Project]:
    return LAYOUT.detect(survey(root))


def test_marks_are_certain_and_the_configuration_is_more_evidence(tree: Write) -> None:
    root = tree({"db/sql/20250101000000-add-users.sql": MARKED, "dbconfig.yml": CONFIG})
    (project,) = found(root)
    assert (project.directory, project.confidence) == (root / "db/sql", "high")
    assert [one.where for one in project.evidence] == [
        "db/sql/20250101000000-add-users.sql",
        "dbconfig.yml",
    ]
    assert project.pattern == "local time, 14 digits-words.sql"
    assert (project.options["separator"], project.options["words"]) == ("-", "-")


def test_an_empty_folder_that_the_configuration_names_counts(tree: Write) -> None:
    (project,) = found(tree({"dbconfig.yml": CONFIG, "db/sql/.keep": ""}))
    assert project.confidence == "medium"


@pytest.mark.parametrize("text", ["-- +goose Up\n", "-- migrate:up\n", "-- +migrate Upper\n"])
def test_files_of_the_same_shape_are_left_to_others(tree: Write, text: str) -> None:
    other = {"compose.yaml": "services:\n  a:\n    dir: db/sql\n"}
    assert found(tree({f"db/sql/2025010100000{n}-a.sql": text for n in range(5)} | other)) == []


@pytest.fixture
def tokyo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patched:
        patched.setenv("TZ", "Asia/Tokyo")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("tokyo")
def test_times_are_local_ones(tree: Write) -> None:
    (project,) = found(tree({"m/20250101000000-a.sql": MARKED}))
    now = datetime(2026, 11, 23, 20, 20, 30, tzinfo=UTC)
    versions = LAYOUT.next_versions(project, taken=(), now=now, count=2)
    assert versions == ("20261124052030", "20261124052031")


def test_a_file_in_a_transaction(tmp_path: Path, make_job: MakeJob) -> None:
    assert rendered(tmp_path, "sql-migrate", make_job(ADDED)) == [
        "-- +migrate Up\n"
        "SET LOCAL lock_timeout = '2000ms';\n"
        "-- +migrate StatementBegin\n"
        "DO $$ BEGIN ASSERT NOT EXISTS (SELECT 1); END $$;\n"
        "-- +migrate StatementEnd\n"
        "ALTER TABLE orders ADD COLUMN status text;\n\n"
        "-- +migrate Down\n"
        "SET LOCAL lock_timeout = '2000ms';\n"
        "ALTER TABLE orders DROP COLUMN status;\n"
    ]


def test_each_direction_has_its_own_transaction(tmp_path: Path, make_job: MakeJob) -> None:
    _, built, _ = rendered(tmp_path, "sql-migrate", make_job(BUILT))
    assert built == (
        "-- +migrate Up notransaction\n"
        "CREATE INDEX CONCURRENTLY IF NOT EXISTS ix ON orders (status);\n\n"
        "-- +migrate Down notransaction\n"
        "DROP INDEX CONCURRENTLY IF EXISTS ix;\n"
    )
    (filled,) = rendered(tmp_path, "sql-migrate", make_job(FILLED))
    assert "-- +migrate Up notransaction\n-- +migrate StatementBegin\nDO $$" in filled
    assert "-- +migrate Down\nSET LOCAL" in filled


@pytest.mark.parametrize("text", ["a\n-- +migrate Down\n", "a\n-- quoted, but lost", "$$\n-- x"])
def test_lines_that_would_be_lost_are_refused(tmp_path: Path, make_job: MakeJob, text: str) -> None:
    with pytest.raises(ConflictError, match="would cut a_change in the wrong place"):
        rendered(tmp_path, "sql-migrate", make_job(defaulted(text), dialect=POSTGRESQL))


def test_other_lines_stay(tmp_path: Path, make_job: MakeJob) -> None:
    (text,) = rendered(
        tmp_path, "sql-migrate", make_job(defaulted("a;\n--b $1 ?"), dialect=POSTGRESQL)
    )
    assert "-- +migrate StatementBegin\nALTER TABLE" in text
    assert "'a;\n--b $1 ?';\n-- +migrate StatementEnd\n" in text
