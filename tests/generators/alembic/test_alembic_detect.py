from __future__ import annotations

import os
from pathlib import Path

import pytest
from alembic_kit import ENV, detected, job, migration, project_files, version_file, write

from generators.alembic import GENERATOR
from generators.alembic.detect import command
from wizard.model.errors import ConflictError
from wizard.model.steps import Nothing

NOTHING = migration("do nothing", Nothing(reason="nothing to do"))


def environment(folder: Path, options: str = "") -> Path:
    write(folder / "env.py", ENV.format(options=options))
    (folder / "versions").mkdir(exist_ok=True)
    return folder


def test_a_classic_project(tmp_path: Path) -> None:
    root = project_files(tmp_path)
    versions = root / "migrations/versions"
    version_file(versions, "ffff00000001", None)
    version_file(versions, "aaaa00000002", "ffff00000001", "newer")
    project = detected(root)
    assert project.confidence == "high"
    assert project.heads == ("aaaa00000002",)
    assert project.latest == "aaaa00000002_newer.py"  # by the graph: by name it would be the other
    assert project.directory == versions
    assert project.transactions == "whole run"
    assert project.pattern == "id_words.py"
    assert any("migrations" in one.what for one in project.evidence)
    assert not any(str(tmp_path) in one.what + one.where for one in project.evidence)
    assert command(project) == "alembic"


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (", transaction_per_migration=True", "each migration"),
        (", transaction_per_migration=False", "whole run"),
        (", **{'transaction_per_migration': True}", "each migration"),
        ("  # transaction_per_migration=True", "whole run"),
    ],
)
def test_transactions_are_read_from_the_environment(
    tmp_path: Path, options: str, expected: str
) -> None:
    root = project_files(tmp_path)
    text = ENV.format(options=options)
    if "#" in options:
        text = ENV.format(options="") + "\n" + options
    write(root / "migrations/env.py", text)
    assert detected(root).transactions == expected


def test_the_offline_half_does_not_count(tmp_path: Path) -> None:
    root = project_files(tmp_path)
    offline = (
        "def run_migrations_offline():\n    context.configure(transaction_per_migration=True)\n"
    )
    write(root / "migrations/env.py", ENV.format(options="") + offline)
    assert detected(root).transactions == "whole run"


def test_locks_in_the_environment_are_seen(tmp_path: Path) -> None:
    root = project_files(tmp_path, env=", render_as_batch=True")
    text = (root / "migrations/env.py").read_text()
    write(
        root / "migrations/env.py",
        text + 'connection.execute("SELECT pg_advisory_xact_lock(1)")\n'
        'connection.execute("SET lock_timeout = 5000")\n',
    )
    options = detected(root).options
    assert options["advisory_lock"] == "waits"
    assert options["lock_timeout"] == "env.py"
    assert options["batch"] == "yes"
    assert any("deadlocks" in one.what for one in detected(root).evidence)


def test_ini_comes_before_pyproject_for_each_option(tmp_path: Path) -> None:
    environment(tmp_path / "db")
    write(
        tmp_path / "alembic.ini",
        "[alembic]\ntimezone = Europe/Vienna  # where we are\n"
        "file_template = %%(year)d-%%(month).2d-%%(day).2d_%%(slug)s ; dated\n",
    )
    write(
        tmp_path / "pyproject.toml",
        "[tool.alembic]\nscript_location = '%(here)s/db'\ntimezone = 'UTC'\n"
        "truncate_slug_length = 20\n",
    )
    options = detected(tmp_path).options
    assert options["timezone"] == "Europe/Vienna"
    assert options["truncate"] == "20"
    assert options["file_template"] == "%(year)d-%(month).2d-%(day).2d_%(slug)s"
    assert detected(tmp_path).pattern == "YYYY-MM-DD_words.py"


def test_pyproject_alone(tmp_path: Path) -> None:
    environment(tmp_path / "db")
    write(
        tmp_path / "pyproject.toml",
        "[tool.alembic]\nscript_location = '%(here)s/db'\nfile_template = '%%(rev)s'\n",
    )
    project = detected(tmp_path)
    assert project.options["file_template"] == "%(rev)s"
    assert command(project) == "alembic"


@pytest.mark.parametrize("location", ["app:db/migrations", "app.inner:migrations"])
def test_a_package_resource_is_found_without_importing(tmp_path: Path, location: str) -> None:
    package, _, inside = location.partition(":")
    folder = tmp_path / "src" / package.replace(".", "/") / inside
    folder.mkdir(parents=True)
    environment(folder)
    write(tmp_path / "src/app/__init__.py", "raise SystemExit('imported')\n")
    write(tmp_path / "alembic.ini", f"[alembic]\nscript_location = {location}\n")
    assert detected(tmp_path).options["scripts"] == str(folder)


