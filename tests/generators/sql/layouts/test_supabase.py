"""Supabase: recognised by its folder, whose name is always the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from layout_plans import columns, index, whole

from generators.base import Project
from generators.sql.layouts.supabase import LAYOUT
from generators.sql.tree import survey

Write = Callable[[dict[str, str]], Path]
NOW = datetime(2026, 11, 23, 10, 20, 30, tzinfo=UTC)
FOLDER = "supabase/migrations"


def found(root: Path) -> list[Project]:
    return LAYOUT.detect(survey(root))


def test_its_folder_and_configuration(tree: Write) -> None:
    root = tree(
        {
            "supabase/config.toml": 'project_id = "x"\n',
            f"{FOLDER}/20250101000000_users.sql": "create table users ();\n",
            f"{FOLDER}/20250102000000_add_orders.sql": "create table orders ();\n",
            f"{FOLDER}/README.md": "",
        }
    )
    (project,) = found(root)
    assert (project.directory, project.confidence) == (root / FOLDER, "high")
    assert project.heads == ("20250102000000",)
    assert [one.where for one in project.evidence] == [
        f"{FOLDER}/20250102000000_add_orders.sql",
        "supabase/config.toml",
    ]


def test_a_project_without_a_migration_yet(tree: Write) -> None:
    root = tree({"web/supabase/config.toml": 'project_id = "x"\n'})
    (project,) = found(root)
    assert (project.directory, project.confidence) == (root / "web" / FOLDER, "medium")


@pytest.mark.parametrize(
    "files",
    [
        {"db/migrations/20250101000000_a.sql": ""},
        {f"{FOLDER}/20250101000000_a.sql": "-- migrate:up\n-- migrate:down\n"},
        {f"{FOLDER}/20250101000000-a.sql": ""},
        {f"{FOLDER}/notes.sql": ""},
    ],
)
def test_what_is_not_its(tree: Write, files: dict[str, str]) -> None:
    assert found(tree(files)) == []


@pytest.mark.parametrize(
    ("history", "expected"),
    [
        (["20220603183927_initial", "20260130094817_add_role"], "20261123102030"),
        # Written ahead of time, and one of an hour that does not exist.
        (["20261124000000_soon"], "20261124000001"),
        (["20261123296170_odd"], "20261123296171"),
        (["0001_users", "0002_orders"], "0003"),
    ],
)
def test_the_next_version_follows_the_newest(
    tree: Write, history: list[str], expected: str
) -> None:
    (project,) = found(tree({f"{FOLDER}/{name}.sql": "" for name in history}))
    assert LAYOUT.next_versions(project, taken=(), now=NOW, count=1) == (expected,)


def test_files_and_their_way_back(tmp_path: Path) -> None:
    up, down = columns("supabase", tmp_path)
    assert up.path == tmp_path / FOLDER / "20261123102030_add_status.sql"
    assert whole(up) == (
        "SET LOCAL lock_timeout = '2s';\n"
        "ALTER TABLE orders ADD COLUMN status text DEFAULT 'a`${b}\\#{c}?';\n"
    )
    assert down.path == tmp_path / "supabase/rollbacks/20261123102030_add_status.sql"
    assert whole(down) == (
        "BEGIN;\n\n"
        "SET LOCAL lock_timeout = '2s';\n"
        "ALTER TABLE orders DROP COLUMN status;\n\n"
        "COMMIT;\n"
    )
    assert "supabase migration repair --status reverted 20261123102030" in down.content


def test_a_concurrent_build_is_alone(tmp_path: Path) -> None:
    files = [one for one in index("supabase", tmp_path) if one.up]
    assert whole(files[1]) == "CREATE INDEX CONCURRENTLY IF NOT EXISTS ix ON orders (status);\n"


def test_commands(tmp_path: Path) -> None:
    commands = LAYOUT.commands(LAYOUT.imagine(tmp_path), ("1", "2"))
    assert commands.revert == (
        'psql "$DATABASE_URL" -v ON_ERROR_STOP=1 -f supabase/rollbacks/2*.sql '
        "-f supabase/rollbacks/1*.sql && supabase migration repair --status reverted 1 2"
    )
