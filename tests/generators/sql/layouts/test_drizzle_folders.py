"""Drizzle without a journal: recognised by snapshots, which form a chain."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from layout_plans import NOW, columns, index, whole

from generators.base import Project
from generators.sql.layouts.drizzle_folders import LAYOUT
from generators.sql.tree import survey

Write = Callable[[dict[str, str]], Path]
DIFF = {"type": "diff", "version": "9", "dialect": "postgres", "id": "b", "prevIds": ["a"]}
OLDER = {"version": "7", "dialect": "sqlite", "id": "b", "prevIds": ["a"], "ddl": [1]}


def found(root: Path) -> list[Project]:
    return LAYOUT.detect(survey(root))


def history(snapshot: dict[str, object], *names: str) -> dict[str, str]:
    return {
        f"drizzle/{name}/{file}": text
        for name in names
        for file, text in (("migration.sql", "SELECT 1;"), ("snapshot.json", json.dumps(snapshot)))
    }


def test_snapshots_are_certain(tree: Write) -> None:
    root = tree(history(DIFF, "20250101000000_init", "20250102000000_odd_hulk"))
    (project,) = found(root)
    assert (project.directory, project.confidence) == (root / "drizzle", "high")
    assert (project.heads, project.options["engine"]) == (("20250102000000",), "postgresql")
    assert LAYOUT.next_versions(project, taken=(), now=NOW, count=1) == ("20261123102030",)
    assert "name LIKE '1%'" in LAYOUT.commands(project, ("1",)).revert


@pytest.mark.parametrize(
    "files",
    [
        {"prisma/migrations/20250101000000_a/migration.sql": ""},
        {"drizzle/0000_a.sql": "", "drizzle/meta/_journal.json": "{}"},
    ],
)
def test_what_is_not_its(tree: Write, files: dict[str, str]) -> None:
    assert found(tree(files)) == []


def test_a_folder_with_a_snapshot(tmp_path: Path) -> None:
    up, down, snapshot = columns("drizzle-folders", tmp_path)
    folder = tmp_path / "drizzle/20261123102030_add_status"
    assert (up.path, snapshot.path) == (folder / "migration.sql", folder / "snapshot.json")
    assert down.path == tmp_path / "rollbacks/20261123102030_add_status.sql"
    assert whole(up).startswith("SET LOCAL lock_timeout = '2s';--> statement-breakpoint\n")
    assert json.loads(snapshot.content)["type"] == "base"
    # Of other engines' first snapshots nothing is known.
    assert len(columns("drizzle-folders", tmp_path, engine="mariadb")) == 2


def test_snapshots_follow_each_other(tree: Write, tmp_path: Path) -> None:
    (project,) = found(tree(history(DIFF, "20250101000000_init")))
    chain = [json.loads(one.content) for one in index(project, tmp_path)[-3:]]
    assert [one["prevIds"][0] for one in chain] == ["b", chain[0]["id"], chain[1]["id"]]
    assert {one["type"] for one in chain} == {"diff"}


def test_an_older_snapshot_is_repeated_whole(tree: Write, tmp_path: Path) -> None:
    (project,) = found(tree(history(OLDER, "20250101000000_init")))
    assert project.options["engine"] == "sqlite"
    *_, snapshot = columns(project, tmp_path, engine="sqlite")
    said = json.loads(snapshot.content)
    assert (said["prevIds"], said["ddl"]) == (["b"], [1])
