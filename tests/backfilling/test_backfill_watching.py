"""The signs are read through connections that can only read, and that come back when they are lost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest
from backfill_runs import TABLE, Place
from servers import TestServer

from wizard.backfilling.signals import signals
from wizard.backfilling.watching import Watcher
from wizard.database.urls import parse_url


@pytest.fixture
def postgres(postgres18: TestServer) -> Iterator[Place]:
    with postgres18.database() as url:
        place = Place("postgresql", url)
        yield place
        place.close()


def test_all_signs_of_an_engine_are_read(place: Place) -> None:
    place.numbered(10)
    with closing(Watcher(place.engine, parse_url(place.url), TABLE)) as watcher:
        readings = watcher((1,))
    assert [one.name for one in readings] == [one.name for one in signals()[place.engine]]
    assert all(one.value is not None or one.why for one in readings)
    assert not any("connection" in one.why for one in readings)


def test_a_lost_connection_is_made_anew(postgres: Place) -> None:
    postgres.numbered(10)
    with closing(Watcher("postgresql", parse_url(postgres.url), TABLE)) as watcher:
        watcher(())
        postgres.do(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        assert any("terminating connection" in one.why for one in watcher(()))
        waiting = next(one for one in watcher(()) if one.name == "waiting")
        assert waiting.value == 0


def test_a_server_that_is_gone_is_no_reason_to_wait(postgres: Place) -> None:
    url = parse_url("postgresql://nobody@127.0.0.1:1/nothing")
    with closing(Watcher("postgresql", url, TABLE)) as watcher:
        readings = watcher(())
    assert not any(one.exceeded for one in readings)
    assert all("cannot reach the database" in one.why for one in readings)
