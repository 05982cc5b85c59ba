"""Answers: immutable, read from and written to TOML and JSON, wrong ones named by their place."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from wizard.model.answers import (
    Answers,
    OperationAnswers,
    freeze,
    read_answers,
    to_document,
    to_toml,
)
from wizard.model.errors import AnswerError, ReachError
from wizard.model.rollout import Deployment, Rollout, SizeClass

FILE = """
version = 1
[database]
url = "env:DATABASE_URL"
[project]
framework = "alembic"
[rollout]
deployment = "blue-green"
rows = 120_000_000
lock_budget_ms = 500
[[operation]]
kind = "add_index"
table = "orders"
columns = ["status", {expression = "lower(email)", order = "desc"}]
unique = true
[[operation]]
kind = "backfill"
table = "orders"
set = {currency = "'EUR'"}
"""


def test_a_file_goes_in_and_out(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text(FILE)
    answers = read_answers(path)
    assert answers.rollout == Rollout(
        deployment=Deployment.BLUE_GREEN, rows=120_000_000, lock_budget_ms=500
    )
    assert [one.kind for one in answers.operations] == ["add_index", "backfill"]
    assert tomllib.loads(to_toml(answers)) == tomllib.loads(FILE)
    json_path = tmp_path / "a.json"
    json_path.write_text(json.dumps(to_document(answers)))
    assert read_answers(json_path) == answers


def test_nothing_changes_in_place() -> None:
    before = Answers(operations=(OperationAnswers(kind="add_index"),))
    after = before.put("rollout.rows", 7).with_operation(before.operations[0].put("table", "t"))
    assert before.get("rollout.rows") is None
    assert before.operations[0].values == {}
    assert after.get("rollout.rows") == 7
    assert after.put("rollout.rows", None).get("rollout.rows") is None
    with pytest.raises(TypeError):
        after.operations[0].values["table"] = "u"  # type: ignore[index]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "version"),
        ("version = 2", "version"),
        ("version = 1\n[databse]\nurl = 'x'", "databse"),
        ("version = 1\n[database]\nulr = 'x'", "ulr"),
        ("version = 1\n[[operation]]\ntable = 'x'", "kind"),
        ("version = 1\n[rollout", "parse"),
        ("version = 1\n[rollout]\nrows = 1.5", "whole number"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "a.toml"
    path.write_text(text)
    with pytest.raises(AnswerError, match=says):
        read_answers(path)


@pytest.mark.parametrize(
    ("key", "value"),
    [("deployment", "yolo"), ("migrate", "never"), ("rows", -1), ("rows", True), ("bytes", "big")],
)
def test_a_rollout_outside_its_choices(key: str, value: object) -> None:
    answers = Answers().put(f"rollout.{key}", freeze(value))
    with pytest.raises(AnswerError):
        _ = answers.rollout


def test_a_missing_file_cannot_be_reached(tmp_path: Path) -> None:
    with pytest.raises(ReachError):
        read_answers(tmp_path / "nope.toml")


@pytest.mark.parametrize(
    ("rows", "size", "expected"),
    [
        (None, None, SizeClass.LARGE),
        (0, None, SizeClass.EMPTY),
        (9_999, 1_000, SizeClass.TINY),
        (9_999, 50 * 1024**2, SizeClass.MEDIUM),
        (10_000, None, SizeClass.MEDIUM),
        (9_999_999, 2 * 1024**3, SizeClass.LARGE),
        (10_000_000, None, SizeClass.LARGE),
    ],
)
def test_size_classes(rows: int | None, size: int | None, expected: SizeClass) -> None:
    assert Rollout(rows=rows, bytes=size).size is expected