def test_an_absolute_location_counts_inside_the_root_only(tmp_path: Path) -> None:
    inside, outside = tmp_path / "a/db", tmp_path / "elsewhere"
    inside.mkdir(parents=True)
    outside.mkdir()
    environment(inside)
    environment(outside)
    root = tmp_path / "a"
    write(root / "alembic.ini", f"[alembic]\nscript_location = {inside}\n")
    assert detected(root).options["scripts"] == str(inside)
    write(root / "alembic.ini", f"[alembic]\nscript_location = {outside}\n")
    found = GENERATOR.detect(root)
    assert [one.options["scripts"] for one in found] == [str(inside)]
    assert found[0].confidence == "medium"


def test_flask_migrate(tmp_path: Path) -> None:
    environment(tmp_path / "migrations")
    write(
        tmp_path / "migrations/env.py",
        "from flask import current_app\nfrom alembic import context\n",
    )
    write(
        tmp_path / "migrations/alembic.ini",
        "[alembic]\n# file_template = x\n[loggers]\nkeys = root\n",
    )
    project = detected(tmp_path)
    assert project.options["flask"] == "yes"
    assert command(project) == "flask db"
    edits = GENERATOR.render(_with_template(project), job(NOTHING))
    assert GENERATOR.commands(project, edits).apply == f"flask db upgrade {edits[-1].revision}"
    assert GENERATOR.commands(project, edits).revert == "flask db downgrade base"


def _with_template(project):  # type: ignore[no-untyped-def]
    from alembic_kit import GENERIC

    write(Path(project.options["scripts"]) / "script.py.mako", GENERIC.read_text())
    return project


def test_an_environment_without_configuration(tmp_path: Path) -> None:
    (tmp_path / "pkg/db").mkdir(parents=True)
    environment(tmp_path / "pkg/db")
    version_file(tmp_path / "pkg/db/versions", "abcdefabcdef", None)
    project = detected(tmp_path)
    assert project.confidence == "medium"
    assert project.heads == ("abcdefabcdef",)


def test_several_sections_and_files_are_several_projects(tmp_path: Path) -> None:
    for name in ("one", "two", "three"):
        (tmp_path / name).mkdir()
        environment(tmp_path / name)
    write(
        tmp_path / "alembic.ini",
        "[DEFAULT]\nfile_template = %%(rev)s\n[alembic]\nscript_location = one\n"
        "[private]\nscript_location = two\n[loggers]\nkeys = root\n",
    )
    write(tmp_path / "other.ini", "[alembic]\nscript_location = three\n")
    write(tmp_path / "setup.ini", "[server]\nname = script_location\n")
    found = {Path(one.options["scripts"]).name: one for one in GENERATOR.detect(tmp_path)}
    assert set(found) == {"one", "two", "three"}
    assert command(found["two"]) == "alembic -n private"
    assert command(found["three"]) == "alembic -c other.ini"
    assert found["two"].options["file_template"] == "%(rev)s"
    assert found["three"].options["file_template"] == "%(rev)s_%(slug)s"


def test_a_nested_ini_is_run_from_where_alembic_finds_its_scripts(tmp_path: Path) -> None:
    (tmp_path / "sub dir/db").mkdir(parents=True)
    environment(tmp_path / "sub dir/db")
    write(tmp_path / "sub dir/alembic.ini", "[alembic]\nscript_location = db\n")
    assert command(detected(tmp_path)) == "cd 'sub dir' && alembic"
    write(tmp_path / "sub dir/alembic.ini", "[alembic]\nscript_location = %(here)s/db\n")
    assert command(detected(tmp_path)) == "alembic -c 'sub dir/alembic.ini'"


def test_the_place_where_the_user_stands_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b"):
        root = project_files(tmp_path / name)
        version_file(root / "migrations/versions", "abcdefabcdef", None)
    monkeypatch.chdir(tmp_path / "b")
    assert GENERATOR.detect(tmp_path)[0].options["scripts"].endswith("b/migrations")
    monkeypatch.chdir(tmp_path / "a")
    assert GENERATOR.detect(tmp_path)[0].options["scripts"].endswith("a/migrations")


@pytest.mark.parametrize(
    ("separator", "joined"),
    [
        ("path_separator = newline", "\n    %(here)s/x\n    %(here)s/y"),
        ("path_separator = space", "%(here)s/x %(here)s/y"),
        ("version_path_separator = os  # Use os.pathsep.", f"%(here)s/x{os.pathsep}%(here)s/y"),
        ("", "%(here)s/x, %(here)s/y"),
    ],
)
def test_a_new_file_goes_beside_the_head(tmp_path: Path, separator: str, joined: str) -> None:
    root = project_files(tmp_path, ini=f"{separator}\nversion_locations = {joined}\n")
    version_file(root / "x", "000000000001", None)
    version_file(root / "y", "000000000002", "000000000001")
    project = detected(root)
    assert project.heads == ("000000000002",)
    assert project.directory == root / "y"


