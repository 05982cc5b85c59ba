from __future__ import annotations

from pathlib import Path

import pytest

from wizard.demo.calling import migwiz
from wizard.demo.run import run_demo
from wizard.model.errors import RehearsalError

pytestmark = pytest.mark.server


def must_not_run(words: object) -> int:
    raise AssertionError(f"the wizard was started without a terminal: {words}")


def test_one_whole_change_there_and_back(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_demo(must_not_run, interactive=False) == 0
    said = capsys.readouterr().out
    assert "$ migwiz plan rename-column --table orders" in said
    assert "$ migwiz write rename-column --table orders" in said
    assert "$ migwiz next " in said
    assert said.count("$ alembic upgrade head") >= 3
    assert "$ alembic downgrade 0c6d72e9b1a4" in said
    assert "Running downgrade" in said
    # Both names worked before the contract, and one was left after it.
    assert "the other way" in said
    assert "orders has one name for it now: status\n" in said
    assert "The way back is whole" in said


def test_a_command_that_fails_is_told_with_its_words(tmp_path: Path) -> None:
    with pytest.raises(RehearsalError) as caught:
        migwiz(tmp_path, "plan", "no-such-operation")
    assert caught.value.code == "demo-failed"
    assert "no-such-operation" in caught.value.why
