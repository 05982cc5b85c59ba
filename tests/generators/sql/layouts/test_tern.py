"""tern: recognised by its dividing line; numbers without gaps; templates."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sample_changes import ADDED, BUILT, FILLED, LOOK, defaulted, imagined, migration, rendered

from generators.base import Job, Project
from generators.sql import GENERATOR
from generators.sql.layouts.tern import LAYOUT
from generators.sql.tree import survey
from wizard.dialects import dialect
from wizard.model.errors import ConflictError
from wizard.model.steps import Nothing

Write = Callable[[dict[str, str]], Path]
MakeJob = Callable[..., Job]
DIVIDES = "---- create above / drop below ----"
MARKED = f"create table a ();\n\n{DIVIDES}\n\ndrop table a;\n"
NOW = datetime(2026, 11, 23, 10, 20, 30, tzinfo=UTC)


def found(root: Path) -> list[Project]:
    return LAYOUT.detect(survey(root))


def test_the_dividing_line_is_certain(tree: Write) -> None:
    root = tree(
        {
            "db/001_a.sql": MARKED,
            "db/002_b.sql": MARKED,
            "db/tern.conf": "[database]\n",
            "Makefile": "\ttern migrate -m db\n",
        }
    )
    (project,) = found(root)
    assert (project.directory, project.confidence) == (root / "db", "high")
    assert [one.where for one in project.evidence] == ["db/002_b.sql", "Makefile"]
    assert project.pattern == "3-digit counter_words.sql"
    versions = LAYOUT.next_versions(project, taken=("003",), now=NOW, count=2)
    assert versions == ("004", "005")


@pytest.mark.parametrize("text", ["-- +goose Up\n", "-- migrate:up\n", "select 1;\n"])
def test_files_of_the_same_shape_are_left_to_others(tree: Write, text: str) -> None:
    root = tree({f"m/{n:03d}_a.sql": text for n in range(1, 5)} | {"Makefile": "\ttern migrate\n"})
    assert found(root) == []


@pytest.mark.parametrize(
    ("names", "why"),
    [
        (("001_a", "003_b"), "number 2 is missing"),
        (("001_a", "001_b"), "version 001 is used by more than one file"),
    ],
)
def test_histories_that_tern_refuses_are_refused(
    tree: Write, make_job: MakeJob, names: tuple[str, ...], why: str
) -> None:
    (project,) = found(tree({f"m/{name}.sql": MARKED for name in names}))
    with pytest.raises(ConflictError, match=why):
        GENERATOR.render(project, make_job())


def test_a_file_in_a_transaction(tmp_path: Path, make_job: MakeJob) -> None:
    assert rendered(tmp_path, "tern", make_job(ADDED)) == [
        "SET LOCAL lock_timeout = '2000ms';\n"
        "DO $$ BEGIN ASSERT NOT EXISTS (SELECT 1); END $$;\n"
        "ALTER TABLE orders ADD COLUMN status text;\n\n"
        f"{DIVIDES}\n\n"
        "SET LOCAL lock_timeout = '2000ms';\n"
        "ALTER TABLE orders DROP COLUMN status;\n"
    ]


def test_an_index_is_built_outside_a_transaction(tmp_path: Path, make_job: MakeJob) -> None:
    edits = GENERATOR.render(imagined(tmp_path, "tern"), make_job(BUILT))
    assert [one.path.name for one in edits] == [
        "001_a_change_prepare.sql",
        "002_a_change.sql",
        "003_a_change_check.sql",
    ]
    header, built = edits[1].content.split("\n\n", 1)
    assert built == (
        "---- tern: disable-tx ----\n\n"
        "CREATE INDEX CONCURRENTLY IF NOT EXISTS ix ON orders (status);\n\n"
        f"{DIVIDES}\n\n"
        "---- tern: disable-tx ----\n\n"
        "DROP INDEX CONCURRENTLY IF EXISTS ix;\n"
    )
    assert "one tern at a time" in header


def test_each_part_has_its_own_transaction_and_is_never_empty(
    tmp_path: Path, make_job: MakeJob
) -> None:
    (filled,) = rendered(tmp_path, "tern", make_job(FILLED))
    up, down = filled.split(DIVIDES)
    assert "disable-tx" in up
    assert "disable-tx" not in down
    (empty,) = rendered(
        tmp_path, "tern", make_job(migration((Nothing(reason="it was empty"), (LOOK,))))
    )
    assert empty.startswith("-- it was empty\nSELECT 1;\n")


def test_templates_in_text_stay_text(tmp_path: Path, make_job: MakeJob) -> None:
    job = make_job(defaulted("{{ .x }} $1 ${y}"), dialect=dialect("postgresql", (16, 0)))
    (text,) = rendered(tmp_path, "tern", job)
    assert "'{{\"{{\"}} .x }} $1 ${y}'" in text


def test_text_that_reads_like_a_mark_is_refused(tmp_path: Path, make_job: MakeJob) -> None:
    job = make_job(defaulted(f"a\n{DIVIDES}\n"), dialect=dialect("postgresql", (16, 0)))
    with pytest.raises(ConflictError, match="would cut a_change in the wrong place"):
        rendered(tmp_path, "tern", job)
