from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from alembic_kit import NOW, detected, job, migration, project_files, put, version_file

from generators.alembic import GENERATOR
from generators.alembic.inference import infer_scheme, infer_template
from generators.alembic.naming import file_name, slug_of
from wizard.model.errors import ConflictError
from wizard.model.steps import Nothing


def idle(title: str):  # type: ignore[no-untyped-def]
    return migration(title, Nothing(reason="nothing"))


@pytest.mark.parametrize(
    "template",
    [
        "%(rev)s_%(slug)s",
        "%(year)d_%(month).2d_%(day).2d_%(hour).2d%(minute).2d-%(rev)s_%(slug)s",
        "%(epoch)s_%(rev)s",
        "%(year)d/%(month).2d/%(slug)s",
    ],
)
@pytest.mark.parametrize(
    "message",
    [
        "add index on orders (status)",
        "Straße über Äcker",
        "",
        "a" * 60,
        "one two three four five six seven eight nine ten",
        "MixedCase with-dashes and.dots",
    ],
)
def test_names_are_alembics_own(tmp_path: Path, template: str, message: str) -> None:
    directory = ScriptDirectory(str(tmp_path), file_template=template)
    theirs = directory._rev_path(tmp_path, "abcdef123456", message, NOW)
    ours = file_name(template, revision="abcdef123456", message=message, moment=NOW, limit=40)
    assert tmp_path / ours == theirs


def test_long_slugs_end_with_an_underscore() -> None:
    assert (
        slug_of("one two three four five six seven eight nine")
        == "one_two_three_four_five_six_seven_eight_"
    )
    assert slug_of("a" * 50) == "a" * 40 + "_"


@pytest.mark.parametrize(
    ("names", "template"),
    [
        ([("105_abcdefabcdef_some_words", "abcdefabcdef"), ("104_abcdefabcde0_more", "abcdefabcde0")],
         "%(counter).3d_%(rev)s_%(slug)s"),
        ([("2026_01_02_1230-abcdef_words", "abcdef"), ("2025_12_31_0001-fedcba_words", "fedcba")],
         "%(year)d_%(month).2d_%(day).2d_%(hour).2d%(minute).2d-%(rev)s_%(slug)s"),
        ([("2026-01-02-1230_words", "abcdef"), ("2025-12-31-0001_more_words", "fedcba")],
         "%(year)d-%(month).2d-%(day).2d-%(hour).2d%(minute).2d_%(slug)s"),
        ([("0012_words", "abcdef"), ("0011_words", "fedcba")], "%(counter).4d_%(slug)s"),
        ([("abcdef", "abcdef"), ("fedcba", "fedcba")], "%(rev)s"),
    ],
)  # fmt: skip
def test_the_newest_files_win_over_the_configuration(
    names: list[tuple[str, str]], template: str
) -> None:
    assert infer_template("%(epoch)s", names) == (template, False)
    assert infer_template(template, names) == (template, True)


def test_one_odd_file_does_not_win() -> None:
    names = [
        ("odd", "aaaaaaaaaaaa"),
        ("bbbbbbbbbbbb_x", "bbbbbbbbbbbb"),
        ("cccccccccccc_y", "cccccccccccc"),
    ]
    assert infer_template("%(rev)s_%(slug)s", names) == ("%(rev)s_%(slug)s", True)


@pytest.mark.parametrize(
    ("ids", "scheme"),
    [
        (["abcdef123456", "0123456789ab"], "hex:12:"),
        (["abcdef12345", "0123456789a"], "hex:11:"),
        (["main_0003", "main_0002", "main_0001"], "counter:4:main_"),
        (["0012", "0011", "0009"], "counter:4:"),
        (["20260102123000", "20251231000100"], "time:14:"),
        (["v3.2.0.a", "v3.1.0.a"], "hex:12:"),
        (["kilo", "juno"], "hex:12:"),
        (["123456789012", "234567890123"], "hex:12:"),
        ([], "hex:12:"),
    ],
)
def test_id_schemes(ids: list[str], scheme: str) -> None:
    assert str(infer_scheme(ids)) == scheme


def test_counters_go_on_in_ids_and_names(tmp_path: Path) -> None:
    root = project_files(tmp_path)
    versions = root / "migrations/versions"
    for number in range(8, 11):
        down = f"{number - 1:04d}" if number > 8 else None
        version_file(versions, f"{number:04d}", down, f"change {number}")
    first = GENERATOR.render(detected(root), job(idle("one"), idle("two")))
    assert [edit.path.name for edit in first] == ["0011_one.py", "0012_two.py"]
    more = GENERATOR.render(detected(root), job(idle("three"), after=first))
    assert more[0].path.name == "0013_three.py"
    assert '"0012"' in more[0].content or "'0012'" in more[0].content


def test_a_counter_added_by_hand_goes_on(tmp_path: Path) -> None:
    root = project_files(tmp_path)
    versions = root / "migrations/versions"
    version_file(versions, "abcdefabcdef", None, name="009_abcdefabcdef_first")
    version_file(versions, "fedcbafedcba", "abcdefabcdef", name="010_fedcbafedcba_second")
    project = detected(root)
    assert project.pattern == "NNN_id_words.py"
    assert project.confidence == "medium"
    assert any("not id_words.py" in one.what for one in project.evidence)
    edits = GENERATOR.render(project, job(idle("third"), idle("fourth")))
    assert [edit.path.name[:4] for edit in edits] == ["011_", "012_"]


