"""Files of a project's own: a guess, never where another runner claims the folder."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from generators.base import Project
from generators.sql import GENERATOR
from generators.sql.layout import Draft, Section, Statement
from generators.sql.layouts.plain import LAYOUT
from generators.sql.tree import survey
from wizard.dialects import dialect

Write = Callable[[dict[str, str]], Path]
NOW = datetime(2026, 11, 23, 10, 20, 30, tzinfo=UTC)


def files(*names: str, folder: str = "db/sql") -> dict[str, str]:
    return {f"{folder}/{name}.sql": "SELECT 1;\n" for name in names}


def found(root: Path) -> list[Project]:
    return LAYOUT.detect(survey(root))


def names(project: Project, version: str) -> list[str]:
    section = Section(statements=(Statement(sql="SELECT 1"),))
    known = dialect("postgresql", (18, 0))
    draft = Draft(
        version=version, slug="add_email", header=(), dialect=known, up=section, down=section
    )
    return [one.name for one in LAYOUT.write(project, draft)]


@pytest.mark.parametrize(
    ("there", "after", "name"),
    [
        (("0001_a-b", "0002_c-d"), ("0003", "0004"), "0003_add-email.sql"),
        (("9_a", "10_b"), ("11", "12"), "11_add_email.sql"),
        (("010-a", "020-b", "030-c"), ("040", "050"), "040-add-email.sql"),
        (
            ("20250101120000_a", "20250102120000_b"),
            ("20261123102030", "20261123102031"),
            "20261123102030_add_email.sql",
        ),
        (
            ("2025-01-01_a", "2025-01-02_b"),
            ("2026-11-23", "2026-11-24"),
            "2026-11-23_add_email.sql",
        ),
        (
            ("2025.01.01-1200-a", "2026.11.23-1020-b"),
            ("2026.11.23-1021", "2026.11.23-1022"),
            "2026.11.23-1021-add-email.sql",
        ),
        (
            ("2025_01_01_01_a", "2025_01_01_02_b"),
            ("2026_11_23_00", "2026_11_23_01"),
            "2026_11_23_00_add_email.sql",
        ),
    ],
)
def test_names_follow_the_newest(
    tree: Write, there: tuple[str, ...], after: tuple[str, ...], name: str
) -> None:
    (project,) = found(tree(files(*there)))
    assert (project.confidence, project.latest) == ("low", f"{there[-1]}.sql")
    assert LAYOUT.next_versions(project, taken=(), now=NOW, count=2) == after
    assert names(project, after[0])[0] == name


@pytest.mark.parametrize(
    ("there", "folder", "up", "down"),
    [
        (("1_a", "1_a.down", "2_b", "2_b.down"), "db/sql", "3_x", "3_x.down.sql"),
        (("1_a_up", "1_a_down", "2_b_up", "2_b_down"), "db/sql", "3_x_up", "3_x_down.sql"),
        (("1_a", "2_b"), "db/sql", "3_x", "../rollbacks/3_x.sql"),
    ],
)
def test_the_way_back_is_where_the_project_keeps_it(
    tree: Write, there: tuple[str, ...], folder: str, up: str, down: str
) -> None:
    (project,) = found(tree(files(*there, folder=folder)))
    assert project.heads == ("2",)
    written = [one.replace("add_email", "x") for one in names(project, "3")]
    assert written == [f"{up}.sql", down]


def test_a_folder_of_ways_back_is_kept_to(tree: Write) -> None:
    (project,) = found(tree(files("1_a", "2_b", folder="db/up") | files("1_a", folder="db/undo")))
    assert names(project, "3")[1] == "../undo/3_add_email.sql"


@pytest.mark.parametrize(
    "there",
    [
        files("1_a"),
        files("a", "b", "c", "1_d", "2_e"),
        files("1_a", "2_b", folder="db/seeds"),
        files("1_a", "2_b", folder="docker-entrypoint-initdb.d"),
        {"m/1_a.sql": "-- +goose Up\n", "m/2_a.sql": "-- +goose Up\n"},
    ],
)
def test_what_is_something_else_is_left_alone(tree: Write, there: dict[str, str]) -> None:
    assert found(tree(there)) == []


def test_what_another_runner_claims_is_not_offered_twice(tree: Write) -> None:
    marked = "-- migrate:up\nSELECT 1;\n-- migrate:down\n"
    root = tree({"a/1_x.sql": marked, "a/2_x.sql": marked} | files("1_a", "2_b", folder="b"))
    assert [(one.layout, one.directory.name) for one in GENERATOR.detect(root)] == [
        ("dbmate", "a"),
        ("plain", "b"),
    ]


def test_files_open_their_own_transactions(tmp_path: Path) -> None:
    project = LAYOUT.imagine(tmp_path)
    section = Section(statements=(Statement(sql="SELECT 1"),))
    known = dialect("postgresql", (18, 0))
    draft = Draft(version="1", slug="x", header=(), dialect=known, up=section, down=section)
    up, down = LAYOUT.write(project, draft)
    for one in (up, down):
        assert "opens no transaction itself" in one.content
        assert one.content.endswith("\n\nBEGIN;\n\nSELECT 1;\n\nCOMMIT;\n")
