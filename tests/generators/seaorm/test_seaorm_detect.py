"""Detection from Cargo's files and the list, without cargo; and the commands that follow from it."""

from __future__ import annotations

from pathlib import Path

import pytest
from seaorm_kit import POSTGRESQL, job, migrator, tree

from generators.base import FileEdit, Project
from generators.seaorm import GENERATOR
from wizard.model.errors import ConflictError
from wizard.model.names import TableName
from wizard.model.plan import Change, Migration
from wizard.model.schema import Column
from wizard.model.steps import AddColumn, DropColumn

OLD = "m20240305_113344_create_users"
NEWER = "m20251201_091500_add_teams"
DERIVED = """\
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;
// impl MigrationName for Migration
#[derive(DeriveIden)]
enum Users {
    Table,
}
"""
LITERAL = """\
use sea_orm_migration::{prelude::*, schema::*};

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20251201_091500_add_teams"
    }
}
// manager.create_table(Table::create().table("teams").col(pk_auto("id")).to_owned())
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(Table::create().table("teams").col(pk_auto("id")).to_owned()).await
    }
}
"""
LOCK = '[[package]]\nname = "sea-orm-migration"\nversion = "1.1.20"\n\n'
COLUMN = Column(name="currency", type="text")
TABLE = TableName("orders")
ADD = Migration(
    slug="add_currency",
    title="add currency to orders",
    changes=(
        Change(
            step=AddColumn(table=TABLE, column=COLUMN),
            undo=(DropColumn(table=TABLE, column=COLUMN),),
        ),
    ),
    lock_timeout_ms=2_000,
)


def crate(name: str, dependency: str) -> str:
    return f'[package]\nname = "{name}"\nversion = "0.1.0"\n\n[dependencies]\n{dependency}\n'


def only(root: Path) -> Project:
    (found,) = GENERATOR.detect(root)
    return found


def said(project: Project) -> list[str]:
    return [f"{one.where}: {one.what}" for one in project.evidence]


def test_a_workspace_with_a_crate_of_another_name(tmp_path: Path) -> None:
    root = tree(
        tmp_path,
        {
            "Cargo.toml": '[workspace]\nmembers = ["crates/*"]\n\n'
            '[workspace.dependencies]\nsea-orm-migration = { version = "1.1", features = [] }\n',
            "Cargo.lock": '[[package]]\nname = "sea-orm"\nversion = "2.0.0"\n\n' + LOCK,
            "crates/api/Cargo.toml": crate("api", 'sea-orm = "1"'),
            "crates/api/src/lib.rs": "mod m1_a;\nfn x() { vec![Box::new(m1_a::Migration)]; }\n",
            "crates/schema/Cargo.toml": crate("schema", "sea-orm-migration = { workspace = true }"),
            "crates/schema/src/main.rs": "fn main() {}\n",
            "crates/schema/src/lib.rs": migrator(OLD, NEWER),
            f"crates/schema/src/{OLD}.rs": LITERAL,
            f"crates/schema/src/{NEWER}.rs": DERIVED,
            "target/debug/migration/Cargo.toml": crate("old", 'sea-orm-migration = "1"'),
        },
    )
    found = only(root)
    assert said(found) == [
        "crates/schema/Cargo.toml: depends on sea-orm-migration",
        "Cargo.toml: the workspace's sea-orm-migration 1.1",
        "Cargo.lock: sea-orm-migration 1.1.20",
        "crates/schema/src/lib.rs: registers 2 migrations",
    ]
    assert (found.directory, found.confidence) == (root / "crates/schema/src", "high")
    assert (found.heads, found.latest) == ((NEWER,), f"{NEWER}.rs")
    assert found.pattern == "mYYYYMMDD_HHMMSS_name.rs, in UTC"
    assert found.transactions == "whole run"
    assert (found.options["name"], found.options["idens"]) == ("derived", "enum")


def test_a_module_directory_in_another_crate(tmp_path: Path) -> None:
    root = tree(
        tmp_path,
        {
            "Cargo.toml": crate("server", 'sea-orm-migration = "2.0"'),
            "src/main.rs": "fn main() {}\n",
            "src/database/migration/mod.rs": migrator("m20230101_000001_init"),
            "src/database/migration/m20230101_000001_init.rs": LITERAL,
            ".env": "MIGRATION_DIR=./src/database/migration\n",
        },
    )
    found = only(root)
    assert found.directory == root / "src/database/migration"
    assert ".env: migrations are in ./src/database/migration" in said(found)
    assert found.pattern == "mYYYYMMDD_NNNNNN_name.rs, counted by day"
    assert (found.transactions, found.options["name"]) == ("each migration", "literal")
    assert found.options["idens"] == "string"
    edits = GENERATOR.render(found, job(ADD))
    assert [str(one.path.relative_to(root)) for one in edits] == [
        "src/database/migration/m20261123_000001_add_currency.rs",
        "src/database/migration/mod.rs",
    ]
    assert GENERATOR.commands(found, edits).apply == (
        "# the application runs its migrations by itself: Migrator::up(&db, Some(1))"
    )


