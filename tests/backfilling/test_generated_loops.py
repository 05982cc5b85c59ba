"""The loops in generated files as they run: rows that stay locked, deadlocks, stops, standbys that lag."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace

import psycopg
import pytest
import servers
import sqlalchemy as sa
from generated import opened, upgrade

GOLDEN = Path(__file__).parents[1] / "golden" / "backfill"
ROWS = 3_000


def source(engine: str, target: str, patience: str = "100ms") -> str:
    """The golden file, with another patience for a locked row."""
    (path,) = (GOLDEN / engine / target).glob("*.py")
    text = path.read_text()
    assert "innodb_lock_wait_timeout = 2" in text or "'2s'" in text or engine == "sqlite"
    return text.replace("'2s'", f"'{patience}'").replace("timeout = 2", "timeout = 1")


def loaded(engine: str, sleep: Callable[[float], None], patience: str = "100ms") -> ModuleType:
    """The migration as a module, whose naps are ours."""
    module = ModuleType("migration")
    exec(compile(source(engine, "alembic", patience), "migration", "exec"), module.__dict__)
    vars(module)["time"] = SimpleNamespace(monotonic=time.monotonic, sleep=sleep)
    return module


def fill(database: sa.Engine) -> None:
    numbers = [{"id": number} for number in range(1, ROWS + 1)]
    with database.begin() as connection:
        connection.execute(sa.text("CREATE TABLE orders (id bigint PRIMARY KEY, note text)"))
        connection.execute(sa.text("INSERT INTO orders (id) VALUES (:id)"), numbers)


def left(database: sa.Engine) -> int:
    with database.connect() as connection:
        found = connection.scalar(sa.text("SELECT count(*) FROM orders WHERE note IS NULL"))
    assert found is not None
    return int(found)


@pytest.fixture(params=["postgresql", "mariadb", "sqlite"])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, sa.Engine]]:
    """An engine's name, and a database of it with orders that have no note."""
    engine = str(request.param)
    if engine == "sqlite":
        url = f"sqlite:///{tmp_path / 'shop.db'}"
        with opened(url, connect_args={"timeout": 0.05}) as database:
            fill(database)
            yield engine, database
        return
    server: servers.TestServer = request.getfixturevalue(
        "postgres15" if engine == "postgresql" else engine
    )
    with server.database() as url:
        driven = url.replace("mariadb://", "mariadb+pymysql://", 1)
        with opened(driven) as database:
            fill(database)
            yield engine, database


def test_a_batch_is_tried_again_once_the_row_is_free(
    shop: tuple[str, sa.Engine], caplog: pytest.LogCaptureFixture
) -> None:
    engine, database = shop
    naps: list[float] = []
    with database.connect() as other:
        if engine == "sqlite":
            other.exec_driver_sql("BEGIN IMMEDIATE")
        other.execute(sa.text("UPDATE orders SET note = 'theirs' WHERE id = 1500"))

        def nap(seconds: float) -> None:
            naps.append(seconds)
            if seconds == 2:
                other.rollback()

        with caplog.at_level(logging.INFO):
            upgrade(loaded(engine, nap), database)
    assert naps[:1] == [1] or naps[1] == 1
    assert naps.count(2) == 1
    assert left(database) == 0
    assert f"orders.note: id <= {ROWS} of {ROWS}, {ROWS} rows changed" in caplog.text


def test_any_other_error_ends_the_run(shop: tuple[str, sa.Engine]) -> None:
    engine, database = shop
    with database.begin() as connection:
        connection.execute(sa.text("ALTER TABLE orders RENAME COLUMN note TO remark"))
    naps: list[float] = []
    with pytest.raises(sa.exc.DBAPIError, match="note"):
        upgrade(loaded(engine, naps.append), database)
    assert not naps


