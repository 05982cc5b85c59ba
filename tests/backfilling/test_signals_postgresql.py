"""The signs of PostgreSQL, read from a primary with a standby and a logical slot."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
import replicas
import servers

from wizard.backfilling.progress import Reading
from wizard.backfilling.signals import read
from wizard.backfilling.signals.asking import asking_postgresql
from wizard.backfilling.signals.base import Refused, Watch
from wizard.model.names import TableName

ORDERS = Watch(table=TableName("orders"))


def plain(url: str) -> str:
    return url.replace("+psycopg", "", 1)


def readings(connection: psycopg.Connection[Any], watch: Watch = ORDERS) -> dict[str, Reading]:
    return {one.name: one for one in read("postgresql", asking_postgresql(connection), watch)}


def until(told: Callable[[], bool], connection: psycopg.Connection[Any]) -> None:
    """Ask again until it is so; the server waits in between, for 15 s at most."""
    for _ in range(150):
        if told():
            return
        connection.execute("SELECT pg_sleep(0.1)")
    pytest.fail("it never came")


@pytest.fixture(scope="module")
def primary() -> Iterator[servers.TestServer]:
    with servers.running(15, replicas.PRIMARY) as server:
        yield server


@contextmanager
def connected(url: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(plain(url), autocommit=True) as connection:
        yield connection


@pytest.fixture
def shop(primary: servers.TestServer) -> Iterator[str]:
    with primary.database() as url:
        with connected(url) as connection:
            connection.execute("CREATE TABLE orders (id bigint PRIMARY KEY, note text)")
            connection.execute("INSERT INTO orders SELECT n, NULL FROM generate_series(1, 50000) n")
            connection.execute("ANALYZE orders")
        yield url


def test_without_replicas_it_says_so(shop: str) -> None:
    with connected(shop) as connection:
        found = readings(connection)
    assert found["replica-lag"].value is None
    assert found["replica-lag"].why.startswith("no replica is visible")
    assert found["slot-lag"].why == "there is no logical slot"
    assert not any(one.exceeded for one in found.values())


def test_a_standby_that_stands_still_falls_behind(primary: servers.TestServer, shop: str) -> None:
    watch = Watch(table=ORDERS.table, limits={"replica-lag": 0.2, "replica-bytes": 1})
    with replicas.standby_of(primary) as standby, connected(shop) as connection:
        until(lambda: readings(connection)["replica-lag"].value is not None, connection)
        with connected(standby.url) as replica:
            replica.execute("SELECT pg_wal_replay_pause()")
            for note in ("a", "b"):
                connection.execute("UPDATE orders SET note = %s", (note,))
            until(lambda: readings(connection, watch)["replica-lag"].exceeded, connection)
            until(lambda: readings(connection, watch)["replica-bytes"].exceeded, connection)
            connection.execute("CREATE ROLE clerk")
            connection.execute("SET ROLE clerk")
            unprivileged = readings(connection)
            asked = Watch(table=ORDERS.table, replicas={"db2": asking_postgresql(replica)})
            seen = readings(connection, asked)
            connection.execute("RESET ROLE")
            connection.execute("DROP ROLE clerk")
            assert unprivileged["replica-lag"].why.endswith("GRANT pg_monitor to it")
            assert unprivileged["waiting"].value == 0
            assert seen["replica-lag"].value is not None
            assert seen["replica-lag"].value > 0
            replica.execute("SELECT pg_wal_replay_resume()")
            until(lambda: not readings(connection, watch)["replica-bytes"].exceeded, connection)


def test_a_slot_that_nobody_reads_is_named(shop: str) -> None:
    with connected(shop) as connection:
        connection.execute("SELECT pg_create_logical_replication_slot('cdc', 'test_decoding')")
        try:
            connection.execute("UPDATE orders SET note = 'new'")
            found = readings(connection, Watch(table=ORDERS.table, limits={"slot-lag": 1}))
        finally:
            connection.execute("SELECT pg_drop_replication_slot('cdc')")
    assert found["slot-lag"].exceeded
    assert found["slot-lag"].label == "WAL kept for the slot cdc, which nobody reads"


def test_who_waits_for_us_is_counted_and_who_waits_for_others_is_not(shop: str) -> None:
    with (
        connected(shop) as watcher,
        psycopg.connect(plain(shop)) as batch,
        psycopg.connect(plain(shop)) as other,
    ):
        ours = (batch.info.backend_pid,)
        batch.execute("UPDATE orders SET note = 'x' WHERE id = 1")
        blocked = psycopg.connect(plain(shop), options="-c statement_timeout=60s")
        cursor = blocked.cursor()
        # Sent without waiting for its result.
        blocked.pgconn.send_query(b"UPDATE orders SET note = 'y' WHERE id = 1")
        watch = Watch(table=ORDERS.table, ours=ours)
        until(lambda: readings(watcher, watch)["waiting"].value == 1, watcher)
        assert readings(watcher, watch)["waiting"].exceeded
        stranger = Watch(table=ORDERS.table, ours=(other.info.backend_pid,))
        assert readings(watcher, stranger)["waiting"].value == 0
        batch.rollback()
        until(lambda: readings(watcher, watch)["waiting"].value == 0, watcher)
        cursor.close()
        blocked.close()


def test_dead_rows_are_counted_where_vacuum_may_come(shop: str) -> None:
    with connected(shop) as connection:
        for note in ("a", "b", "c"):
            connection.execute("UPDATE orders SET note = %s", (note,))
        until(lambda: readings(connection)["dead-rows"].exceeded, connection)
        connection.execute("ALTER TABLE orders SET (autovacuum_enabled = false)")
        found = readings(connection)["dead-rows"]
    assert found.value is None
    assert found.why.startswith("autovacuum is off for orders")


def test_the_archiver_is_watched(shop: str) -> None:
    with connected(shop) as connection:
        connection.execute("SELECT pg_switch_wal()")
        until(lambda: (readings(connection)["archive-queue"].value or 0) >= 1, connection)


def test_a_server_that_archives_nothing_says_so() -> None:
    def answer(sql: str) -> list[dict[str, object]]:
        if "archive_mode" in sql:
            return [{"mode": "off"}]
        raise Refused("asked for more than was needed")

    found = {one.name: one for one in read("postgresql", answer, ORDERS)}
    assert found["archive-queue"].why == "this server archives no WAL"


def test_replicas_of_aurora_tell_their_lag_through_a_function() -> None:
    def answer(sql: str) -> list[dict[str, object]]:
        if "to_regprocedure('aurora_replica_status()')" in sql:
            return [{"aurora": True}]
        if "FROM aurora_replica_status()" in sql:
            return [{"standbys": 2, "seconds": "6.5"}]
        raise Refused("not here")

    found = {one.name: one for one in read("postgresql", answer, ORDERS)}
    assert found["replica-lag"].exceeded
    assert found["replica-bytes"].why == "replicas of Aurora share the writer's storage"