def test_the_edit_holds_what_was_read(tmp_path: Path) -> None:
    library = migrator(OLD)
    root = tree(
        tmp_path,
        {
            "migration/Cargo.toml": crate("migration", 'sea-orm-migration = "=1.1.20"'),
            "migration/src/main.rs": "fn main() {}\n",
            "migration/src/lib.rs": library,
            f"migration/src/{OLD}.rs": DERIVED,
        },
    )
    found = only(root)
    first = GENERATOR.render(found, job(ADD))
    edit = first[-1]
    assert (edit.action, edit.before) == ("edit", library)
    assert edit.content == migrator(OLD, "m20261123_102030_add_currency")
    commands = GENERATOR.commands(found, first)
    assert commands.apply == "cargo run --manifest-path migration/Cargo.toml -- up -n 1"
    assert commands.revert == "cargo run --manifest-path migration/Cargo.toml -- down -n 1"


def test_a_project_that_calls_the_tool(tmp_path: Path) -> None:
    root = tree(
        tmp_path,
        {
            "Makefile": "migrate:\n\tsea-orm-cli migrate up -d db\n",
            "db/Cargo.toml": crate("db", 'sea-orm-migration = { version = "2.0.0-rc.38" }'),
            "db/src/main.rs": "fn main() {}\n",
            "db/src/lib.rs": migrator(OLD),
            f"db/src/{OLD}.rs": LITERAL,
        },
    )
    found = only(root)
    edits = GENERATOR.render(found, job(ADD, ADD))
    assert GENERATOR.commands(found, edits).apply == "sea-orm-cli migrate -d db up -n 2"
    assert [one.revision for one in edits if one.revision] == [
        "m20261123_102030_add_currency",
        "m20261123_102031_add_currency",
    ]


@pytest.mark.parametrize(
    ("library", "problem"),
    [
        (migrator(OLD, "m20240306_000000_gone"), "there is no m20240306_000000_gone.rs"),
        (migrator(OLD) + "fn (", "lib.rs is not valid Rust"),
        (
            migrator(OLD).replace(
                "        ]", f"            Box::new({OLD}::Migration),\n        ]"
            ),
            "registered 2 times",
        ),
    ],
)
def test_a_broken_list_is_refused(tmp_path: Path, library: str, problem: str) -> None:
    root = tree(
        tmp_path,
        {
            "migration/Cargo.toml": crate("migration", 'sea-orm-migration = "1.1"'),
            "migration/src/lib.rs": library,
            f"migration/src/{OLD}.rs": DERIVED,
        },
    )
    found = only(root)
    assert found.confidence == "medium"
    assert problem in found.problems[0]
    with pytest.raises(ConflictError) as error:
        GENERATOR.render(found, job(ADD))
    assert error.value.code == "broken-history"


def test_what_is_no_project(tmp_path: Path) -> None:
    root = tree(
        tmp_path,
        {
            "Cargo.toml": crate("app", 'sea-orm = "2"'),
            "src/lib.rs": migrator(OLD),
            "broken/Cargo.toml": "[package\n",
            "vendor/migration/Cargo.toml": crate("migration", 'sea-orm-migration = "1.1"'),
            "vendor/migration/src/lib.rs": migrator(OLD),
            "empty/Cargo.toml": crate("empty", 'sea-orm-migration = "1.1"'),
            "empty/src/lib.rs": "pub fn nothing() {}\n",
        },
    )
    (root / "empty/src/mod.rs").write_bytes(b"\xff\xfe MigratorTrait")
    assert GENERATOR.detect(root) == []


def test_an_imagined_project_is_found_once_written(tmp_path: Path) -> None:
    found = GENERATOR.imagine(tmp_path, POSTGRESQL)
    for edit in GENERATOR.render(found, job(ADD)):
        tree(tmp_path, {str(edit.path.relative_to(tmp_path)): edit.content})
    tree(tmp_path, {"migration/Cargo.toml": crate("migration", 'sea-orm-migration = "2.0"')})
    again = only(tmp_path)
    assert again.directory == found.directory
    assert again.heads == ("m20261123_102030_add_currency",)
    assert again.options["name"] == "literal"


def test_a_list_names_what_it_would_not_compile_without(tmp_path: Path) -> None:
    names = (OLD, "m20240306_000001_ours", NEWER)
    manifest = (
        '[package]\nname = "migration"\nversion = "0.1.0"\n\n'
        '[dependencies]\nsea-orm-migration = "2.0"\n'
    )
    files = {f"migration/src/{one}.rs": LITERAL for one in names}
    files |= {"migration/Cargo.toml": manifest, "migration/src/lib.rs": migrator(*names)}
    (project,) = GENERATOR.detect(tree(tmp_path, files))
    ours, stranger = (
        FileEdit(path=project.directory / f"{one}.rs", content="", phase="expand", revision=one)
        for one in (names[1], "m20240307_000001_not_listed")
    )
    (tie,) = GENERATOR.ties(project, (ours, stranger))
    assert (tie.path.name, tie.on, tie.instead) == ("lib.rs", names[1], "")
