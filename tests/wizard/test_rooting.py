"""Migwiz finds the project of a user who stands somewhere inside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from wizard.commands.options import environment
from wizard.rooting import project_root

ALEMBIC = {
    "alembic.ini": "[alembic]\nscript_location = migrations\n",
    "migrations/env.py": "",
    "migrations/versions/1_start.py": 'revision = "1"\ndown_revision = None\n',
}


def build(root: Path, *folders: str, repository: bool = True) -> None:
    for name, text in ALEMBIC.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    for one in folders:
        (root / one).mkdir(parents=True)
    if repository:
        (root / ".git").mkdir()


def test_from_a_folder_within_the_project(tmp_path: Path) -> None:
    build(tmp_path, "src/shop")
    assert project_root(tmp_path / "src/shop") == tmp_path
    assert project_root(tmp_path / "migrations/versions") == tmp_path
    assert project_root(tmp_path) == tmp_path


def test_the_nearest_of_several_projects(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    build(tmp_path / "api", "src", repository=False)
    build(tmp_path / "jobs", "src", repository=False)
    assert project_root(tmp_path / "jobs/src") == tmp_path / "jobs"


def test_nothing_above_the_repository_counts(tmp_path: Path) -> None:
    build(tmp_path, repository=False)
    (tmp_path / "other/.git").mkdir(parents=True)
    (tmp_path / "other/src").mkdir()
    (tmp_path / "loose").mkdir()
    assert project_root(tmp_path / "other/src") == tmp_path / "other/src"
    assert project_root(tmp_path / "loose") == tmp_path / "loose"


def test_a_root_that_was_named_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build(tmp_path, "src")
    monkeypatch.chdir(tmp_path / "src")
    assert environment().root == tmp_path
    assert environment(".").root == tmp_path / "src"
