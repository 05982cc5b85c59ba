from __future__ import annotations

import stat
from pathlib import Path

import pytest

from wizard.drafts import draft_path, forget_draft, load_draft, save_draft
from wizard.model.answers import Answers, from_document


def answers(url: str | None = None) -> Answers:
    document = {"version": 1, "operation": [{"kind": "add_column", "table": "orders"}]}
    return from_document(document, source="test").put("database.url", url)


def test_a_draft_reads_back_and_goes(tmp_path: Path) -> None:
    assert load_draft(tmp_path) is None
    assert save_draft(tmp_path, answers("env:DATABASE_URL"))
    draft = load_draft(tmp_path)
    assert draft is not None
    assert draft.answers == answers("env:DATABASE_URL")
    assert stat.S_IMODE(draft_path(tmp_path).stat().st_mode) == 0o600
    assert not draft_path(tmp_path).is_relative_to(tmp_path)
    forget_draft(tmp_path)
    forget_draft(tmp_path)
    assert load_draft(tmp_path) is None


def test_each_folder_has_its_own_draft(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    save_draft(tmp_path, answers())
    assert load_draft(tmp_path / "other") is None


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u:s3cret@h/d",
        "postgresql://u@h/d?password=s3cret",
        "postgresql://:s3cret@h/d",
        "postgresql://u:p@s3cret@h/d",
        "postgresql://h/d?sslmode=require&sslpassword=s3cret",
    ],
)
def test_no_password_is_kept(tmp_path: Path, url: str) -> None:
    save_draft(tmp_path, answers(url))
    assert "s3cret" not in draft_path(tmp_path).read_text()


def test_a_url_without_a_password_is_kept(tmp_path: Path) -> None:
    save_draft(tmp_path, answers("postgresql://u@h/d"))
    draft = load_draft(tmp_path)
    assert draft is not None
    assert draft.answers.text("database.url") == "postgresql://u@h/d"


def test_a_broken_draft_counts_as_none(tmp_path: Path) -> None:
    save_draft(tmp_path, answers())
    draft_path(tmp_path).write_text("version = 99")
    assert load_draft(tmp_path) is None


def test_nothing_is_left_behind_where_it_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(blocked))
    assert not save_draft(tmp_path, answers())
