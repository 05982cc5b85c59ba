"""Liquibase: known by the first line of its SQL; style, author and ids of the newest files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from generators.base import Project
from generators.sql.layout import Draft, Section, Statement, Written
from generators.sql.layouts.liquibase import LAYOUT
from generators.sql.tree import survey
from wizard.dialects import dialect
from wizard.model.errors import ConflictError

Write = Callable[[dict[str, str]], Path]
NOW = datetime(2026, 11, 23, 10, 20, 30, tzinfo=UTC)
LOG = "db/changelog/db.changelog-master.yaml"
CHANGES = "db/changelog/changes"


def formatted(head: str = "--", author: str = "ann", identity: str = "1") -> str:
    return f"{head}liquibase formatted sql\n\n{head}changeset {author}:{identity}\nSELECT 1;\n"


def log(*names: str) -> str:
    return "databaseChangeLog:\n" + "".join(
        f"  - include:\n      file: {CHANGES}/{name}\n" for name in names
    )


def found(root: Path) -> list[Project]:
    return LAYOUT.detect(survey(root))


def draft(version: str, up: Section, down: Section) -> Draft:
    return Draft(
        version=version,
        slug="add_email",
        header=(("Plan", "x"),),
        dialect=dialect("postgresql", (18, 0)),
        up=up,
        down=down,
    )


def section(*texts: str, transactional: bool = True) -> Section:
    statements = tuple(Statement(sql=text) for text in texts)
    return Section(statements=statements, transactional=transactional)


def written(project: Project, version: str, up: Section, down: Section) -> Written:
    (one,) = LAYOUT.write(project, draft(version, up, down))
    return one


def test_formatted_sql_that_a_change_log_includes_is_certain(tree: Write) -> None:
    names = ("001-a.sql", "002-b.sql")
    root = tree({LOG: log(*names)} | {f"{CHANGES}/{name}": formatted() for name in names})
    (project,) = found(root)
    assert (project.directory, project.confidence) == (root / CHANGES, "high")
    assert project.heads == ("002",)
    assert project.pattern == "3-digit counter-words.sql"
    assert [one.where for one in project.evidence] == [f"{CHANGES}/002-b.sql", LOG]

    assert LAYOUT.next_versions(project, taken=(), now=NOW, count=2) == ("003", "004")
    one = written(project, "003", section("SELECT 1"), section("SELECT 2"))
    assert one.name == "003-add-email.sql"
    (companion,) = LAYOUT.companions(project, (one,), now=NOW)
    assert companion.path == root / LOG
    assert companion.content == log(*names, "003-add-email.sql")


def test_without_a_log_it_is_likely_and_the_include_is_left_to_the_user(tree: Write) -> None:
    (project,) = found(tree({f"{CHANGES}/001-a.sql": formatted()}))
    assert project.confidence == "medium"
    assert "no change log was found" in project.problems[0]
    assert LAYOUT.companions(project, (), now=NOW) == ()


def test_a_log_that_includes_the_folder_needs_no_change(tree: Write) -> None:
    text = "databaseChangeLog:\n  - includeAll:\n      path: changes/\n"
    (project,) = found(tree({LOG: text, f"{CHANGES}/001-a.sql": formatted()}))
    assert project.confidence == "high"
    assert LAYOUT.companions(project, (), now=NOW) == ()


def test_a_folder_that_is_included_whole_runs_as_text_sorts(tree: Write) -> None:
    text = '<databaseChangeLog>\n  <includeAll path="changes/"/>\n</databaseChangeLog>\n'
    there = {f"{CHANGES}/{n}-a.sql": formatted() for n in (9, 10)}
    (project,) = found(tree({"db/changelog/master.xml": text} | there))
    with pytest.raises(ConflictError) as raised:
        LAYOUT.next_versions(project, taken=(), now=NOW, count=1)
    assert raised.value.code == "version-order"


def test_plain_sql_is_left_alone(tree: Write) -> None:
    assert found(tree({LOG: log("1.sql"), f"{CHANGES}/1.sql": "SELECT 1;\n"})) == []


def test_style_author_and_id_are_those_of_the_newest_files(tree: Write) -> None:
    name = "release-1.9-a.sql"
    text = formatted("-- ", "ann", "release-1.9-a")
    (project,) = found(tree({LOG: log(name), f"{CHANGES}/{name}": text}))
    assert LAYOUT.next_versions(project, taken=(), now=NOW, count=1) == ("1.10",)
    one = written(project, "1.10", section("SELECT 1"), section("SELECT 2"))
    assert one.content == (
        "-- liquibase formatted sql\n\n-- Plan     x\n\n"
        "-- changeset ann:release-1.10-add-email\nSELECT 1;\n-- rollback SELECT 2;\n"
    )


@pytest.mark.parametrize(
    ("identity", "following"),
    [
        ("1", "1"),
        ("007-1", "008-1"),
        ("a-b", "add-email"),
        ("007-a-b", "008-add-email"),
        ("x9", "008"),
    ],
)
def test_ids_follow_the_newest_file(tree: Write, identity: str, following: str) -> None:
    name = "007-a-b.sql"
    (project,) = found(tree({LOG: log(name), f"{CHANGES}/{name}": formatted(identity=identity)}))
    one = written(project, "008", section("SELECT 1"), Section())
    assert f"--changeset ann:{following}\n" in one.content


def test_bodies_are_not_cut(tmp_path: Path) -> None:
    project = LAYOUT.imagine(tmp_path)
    body = "DO $$\nBEGIN\n    PERFORM 1;\nEND\n$$"
    one = written(project, "1", section(body), section(body, "SELECT '//'"))
    changeset, *text = one.content.splitlines()[4:]
    assert changeset == "--changeset migwiz:1 splitStatements:false rollbackEndDelimiter:%%"
    assert text[-2:] == ["--rollback $$%%", "--rollback SELECT '//'%%"]


def test_both_directions_share_one_setting_so_the_other_brings_its_own(tmp_path: Path) -> None:
    project = LAYOUT.imagine(tmp_path)
    build = section("CREATE INDEX CONCURRENTLY i ON t (a)", transactional=False)
    one = written(project, "1", build, section("SET LOCAL lock_timeout = '1s'", "DROP INDEX i"))
    assert one.content.endswith(
        "--changeset migwiz:1 runInTransaction:false\n"
        "CREATE INDEX CONCURRENTLY i ON t (a);\n"
        "--rollback BEGIN;\n--rollback SET LOCAL lock_timeout = '1s';\n"
        "--rollback DROP INDEX i;\n--rollback COMMIT;\n"
    )


def test_nothing_to_take_back_is_said(tmp_path: Path) -> None:
    one = written(LAYOUT.imagine(tmp_path), "1", section("SELECT 1"), Section())
    assert one.content.endswith("\nSELECT 1;\n--rollback not required\n")


@pytest.mark.parametrize("line", ["--changeset a:b", "--  rollback x", "-- Property name:x"])
def test_text_that_reads_like_a_mark_is_refused(tmp_path: Path, line: str) -> None:
    with pytest.raises(ConflictError) as raised:
        written(LAYOUT.imagine(tmp_path), "1", section(f"SELECT '\n{line}\n'"), Section())
    assert raised.value.code == "section-mark"


def test_a_log_that_lost_the_newest_file_is_a_conflict(tree: Write) -> None:
    root = tree({LOG: log("1-a.sql"), f"{CHANGES}/1-a.sql": formatted()})
    (project,) = found(root)
    tree({LOG: log("0-z.sql")})
    one = written(project, "2", section("SELECT 1"), Section())
    with pytest.raises(ConflictError) as raised:
        LAYOUT.companions(project, (one,), now=NOW)
    assert raised.value.code == "change-log"
