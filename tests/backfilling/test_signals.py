"""The registry of signs, limits from the command line, and SQLite's sign."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from wizard.backfilling.signals import limits_of, read, signals
from wizard.backfilling.signals.asking import asking_sqlite
from wizard.backfilling.signals.base import Refused, Watch
from wizard.dialects import dialects
from wizard.model.errors import AnswerError
from wizard.model.names import TableName

WATCH = Watch(table=TableName("orders"))


def test_every_dialect_has_signs() -> None:
    assert set(signals()) == set(dialects())


@pytest.mark.parametrize("dialect", sorted(signals()))
def test_signs_have_names_of_their_own_and_say_what_they_are(dialect: str) -> None:
    found = signals()[dialect]
    assert len({one.name for one in found}) == len(found)
    assert all(one.label and one.unit and one.help.endswith(".") for one in found)


@pytest.mark.parametrize("dialect", sorted(signals()))
def test_a_database_that_answers_nothing_stops_nothing(dialect: str) -> None:
    def refuse(sql: str) -> list[dict[str, object]]:
        raise Refused(f"cannot run {sql.split(maxsplit=1)[0]}")

    for reading in read(dialect, refuse, WATCH):
        assert reading.value is None
        assert reading.why
        assert not reading.exceeded


def test_limits_are_read_from_the_command_line() -> None:
    assert limits_of(("replica-lag=2.5", " waiting = 3"), "postgresql") == {
        "replica-lag": 2.5,
        "waiting": 3.0,
    }


@pytest.mark.parametrize("text", ["lag=1", "replica-lag", "replica-lag=soon", "replica-lag=-1"])
def test_a_limit_that_is_none_names_those_there_are(text: str) -> None:
    with pytest.raises(AnswerError) as caught:
        limits_of((text,), "postgresql")
    assert caught.value.next_actions[0] == "replica-lag=5: lag of the slowest replica, in s"


def test_the_log_of_sqlite_grows_while_somebody_reads(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    with sqlite3.connect(path, isolation_level=None) as connection:
        ask = asking_sqlite(connection)
        connection.execute("CREATE TABLE orders (id integer PRIMARY KEY, note text)")
        (reading,) = read("sqlite", ask, WATCH)
        assert (reading.value, reading.why) == (None, "the file has no write-ahead log")
        connection.execute("PRAGMA journal_mode = wal")
        connection.execute("INSERT INTO orders (note) VALUES (zeroblob(3000000))")
        (reading,) = read("sqlite", ask, Watch(table=WATCH.table, limits={"wal-size": 2}))
        assert reading.value is not None
        assert reading.exceeded
    connection.close()
