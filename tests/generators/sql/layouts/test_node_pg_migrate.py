"""node-pg-migrate: known by its dependency and marks; SQL, and code where it leaves a transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from generators.base import Project
from generators.sql.layout import Draft, Section, Statement, Written
from generators.sql.layouts.node_pg_migrate import LAYOUT
from generators.sql.tree import survey
from wizard.dialects import dialect
from wizard.model.errors import ConflictError

Write = Callable[[dict[str, str]], Path]
NOW = datetime(2026, 11, 23, 10, 20, 30, tzinfo=UTC)
PACKAGE = {"package.json": '{"dependencies": {"node-pg-migrate": "^8.0.0"}}\n'}
SQL = "-- Up Migration\nSELECT 1;\n\n-- Down Migration\nSELECT 2;\n"


def found(root: Path) -> list[Project]:
    return LAYOUT.detect(survey(root))


def section(*texts: str, transactional: bool = True) -> Section:
    statements = tuple(Statement(sql=text) for text in texts)
    return Section(statements=statements, transactional=transactional)


def written(project: Project, up: Section, down: Section) -> Written:
    draft = Draft(
        version="1763893230000",
        slug="add_email",
        header=(("Plan", "x"),),
        dialect=dialect("postgresql", (18, 0)),
        up=up,
        down=down,
    )
    (one,) = LAYOUT.write(project, draft)
    return one


def test_marks_below_a_package_that_depends_on_it_are_certain(tree: Write) -> None:
    names = ("1700000000000_add-users.sql", "1710000000000_add-orders.sql")
    root = tree(PACKAGE | {f"migrations/{name}": SQL for name in names})
    (project,) = found(root)
    assert (project.directory, project.confidence) == (root / "migrations", "high")
    assert (project.heads, project.transactions) == (("1710000000000",), "whole run")
    assert LAYOUT.next_versions(project, taken=(), now=NOW, count=2) == (
        "1795429230000",
        "1795429230001",
    )
    one = written(project, section("SELECT 1"), section("SELECT 2"))
    assert one.name == "1763893230000_add-email.sql"
    assert one.content == (
        "-- Plan     x\n\n-- Up Migration\nSELECT 1;\n\n-- Down Migration\nSELECT 2;\n"
    )


@pytest.mark.parametrize(
    "files",
    [
        {"migrations/001_a.js": "exports.up = (knex) => knex.schema.raw('x');\n"},
        {"migrations/20250101000000_a.sql": "-- migrate:up\nSELECT 1;\n"},
    ],
)
def test_files_of_others_are_left_alone(tree: Write, files: dict[str, str]) -> None:
    assert found(tree(PACKAGE | files)) == []


def test_files_without_marks_count_in_the_folder_it_is_told_of(tree: Write) -> None:
    there = {"db/001_a.sql": "SELECT 1;\n", "migrations/001_b.sql": "SELECT 1;\n"}
    script = {"package.json": '{"scripts": {"up": "node-pg-migrate -m db up"}}\n'}
    assert [one.directory.name for one in found(tree(there | script))] == ["db"]


@pytest.mark.parametrize(
    ("name", "after"),
    [("0007_a.sql", "0008"), ("20250101120000123_a.sql", "20261123102030000")],
)
def test_prefixes_follow_the_folder(tree: Write, name: str, after: str) -> None:
    (project,) = found(tree(PACKAGE | {f"migrations/{name}": SQL}))
    assert LAYOUT.next_versions(project, taken=(), now=NOW, count=1) == (after,)


def test_dates_and_milliseconds_are_compared_as_times(tree: Write) -> None:
    names = ("1700000000000_a.sql", "20200101000000000_b.sql")
    (project,) = found(tree(PACKAGE | {f"migrations/{name}": SQL for name in names}))
    assert project.heads == ("1700000000000",)


def test_the_folder_it_is_told_of_counts(tree: Write) -> None:
    script = '{"scripts": {"migrate": "node-pg-migrate -m db/sql up"}}\n'
    (project,) = found(tree({"package.json": script, "db/sql/.keep": ""}))
    assert (project.directory, project.confidence) == (project.root / "db/sql", "medium")


@pytest.mark.parametrize(
    ("files", "ending", "head"),
    [
        ({}, "js", "exports.up = (pgm) => {\n  pgm.noTransaction();\n"),
        (
            {"package.json": '{"type": "module", "dependencies": {"node-pg-migrate": "9"}}'},
            "js",
            "export const up = (pgm) => {\n  pgm.noTransaction();\n",
        ),
        (
            {"tsconfig.json": "{}"},
            "ts",
            "import type { MigrationBuilder } from 'node-pg-migrate';\n\n"
            "export async function up(pgm: MigrationBuilder): Promise<void> {\n"
            "  pgm.noTransaction();\n",
        ),
        (
            {"migrations/1690000000000_b.mjs": "export const up = (pgm) => {};\n"},
            "mjs",
            "export const up = (pgm) => {\n  pgm.noTransaction();\n",
        ),
    ],
)
def test_a_concurrent_build_is_code_in_the_language_of_the_project(
    tree: Write, files: dict[str, str], ending: str, head: str
) -> None:
    (project,) = found(tree(PACKAGE | {"migrations/1700000000000_a.sql": SQL} | files))
    build = section(
        "CREATE INDEX CONCURRENTLY i ON t (a) WHERE a <> '`${x}\\'", transactional=False
    )
    one = written(project, build, section("DROP INDEX i"))
    assert one.name == f"1763893230000_add-email.{ending}"
    assert f"// Plan     x\n\n{head}" in one.content
    assert (
        "pgm.sql(`CREATE INDEX CONCURRENTLY i ON t (a) WHERE a <> '\\`\\${x}\\\\'`);" in one.content
    )
    assert one.content.count("noTransaction") == 1


def test_text_that_reads_like_a_mark_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConflictError) as raised:
        written(LAYOUT.imagine(tmp_path), section("SELECT '\n-- down migration'"), section())
    assert raised.value.code == "section-mark"
