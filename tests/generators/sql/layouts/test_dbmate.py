"""dbmate: recognised by its section marks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from generators.base import Project
from generators.sql import GENERATOR
from generators.sql.layouts.dbmate import LAYOUT
from generators.sql.tree import survey

Write = Callable[[dict[str, str]], Path]
MARKED = "-- migrate:up\nSELECT 1;\n\n-- migrate:down\n"


def found(root: Path) -> list[Project]:
    return LAYOUT.detect(survey(root))


def test_section_marks_are_certain(tree: Write) -> None:
    root = tree({f"x/y/{n}.sql": MARKED for n in ("20250101000000_a", "20250102000000_b")})
    (project,) = found(root)
    assert (project.directory, project.confidence) == (root / "x/y", "high")
    assert project.heads == ("20250102000000",)
    assert project.evidence[0].what == "-- migrate:up in 2 of the newest 2 files"
    assert project.pattern == "UTC time, 14 digits_words.sql"


def test_a_header_above_the_mark_and_options_behind_it_count(tree: Write) -> None:
    text = "-- why\n\n--migrate:up transaction:false\nSELECT 1;\n-- migrate:down\n"
    assert len(found(tree({"m/1_a.sql": text}))) == 1


@pytest.mark.parametrize(
    "text", ["-- +goose Up\nSELECT 1;\n", "SELECT '-- migrate:up';\n", "-- migrate:upgrade\n"]
)
def test_files_of_the_same_shape_are_left_to_others(tree: Write, text: str) -> None:
    root = tree({f"db/migrations/2025010100000{n}_a.sql": text for n in range(5)})
    assert found(root) == []


def test_the_newest_files_decide(tree: Write) -> None:
    old = {f"m/{n:03d}_a.sql": MARKED for n in range(20)}
    new = {f"m/{n:03d}_a.sql": "-- +goose Up\n" for n in range(20, 31)}
    assert found(tree(old | new)) == []


@pytest.mark.parametrize(
    ("files", "folder"),
    [
        ({"Makefile": "up:\n\tdbmate up\n", "db/migrations/.keep": ""}, "db/migrations"),
        ({".env": "DBMATE_MIGRATIONS_DIR=./sql\n", "sql/.keep": ""}, "sql"),
        ({"Makefile": "up:\n\tdbmate -d a/b up\n", "a/b/.keep": ""}, "a/b"),
        ({"app/Makefile": "dbmate up\n", "app/db/migrations/.keep": ""}, "app/db/migrations"),
    ],
)
def test_an_empty_folder_that_dbmate_is_told_to_use_counts(
    tree: Write, files: dict[str, str], folder: str
) -> None:
    root = tree(files)
    (project,) = found(root)
    assert (project.directory, project.confidence) == (root / folder, "medium")


def test_separators_follow_the_newest_files(tree: Write) -> None:
    (project,) = found(tree({"m/20250101000000-add-users.sql": MARKED}))
    assert project.options["separator"] == "-"


def test_the_best_project_comes_first(tree: Write) -> None:
    root = tree({"z/1_a.sql": MARKED, "a/1_b.up.sql": "SELECT 1;", "a/1_b.down.sql": ""})
    assert [(one.layout, one.confidence) for one in GENERATOR.detect(root)] == [
        ("dbmate", "high"),
        ("golang-migrate", "medium"),
    ]
