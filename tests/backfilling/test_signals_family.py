"""The signs of MySQL and MariaDB, read from real servers; MariaDB's with a replica."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pymysql
import pytest
import replicas
import servers

from wizard.backfilling.progress import Reading
from wizard.backfilling.signals import read
from wizard.backfilling.signals.asking import asking_mysql
from wizard.backfilling.signals.base import Query, Refused, Watch
from wizard.database.urls import parse_url
from wizard.model.names import TableName

ORDERS = Watch(table=TableName("orders"))


def readings(query: Query, dialect: str, watch: Watch = ORDERS) -> dict[str, Reading]:
    return {one.name: one for one in read(dialect, query, watch)}


def asking(cursor: Any) -> Query:
    return asking_mysql(cursor.connection)


def until(told: Callable[[], bool], cursor: Any) -> None:
    """Ask again until it is so; the server waits in between, for 15 s at most."""
    for _ in range(150):
        if told():
            return
        cursor.execute("SELECT sleep(0.1)")
    pytest.fail("it never came")


def dialect_of(server: servers.TestServer) -> str:
    return parse_url(server.url).dialect


def test_without_replicas_the_rest_is_read(mysql_family: servers.TestServer) -> None:
    with servers.connected(mysql_family.url) as cursor:
        found = readings(asking(cursor), dialect_of(mysql_family))
    assert found["replica-lag"].value is None
    assert "name each with --replica URL" in found["replica-lag"].why
    assert all(one.value is not None for one in found.values() if "replica" not in one.name), found


def test_who_waits_for_us_is_counted(mysql_family: servers.TestServer) -> None:
    dialect = dialect_of(mysql_family)
    with mysql_family.database() as url:
        servers.execute(
            url, "CREATE TABLE orders (id int PRIMARY KEY)", "INSERT INTO orders VALUES (1)"
        )
        with servers.connected(url) as batch, servers.connected(url) as watcher:
            watch = Watch(table=ORDERS.table, ours=(batch.connection.thread_id(),))
            stranger = Watch(table=ORDERS.table, ours=(watcher.connection.thread_id(),))
            batch.execute("BEGIN")
            batch.execute("UPDATE orders SET id = 2")
            blocked = threading.Thread(
                target=servers.execute, args=(url, "UPDATE orders SET id = 3")
            )
            blocked.start()
            try:
                until(
                    lambda: readings(asking(watcher), dialect, watch)["waiting"].exceeded, watcher
                )
                assert readings(asking(watcher), dialect, stranger)["waiting"].value == 0
            finally:
                batch.execute("ROLLBACK")
                blocked.join()


def test_a_replica_that_stands_still_is_named(mariadb: servers.TestServer) -> None:
    with (
        replicas.replica_of(mariadb) as replica,
        servers.connected(mariadb.url) as cursor,
        servers.connected(replica.url) as there,
    ):
        ask = asking(cursor)
        watch = Watch(table=ORDERS.table, replicas={"db2": asking(there)})
        until(lambda: readings(ask, "mariadb", watch)["replica-lag"].value == 0, cursor)
        until(
            lambda: readings(ask, "mariadb")["replica-lag"].why.startswith("1 reads the binary"),
            cursor,
        )
        there.execute("STOP SLAVE SQL_THREAD")
        found = readings(ask, "mariadb", watch)
        assert found["replica-stopped"].exceeded
        assert found["replica-stopped"].label == "replicas that do not replicate: db2"
        assert found["replica-lag"].why == "no replica replicates"


def test_a_server_that_follows_nobody_is_no_replica(mysql_family: servers.TestServer) -> None:
    with servers.connected(mysql_family.url) as cursor:
        watch = Watch(table=ORDERS.table, replicas={"db2": asking(cursor)})
        found = readings(asking(cursor), dialect_of(mysql_family), watch)
    assert found["replica-lag"].why == "db2: no replica, it follows no other server"


def test_replicas_of_aurora_are_seen_from_the_writer() -> None:
    def answer(sql: str) -> list[dict[str, object]]:
        if "replica_host_status" in sql:
            return [{"seconds": "7.25", "replicas": 2}]
        raise Refused("not here")

    assert readings(answer, "mysql")["replica-lag"].exceeded


def test_older_words_are_used_where_the_new_are_not_known() -> None:
    def answer(sql: str) -> list[dict[str, object]]:
        if sql == "SHOW SLAVE STATUS":
            return [{"seconds_behind_master": 3}]
        raise Refused("syntax error")

    watch = Watch(table=ORDERS.table, replicas={"db2": answer})
    assert readings(answer, "mysql", watch)["replica-lag"].value == 3


def test_a_lost_connection_is_a_reason(mariadb: servers.TestServer) -> None:
    with servers.connected(mariadb.url) as cursor:
        servers.execute(mariadb.url, f"KILL {cursor.connection.thread_id()}")
        found = readings(asking(cursor), "mariadb")["threads-running"]
        assert found.value is None
        assert found.why
        with pytest.raises(pymysql.Error):
            cursor.execute("SELECT 1")
