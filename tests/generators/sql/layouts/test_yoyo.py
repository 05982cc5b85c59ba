"""yoyo: known by names, headers or yoyo.ini; dependencies; SQL where it is safe, else Python."""

from __future__ import annotations

import ast
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from generators.base import Project
from generators.sql.layout import Draft, Section, Statement
from generators.sql.layouts.yoyo import LAYOUT
from generators.sql.tree import survey
from wizard.dialects import dialect

Write = Callable[[dict[str, str]], Path]
NOW = datetime(2026, 11, 23, 10, 20, 30, tzinfo=UTC)
INI = {"yoyo.ini": "[DEFAULT]\nsources = ./db/steps\ndatabase = postgresql:///x\n"}


def found(root: Path) -> list[Project]:
    return LAYOUT.detect(survey(root))


def section(*texts: str, transactional: bool = True) -> Section:
    statements = tuple(Statement(sql=text) for text in texts)
    return Section(statements=statements, transactional=transactional)


def draft(up: Section, down: Section, *, engine: str = "postgresql", **more: Any) -> Draft:
    version = {"postgresql": (18, 0), "mysql": (8, 4)}[engine]
    return Draft(
        version="20261123_01_aB3dE",
        slug="add_email",
        header=(("Plan", "x"),),
        dialect=dialect(engine, version),
        up=up,
        down=down,
        **more,
    )


def test_the_folder_that_yoyo_is_told_of_is_certain(tree: Write) -> None:
    files = {
        "db/steps/20260101_01_aaaaa-users.sql": "-- users\n-- depends: \n\nSELECT 1;\n",
        "db/steps/20260101_01_aaaaa-users.rollback.sql": "SELECT 2;\n",
        "db/steps/20260102_01_bbbbb-orders.py": '__depends__ = {"20260101_01_aaaaa-users"}\n',
        "db/steps/__init__.py": "",
    }
    root = tree(INI | files)
    (project,) = found(root)
    assert (project.directory, project.confidence) == (root / "db/steps", "high")
    assert (project.heads, project.latest) == (
        ("20260102_01_bbbbb",),
        "20260102_01_bbbbb-orders.py",
    )
    assert LAYOUT.commands(project, ("20261123_01_x",)).revert == (
        "yoyo rollback --batch --revision 20261123_01_x"
    )


@pytest.mark.parametrize(
    "files",
    [
        {"m/0001_a.py": "from django.db import migrations\n"},
        {"m/20260101_a.sql": "SELECT 1;\n"},
        {"pyproject.toml": 'dependencies = ["yoyo-migrations"]\n', "migrations/1_a.sql": "x;\n"},
    ],
)
def test_what_looks_alike_is_left_alone(tree: Write, files: dict[str, str]) -> None:
    assert found(tree(files)) == []


def test_headers_alone_are_a_guess(tree: Write) -> None:
    (project,) = found(tree({"m/0001-a.sql": "-- depends: 0000-z\nSELECT 1;\n"}))
    assert project.confidence == "medium"


def test_names_count_the_day_and_are_the_same_for_the_same_moment(tree: Write) -> None:
    root = tree(INI | {f"db/steps/20261123_0{n}_aaaaa-x.sql": "" for n in (1, 2)})
    (project,) = found(root)
    one, two = LAYOUT.next_versions(project, taken=(), now=NOW, count=2)
    assert (one[:12], two[:12]) == ("20261123_03_", "20261123_04_")
    assert one[12:].isalnum()
    assert len(one) == 17
    assert one[12:] != two[12:]
    assert LAYOUT.next_versions(project, taken=(), now=NOW, count=2) == (one, two)


def test_the_first_file_depends_on_all_that_nothing_depends_on(tree: Write) -> None:
    root = tree(INI | {f"db/steps/20260101_0{n}_aaaaa-x.sql": "-- depends:\n" for n in (1, 2)})
    (project,) = found(root)
    files = LAYOUT.write(project, draft(section("SELECT 1", "SELECT 3"), section("SELECT 2")))
    assert [one.name for one in files] == [
        "20261123_01_aB3dE-add-email.sql",
        "20261123_01_aB3dE-add-email.rollback.sql",
    ]
    assert files[0].content == (
        "-- Plan     x\n-- depends: 20260101_01_aaaaa-x 20260101_02_aaaaa-x\n\n"
        "SELECT 1;\nSELECT 3;\n"
    )
    (second, _) = LAYOUT.write(
        project, draft(section("SELECT 1"), section("SELECT 2"), previous=files[0])
    )
    assert "\n-- depends: 20261123_01_aB3dE-add-email\n" in second.content


def test_a_build_is_outside_a_transaction_and_the_other_direction_brings_its_own() -> None:
    build = section("CREATE INDEX CONCURRENTLY i ON t (a)", transactional=False)
    project = LAYOUT.imagine(Path("/nowhere"))
    up, down = LAYOUT.write(project, draft(build, section("SET LOCAL x = 1", "DROP INDEX i")))
    assert "\n-- transactional: false\n\nCREATE INDEX CONCURRENTLY" in up.content
    assert down.content.endswith("BEGIN;\n\nSET LOCAL x = 1;\nDROP INDEX i;\n\nCOMMIT;\n")


def test_where_a_failure_would_run_the_rollback_it_is_one_step_in_python() -> None:
    # On MySQL, SET would be paired with DROP: a column that was there already would be lost.
    change = draft(
        section("SET SESSION lock_wait_timeout = 2", 'ALTER TABLE t ADD "c" text DEFAULT \'\\n"\''),
        section("ALTER TABLE t DROP c"),
        engine="mysql",
    )
    (one,) = LAYOUT.write(LAYOUT.imagine(Path("/nowhere")), change)
    assert (one.name, one.language) == ("20261123_01_aB3dE-add-email.py", "python")
    body = ast.parse(one.content).body
    values = {
        target.id: ast.literal_eval(node.value)
        for node in body
        if isinstance(node, ast.Assign) and isinstance(target := node.targets[0], ast.Name)
        if target.id in ("UP", "DOWN")
    }
    assert values["UP"] == tuple(statement.sql for statement in change.up.statements)
    assert values["DOWN"] == ("ALTER TABLE t DROP c",)
    assert one.content.endswith("steps = [step(apply, rollback)]\n")
