"""Names follow the files that were added last, whatever their versions say."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from generators.base import FileEdit, Job
from generators.sql import GENERATOR
from wizard.model.inverse import change
from wizard.model.names import TableName
from wizard.model.plan import Migration
from wizard.model.schema import Column
from wizard.model.steps import AddColumn

MakeJob = Callable[..., Job]
ADD = Migration(
    slug="add_status_to_orders",
    title="add status to orders",
    changes=(
        change(AddColumn(table=TableName("orders"), column=Column(name="status", type="text"))),
    ),
)
MARKS = "-- migrate:up\n-- migrate:down\n"


def commit(root: Path, names: list[str]) -> None:
    folder = root / "db" / "migrations"
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).write_text(MARKS)
    who = ("-c", "user.name=dev", "-c", "user.email=dev@example.org", "-c", "commit.gpgsign=false")
    for words in (("add", "-A"), (*who, "commit", "-q", "-m", "more")):
        subprocess.run(["git", "-C", str(root), *words], check=True, capture_output=True)


def written(root: Path, make_job: MakeJob) -> FileEdit:
    (project,) = GENERATOR.detect(root)
    (edit,) = GENERATOR.render(project, make_job(ADD))
    return edit


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    return tmp_path


def test_late_branches_bring_lower_versions_in_the_newer_style(
    repository: Path, make_job: MakeJob
) -> None:
    commit(repository, [f"202609{day:02}000000_the-old-way-{day}.sql" for day in range(1, 21)])
    for day in range(1, 13):
        commit(repository, [f"202605{day:02}000000_the_new_way_{day}.sql"])
    assert written(repository, make_job).path.name.endswith("_add_status_to_orders.sql")


def test_without_git_the_runners_own_order_tells(tmp_path: Path, make_job: MakeJob) -> None:
    folder = tmp_path / "db" / "migrations"
    folder.mkdir(parents=True)
    for day in range(1, 13):
        (folder / f"202605{day:02}000000_the_new_way_{day}.sql").write_text(MARKS)
        (folder / f"202609{day:02}000000_the-old-way-{day}.sql").write_text(MARKS)
    assert written(tmp_path, make_job).path.name.endswith("_add-status-to-orders.sql")


def test_few_additions_show_no_hand(repository: Path, make_job: MakeJob) -> None:
    commit(repository, [f"202605{day:02}000000_the_new_way_{day}.sql" for day in range(1, 3)])
    assert written(repository, make_job).path.name.endswith("_add_status_to_orders.sql")


def test_versions_still_follow_the_highest(repository: Path, make_job: MakeJob) -> None:
    commit(repository, ["29990101000000_far_ahead.sql"])
    for day in range(1, 13):
        commit(repository, [f"202605{day:02}000000_one_{day}.sql"])
    assert written(repository, make_job).revision == "29990101000001"
