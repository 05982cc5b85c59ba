"""Nothing lost and nothing done twice, whatever happens; `benchmarks/faults.py` does it at length."""

from __future__ import annotations

from random import Random

import backfill_faults as faults
import pytest
import servers
from backfill_processes import nursery
from backfill_runs import Place
from servers import TestServer

RANDOM = Random(20)


@pytest.fixture
def postgres(postgres18: TestServer):
    with postgres18.database() as url:
        place = Place("postgresql", url)
        yield place
        place.close()


def test_killed_at_random_moments(postgres: Place) -> None:
    with nursery() as runners:
        found = faults.killed(postgres, runners, times=8, rows=20_000, random=RANDOM)
    assert found.clean, found
    assert found.times >= 6


def test_killed_on_mariadb(mariadb: TestServer) -> None:
    with mariadb.database() as url, nursery() as runners:
        place = Place("mariadb", url)
        found = faults.killed(place, runners, times=2, rows=10_000, random=RANDOM)
        place.close()
    assert found.clean, found
    assert found.times == 2


def test_connections_are_cut(postgres: Place) -> None:
    found = faults.cut_off(postgres, times=4, rows=3_000, random=RANDOM)
    assert found.clean, found
    assert found.times >= 2


def test_the_server_restarts() -> None:
    # What a commit has answered must outlive a crash, as it does in production.
    settings = {**servers.SETTINGS, "synchronous_commit": "on"}
    with servers.running(18, settings) as server, server.database() as url:
        place = Place("postgresql", url)
        found = faults.restarted(place, server.server, times=1, rows=3_000, random=RANDOM)
        place.close()
    assert found.clean, found


def test_rows_that_are_too_slow_are_stopped_and_halved(postgres: Place) -> None:
    found = faults.too_slow(postgres, rows=200)
    assert found.clean, found
    assert found.times >= 1


def test_a_deadlock_with_the_application(postgres: Place) -> None:
    found = faults.deadlocked(postgres, times=1, rows=100)
    assert found.clean, found


def test_rows_come_and_go_during_the_walk(served: Place) -> None:
    found = faults.disturbed(served, times=60, rows=1_000, random=RANDOM)
    assert found.clean, found
