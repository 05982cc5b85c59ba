"""Projects and jobs for the tests of the SeaORM generator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from generators.base import Job, Project
from generators.seaorm import GENERATOR
from wizard.dialects import dialect
from wizard.dialects.base import Dialect, Size
from wizard.model.plan import Migration

NOW = datetime(2026, 11, 23, 10, 20, 30, tzinfo=UTC)
POSTGRESQL = dialect("postgresql", (18, 0))


def tree(root: Path, files: Mapping[str, str]) -> Path:
    """Write files below a folder and return it."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def migrator(*names: str, head: str = "use sea_orm_migration::prelude::*;\n") -> str:
    """Return a `lib.rs` that registers these."""
    mods = "".join(f"mod {one};\n" for one in names)
    entries = "".join(f"            Box::new({one}::Migration),\n" for one in names)
    return (
        f"{head}\n{mods}\npub struct Migrator;\n\n#[async_trait::async_trait]\n"
        "impl MigratorTrait for Migrator {\n"
        "    fn migrations() -> Vec<Box<dyn MigrationTrait>> {\n"
        f"        vec![\n{entries}        ]\n    }}\n}}\n"
    )


def job(*migrations: Migration, engine: Dialect = POSTGRESQL) -> Job:
    """Return a job with some migrations of the first phase."""
    return Job(
        title="a change",
        plan_slug="a-change",
        migrations=tuple(("expand", one) for one in migrations),
        dialect=engine,
        sizes=lambda _: Size(rows=1_000_000),
        now=NOW,
        new_id=lambda digits: "0" * digits,
    )


def imagined(root: Path, version: str = "2.0", **options: str) -> Project:
    """Return a project that is not there, of a version."""
    found = GENERATOR.imagine(root, POSTGRESQL)
    modern = version >= "2"
    style = (
        {"name": "literal", "idens": "string"} if modern else {"name": "derived", "idens": "enum"}
    )
    return replace(
        found,
        transactions="each migration" if modern else "whole run",
        options={**found.options, "version": version, **style, **options},
    )
