"""Prisma: recognised by its lock file, or by a schema beside folders of migrations."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from layout_plans import columns, index, whole

from generators.base import Project
from generators.sql.layouts.prisma import LAYOUT
from generators.sql.tree import survey

Write = Callable[[dict[str, str]], Path]
NOW = datetime(2026, 11, 23, 10, 20, 30, tzinfo=UTC)
LOCK = 'provider = "postgresql"\n'


def found(root: Path) -> list[Project]:
    return LAYOUT.detect(survey(root))


def history(folder: str, *names: str) -> dict[str, str]:
    return {f"{folder}/{name}/migration.sql": "SELECT 1;\n" for name in names}


def test_a_lock_file_is_certain(tree: Write) -> None:
    root = tree(
        {"packages/db/schema.prisma": "", "packages/db/migrations/migration_lock.toml": LOCK}
        | history("packages/db/migrations", "20250101000000_init", "20250102000000_add_user_role")
    )
    (project,) = found(root)
    assert project.directory == root / "packages/db/migrations"
    assert (project.confidence, project.heads) == ("high", ("20250102000000",))
    assert project.options["schema"] == "packages/db/schema.prisma"
    assert project.evidence[1].where == "packages/db/migrations/migration_lock.toml"


@pytest.mark.parametrize(
    "files",
    [
        # Drizzle's newer form, diesel's, and folders of no tool at all.
        history("drizzle", "20250101000000_init")
        | {"drizzle/20250101000000_init/snapshot.json": ""},
        {"migrations/2025-01-01-000000_init/up.sql": ""},
        history("sql", "20250101000000_init"),
    ],
)
def test_what_is_not_its(tree: Write, files: dict[str, str]) -> None:
    assert found(tree(files)) == []


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["0_init"], "20261123102030"),
        (["0_init", "20260803121000_a"], "20261123102030"),
        (["01_init", "02_report"], "03"),
        (["20261123102030_a"], "20261123102031"),
    ],
)
def test_the_next_version(tree: Write, names: list[str], expected: str) -> None:
    (project,) = found(tree({"m/migration_lock.toml": LOCK} | history("m", *names)))
    assert LAYOUT.next_versions(project, taken=(), now=NOW, count=1) == (expected,)


def test_the_way_back_is_beside_the_migration(tmp_path: Path) -> None:
    up, down, lock = columns("prisma", tmp_path)
    folder = tmp_path / "prisma/migrations/20261123102030_add_status"
    assert (up.path, down.path) == (folder / "migration.sql", folder / "down.sql")
    assert whole(up) == (
        "SET LOCAL lock_timeout = '2s';\n"
        "ALTER TABLE orders ADD COLUMN status text DEFAULT 'a`${b}\\#{c}?';\n"
    )
    assert "DELETE FROM _prisma_migrations WHERE migration_name" in down.content
    assert lock.path == tmp_path / "prisma/migrations/migration_lock.toml"
    assert lock.content.endswith('\nprovider = "postgresql"\n')
    *_, lock = columns("prisma", tmp_path, engine="mariadb")
    assert lock.content.endswith('\nprovider = "mysql"\n')


def test_a_concurrent_build_is_alone(tmp_path: Path) -> None:
    files = [one for one in index("prisma", tmp_path) if one.up]
    assert whole(files[1]) == "CREATE INDEX CONCURRENTLY IF NOT EXISTS ix ON orders (status);\n"


def test_commands_name_the_schema_where_no_configuration_does(tree: Write) -> None:
    files = history("prisma/migrations", "1_a") | {"prisma/schema.prisma": ""}
    root = tree(files)
    (project,) = found(root)
    assert LAYOUT.commands(project, ("2",)).revert == (
        "npx prisma db execute --schema prisma/schema.prisma "
        "--file prisma/migrations/2*/down.sql && "
        "echo \"DELETE FROM _prisma_migrations WHERE migration_name LIKE '2%'\" "
        "| npx prisma db execute --schema prisma/schema.prisma --stdin"
    )
    (project,) = found(tree({"prisma.config.ts": "export default {};\n"}))
    assert LAYOUT.commands(project, ("2",)).revert.startswith("npx prisma db execute --file")
