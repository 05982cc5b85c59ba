from __future__ import annotations

import os
from pathlib import Path

import pytest
from django_kit import detected, job, migration, migration_file, shop, write

from generators.django import GENERATOR
from wizard.model.errors import ConflictError
from wizard.model.steps import Nothing

NOTHING = migration("do nothing", Nothing(reason="nothing to do"))


def names(root: Path) -> list[str]:
    edits = GENERATOR.render(detected(root), job(NOTHING, NOTHING))
    return [one.path.relative_to(root.resolve()).as_posix() for one in edits]


def test_an_app_with_its_evidence(tmp_path: Path) -> None:
    folder = shop(tmp_path)
    migration_file(folder, "0002_more", "0001_initial")
    project = detected(tmp_path)
    assert project.directory == folder.resolve()
    assert project.confidence == "high"
    assert project.heads == ("0002_more",)
    assert project.latest == "0002_more.py"
    assert project.options["label"] == "shop"
    assert project.options["version"] == "5.2"
    assert [one.where for one in project.evidence] == ["shop/migrations", "manage.py"]
    assert not any(str(tmp_path) in one.what for one in project.evidence)


def test_a_folder_of_other_migrations_is_no_app(tmp_path: Path) -> None:
    write(tmp_path / "migrations/0001_a.py", "revision = '1'\n")
    write(tmp_path / "shop/migrations/0001_a.sql", "SELECT 1;\n")
    assert GENERATOR.detect(tmp_path) == []


def test_the_next_number_follows_the_leaf_and_not_the_largest(tmp_path: Path) -> None:
    folder = shop(tmp_path)
    migration_file(folder, "0009_far", "0001_initial")
    migration_file(folder, "0003_merge", "0009_far")
    assert names(tmp_path) == [
        "shop/migrations/0004_do_nothing.py",
        "shop/migrations/0005_do_nothing.py",
    ]


@pytest.mark.parametrize("originals", [True, False])
def test_a_squash_stands_for_what_it_replaces(tmp_path: Path, originals: bool) -> None:
    folder = shop(tmp_path)
    migration_file(folder, "0002_b", "0001_initial")
    migration_file(
        folder,
        "0001_squashed_0002_b",
        extra="    replaces = [('shop', '0001_initial'), ('shop', '0002_b')]\n",
    )
    if not originals:
        (folder / "0001_initial.py").unlink()
        (folder / "0002_b.py").unlink()
    # It still names the one that was replaced.
    third = migration_file(folder, "0003_c", "0002_b")
    assert detected(tmp_path).heads == ("0003_c",)
    assert not detected(tmp_path).problems
    third.unlink()
    assert detected(tmp_path).heads == ("0001_squashed_0002_b",)
    assert names(tmp_path)[0] == "shop/migrations/0003_do_nothing.py"


def test_two_leaves_are_a_conflict(tmp_path: Path) -> None:
    folder = shop(tmp_path)
    migration_file(folder, "0002_a", "0001_initial")
    migration_file(folder, "0002_b", "0001_initial")
    assert detected(tmp_path).heads == ("0002_a", "0002_b")
    with pytest.raises(ConflictError) as caught:
        names(tmp_path)
    assert caught.value.code == "two-heads"
    assert "makemigrations --merge" in caught.value.next_actions[0]
    migration_file(folder, "0003_merge", "0002_a", "0002_b")
    assert names(tmp_path)[0].endswith("0004_do_nothing.py")


@pytest.mark.parametrize(
    ("name", "depends", "problem"),
    [
        ("0002_a", "0001_gone", "0002_a depends on 0001_gone, which is not there"),
        ("0002_a", "0003_b", "in a circle"),
    ],
)
def test_a_broken_history(tmp_path: Path, name: str, depends: str, problem: str) -> None:
    folder = shop(tmp_path)
    migration_file(folder, name, depends, "0001_initial")
    if depends == "0003_b":
        (folder / "0001_initial.py").unlink()
        migration_file(folder, name, depends)
        migration_file(folder, "0003_b", name)
    assert any(problem in one for one in detected(tmp_path).problems)
    with pytest.raises(ConflictError) as caught:
        names(tmp_path)
    assert caught.value.code == "broken-history"


def test_a_file_that_nobody_can_read_is_a_problem(tmp_path: Path) -> None:
    folder = shop(tmp_path)
    (folder / "0002_odd.py").write_bytes(b"class Migration: # \xff\xfe\n")
    assert detected(tmp_path).problems == ("0002_odd.py cannot be read",)


def test_nothing_follows_a_file_that_is_no_python(tmp_path: Path) -> None:
    folder = shop(tmp_path)
    path = migration_file(folder, "0002_a", "0001_initial")
    path.write_text(path.read_text() + "\n<<<<<<< HEAD\n")
    with pytest.raises(ConflictError) as caught:
        names(tmp_path)
    assert caught.value.code == "broken-history"
    assert "0002_a.py cannot be read" in caught.value.message


def test_what_the_loader_ignores(tmp_path: Path) -> None:
    folder = shop(tmp_path)
    for name in ("_helpers", "~0009_old"):
        migration_file(folder, name, "0001_initial")
    migration_file(folder / "tasks", "0007_sub", "0001_initial")
    write(folder / "utils.py", "def help(): ...\n")
    assert detected(tmp_path).heads == ("0001_initial",)


def test_the_label_is_what_the_migrations_call_it(tmp_path: Path) -> None:
    folder = shop(tmp_path)
    migration_file(folder, "0002_a", "0001_initial", label="store")
    assert detected(tmp_path).options["label"] == "store"