def test_two_heads_are_named(tmp_path: Path) -> None:
    root = project_files(tmp_path)
    versions = root / "migrations/versions"
    version_file(versions, "000000000001", None)
    version_file(versions, "000000000002", "000000000001")
    version_file(versions, "000000000003", "000000000001")
    project = detected(root)
    assert set(project.heads) == {"000000000002", "000000000003"}
    with pytest.raises(ConflictError) as raised:
        GENERATOR.render(project, job(NOTHING))
    assert raised.value.code == "two-heads"
    assert "000000000002" in raised.value.message
    assert "000000000003" in raised.value.message
    assert raised.value.next_actions == ("alembic merge heads",)


def test_a_merge_has_one_head(tmp_path: Path) -> None:
    root = project_files(tmp_path)
    versions = root / "migrations/versions"
    version_file(versions, "000000000001", None)
    version_file(versions, "000000000002", "000000000001")
    version_file(versions, "000000000003", "000000000001")
    merge = version_file(versions, "000000000004", "x")
    merge.write_text(
        merge.read_text().replace('"x"', "(\n    '000000000002',\n    '000000000003',\n)")
    )
    assert detected(root).heads == ("000000000004",)
    assert detected(root).problems == ()


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ((("a" * 12, "b" * 12),), "which no file has"),
        ((("a" * 12, None), ("a" * 12, None)), "two files have the revision"),
        ((("a" * 12, "b" * 12), ("b" * 12, "a" * 12)), "in a circle"),
        ((("c" * 12, None), ("a" * 12, "b" * 12), ("b" * 12, "a" * 12)), "in a circle"),
    ],
)
def test_a_broken_history_is_refused(
    tmp_path: Path, files: tuple[tuple[str, str | None], ...], said: str
) -> None:
    root = project_files(tmp_path)
    for number, (revision, down) in enumerate(files):
        version_file(root / "migrations/versions", revision, down, f"change {number}")
    project = detected(root)
    assert any(said in one for one in project.problems)
    assert project.confidence == "medium"
    with pytest.raises(ConflictError, match=project.problems[0]) as raised:
        GENERATOR.render(project, job(NOTHING))
    assert raised.value.code == "broken-history"


def test_odd_files_are_read_and_left_alone(tmp_path: Path) -> None:
    root = project_files(tmp_path)
    versions = root / "migrations/versions"
    write(versions / "__init__.py", "revision = 'no'\n")
    write(versions / "helpers.py", "revision = None\n")
    write(versions / "broken.py", "revision = 'x'\ndef (\n")
    write(
        versions / "one.py",
        '"""Doc\n\nrevision = "not this"\n"""\nrevision: str = "000000000001"  # id\n'
        "down_revision: str | None = None\ndepends_on = ('somewhere',)\n",
    )
    write(
        versions / "two.py",
        "revision = '000000000002'\ndown_revision = ('000000000001')\nbranch_labels = {'x'}\n",
    )
    (versions / "binary.py").write_bytes(b"revision\0")
    project = detected(root)
    assert project.heads == ("000000000002",)
    assert project.problems == ()


def test_no_user_code_runs(tmp_path: Path) -> None:
    root = project_files(tmp_path)
    trap = f"open({str(tmp_path / 'ran')!r}, 'w').close()\n"
    write(root / "migrations/env.py", trap + ENV.format(options=""))
    version = version_file(root / "migrations/versions", "000000000001", None)
    version.write_text(version.read_text() + trap)
    edits = GENERATOR.render(detected(root), job(NOTHING))
    GENERATOR.check(edits, job().dialect)
    assert not (tmp_path / "ran").exists()


def test_unreadable_configuration_is_no_error(tmp_path: Path) -> None:
    write(tmp_path / "alembic.ini", "script_location = nowhere\nalembic\n[[[")
    write(tmp_path / "pyproject.toml", "alembic = [[[")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/alembic.ini").write_bytes(b"\xff\xfe\0alembic")
    write(tmp_path / "placeholder/alembic.ini", "[alembic]\nscript_location = {alembic_dir}\n")
    assert GENERATOR.detect(tmp_path) == []


def test_vendored_trees_are_not_entered(tmp_path: Path) -> None:
    for name in (".venv", "node_modules", "build"):
        project_files(tmp_path / name)
    project_files(tmp_path / "app")
    assert detected(tmp_path).options["scripts"] == str(tmp_path / "app/migrations")


def test_each_file_is_opened_at_most_when_it_may_matter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten thousand files must not cost ten thousand reads; time itself is not tested."""
    root = project_files(tmp_path)
    version_file(root / "migrations/versions", "000000000001", None)
    for number in range(50):
        write(root / f"app/module_{number}.py", "import alembic\n")
    opened: list[str] = []
    real = Path.open

    def counted(self: Path, *args, **kwargs):  # type: ignore[no-untyped-def]
        opened.append(self.name)
        return real(self, *args, **kwargs)

    monkeypatch.setattr(Path, "open", counted)
    detected(root)
    assert not [name for name in opened if name.startswith("module_")]
