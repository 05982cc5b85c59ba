"""Hasura: recognised by folders that are named after milliseconds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from layout_plans import NOW, columns, index, whole

from generators.base import Project
from generators.sql.layouts.hasura import LAYOUT
from generators.sql.tree import survey

Write = Callable[[dict[str, str]], Path]


def found(root: Path) -> list[Project]:
    return LAYOUT.detect(survey(root))


def pairs(folder: str, *names: str) -> dict[str, str]:
    return {f"{folder}/{name}/{side}.sql": "" for name in names for side in ("up", "down")}


def test_one_folder_for_each_database(tree: Write) -> None:
    root = tree(
        {"hasura/config.yaml": "version: 3\nmetadata_directory: metadata\n"}
        | pairs("hasura/migrations/default", "1638394839812_init", "1640000000000_users")
        | pairs("hasura/migrations/reports", "1650000000000_init")
    )
    first, second = found(root)
    assert first.directory == root / "hasura/migrations/default"
    assert (first.confidence, first.heads) == ("high", ("1640000000000",))
    assert first.evidence[1].where == "hasura/config.yaml"
    assert second.directory.name == "reports"
    assert LAYOUT.next_versions(first, taken=(), now=NOW, count=2) == (
        "1795429230000",
        "1795429230001",
    )


@pytest.mark.parametrize(
    "name", ["2025-01-01-000000_init", "20250101000000_init", "0001_init", "00000000000000_init"]
)
def test_folders_of_others(tree: Write, name: str) -> None:
    assert found(tree(pairs("migrations", name))) == []


def test_a_version_of_the_first_client_is_a_number_too(tree: Write) -> None:
    (project,) = found(tree(pairs("m/default", "1_init", "1640000000000_a", "1640000000001_b")))
    assert project.heads == ("1640000000001",)


def test_a_pair_in_a_folder(tmp_path: Path) -> None:
    up, down = columns("hasura", tmp_path)
    folder = tmp_path / "migrations/default/1795429230000_add_status"
    assert (up.path, down.path) == (folder / "up.sql", folder / "down.sql")
    assert whole(up) == (
        "SET LOCAL lock_timeout = '2s';\n"
        "ALTER TABLE orders ADD COLUMN status text DEFAULT 'a`${b}\\#{c}?';\n"
    )
    assert whole(down) == "SET LOCAL lock_timeout = '2s';\nALTER TABLE orders DROP COLUMN status;\n"


def test_a_concurrent_build_is_alone(tmp_path: Path) -> None:
    assert whole(index("hasura", tmp_path)[2]) == (
        "CREATE INDEX CONCURRENTLY IF NOT EXISTS ix ON orders (status);\n"
    )


def test_commands(tmp_path: Path) -> None:
    commands = LAYOUT.commands(LAYOUT.imagine(tmp_path), ("1", "2"))
    assert commands.revert == "hasura migrate apply --database-name default --down 2"
