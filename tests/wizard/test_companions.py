"""What is found to be changed with a new migration, in repositories as they are."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from generators.base import Project
from wizard.companions import Todo, companions
from wizard.git import git, mentions, newest_additions


def commit(root: Path, files: dict[str, str], *, message: str = "change") -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    who = ("-c", "user.name=dev", "-c", "user.email=dev@example.org", "-c", "commit.gpgsign=false")
    for words in (("add", "-A"), (*who, "commit", "-q", "-m", message)):
        subprocess.run(["git", "-C", str(root), *words], check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    return tmp_path


def project(root: Path, folder: str, latest: str, head: str = "") -> Project:
    return Project(
        framework="sql",
        layout="golang-migrate",
        root=root,
        directory=root / folder,
        confidence="high",
        evidence=(),
        heads=(head,) if head else (),
        latest=latest,
    )


def grow(root: Path, count: int = 5) -> None:
    """Commit migrations with what changes beside them: a constant, a twin, a model."""
    for n in range(1, count + 1):
        commit(
            root,
            {
                f"db/postgres/{n:04}_add_thing_{n}.up.sql": "SELECT 1;",
                f"db/postgres/{n:04}_add_thing_{n}.down.sql": "SELECT 1;",
                f"db/sqlite/{n:04}_add_thing_{n}.up.sql": "SELECT 1;",
                "app/models.go": f"package app // {n}",
                "CHANGELOG.md": f"{n}",
                "version.go": f'const schema = "{n:04}_add_thing_{n}"',
            },
        )


def test_the_three_signs(repository: Path) -> None:
    grow(repository)
    found = companions(project(repository, "db/postgres", "0005_add_thing_5.up.sql"))
    assert found == (
        Todo(path="version.go", why="names 0005_add_thing_5, the latest migration", how="must"),
        Todo(path="db/sqlite", why="got a file of the same name in 5 of the last 5", how="sibling"),
        Todo(path="app/models.go", why="changed with 4 of the last 5 migrations", how="usual"),
    )


def test_what_is_edited_anyway_is_not_told(repository: Path) -> None:
    grow(repository)
    one = project(repository, "db/postgres", "0005_add_thing_5.up.sql")
    found = companions(one, [repository / "version.go", repository / "app" / "models.go"])
    assert [todo.path for todo in found] == ["db/sqlite"]


def test_imports_and_merges_say_nothing(repository: Path) -> None:
    many = {f"vendor/{n}.txt": "x" for n in range(200)}
    for n in range(4):
        commit(
            repository,
            {f"m/{n}_x.sql": "x", "big.txt": str(n), **{f"{n}/{k}": v for k, v in many.items()}},
        )
    assert companions(project(repository, "m", "3_x.sql")) == ()


def test_an_id_in_a_pointer_file_is_found_without_git(tmp_path: Path) -> None:
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "8c1f2a40d511_add_email.py").write_text("revision = '8c1f2a40d511'")
    (tmp_path / "m" / "HEAD").write_text("8c1f2a40d511\n")
    (tmp_path / "notes.md").write_text("nothing")
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules" / "x.js").write_text("8c1f2a40d511")
    one = project(tmp_path, "m", "8c1f2a40d511_add_email.py", "8c1f2a40d511")
    assert [todo.path for todo in companions(one)] == ["m/HEAD"]


def test_a_short_counter_is_no_sign(tmp_path: Path) -> None:
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "7_x.sql").write_text("")
    (tmp_path / "other.txt").write_text("7_x")
    assert companions(project(tmp_path, "m", "7_x.sql", "7")) == ()


def test_plan_files_need_no_look(repository: Path) -> None:
    plan = "m/plans/2026-11-23-add-email.toml"
    commit(repository, {"m/0002_add_email.sql": "", plan: 'path = "m/0002_add_email.sql"'})
    one = project(repository, "m", "0002_add_email.sql", "0002")
    assert [todo.path for todo in companions(one)] == [plan]
    assert companions(one, plans=repository / "m" / "plans") == ()


def test_other_apps_migrations_follow_and_need_no_edit(repository: Path) -> None:
    commit(
        repository,
        {
            "shop/migrations/0002_add_email.py": "class Migration: ...",
            "blog/migrations/0009_x.py": 'dependencies = [("shop", "0002_add_email")]',
            "shop/migrations/max_migration.txt": "0002_add_email\n",
        },
    )
    one = project(repository, "shop/migrations", "0002_add_email.py", "0002_add_email")
    assert [todo.path for todo in companions(one)] == ["shop/migrations/max_migration.txt"]


def test_no_program_that_a_repository_names_is_run(repository: Path) -> None:
    grow(repository, 3)
    trap = repository / "trap.sh"
    trap.write_text(f"#!/bin/sh\ntouch {repository}/sprung\n")
    trap.chmod(0o755)
    for key in ("core.fsmonitor", "core.pager", "diff.external"):
        subprocess.run(["git", "-C", str(repository), "config", key, str(trap)], check=True)
    commits = newest_additions(repository, "db", count=9, largest=150)
    assert len(commits) == 3
    assert mentions(repository, ["0003_add_thing_3"]) is not None
    assert not (repository / "sprung").exists()


def test_a_folder_that_is_no_repository_has_no_answer(tmp_path: Path) -> None:
    assert git(tmp_path, "log") is None
    assert mentions(tmp_path, ["x"]) is None
    assert newest_additions(tmp_path, "m", count=5, largest=150) == ()
