"""Which migrations are meant is asked once, and kept in the project."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from wizard.memory import NAME, recall
from wizard.model.answers import Answers, OperationAnswers, freeze
from wizard.model.errors import AnswerError
from wizard.session import Environment, Session

SCHEMA = "CREATE TABLE orders (id bigint PRIMARY KEY, note text);\n"
FOLDERS = {
    "api/db/migrations/20260101000000_start.sql": "-- migrate:up\n-- migrate:down\n",
    "jobs/db/migrations/20260101000000_start.sql": "-- migrate:up\n-- migrate:down\n",
    "schema.sql": SCHEMA,
}


def build(root: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def session(root: Path, **project: str) -> Session:
    values = freeze({"table": "orders", "column": "email", "type": "text"})
    answers = Answers(operations=(OperationAnswers(kind="add_column", values=values),))  # type: ignore[arg-type]
    answers = answers.put("database.schema", "schema.sql").put("database.dialect", "postgresql")
    answers = answers.put("database.server_version", "16").put("rollout.rows", 100)
    for key, value in project.items():
        answers = answers.put(f"project.{key}", value)
    environment = Environment(
        root=root, environ={}, now=datetime(2026, 11, 23, tzinfo=UTC), seed="test"
    )
    return Session(environment, answers, accepted=["all"])


def test_the_answer_is_kept_with_the_files_and_not_asked_for_again(tmp_path: Path) -> None:
    build(tmp_path, FOLDERS)
    with pytest.raises(AnswerError) as caught:
        session(tmp_path).project()
    assert caught.value.code == "several-projects"
    assert NAME in caught.value.next_actions[0]

    written = session(tmp_path, directory="jobs/db/migrations").write()
    assert tmp_path / NAME in written.paths
    assert (tmp_path / NAME).read_text() == (
        "# Which migrations migwiz writes for here: asked once, kept for everybody.\n"
        '[project]\nframework = "sql"\nlayout = "dbmate"\ndirectory = "jobs/db/migrations"\n'
    )
    assert session(tmp_path).project().directory == tmp_path / "jobs/db/migrations"


def test_another_answer_goes_before_what_is_kept_and_replaces_it(tmp_path: Path) -> None:
    build(tmp_path, {**FOLDERS, NAME: '[project]\ndirectory = "jobs/db/migrations"\n'})
    one = session(tmp_path, directory="api/db/migrations")
    assert one.project().directory == tmp_path / "api/db/migrations"
    one.write()
    assert recall(tmp_path)["directory"] == "api/db/migrations"


def test_an_answer_that_tells_nothing_from_nothing_is_not_kept(tmp_path: Path) -> None:
    only = {name: text for name, text in FOLDERS.items() if not name.startswith("jobs")}
    build(tmp_path, only)
    written = session(tmp_path, layout="dbmate").write()
    assert tmp_path / NAME not in written.paths


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[project", "end of a table"),
        ("project = 3", "not a table"),
        ("[project]\npassword = 'x'", "not password"),
        ("[project]\nlayout = 3", "not layout"),
    ],
)
def test_a_file_that_is_none_is_said(tmp_path: Path, text: str, why: str) -> None:
    build(tmp_path, {**FOLDERS, NAME: text})
    with pytest.raises(AnswerError) as caught:
        session(tmp_path).project()
    assert caught.value.code == "bad-memory"
    assert why in caught.value.why
