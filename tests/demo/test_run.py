from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import psycopg
import pytest

from wizard.demo.run import run_demo
from wizard.model.errors import ReachError
from wizard.rehearsal import sandbox

pytestmark = pytest.mark.server


def test_the_wizard_starts_in_the_shop_and_nothing_stays(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nowhere")
    seen: dict[str, object] = {}

    def wizard(words: Sequence[str]) -> int:
        url = Path(".env").read_text().strip().removeprefix("DATABASE_URL=")
        seen["words"], seen["root"] = list(words), Path.cwd()
        seen["variable"] = os.environ.get("DATABASE_URL")
        seen["project"] = Path("alembic.ini").is_file()
        address = url.replace("+psycopg", "")
        seen["folder"] = psycopg.conninfo.conninfo_to_dict(address)["host"]
        with psycopg.connect(address) as connection:
            row = connection.execute("SELECT count(*) FROM orders").fetchone()
            seen["orders"] = row[0] if row else None
        return 4

    before = Path.cwd()
    assert run_demo(wizard, interactive=True) == 4
    assert seen["words"] == []
    assert seen["project"] is True
    assert seen["orders"] == 100_000
    assert seen["variable"] is None
    assert Path.cwd() == before
    assert os.environ["DATABASE_URL"].endswith("nowhere")
    assert not Path(str(seen["root"])).exists()
    assert not Path(str(seen["folder"])).exists()
    captured = capsys.readouterr()
    assert captured.out == ""


def test_nothing_stays_when_the_wizard_fails() -> None:
    seen: list[Path] = []

    def wizard(words: Sequence[str]) -> int:
        seen.append(Path.cwd())
        raise KeyboardInterrupt

    before = Path.cwd()
    with pytest.raises(KeyboardInterrupt):
        run_demo(wizard, interactive=True)
    assert Path.cwd() == before
    assert not seen[0].exists()


def test_without_the_embedded_server_the_demo_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sandbox, "WHEEL", "no_such_wheel_at_all")
    with pytest.raises(ReachError) as caught:
        run_demo(lambda words: 0, interactive=True)
    assert caught.value.code == "no-sandbox"
