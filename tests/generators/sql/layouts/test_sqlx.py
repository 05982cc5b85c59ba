"""sqlx: recognised by the crate that depends on it; simple and reversible files."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from real_tools import Place, by_hand
from real_tools.sqlx import DRIVER
from sample_changes import ADD, ADDED, BUILT, DROP, FILLED, ORDERS, bodies, imagined, migration

from generators.base import Job, Project
from generators.sql import GENERATOR
from generators.sql.layouts.sqlx import LAYOUT
from generators.sql.tree import survey
from wizard import writer
from wizard.dialects import dialect
from wizard.model.errors import ConflictError
from wizard.model.schema import Table
from wizard.model.steps import RebuildTable

Write = Callable[[dict[str, str]], Path]
MakeJob = Callable[..., Job]
CARGO = (
    '[package]\nname = "x"\n\n[dependencies]\nsqlx = { version = "0.8", features = ["migrate"] }\n'
)
NOW = datetime(2026, 11, 23, 10, 20, 30, tzinfo=UTC)


def simple(folder: str, *stems: str) -> dict[str, str]:
    return {f"{folder}/{stem}.sql": "SELECT 1;\n" for stem in stems}


def pairs(folder: str, *stems: str) -> dict[str, str]:
    return {f"{folder}/{one}.{way}.sql": "SELECT 1;\n" for one in stems for way in ("up", "down")}


def found(root: Path) -> list[Project]:
    return LAYOUT.detect(survey(root))


def following(project: Project, count: int = 1) -> tuple[str, ...]:
    return LAYOUT.next_versions(project, taken=(), now=NOW, count=count)


def test_numbered_files_in_a_crate_that_depends_on_it(tree: Write) -> None:
    root = tree({"Cargo.toml": CARGO} | pairs("migrations", "20250101000000_a", "20250102000000_b"))
    (project,) = found(root)
    assert (project.directory, project.confidence) == (root / "migrations", "high")
    assert project.options["type"] == "reversible"
    assert project.pattern == "UTC time, 14 digits_words.up.sql"
    assert [one.where for one in project.evidence] == [
        "Cargo.toml",
        "migrations/20250102000000_b.up.sql",
    ]
    assert following(project) == ("20261123102030",)


@pytest.mark.parametrize(
    "depends",
    [
        "sqlx.workspace = true\n",
        '[dependencies.sqlx]\nversion = "0.8"\n',
        'db = { package = "sqlx", version = "0.8" }\n',
    ],
)
def test_dependencies_of_every_form_count(tree: Write, depends: str) -> None:
    (project,) = found(tree({"Cargo.toml": depends} | simple("migrations", "1_a")))
    assert project.confidence == "high"


@pytest.mark.parametrize(
    "files",
    [
        {"go.mod": "require github.com/jmoiron/sqlx v1.4.0\n"},
        {"Cargo.toml": '# sqlx = "0.8"\nsqlx-macros-like = "1"\n'},
        {"Cargo.toml": CARGO, "m/9_x.sql": "-- +goose Up\n", "m/8_x.sql": "-- migrate:up\n"},
        {"Cargo.toml": CARGO, "m/1_a.sql": "--liquibase formatted sql\n"},
        {"Cargo.toml": CARGO, "m/1_a.sql": "a;\n---- create above / drop below ----\n"},
    ],
)
def test_numbered_files_of_others_are_left_to_them(tree: Write, files: dict[str, str]) -> None:
    root = tree(simple("m", "1_a") | files)
    assert found(root) == []


def test_the_macro_names_the_folder_and_others_are_less_sure(tree: Write) -> None:
    # PostHog: one crate, files for two databases.
    root = tree(
        {
            "rust/api/Cargo.toml": CARGO,
            "rust/api/src/main.rs": 'sqlx::migrate!("../migrations").run(&pool).await?;\n',
        }
        | simple("rust/migrations", "0001_a", "0002_b")
        | simple("rust/api/clickhouse", "0001_a")
    )
    projects = {one.directory.relative_to(root).as_posix(): one for one in found(root)}
    assert {name: one.confidence for name, one in projects.items()} == {
        "rust/migrations": "high",
        "rust/api/clickhouse": "medium",
    }
    project = projects["rust/migrations"]
    assert project.options["type"] == "simple"
    assert following(project, 2) == ("0003", "0004")


def test_a_workspace_speaks_for_its_folders(tree: Write) -> None:
    root = tree(
        {"Cargo.toml": "[workspace]\nmembers = ['a']\n", "a/Cargo.toml": CARGO}
        | pairs("migrations", "1_a")
    )
    (project,) = found(root)
    assert project.confidence == "medium"


def test_the_configuration_decides_for_an_empty_folder_and_the_newest_files_else(
    tree: Write, make_job: MakeJob
) -> None:
    config = (
        "[migrate]\nmigrations-dir = 'db'\ntable-name = 'ops.done'\n[migrate.defaults]\n"
        "migration-type = 'simple'\nmigration-versioning = 'sequential'\n"
    )
    root = tree({"Cargo.toml": CARGO, "sqlx.toml": config, "db/.keep": ""})
    (project,) = found(root)
    assert (project.options["type"], following(project)) == ("simple", ("0001",))
    assert (
        "DELETE FROM ops.done WHERE version = 1"
        in GENERATOR.render(project, make_job(ADDED))[1].content
    )
    assert project.confidence == "medium"
    tree(pairs("db", "20250101000000_a"))
    (project,) = found(root)
    assert (project.options["type"], following(project)) == ("reversible", ("20261123102030",))


@pytest.mark.parametrize(
    ("names", "why"),
    [
        (("1_a.sql", "1_b.sql"), "version 1 is used by more than one file"),
        (("1_a.sql", "all_seeds.sql"), "all_seeds.sql has no number in front"),
    ],
)
def test_histories_that_sqlx_refuses_are_refused(
    tree: Write, make_job: MakeJob, names: tuple[str, ...], why: str
) -> None:
    (project,) = found(tree({"Cargo.toml": CARGO} | {f"migrations/{one}": "" for one in names}))
    with pytest.raises(ConflictError, match=why):
        GENERATOR.render(project, make_job())


def test_a_pair(tmp_path: Path, make_job: MakeJob) -> None:
    edits = GENERATOR.render(imagined(tmp_path, "sqlx"), make_job(ADDED))
    assert [one.path.name for one in edits] == [
        "20261123102030_a_change.up.sql",
        "20261123102030_a_change.down.sql",
    ]
    assert bodies(edits) == [
        "SET LOCAL lock_timeout = '2000ms';\n"
        "DO $$ BEGIN ASSERT NOT EXISTS (SELECT 1); END $$;\n"
        "ALTER TABLE orders ADD COLUMN status text;\n",
        "SET LOCAL lock_timeout = '2000ms';\nALTER TABLE orders DROP COLUMN status;\n",
    ]


def test_a_file_without_a_transaction_begins_with_the_mark(
    tmp_path: Path, make_job: MakeJob
) -> None:
    project = imagined(tmp_path, "sqlx")
    edits = {one.path.name: one.content for one in GENERATOR.render(project, make_job(BUILT))}
    for way, sql in (("up", "CREATE INDEX"), ("down", "DROP INDEX")):
        text = edits[f"20261123102031_a_change.{way}.sql"]
        assert text.startswith("-- no-transaction\n-- Plan ")
        assert "one sqlx at a time" in text
        assert text.split("\n\n", 1)[1].startswith(f"{sql} CONCURRENTLY IF ")
    assert not edits["20261123102030_a_change_prepare.up.sql"].startswith("-- no-transaction")
    # Each direction has its own mark.
    up, down = GENERATOR.render(project, make_job(FILLED))
    assert up.content.startswith("-- no-transaction\n")
    assert not down.content.startswith("-- no-transaction\n")


def test_what_an_engine_must_be_told_stands_in_the_header(
    tmp_path: Path, make_job: MakeJob, sqlite_dialect: Any
) -> None:
    project = imagined(tmp_path, "sqlx")
    job = make_job(ADDED, dialect=dialect("mysql", (8, 4)))
    up, _ = GENERATOR.render(project, job)
    told = " ".join(up.content.replace("\n--", " ").split())
    assert "DELETE FROM _sqlx_migrations WHERE version = 20261123102030 AND NOT success" in told
    table = Table(name=ORDERS, columns=())
    rebuild = RebuildTable(before=table, after=table)
    rebuilt = migration((rebuild, (rebuild,)))
    up, _ = GENERATOR.render(project, make_job(rebuilt, dialect=sqlite_dialect))
    assert "needs sqlx 0.9" in up.content


@pytest.mark.real_tool
def test_simple_files_run_up_back_by_hand_and_up(
    tree: Write, tmp_path: Path, make_job: MakeJob
) -> None:
    DRIVER.bring()
    root = tree({"Cargo.toml": CARGO} | simple("migrations", "20250101000000_first"))
    place = Place(engine="sqlite", url=f"sqlite:///{tmp_path / 'shop.db'}", home=tmp_path)
    by_hand.run(place, "CREATE TABLE orders (id integer PRIMARY KEY);")
    (project,) = found(root)
    added = migration((ADD, (DROP,)))
    built = GENERATOR.render(project, make_job(BUILT))[2]
    # There is nothing to revert by.
    told = " ".join(built.content.replace("\n--", " ").split())
    assert "drop the index, build it by hand as this migration does" in told
    edits = GENERATOR.render(project, make_job(added, dialect=dialect("sqlite", (3, 45))))
    assert [one.path.relative_to(root).as_posix() for one in edits] == [
        "migrations/20261123102030_a_change.sql",
        "rollbacks/20261123102030_a_change.sql",
    ]
    writer.write(edits, root=root)

    def columns() -> list[str]:
        with sqlite3.connect(place.database) as connection:
            return [row[1] for row in connection.execute("PRAGMA table_info(orders)")]

    DRIVER.up(project, place)
    assert columns() == ["id", "status"]
    assert "DELETE FROM _sqlx_migrations WHERE version = 20261123102030" in edits[1].content
    forget = "DELETE FROM _sqlx_migrations WHERE version = {version}"
    by_hand.take_back(place, edits, forget=forget)
    assert columns() == ["id"]
    DRIVER.up(project, place)
    assert columns() == ["id", "status"]
    assert GENERATOR.commands(project, edits).revert == (
        "# by hand, in this order, as their headers say: rollbacks/20261123102030_*"
    )
