"""The line prompts lead to the same files as a headless session."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest
from screen_shop import make_session, make_sqlite_shop

from wizard.model.answers import from_document
from wizard.plain import run_plain


def answer(root: Path, *lines: str) -> tuple[int, str]:
    out = io.StringIO()
    code = run_plain(make_session(root), io.StringIO("\n".join(lines) + "\n"), out)
    return code, out.getvalue()


def new_files(root: Path) -> dict[str, bytes]:
    return {
        path.name: path.read_bytes()
        for path in sorted((root / "migrations").rglob("*2026*11*"))
        if path.is_file()
    }


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return make_sqlite_shop(tmp_path / "shop")


@pytest.fixture
def twin(tmp_path: Path) -> Path:
    (tmp_path / "twin").mkdir()
    return make_sqlite_shop(tmp_path / "twin" / "shop")


NOTE = ("1", "orders", "note", "text", "", "", "no")


def test_the_same_files_as_headless(shop: Path, twin: Path, capsys: pytest.CaptureFixture) -> None:
    code, said = answer(shop, *NOTE, "", "", "", "", "no", "yes")
    assert code == 0, said
    assert "wrote 2 files" in said
    answers = from_document(
        {
            "version": 1,
            "operation": [
                {"kind": "add_column", "table": "orders", "column": "note", "type": "text"}
            ],
        },
        source="test",
    )
    make_session(twin, answers).write()
    assert new_files(shop) == new_files(twin)
    assert len(new_files(shop)) == 2
    assert capsys.readouterr().out.splitlines()[0].startswith("migrations/versions/")


def test_numbers_choose_and_wrong_answers_are_asked_again(shop: Path) -> None:
    code, said = answer(shop, "99", "1", "3", "total", "amount", "text", "", "", "no")
    assert code == 0
    assert "there is no such operation" in said
    assert "orders has a column total already" in said
    assert "3. orders" in said
    assert said.endswith("left without writing\n")


def test_back_goes_to_the_question_before(shop: Path) -> None:
    _, said = answer(
        shop, "1", "orders", "note", "<", "remark", "text", "", "", "no", "", "", "", "", "no", "no"
    )
    assert "Plan: add remark to orders" in said
    assert not new_files(shop)


def test_back_from_the_first_question_goes_to_the_operations(shop: Path) -> None:
    _, said = answer(shop, "1", "<", "3", "orders")
    assert said.count("What should change?") == 2


def test_a_loss_is_asked_for(shop: Path) -> None:
    lines = ("backfill", "orders", "total = 0", "", "no", "no", "", "", "", "", "no", "no")
    code, said = answer(shop, *lines)
    assert code == 3
    assert "Accept this loss?" in said
    assert not new_files(shop)


def test_a_refused_plan_is_said(shop: Path) -> None:
    code, said = answer(
        shop, "add_index", "orders", "status_code", "", "", "no", "", "", "", "", "no"
    )
    assert code == 3
    assert "already is this index" in said


def test_a_question_mark_explains(shop: Path) -> None:
    _, said = answer(shop, "1", "?")
    assert "The table that gets the column." in said


def test_no_project(tmp_path: Path) -> None:
    code, said = answer(tmp_path)
    assert code == 5
    assert "✗ stopped" in said


def test_another_url_can_be_typed(shop: Path) -> None:
    (shop / "shop.db").rename(shop / "shop.data")
    code, said = answer(shop, f"sqlite:///{shop}/shop.data", "1")
    assert "shop.data" in said
    assert "What should change?" in said
    assert code == 0


def test_no_textual_is_loaded() -> None:
    program = "import wizard.plain, wizard.tty, sys; assert 'textual' not in sys.modules"
    subprocess.run([sys.executable, "-c", program], check=True)
