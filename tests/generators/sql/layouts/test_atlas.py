"""Atlas: recognised by its sum, which follows the files; also beside files of other layouts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from real_tools import Place
from real_tools.atlas import DRIVER
from sample_changes import ADD, ADDED, BUILT, DROP, FILLED, ORDERS, bodies, imagined, migration

from generators.base import FileEdit, Job, Project
from generators.sql import GENERATOR, atlas_sum
from generators.sql.layout import Written
from generators.sql.layouts.atlas import LAYOUT
from generators.sql.tree import survey
from wizard import writer
from wizard.model.errors import ConflictError
from wizard.model.schema import Table
from wizard.model.steps import RebuildTable

Write = Callable[[dict[str, str]], Path]
MakeJob = Callable[..., Job]
NOW = datetime(2026, 11, 23, 10, 20, 30, tzinfo=UTC)
STAMPS = ("20250101000000", "20250102000000")


def files(folder: str, *names: str, text: str = "SELECT 1;\n") -> dict[str, str]:
    return {f"{folder}/{name}": text for name in names}


def found(root: Path) -> list[Project]:
    return LAYOUT.detect(survey(root))


def summed(project: Project) -> None:
    """Write the sum of the files that are there."""
    (project.directory / atlas_sum.NAME).unlink()
    writer.write([_edit(project)], root=project.root)


def _edit(project: Project) -> FileEdit:
    one = atlas_sum.updated(project, ())
    return FileEdit(path=one.path, content=one.content, phase="expand")


def test_a_sum_is_certain_and_names_may_be_bare(tree: Write) -> None:
    # unkey: no words in the names.
    root = tree(files("db", *(f"{one}.sql" for one in STAMPS), "atlas.sum"))
    (project,) = found(root)
    assert (project.directory, project.confidence) == (root / "db", "high")
    assert project.pattern == "UTC time, 14 digits.sql"
    assert [one.where for one in project.evidence] == ["db/atlas.sum"]
    summed(project)


def test_the_configuration_names_an_empty_folder(tree: Write) -> None:
    config = 'env "local" {\n  migration {\n    dir = "file://sql"\n  }\n}\n'
    (project,) = found(tree({"atlas.hcl": config, "sql/.keep": ""}))
    assert project.confidence == "medium"


@pytest.mark.parametrize(
    ("names", "text"),
    [
        (("1_a.up.sql", "1_a.down.sql"), ""),
        (("V1__a.sql",), ""),
        (("1_a.sql",), "-- +goose Up\n"),
        (("1_a.sql",), "-- migrate:up\n"),
    ],
)
def test_files_of_another_shape_keep_their_layout(
    tree: Write, names: tuple[str, ...], text: str
) -> None:
    assert found(tree(files("db", *names, text=text) | {"db/atlas.sum": ""})) == []


def test_a_file_its_way_back_and_the_sum(tree: Write, make_job: MakeJob) -> None:
    root = tree(files("db", *(f"{one}_a.sql" for one in STAMPS), "atlas.sum"))
    (project,) = found(root)
    summed(project)
    edits = GENERATOR.render(project, make_job(ADDED))
    assert [one.path.relative_to(root).as_posix() for one in edits] == [
        "db/20261123102030_a_change.sql",
        "rollbacks/20261123102030_a_change.sql",
        "db/atlas.sum",
    ]
    assert bodies(edits[:1]) == [
        "SET LOCAL lock_timeout = '2000ms';\n"
        "DO $$ BEGIN ASSERT NOT EXISTS (SELECT 1); END $$;\n"
        "ALTER TABLE orders ADD COLUMN status text;\n"
    ]
    assert "WHERE version = '20261123102030'" in edits[1].content
    total = edits[2]
    assert total.action == "edit"
    # Each line sums up all before it, so that the old ones stay.
    assert total.before is not None
    assert total.content.splitlines()[1:3] == total.before.splitlines()[1:]
    assert [line.split()[0] for line in total.content.splitlines()[1:]] == [
        *(f"{one}_a.sql" for one in STAMPS),
        "20261123102030_a_change.sql",
    ]


def test_a_sum_that_is_not_true_is_not_gone_on_from(tree: Write, make_job: MakeJob) -> None:
    root = tree(files("db", f"{STAMPS[0]}_a.sql", "atlas.sum"))
    (project,) = found(root)
    summed(project)
    (root / "db" / f"{STAMPS[0]}_a.sql").write_text("SELECT 2;\n")
    with pytest.raises(ConflictError) as raised:
        GENERATOR.render(project, make_job(ADDED))
    assert raised.value.code == "stale-sum"


def test_no_transaction_is_said_at_the_top(
    tmp_path: Path, make_job: MakeJob, sqlite_dialect: Any
) -> None:
    project = imagined(tmp_path, "atlas")
    edits = {one.path.name: one.content for one in GENERATOR.render(project, make_job(BUILT))[::2]}
    built = edits["20261123102031_a_change.sql"]
    assert built.startswith("-- atlas:txmode none\n-- Plan ")
    assert built.split("\n\n", 1)[1] == (
        "CREATE INDEX CONCURRENTLY IF NOT EXISTS ix ON orders (status);\n"
    )
    assert "txmode" not in edits["20261123102030_a_change_prepare.sql"]
    # What begins with BEGIN would be read up to the next END.
    table = Table(name=ORDERS, columns=())
    rebuild = RebuildTable(before=table, after=table)
    job = make_job(migration((rebuild, (rebuild,))), dialect=sqlite_dialect)
    up = GENERATOR.render(project, job)[0]
    assert up.content.startswith("-- atlas:delimiter -- end\n-- atlas:txmode none\n-- Plan ")
    assert bodies((up,)) == [
        "PRAGMA foreign_keys = OFF;\n-- end\nBEGIN;\n-- end\nDROP TABLE t;\n-- end\nCOMMIT;\n-- end\n"
    ]


def test_of_pairs_only_what_the_sum_lists_counts(tree: Write, make_job: MakeJob) -> None:
    # OpenMeter: sums of the way up only; older versions of Atlas sum up both.
    text = atlas_sum.total({"1_a.up.sql": b"SELECT 1;\n"})
    root = tree(files("db", "1_a.up.sql", "1_a.down.sql") | {"db/atlas.sum": text})
    (project,) = GENERATOR.detect(root)
    assert project.layout == "golang-migrate"
    total = GENERATOR.render(project, make_job(migration((ADD, (DROP,)))))[-1]
    assert [line.split()[0] for line in total.content.splitlines()[1:]] == [
        "1_a.up.sql",
        "2_a_change.up.sql",
    ]


@pytest.mark.real_tool
@pytest.mark.parametrize(
    ("layout", "there"),
    [
        (
            "atlas",
            {f"{STAMPS[0]}.sql": "-- atlas:sum ignore\n", f"{STAMPS[1]}_b.sql": "SELECT 1;\r\n"},
        ),
        ("golang-migrate", {"1_a.up.sql": "SELECT 1;\n", "1_a.down.sql": ""}),
        ("goose", {"00001_a.sql": "-- +goose Up\nSELECT 1;\n"}),
        ("dbmate", {f"{STAMPS[0]}_a.sql": "-- migrate:up\n-- migrate:down\n"}),
    ],
)
def test_the_sum_is_true_for_atlas_itself(
    tree: Write, make_job: MakeJob, tmp_path: Path, layout: str, there: dict[str, str]
) -> None:
    DRIVER.bring()
    root = tree({f"db/{name}": text for name, text in there.items()})
    for name, text in there.items():
        (root / "db" / name).write_bytes(text.encode())
    place = Place(engine="sqlite", url="sqlite:///x.db", home=tmp_path)
    DRIVER.sum("hash", layout, root / "db", place)
    (project,) = GENERATOR.detect(root)
    assert project.layout == layout
    for change in (migration((ADD, (DROP,))), FILLED):
        writer.write(GENERATOR.render(project, make_job(change)), root=root)
        DRIVER.sum("validate", layout, root / "db", place)


def test_flyways_files_count_by_version_the_repeatable_ones_last(tree: Write) -> None:
    root = tree(files("db", "V9__a.sql", "V10__b.sql", "R__views.sql", "U10__b.sql"))
    project = imagined(root, "atlas")
    project = replace(project, directory=root / "db")
    names = ("V9__a.sql", "V10__b.sql", "R__views.sql")
    text = atlas_sum.total(dict.fromkeys(names, b"SELECT 1;\n"))
    (root / "db" / "atlas.sum").write_text(text)
    new = Written(name="V11__c.sql", content="SELECT 2;\n")
    total = atlas_sum.updated(project, (new, Written(name="../rollbacks/V11__c.sql", content="")))
    assert [line.split()[0] for line in total.content.splitlines()[1:]] == [
        "V9__a.sql",
        "V10__b.sql",
        "V11__c.sql",
        "R__views.sql",
    ]
