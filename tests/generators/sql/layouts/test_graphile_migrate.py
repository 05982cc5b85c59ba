"""graphile-migrate: known by its headers or .gmrc; hashes follow each other; forward only."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from generators.base import Project
from generators.sql.layout import Draft, Section, Statement
from generators.sql.layouts.graphile_migrate import LAYOUT
from generators.sql.tree import survey
from wizard.dialects import dialect
from wizard.model.errors import ConflictError

Write = Callable[[dict[str, str]], Path]
NOW = datetime(2026, 11, 23, 10, 20, 30, tzinfo=UTC)
GMRC = {".gmrc": '{\n  // ours\n  "placeholders": {":APP_USER": "!ENV"},\n}\n'}
FIRST = "--! Previous: -\n--! Hash: sha1:abc\n\nSELECT 1;\n"


def found(root: Path) -> list[Project]:
    return LAYOUT.detect(survey(root))


def draft(version: str, sql: str, *, transactional: bool = True, **more: Any) -> Draft:
    return Draft(
        version=version,
        slug="add_email",
        header=(("Plan", "x"),),
        dialect=dialect("postgresql", (18, 0)),
        up=Section(statements=(Statement(sql=sql),), transactional=transactional),
        down=Section(statements=(Statement(sql="SELECT 2"),)),
        **more,
    )


def test_headers_are_certain(tree: Write) -> None:
    root = tree(GMRC | {"migrations/committed/000001-a.sql": FIRST, "migrations/current.sql": "x"})
    (project,) = found(root)
    assert (project.directory, project.confidence) == (root / "migrations/committed", "high")
    assert project.heads == ("000001",)
    assert [one.where for one in project.evidence] == ["migrations/committed/000001-a.sql", ".gmrc"]
    assert LAYOUT.next_versions(project, taken=(), now=NOW, count=2) == ("000002", "000003")


def test_a_configuration_without_files_is_likely(tree: Write) -> None:
    files = {"api/.gmrc": '{"migrationsFolder": "../db"}', "db/current.sql": ""}
    (project,) = found(tree(files))
    assert (project.directory, project.confidence) == (project.root / "db/committed", "medium")


def test_other_numbered_files_are_left_alone(tree: Write) -> None:
    assert found(tree({"m/committed/000001-a.sql": "SELECT 1;\n"})) == []


def test_each_file_follows_the_hash_before_it(tree: Write) -> None:
    (project,) = found(tree(GMRC | {"migrations/committed/000001-a.sql": FIRST}))
    one, undo = LAYOUT.write(project, draft("000002", "SELECT 1"))
    body = "-- Plan     x\n\nSELECT 1;"
    first = "sha1:" + hashlib.sha1(f"sha1:abc\n{body}\n".encode()).hexdigest()
    assert (one.name, undo.name) == ("000002-add-email.sql", "../rollbacks/000002-add-email.sql")
    assert one.content == (
        f"--! Previous: sha1:abc\n--! Hash: {first}\n--! Message: add email\n\n{body}\n"
    )
    assert "DELETE FROM graphile_migrate.migrations WHERE filename = '000002.sql'" in undo.content
    assert undo.content.endswith("\nBEGIN;\n\nSELECT 2;\n\nCOMMIT;\n")

    build = draft(
        "000003", "CREATE INDEX CONCURRENTLY i ON t (a)", transactional=False, previous=one
    )
    second, _ = LAYOUT.write(project, build)
    head, _, rest = second.content.partition("\n\n")
    assert head.startswith(f"--! Previous: {first}\n")
    assert rest.startswith("--! no-transaction\n-- Plan     x\n\nCREATE INDEX CONCURRENTLY")


@pytest.mark.parametrize("word", [":DATABASE_NAME", ":APP_USER"])
def test_what_would_be_replaced_is_refused(tree: Write, word: str) -> None:
    (project,) = found(tree(GMRC | {"migrations/committed/000001-a.sql": FIRST}))
    with pytest.raises(ConflictError) as raised:
        LAYOUT.write(project, draft("000002", f"SELECT 'so {word}'"))
    assert raised.value.code == "placeholder"
    LAYOUT.write(project, draft("000002", f"SELECT 'so {word}S'"))


def test_a_file_without_a_hash_is_a_broken_history(tree: Write) -> None:
    text = "--! Previous: -\n\nSELECT 1;\n"
    (project,) = found(tree({"m/committed/000001.sql": text}))
    assert project.options["broken"]
    assert "no line --! Hash:" in project.problems[0]


def test_the_way_back_is_run_newest_first(tree: Write) -> None:
    project = LAYOUT.imagine(tree({}))
    assert LAYOUT.commands(project, ("000001", "000002")).revert == (
        'for v in 000002 000001; do psql "$DATABASE_URL" -v ON_ERROR_STOP=1 '
        "-f migrations/rollbacks/$v-*.sql "
        "-c \"DELETE FROM graphile_migrate.migrations WHERE filename = '$v.sql'\" || break; done"
    )