def test_it_may_be_stopped_between_batches_and_run_again(
    shop: tuple[str, sa.Engine], caplog: pytest.LogCaptureFixture
) -> None:
    engine, database = shop

    def stop(seconds: float) -> None:
        assert seconds < 1
        raise KeyboardInterrupt

    with caplog.at_level(logging.INFO), pytest.raises(KeyboardInterrupt):
        upgrade(loaded(engine, stop), database)
    assert "Ctrl-C is safe, run it again to go on" in caplog.text
    assert left(database) == ROWS - 1_000
    caplog.clear()
    with caplog.at_level(logging.INFO):
        upgrade(loaded(engine, lambda _: None), database)
    assert left(database) == 0
    assert f"of {ROWS}, {ROWS - 1_000} rows changed" in caplog.text


def test_it_waits_while_a_standby_lags(postgres15: servers.TestServer) -> None:
    naps: list[float] = []
    with postgres15.database() as url, opened(url) as database:
        fill(database)

        def nap(seconds: float) -> None:
            naps.append(seconds)
            if naps.count(1) == 2:
                vars(module)["LAGGING"] = sa.text("SELECT 1 WHERE false")

        module = loaded("postgresql", nap)
        vars(module)["LAGGING"] = sa.text("SELECT 1")
        upgrade(module, database)
        assert left(database) == 0
    assert naps.count(1) == 2
    assert naps[1:3] == [1, 1]


def test_the_victim_of_a_deadlock_goes_on(postgres15: servers.TestServer) -> None:
    naps: list[float] = []
    with postgres15.database() as url:
        plain = url.replace("+psycopg", "", 1)
        # It gives up first, in place of the application.
        with (
            opened(url, connect_args={"options": "-c deadlock_timeout=300ms"}) as database,
            psycopg.connect(plain, options="-c deadlock_timeout=60s") as other,
            psycopg.connect(plain, autocommit=True) as watcher,
        ):
            fill(database)
            other.execute("UPDATE orders SET note = 'theirs' WHERE id = 500")

            def cross() -> None:
                for _ in range(500):
                    row = watcher.execute("SELECT 1 FROM pg_locks WHERE NOT granted").fetchone()
                    if row is not None:
                        break
                other.execute("UPDATE orders SET note = 'theirs' WHERE id = 1")

            crossing = threading.Thread(target=cross)
            crossing.start()

            def nap(seconds: float) -> None:
                naps.append(seconds)
                if seconds == 1:
                    crossing.join()
                    other.commit()

            upgrade(loaded("postgresql", nap, patience="30s"), database)
            assert left(database) == 0
            theirs = other.execute("SELECT id FROM orders WHERE note = 'theirs'").fetchall()
    assert sorted(theirs) == [(1,), (500,)]
    assert naps.count(1) == 1


#: Django's settings are those of a process.
DJANGO = """
import sys, time
from types import ModuleType, SimpleNamespace
import django, psycopg
from django.conf import settings

name, host = sys.argv[1:]
settings.configure(DATABASES={"default": {
    "ENGINE": "django.db.backends.postgresql", "NAME": name, "HOST": host, "USER": "postgres",
}})
django.setup()
from django.db import connection

migration = ModuleType("migration")
exec(sys.stdin.read(), migration.__dict__)
other = psycopg.connect(dbname=name, host=host, user="postgres")
other.execute("UPDATE orders SET note = 'theirs' WHERE id = 1500")
naps = []

def nap(seconds):
    naps.append(seconds)
    if seconds == 1:
        other.rollback()
    if len(naps) == 2:
        migration.LAGGING = "SELECT 1"
    if naps.count(1) == 3:
        migration.LAGGING = "SELECT 1 WHERE false"

migration.time = SimpleNamespace(monotonic=time.monotonic, sleep=nap)
migration.fill_orders(None, SimpleNamespace(connection=connection))
print(naps.count(1))
"""


def test_django_tries_again_and_waits_too(postgres15: servers.TestServer) -> None:
    with postgres15.database() as url, opened(url) as database:
        fill(database)
        name, host = database.url.database, database.url.query["host"]
        words = [sys.executable, "-c", DJANGO, str(name), str(host)]
        done = subprocess.run(
            words,
            input=source("postgresql", "django"),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout.split() == ["3"]
        assert left(database) == 0