def test_the_label_of_a_single_migration_is_that_of_apps(tmp_path: Path) -> None:
    shop(tmp_path)
    write(tmp_path / "shop/apps.py", "class C(AppConfig):\n    name = 'shop'\n    label = 'till'\n")
    assert detected(tmp_path).options["label"] == "till"


def test_migration_modules_move_an_app_and_switch_one_off(tmp_path: Path) -> None:
    shop(tmp_path)
    write(tmp_path / "other/__init__.py", "")
    migration_file(tmp_path / "other/migrations", "0001_initial")
    migration_file(tmp_path / "moved/db", "0004_start")
    write(
        tmp_path / "site/settings/base.py",
        "MIGRATION_MODULES = {'shop': 'moved.db', 'other': None, 'x': f()}\n",
    )
    (project,) = GENERATOR.detect(tmp_path)
    assert project.directory == tmp_path.resolve() / "moved/db"
    assert project.options["label"] == "shop"
    assert project.heads == ("0004_start",)


def test_an_app_gets_its_first_migration(tmp_path: Path) -> None:
    write(tmp_path / "manage.py", "")
    write(tmp_path / "blog/models.py", "class Post(models.Model): ...\n")
    project = detected(tmp_path)
    assert project.heads == ()
    assert names(tmp_path) == [
        "blog/migrations/__init__.py",
        "blog/migrations/0001_do_nothing.py",
        "blog/migrations/0002_do_nothing.py",
    ]


@pytest.mark.parametrize(
    ("name", "text", "version"),
    [
        ("requirements.txt", "Django==4.2.11\n", "4.2"),
        ("requirements/base.txt", "# x\ndjango==5.0.3 ; python_version > '3'\n", "5.0"),
        ("poetry.lock", '[[package]]\nname = "django"\nversion = "5.1.4"\n', "5.1"),
        ("uv.lock", '[[package]]\nname = "django"\nversion = "6.0.1"\nsource = {}\n', "6.0"),
        ("pyproject.toml", 'dependencies = ["django>=4.2,<6"]\n', "5.2"),
        ("requirements.txt", "django-filter==23.1\n", "5.2"),
    ],
)
def test_the_version_of_django(tmp_path: Path, name: str, text: str, version: str) -> None:
    shop(tmp_path)
    write(tmp_path / name, text)
    assert detected(tmp_path).options["version"] == version


def test_without_any_word_of_a_version_no_newer_feature_is_used(tmp_path: Path) -> None:
    folder = shop(tmp_path)
    first = folder / "0001_initial.py"
    first.write_text("\n".join(first.read_text().split("\n")[1:]))
    assert detected(tmp_path).options["version"] == "4.2"


def test_the_newest_app_comes_first_and_only_it_is_sure(tmp_path: Path) -> None:
    shop(tmp_path)
    write(tmp_path / "blog/__init__.py", "")
    path = migration_file(tmp_path / "blog/migrations", "0001_initial", label="blog")
    os.utime(path, (4_000_000_000, 4_000_000_000))
    found = GENERATOR.detect(tmp_path)
    assert [(one.options["label"], one.confidence) for one in found] == [
        ("blog", "high"),
        ("shop", "medium"),
    ]


def test_commands(tmp_path: Path) -> None:
    shop(tmp_path / "back")
    project = detected(tmp_path)
    edits = GENERATOR.render(project, job(NOTHING, NOTHING))
    commands = GENERATOR.commands(project, edits)
    assert commands.apply == "python back/manage.py migrate shop 0003_do_nothing"
    assert commands.revert == "python back/manage.py migrate shop 0001_initial"
    assert commands.mark == "python back/manage.py migrate --fake shop 0003_do_nothing"


def test_files_of_one_write_follow_each_other(tmp_path: Path) -> None:
    shop(tmp_path)
    project = detected(tmp_path)
    first = GENERATOR.render(project, job(NOTHING))
    (second,) = GENERATOR.render(project, job(NOTHING, after=first))
    assert second.path.name == "0003_do_nothing.py"
    assert "('shop', '0002_do_nothing')" in second.content


def test_what_names_the_newest_migration_is_edited(tmp_path: Path) -> None:
    folder = shop(tmp_path)
    write(folder / "max_migration.txt", "0001_initial\n")
    write(tmp_path / "migrations_lockfile.txt", "blog: 0004_x\nshop: 0001_initial\n")
    edits = GENERATOR.render(detected(tmp_path), job(NOTHING, NOTHING))
    newest, lock = edits[-2:]
    assert (newest.path.name, newest.action, newest.content, newest.before) == (
        "max_migration.txt",
        "edit",
        "0003_do_nothing\n",
        "0001_initial\n",
    )
    assert lock.content == "blog: 0004_x\nshop: 0003_do_nothing\n"


@pytest.mark.parametrize(
    ("written", "call"), [("Safe.before_deploy()", "()"), ("Safe.after_deploy", "")]
)
def test_safemigrate(tmp_path: Path, written: str, call: str) -> None:
    folder = shop(tmp_path)
    migration_file(
        folder,
        "0002_a",
        "0001_initial",
        extra=f"    safe = {written}\n",
        imports="from django_safemigrate import Safe",
    )
    (edit,) = GENERATOR.render(detected(tmp_path), job(NOTHING))
    assert f"    safe = Safe.before_deploy{call}\n" in edit.content
    assert "from django_safemigrate import Safe\n" in edit.content
