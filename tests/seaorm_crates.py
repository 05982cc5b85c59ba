"""Crates that depend on the real sea-orm-migration, kept with all that they need already compiled.

What takes minutes is SeaORM itself; it is built once for each version, so that a test compiles
nothing but the migrations that it has written.
"""

from __future__ import annotations

import fcntl
import shutil
import subprocess
from pathlib import Path

import tools

#: The newest of each series, by the series' name.
VERSIONS = {"1.1": "1.1.20", "2.0": "2.0.4"}
NEEDED = "needs cargo, of the Rust toolchain"
TARGET = tools.CACHE / "seaorm-target"

MANIFEST = """\
[package]
name = "migration"
version = "0.1.0"
edition = "2021"
publish = false

[lib]
name = "migration"
path = "src/lib.rs"

[dependencies]
tokio = {{ version = "1", features = ["macros", "rt", "rt-multi-thread"] }}

[dependencies.sea-orm-migration]
version = "={}"
features = ["sqlx-postgres", "sqlx-mysql", "sqlx-sqlite", "runtime-tokio"]

[profile.dev]
opt-level = 0
debug = 0
incremental = false

[workspace]
"""
#: A module with a list of migrations, as it is before the first one.
MIGRATOR = """\
use sea_orm_migration::prelude::*;

pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![]
    }
}
"""
ENGINES = ("postgresql", "mariadb", "sqlite")
LIBRARY = "".join(f"pub mod {one};\n" for one in ENGINES)
#: One program for all engines: the URL says whose migrations are run.
MAIN = """\
use sea_orm_migration::prelude::*;

#[tokio::main]
async fn main() {
    let url = std::env::var("DATABASE_URL").expect("DATABASE_URL");
    match url.split(':').next() {
        Some("postgres") => cli::run_cli(migration::postgresql::Migrator).await,
        Some("mysql") => cli::run_cli(migration::mariadb::Migrator).await,
        _ => cli::run_cli(migration::sqlite::Migrator).await,
    }
}
"""


def bring() -> None:
    """Compile SeaORM in each version; skips, with the reason, where it cannot be."""
    for series in VERSIONS:
        kept(series)


def kept(series: str) -> Path:
    """Return the kept crate of a series, everything that it depends on compiled."""

    def make(folder: Path) -> None:
        fill(folder, series)
        compile_in(folder)

    return tools.kept(f"seaorm-{VERSIONS[series]}", make)


def fill(folder: Path, series: str) -> None:
    """Write a crate without migrations into an empty folder."""
    (folder / "Cargo.toml").write_text(MANIFEST.format(VERSIONS[series]))
    source = folder / "src"
    for engine in ENGINES:
        (source / engine).mkdir(parents=True)
        (source / engine / "mod.rs").write_text(MIGRATOR)
    (source / "lib.rs").write_text(LIBRARY)
    (source / "main.rs").write_text(MAIN)


def compile_in(folder: Path) -> str:
    """Compile a crate with the kept target folder; skips the test when that fails."""
    cargo = tools.program("cargo", NEEDED)
    return tools.run([cargo, "build", "-j", "2", "--target-dir", TARGET], folder)


def program(series: str, source: Path, folder: Path) -> Path:
    """Return the program of a crate with these sources, copied into ``folder``.

    Compiled in the kept crate's place, by one test at a time, so that nothing piles up there.
    Raises CalledProcessError with what the compiler said.
    """
    home = kept(series)
    with (tools.CACHE / f"seaorm-{series}-build.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        shutil.rmtree(home / "src", ignore_errors=True)
        shutil.copytree(source, home / "src")
        cargo = tools.program("cargo", NEEDED)
        words = [cargo, "build", "-j", "2", "--offline", "--locked", "--target-dir", str(TARGET)]
        subprocess.run(
            words, cwd=home, env=tools.ENVIRONMENT, check=True, capture_output=True, text=True
        )
        made = folder / f"migration-{series}"
        shutil.copy2(TARGET / "debug" / "migration", made)
    return made