def test_files_of_one_write_are_spaced(tmp_path: Path) -> None:
    minute = "file_template = %%(year)d%%(month).2d%%(day).2d_%%(hour).2d%%(minute).2d_%%(slug)s\n"
    root = project_files(tmp_path, ini=minute)
    first = GENERATOR.render(detected(root), job(idle("same"), idle("same")))
    more = GENERATOR.render(detected(root), job(idle("same"), after=first, seed=2))
    names = [edit.path.name for edit in (*first, *more)]
    assert names == [f"20261123_{clock}_same.py" for clock in ("1020", "1021", "1022")]


def test_dates_without_time_are_a_day_apart(tmp_path: Path) -> None:
    root = project_files(tmp_path, ini="file_template = %%(year)d-%%(month).2d-%%(day).2d\n")
    edits = GENERATOR.render(detected(root), job(idle("a"), idle("b")))
    assert [edit.path.name for edit in edits] == ["2026-11-23.py", "2026-11-24.py"]


def test_the_time_is_local_unless_a_timezone_is_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import time

    aware = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    template = "file_template = %%(day).2d_%%(hour).2d_%%(slug)s\n"
    root = project_files(tmp_path, ini=template)
    monkeypatch.setenv("TZ", "Asia/Kolkata")
    time.tzset()
    try:
        edit = GENERATOR.render(detected(root), job(idle("x"), now=aware))[0]
        assert edit.path.name == "24_05_x.py"
        assert "Create Date: 2026-11-24 05:00:00\n" in edit.content
        project_files(tmp_path, ini=template + "timezone = utc\n")
        edit = GENERATOR.render(detected(root), job(idle("x"), now=aware))[0]
        assert edit.path.name == "23_23_x.py"
        assert "Create Date: 2026-11-23 23:30:00+00:00\n" in edit.content
    finally:
        monkeypatch.undo()
        time.tzset()


def test_an_unknown_timezone_and_token_are_said(tmp_path: Path) -> None:
    root = project_files(tmp_path, ini="timezone = Atlantis\n")
    with pytest.raises(ConflictError, match="Atlantis"):
        GENERATOR.render(detected(root), job(idle("x")))
    root = project_files(tmp_path, ini="file_template = %%(week)s\n")
    with pytest.raises(ConflictError, match="week"):
        GENERATOR.render(detected(root), job(idle("x")))


def test_a_file_is_never_overwritten(tmp_path: Path) -> None:
    root = project_files(tmp_path, ini="file_template = %%(year)d_%%(slug)s\n")
    project = detected(root)
    put(GENERATOR.render(project, job(idle("x"))))
    with pytest.raises(ConflictError) as raised:
        GENERATOR.render(project, job(idle("x")))
    assert raised.value.code == "file-exists"
    assert "2026_x.py" in raised.value.message


def test_ids_are_never_taken_twice(tmp_path: Path) -> None:
    root = project_files(tmp_path)
    first = GENERATOR.render(detected(root), job(idle("x")))
    put(first)
    again = GENERATOR.render(detected(root), job(idle("y")))
    assert again[0].revision != first[0].revision
    stuck = replace(job(idle("y")), new_id=lambda _: first[0].revision)
    with pytest.raises(ConflictError) as raised:
        GENERATOR.render(detected(root), stuck)
    assert raised.value.code == "revision-taken"


@pytest.mark.parametrize(
    ("messages", "title"),
    [
        (("Add a thing", "Drop a thing"), "Do it"),
        (("add a thing", "Drop a thing.", "change."), "do it."),
        (("Add a thing.", "Drop a thing."), "Do it."),
        (("only one",), "do it"),
    ],
)
def test_titles_are_written_as_the_newest(
    tmp_path: Path, messages: tuple[str, ...], title: str
) -> None:
    root = project_files(tmp_path)
    down = None
    for number, message in enumerate(messages):
        revision = f"abcdefabcde{number}"
        version_file(root / "migrations/versions", revision, down, message, name=revision + "_x")
        down = revision
    edit = GENERATOR.render(detected(root), job(idle("do it")))[0]
    assert edit.content.startswith(f'"""{title}\n')
    assert edit.path.name.endswith("_do_it.py")


def test_spacing_shows_in_create_dates(tmp_path: Path) -> None:
    edits = GENERATOR.render(detected(project_files(tmp_path)), job(idle("a"), idle("b")))
    assert f"Create Date: {NOW}" in edits[0].content
    assert f"Create Date: {NOW + timedelta(minutes=1)}" in edits[1].content


@pytest.mark.parametrize(
    ("created", "expected"),
    [
        ("2026-11-23 10:24:30", "2026_11_23_1025-"),
        ("2026-11-22 10:24:30", "2026_11_23_1020-"),
        ("2026-12-24 10:24:30", "2026_11_23_1020-"),
        ("once upon a time", "2026_11_23_1020-"),
    ],
    ids=["spaced ahead", "older", "not believed", "no date"],
)
def test_a_file_sorts_behind_the_newest(tmp_path: Path, created: str, expected: str) -> None:
    from projects import make_alembic_project

    make_alembic_project(tmp_path)
    (base,) = (tmp_path / "migrations" / "versions").glob("*.py")
    base.write_text(base.read_text().replace("2025-01-01 00:00:00", created))
    (project,) = GENERATOR.detect(tmp_path)
    (edit,) = GENERATOR.render(project, job(idle("add x")))
    assert edit.path.name.startswith(expected)
