"""Looking at a run, and speaking to it, from another terminal."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from backfill_runs import Aside, Place, counted
from projects import make_alembic_project

from wizard.backfilling import desk
from wizard.cli import main
from wizard.database.urls import parse_url
from wizard.model.errors import AnswerError, ConflictError

HERE = Path(__file__).resolve().parents[2]


@pytest.fixture
def postgres(postgres18):
    with postgres18.database() as url:
        place = Place("postgresql", url)
        yield place
        place.close()


def test_a_run_is_seen_paused_resumed_stopped_and_forgotten(served: Place) -> None:
    url, engine = parse_url(served.url), served.engine
    assert desk.standings(url, engine) == ()
    served.numbered(600)
    with served.holding(300):
        aside = Aside(served)
        aside.until(lambda told: told.retries > 0)
        (standing,) = desk.standings(url, engine, "count")
        assert standing.active
        assert not standing.silent
        assert 0 < standing.walked < 300
        assert standing.changed == standing.walked
        desk.want([url], engine, "count", "pause")
        aside.until(lambda told: told.state == "paused")
        with pytest.raises(ConflictError, match="runs this backfill since"):
            desk.forget(url, engine, "count")
    assert desk.document(desk.standings(url, engine))[0]["wanted"] == "pause"
    desk.want([url], engine, "count", "run")
    aside.until(lambda told: told.state in ("running", "done"))
    assert aside.end().state == "done"
    with pytest.raises(AnswerError, match="no backfill of count is at work"):
        desk.want([url], engine, "count", "stop")
    # Another plan's run keeps the tables.
    served.run(replace(counted(), key=(), key_types=()), name="other/1")
    served.do("UPDATE migwiz_backfills SET plan = 'other' WHERE run = 'other/1'")
    assert desk.forget(url, engine, "count") == 1
    assert [one.kept.plan for one in desk.standings(url, engine)] == ["other"]
    assert desk.forget(url, engine, "other") == 1
    assert desk.standings(url, engine) == ()


def test_a_run_of_which_nothing_is_heard_is_no_run_to_speak_to(postgres: Place) -> None:
    postgres.numbered(10)
    postgres.run()
    # As a runner leaves it that was killed a minute ago.
    postgres.do(
        "UPDATE migwiz_backfills SET state = 'running', holder = 'somebody', beat_at = beat_at - 60"
    )
    url = parse_url(postgres.url)
    (standing,) = desk.standings(url, "postgresql")
    assert standing.silent
    with pytest.raises(AnswerError, match="no backfill of count is at work"):
        desk.want([url], "postgresql", "count", "pause")
    assert desk.forget(url, "postgresql", "count") == 1


def test_an_interrupted_command_ends_behind_its_batch(
    postgres: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_alembic_project(tmp_path)
    postgres.numbered(5_000)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", postgres.url.replace("+psycopg", "", 1))
    words = ["--table", "items", "--set", "n = 1", "--where", "n = 0", "--rows", "120M"]
    assert main(["write", "backfill", *words, "--accept-loss", "all"]) == 0
    name = parse_url(postgres.url).database
    run = ["backfill", "run", "fill-items-n", "--confirm", name, "--format", "json"]
    migwiz = subprocess.Popen(
        [sys.executable, "-m", "wizard", *run],
        env={**os.environ, "PYTHONPATH": str(HERE)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with postgres.holding(3_000), migwiz as process:
        assert process.stdout is not None
        while '"retries": 0' in process.stdout.readline():
            pass
        process.send_signal(signal.SIGINT)
        _, talk = process.communicate(timeout=60)
        assert process.returncode == 130, talk
    assert "stopping behind the present batch" in talk
    counts = Counter(postgres.counts())
    assert 0 < counts[1] < 3_000
    ((state, walked),) = postgres.do("SELECT state, walked FROM migwiz_backfills")
    assert state == "stopped"
    assert int(walked) == 0
    ((place,),) = postgres.do("SELECT walked FROM migwiz_backfill_ranges")
    assert int(place) == counts[1]
