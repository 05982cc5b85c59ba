"""Flyway: known by its names and a mention of it; versions with parts; side files and U files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from generators.base import Project
from generators.sql.layout import Draft, Interruption, Section, Statement
from generators.sql.layouts.flyway import LAYOUT
from generators.sql.tree import survey
from wizard.dialects import dialect

Write = Callable[[dict[str, str]], Path]
HOME = "src/main/resources/db/migration"
POM = "<dependency><groupId>org.flywaydb</groupId><artifactId>flyway-core</artifactId></dependency>"
NOW = datetime(2026, 11, 23, 10, 20, 30, tzinfo=UTC)


def found(root: Path) -> list[Project]:
    return LAYOUT.detect(survey(root))


def scripts(*stems: str, folder: str = HOME) -> dict[str, str]:
    return {f"{folder}/{stem}.sql": "SELECT 1;\n" for stem in stems}


def draft(version: str, *up: str, down: str = "SELECT 2", transactional: bool = True) -> Draft:
    return Draft(
        version=version,
        slug="add_email",
        header=(("Plan", "x"),),
        dialect=dialect("postgresql", (18, 0)),
        up=Section(statements=tuple(Statement(sql=one) for one in up), transactional=transactional),
        down=Section(statements=(Statement(sql=down),)),
    )


def test_versioned_scripts_of_a_project_that_uses_flyway_are_certain(tree: Write) -> None:
    root = tree({"shop/pom.xml": POM} | scripts("V1__a", "V2__b", "R__v", folder=f"shop/{HOME}"))
    (project,) = found(root)
    assert (project.directory, project.confidence) == (root / "shop" / HOME, "high")
    assert project.heads == ("2",)
    assert project.pattern == "Vcounter__words.sql"
    assert [one.where for one in project.evidence] == [f"shop/{HOME}/V2__b.sql", "shop/pom.xml"]


def test_names_alone_are_a_guess_and_other_runners_keep_theirs(tree: Write) -> None:
    assert found(tree(scripts("V1__a", folder="m")))[0].confidence == "medium"
    assert found(tree({"Cargo.toml": 'refinery = "0.9"\n'})) == []


@pytest.mark.parametrize("name", ["migrations.yml", "m/x.sql"])
def test_what_looks_alike_is_left_alone(tree: Write, name: str) -> None:
    stems = ("V0001__a",) if name == "migrations.yml" else ("v1_a", "0001_a", "V_a")
    assert found(tree({name: ""} | scripts(*stems, folder="migrations"))) == []


@pytest.mark.parametrize(
    ("stems", "after", "pattern"),
    [
        (("V9__a", "V10__b"), ("11", "12"), "Vcounter__words.sql"),
        (("V001__a", "V002__b"), ("003", "004"), "V3-digit counter__words.sql"),
        (("V6.9__a", "V6.10__b"), ("6.11", "6.12"), "Vrelease in parts__words.sql"),
        (("V1_2_9__a", "V1_10__b"), ("1_11", "1_12"), "Vrelease in parts__words.sql"),
        (("V1.0.09__a",), ("1.0.10", "1.0.11"), "Vrelease in parts__words.sql"),
        (("V2026.01.05.3__a",), ("2026.11.23.1", "2026.11.23.2"), "Vdate in parts__words.sql"),
        (("V2026_11_23_1__a",), ("2026_11_23_2", "2026_11_23_3"), "Vdate in parts__words.sql"),
        (
            ("V20250101120000__a",),
            ("20261123102030", "20261123102031"),
            "VUTC time, 14 digits__words.sql",
        ),
        (("B7__base", "V3__a"), ("8", "9"), "Vcounter__words.sql"),
    ],
)
def test_versions_follow_by_parts(
    tree: Write, stems: tuple[str, ...], after: tuple[str, ...], pattern: str
) -> None:
    (project,) = found(tree({"pom.xml": POM} | scripts(*stems)))
    assert LAYOUT.next_versions(project, taken=(), now=NOW, count=2) == after
    assert project.pattern == pattern


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "flyway.toml",
            '[flyway]\nlocations = ["filesystem:sql"]\nsqlMigrationPrefix = "M"\n'
            'sqlMigrationSeparator = "-"\nsqlMigrationSuffixes = [".ddl.sql"]\n'
            'undoSqlMigrationPrefix = "Z"\n',
        ),
        (
            "flyway.conf",
            "flyway.locations=filesystem:sql\nflyway.sqlMigrationPrefix=M\n"
            "flyway.sqlMigrationSeparator=-\nflyway.sqlMigrationSuffixes=.ddl.sql\n"
            "flyway.undoSqlMigrationPrefix=Z\n",
        ),
        (
            "src/main/resources/application.yml",
            "spring:\n  flyway:\n    locations: classpath:sql\n    sql-migration-prefix: M\n"
            "    sql-migration-separator: '-'\n    sql-migration-suffixes: .ddl.sql\n"
            "    undo-sql-migration-prefix: Z\n",
        ),
    ],
)
def test_names_are_as_configured(tree: Write, name: str, text: str) -> None:
    (project,) = found(tree({name: text} | scripts("M1-a.ddl", "V2__no", folder="sql")))
    assert (project.heads, project.confidence) == (("1",), "high")
    files = LAYOUT.write(project, draft("2", "SELECT 1"))
    assert [one.name for one in files] == ["M2-add_email.ddl.sql", "Z2-add_email.ddl.sql"]


def test_an_empty_prefix_is_one(tree: Write) -> None:
    conf = {"flyway.conf": "flyway.sqlMigrationPrefix=\nflyway.sqlMigrationSeparator=__\n"}
    (project,) = found(tree(conf | scripts("20250101000000000__a", folder="db")))
    assert project.heads == ("20250101000000000",)


def test_an_empty_folder_that_flyway_is_told_of_counts(tree: Write) -> None:
    conf = "spring.flyway.locations=classpath:sql/{vendor}\n"
    root = tree({"src/main/resources/application.properties": conf})
    (root / "src/main/resources/sql").mkdir(parents=True)
    (project,) = found(root)
    assert (project.directory.name, project.confidence) == ("sql", "medium")


def test_duplicate_versions_are_a_problem_however_they_are_written(tree: Write) -> None:
    (project,) = found(tree({"pom.xml": POM} | scripts("V1_0__a", "V1__b")))
    assert project.problems == ("version 1 is used by more than one file",)


def test_what_runs_outside_a_transaction_or_holds_placeholders_has_a_side_file() -> None:
    project = LAYOUT.imagine(Path("/p"))
    build = draft("3", "CREATE INDEX CONCURRENTLY i ON t (a)", transactional=False)
    files = {one.name: one for one in LAYOUT.write(project, build)}
    assert list(files) == ["V3__add_email.sql", "V3__add_email.sql.conf", "U3__add_email.sql"]
    assert files["V3__add_email.sql.conf"].content == "executeInTransaction=false\n"
    assert "flyway.postgresql.transactional.lock=false" in files["V3__add_email.sql"].content

    files = {one.name: one for one in LAYOUT.write(project, draft("3", "SELECT '${x}'"))}
    assert files["V3__add_email.sql.conf"].content == "placeholderReplacement=false\n"


def test_placeholders_are_as_configured(tree: Write) -> None:
    conf = {"flyway.conf": "flyway.placeholderPrefix=#[\nflyway.placeholderSuffix=]\n"}
    (project,) = found(tree(conf | scripts("V1__a", folder="db")))
    assert len(LAYOUT.write(project, draft("2", "SELECT '${x}'"))) == 2
    assert len(LAYOUT.write(project, draft("2", "SELECT '#[x]'"))) == 3


def test_the_way_back_says_that_undo_costs_and_what_to_do_without_it() -> None:
    _, undo = LAYOUT.write(LAYOUT.imagine(Path("/p")), draft("1_2", "SELECT 1"))
    told = " ".join(undo.content.replace("\n--", " ").split())
    assert "flyway undo is a paid feature; without it run this file by hand in one" in told
    assert "DELETE FROM flyway_schema_history WHERE version = '1.2'" in told
    assert undo.content.endswith("\n\nSELECT 2;\n")


def test_strict_naming_keeps_the_way_back_elsewhere(tree: Write) -> None:
    conf = {"flyway.toml": "[flyway]\nvalidateMigrationNaming = true\n"}
    (project,) = found(tree(conf | scripts("V1__a", folder="db/sql")))
    _, undo = LAYOUT.write(project, draft("2", "SELECT 1"))
    assert undo.name == "../rollbacks/U2__add_email.sql"


def test_an_interrupted_build_is_taken_off_the_record() -> None:
    cut = Interruption(direction="up", start="6_9", files=2, index=True)
    assert LAYOUT.repair(cut) == (
        "when it was cut short: DELETE FROM flyway_schema_history WHERE installed_rank > (SELECT "
        "installed_rank FROM flyway_schema_history WHERE version = '6.9'), then flyway migrate"
    )
