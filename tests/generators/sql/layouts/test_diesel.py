"""diesel: folders in crates that use it; the opt-out beside the files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sample_changes import ADD, ADDED, BUILT, FILLED, imagined, migration

from generators.base import Job, Project
from generators.sql import GENERATOR
from generators.sql.layouts.diesel import LAYOUT
from generators.sql.tree import survey
from wizard.model.steps import Nothing

Write = Callable[[dict[str, str]], Path]
MakeJob = Callable[..., Job]
CARGO = '[dependencies]\ndiesel = { version = "2.2", features = ["postgres"] }\n'
NOW = datetime(2026, 11, 23, 10, 20, 30, tzinfo=UTC)
FIRST = "00000000000000_diesel_initial_setup"


def folders(home: str, *names: str) -> dict[str, str]:
    return {f"{home}/{name}/{way}.sql": "" for name in names for way in ("up", "down")}


def found(root: Path) -> list[Project]:
    return LAYOUT.detect(survey(root))


def test_folders_in_a_crate_that_depends_on_it(tree: Write) -> None:
    root = tree(
        {"Cargo.toml": CARGO, "migrations/.keep": ""}
        | folders("migrations", FIRST, "2025-01-01-000000-0000_add_users")
    )
    (project,) = found(root)
    assert (project.directory, project.confidence) == (root / "migrations", "high")
    assert project.latest == "2025-01-01-000000-0000_add_users"
    assert project.pattern == "UTC time with hyphens and a counter_words/up.sql"
    assert [one.where for one in project.evidence] == [
        "Cargo.toml",
        "migrations/2025-01-01-000000-0000_add_users/up.sql",
    ]


def test_its_own_first_migration_is_certain(tree: Write) -> None:
    (project,) = found(tree(folders("db/pg", FIRST)))
    assert project.confidence == "high"


def test_the_macro_and_the_configuration_name_folders(tree: Write) -> None:
    # Vaultwarden: three dialects beside each other.
    root = tree(
        {
            "Cargo.toml": CARGO,
            "src/db.rs": 'embed_migrations!("migrations/sqlite");\n',
            "diesel.toml": '[print_schema]\nfile = "src/schema.rs"\n\n'
            '[migrations_directory]\ndir = "migrations/mysql"\n',
        }
        | folders("migrations/sqlite", "2024-01-01-000000_a")
        | folders("migrations/mysql", "2024-01-01-000001_a")
        | folders("fixtures", "2024-01-01-000002_a")
    )
    projects = {one.directory.relative_to(root).as_posix(): one.confidence for one in found(root)}
    assert projects == {
        "migrations/sqlite": "high",
        "migrations/mysql": "high",
        "fixtures": "medium",
    }


@pytest.mark.parametrize(
    "files",
    [
        {"config.yaml": "metadata_directory: metadata\n"} | folders("default", "1700000000000_a"),
        {"Cargo.toml": 'diesel-like = "1"\n'} | folders("migrations", "2024-01-01-000000_a"),
    ],
)
def test_folders_of_others_are_left_to_them(tree: Write, files: dict[str, str]) -> None:
    assert found(tree(files)) == []


@pytest.mark.parametrize(
    ("names", "versions"),
    [
        ((FIRST,), ("2026-11-23-102030-0000", "2026-11-23-102031-0000")),
        # Older command lines write no counter; crates.io has both, the newest decides.
        (("2024-01-01-000000_a",), ("2026-11-23-102030", "2026-11-23-102031")),
        (("20240101000000_a",), ("20261123102030", "20261123102031")),
        (
            ("2030-12-31-235960-0003_a", "20240101000000_b"),
            ("2030-12-31-235961-0000", "2030-12-31-235962-0000"),
        ),
        (("0001_a", "0002_b"), ("0003", "0004")),
    ],
)
def test_the_next_version_follows_the_newest_folder(
    tree: Write, names: tuple[str, ...], versions: tuple[str, str]
) -> None:
    (project,) = found(tree({"Cargo.toml": CARGO} | folders("migrations", *names)))
    assert LAYOUT.next_versions(project, taken=(), now=NOW, count=2) == versions


def test_two_files_in_a_transaction(tmp_path: Path, make_job: MakeJob) -> None:
    edits = GENERATOR.render(imagined(tmp_path, "diesel"), make_job(ADDED))
    home = tmp_path / "migrations" / "2026-11-23-102030-0000_a_change"
    assert [one.path for one in edits] == [home / "up.sql", home / "down.sql"]
    assert edits[0].content.split("\n\n", 1)[1] == (
        "SET LOCAL lock_timeout = '2000ms';\n"
        "DO $$ BEGIN ASSERT NOT EXISTS (SELECT 1); END $$;\n"
        "ALTER TABLE orders ADD COLUMN status text;\n"
    )


def test_an_index_is_built_outside_a_transaction(tmp_path: Path, make_job: MakeJob) -> None:
    edits = GENERATOR.render(imagined(tmp_path, "diesel"), make_job(BUILT))
    told = {
        (one.path.parent.name[23:], one.path.name): one.content.split("\n\n", 1)[-1]
        for one in edits
    }
    assert [name for name in told if name[1] == "metadata.toml"] == [("a_change", "metadata.toml")]
    # A file that says nothing, or something else, would mean the same.
    assert told["a_change", "metadata.toml"] == "run_in_transaction = false\n"
    assert told["a_change", "up.sql"] == (
        "CREATE INDEX CONCURRENTLY IF NOT EXISTS ix ON orders (status);\n"
    )
    assert {one.language for one in edits} == {"sql", "toml"}


def test_the_other_direction_brings_its_own_transaction(tmp_path: Path, make_job: MakeJob) -> None:
    up, down, _ = GENERATOR.render(imagined(tmp_path, "diesel"), make_job(FILLED))
    assert "BEGIN;\n\n" not in up.content
    assert down.content.endswith(
        "BEGIN;\n\n"
        "SET LOCAL lock_timeout = '2000ms';\n"
        "ALTER TABLE orders DROP COLUMN status;\n\n"
        "COMMIT;\n"
    )


def test_a_direction_with_nothing_to_do_is_no_empty_query(
    tmp_path: Path, make_job: MakeJob
) -> None:
    nothing = migration((ADD, (Nothing(reason="it may stay"),)))
    _, down = GENERATOR.render(imagined(tmp_path, "diesel"), make_job(nothing))
    assert down.content.split("\n\n", 1)[1] == "-- it may stay\nSELECT 1;\n"
