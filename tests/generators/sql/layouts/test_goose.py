"""goose: recognised by its marks; files as it cuts them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sample_changes import ADDED, BUILT, FILLED, defaulted, rendered

from generators.base import Job, Project
from generators.sql import GENERATOR
from generators.sql.layouts.goose import LAYOUT
from generators.sql.tree import survey
from wizard.dialects import dialect
from wizard.model.errors import ConflictError

Write = Callable[[dict[str, str]], Path]
MakeJob = Callable[..., Job]
MARKED = "-- +goose Up\nSELECT 1;\n\n-- +goose Down\n"
NOW = datetime(2026, 11, 23, 10, 20, 30, tzinfo=UTC)


def found(root: Path) -> list[Project]:
    return LAYOUT.detect(survey(root))


def following(root: Path, count: int = 1) -> tuple[str, ...]:
    (project,) = found(root)
    return LAYOUT.next_versions(project, taken=(), now=NOW, count=count)


def test_marks_are_certain_and_the_module_is_more_evidence(tree: Write) -> None:
    files = {f"db/{name}.sql": MARKED for name in ("00001_a", "00002_b")}
    root = tree(files | {"go.mod": "require github.com/pressly/goose/v3 v3.27.0\n"})
    (project,) = found(root)
    assert (project.directory, project.confidence) == (root / "db", "high")
    assert [(one.what, one.where) for one in project.evidence] == [
        ("-- +goose Up in 2 of the newest 2 files", "db/00002_b.sql"),
        ("calls goose", "go.mod"),
    ]
    assert project.pattern == "5-digit counter_words.sql"


@pytest.mark.parametrize(
    "text", ["-- migrate:up\n", "-- +migrate Up\n", "SELECT '-- +goose Up';\n", "SELECT 1;\n"]
)
def test_files_of_the_same_shape_are_left_to_others(tree: Write, text: str) -> None:
    root = tree(
        {f"db/2025010100000{n}_a.sql": text for n in range(5)} | {"Makefile": "\tgoose up\n"}
    )
    assert found(root) == []


def test_a_folder_that_changed_to_another_runner_is_not_gooses(tree: Write) -> None:
    old = {f"m/{n:05d}_a.sql": MARKED for n in range(1, 9)}
    new = {f"m/{n:05d}_a.sql": "-- migrate:up\n" for n in range(9, 19)}
    assert found(tree(old | new)) == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (".env", "GOOSE_MIGRATION_DIR=./sql\n"),
        ("Makefile", 'up:\n\tgoose -dir sql postgres "$(DB)" up\n'),
    ],
)
def test_an_empty_folder_that_goose_is_told_to_use_counts(
    tree: Write, name: str, text: str
) -> None:
    root = tree({name: text, "sql/.keep": ""})
    (project,) = found(root)
    assert (project.directory, project.confidence) == (root / "sql", "medium")


def test_the_next_number_follows_the_newest_files(tree: Write) -> None:
    # One Go migration; 9 and 10 stand the other way round as text.
    root = tree({"m/009_a.sql": MARKED, "m/10_c.sql": MARKED, "m/011_x.go": "package m\n"})
    assert following(root, 2) == ("012", "013")
    # openfga: three digits; ncps: seconds that no clock knows.
    times = tree({"n/20250101299561_a.sql": MARKED, "n/20301231235960_b.sql": MARKED})
    (project,) = (one for one in found(times) if one.directory.name == "n")
    assert LAYOUT.next_versions(project, taken=(), now=NOW, count=2) == (
        "20301231235961",
        "20301231235962",
    )


def test_two_files_of_one_version_are_refused_as_goose_does(tree: Write, make_job: MakeJob) -> None:
    (project,) = found(tree({"m/001_a.sql": MARKED, "m/001_b.sql": MARKED}))
    with pytest.raises(ConflictError, match="version 001 is used by more than one file"):
        GENERATOR.render(project, make_job())


def test_a_file_in_a_transaction(tmp_path: Path, make_job: MakeJob) -> None:
    assert rendered(tmp_path, "goose", make_job(ADDED)) == [
        "-- +goose Up\n"
        "SET LOCAL lock_timeout = '2000ms';\n"
        "-- +goose StatementBegin\n"
        "DO $$ BEGIN ASSERT NOT EXISTS (SELECT 1); END $$;\n"
        "-- +goose StatementEnd\n"
        "ALTER TABLE orders ADD COLUMN status text;\n\n"
        "-- +goose Down\n"
        "SET LOCAL lock_timeout = '2000ms';\n"
        "ALTER TABLE orders DROP COLUMN status;\n"
    ]


def test_an_index_is_built_outside_a_transaction(tmp_path: Path, make_job: MakeJob) -> None:
    prepare, built, check = rendered(tmp_path, "goose", make_job(BUILT))
    assert built == (
        "-- +goose NO TRANSACTION\n"
        "-- +goose Up\n"
        "CREATE INDEX CONCURRENTLY IF NOT EXISTS ix ON orders (status);\n\n"
        "-- +goose Down\n"
        "DROP INDEX CONCURRENTLY IF EXISTS ix;\n"
    )
    assert "NO TRANSACTION" not in prepare + check


def test_the_framed_direction_of_a_file_without_a_transaction_brings_its_own(
    tmp_path: Path, make_job: MakeJob
) -> None:
    (text,) = rendered(tmp_path, "goose", make_job(FILLED))
    assert text.endswith(
        "-- +goose Down\n"
        "-- +goose StatementBegin\n"
        "BEGIN;\n"
        "SET LOCAL lock_timeout = '2000ms';\n"
        "ALTER TABLE orders DROP COLUMN status;\n"
        "COMMIT;\n"
        "-- +goose StatementEnd\n"
    )


def test_text_that_reads_like_a_mark_is_refused(tmp_path: Path, make_job: MakeJob) -> None:
    job = make_job(defaulted("a\n -- +goose Down\n"), dialect=dialect("postgresql", (16, 0)))
    with pytest.raises(ConflictError, match="would cut a_change in the wrong place"):
        rendered(tmp_path, "goose", job)
