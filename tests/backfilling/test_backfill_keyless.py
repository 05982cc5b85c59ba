"""Tables without a key: rows are walked by where they lie, and those that move meanwhile are found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import backfill_runs
import pytest
from backfill_processes import nursery
from backfill_runs import QUICK, TABLE, Aside, Place, keyless, work_of
from servers import TestServer

from wizard.backfilling import blocks
from wizard.backfilling.engines import engines
from wizard.backfilling.work import stop_if_unready
from wizard.model.errors import AcknowledgementError, ConflictError
from wizard.model.schema import Column, Table
from wizard.model.steps import Assignment, Batched, DeleteRows

FILL = keyless("postgresql")
BATCHES = replace(QUICK, first=200, least=50, most=200)
RANDOM = Random(7)


def made(place: Place, rows: int) -> None:
    """Make the table, with a tenth of its rows filled, and a count of how often each is filled."""
    numbers = f"WITH RECURSIVE k(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM k WHERE i < {rows}) "
    place.do(
        "CREATE TABLE items (id int, note text, pad text, n int NOT NULL DEFAULT 0)",
        f"INSERT INTO items (id, note, pad) {numbers}"
        f"SELECT i, CASE WHEN i % 10 = 0 THEN 'kept' END, '{'x' * 60}' FROM k",
    )
    if place.engine == "sqlite":
        place.do(
            "CREATE TRIGGER counts AFTER UPDATE OF note ON items BEGIN "
            "UPDATE items SET n = n + 1 WHERE rowid = NEW.rowid; END"
        )
        return
    place.do(
        "CREATE FUNCTION counting() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN IF NEW.note IS DISTINCT FROM OLD.note THEN NEW.n := OLD.n + 1; END IF; "
        "RETURN NEW; END $$",
        "CREATE TRIGGER counts BEFORE UPDATE ON items FOR EACH ROW EXECUTE FUNCTION counting()",
    )


def expect_filled(place: Place, rows: int) -> None:
    found = Counter(
        (note if note == "kept" else str(note) == f"filled {key}", int(str(n)))
        for note, key, n in place.do("SELECT note, id, n FROM items")
    )
    assert found == {("kept", 0): rows // 10, (True, 1): rows - rows // 10}


@pytest.fixture
def postgres(postgres18: TestServer) -> Iterator[Place]:
    with postgres18.database() as url:
        place = Place("postgresql", url)
        yield place
        place.close()


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Place]:
    path = tmp_path / "items.db"
    path.touch()
    place = Place("sqlite", f"sqlite:///{path}")
    yield place
    place.close()


def held(place: Place) -> Aside:
    """Return a run that waits for a row; to be called while that is held."""
    aside = Aside(place, BATCHES, step=FILL)
    aside.until(lambda told: told.retries > 0)
    return aside


@pytest.mark.parametrize("major", [12, 18])
def test_each_row_once_with_one_worker_and_with_several(
    major: int, start_postgres: Callable[[int], TestServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(backfill_runs.VERSIONS, "postgresql", (major,))
    with start_postgres(major).database() as url:
        place = Place("postgresql", url)
        for workers in (1, 3):
            place.do("DROP TABLE IF EXISTS items", "DROP FUNCTION IF EXISTS counting")
            made(place, 1_000)
            settings = replace(BATCHES, workers=workers, batches=2)
            ended = place.run(FILL, settings, name=f"with {workers}")
            assert (ended.state, ended.changed) == ("done", 900)
            # New versions of rows are met again behind the old ones, and need nothing.
            assert ended.walked >= 1_000
            assert len(ended.workers) == workers
            expect_filled(place, 1_000)
        assert place.run(FILL, BATCHES).changed == 0
        place.close()


def test_a_batch_reads_its_blocks_alone(postgres: Place) -> None:
    made(postgres, 2_000)
    postgres.do("ANALYZE items")
    sql = blocks.walk(FILL, work_of("postgresql", FILL).dialect, engines()["postgresql"])
    values = {"after_0": "9", "upto_0": "12", "size": "200"}
    postgres.writer.begin(lock_ms=1_000, statement_ms=5_000)
    for one in (sql.rest[True, True], sql.change[True]):
        plan = [str(line[0]) for line in postgres.writer.run(f"EXPLAIN {one}", values).rows]
        assert any("Tid Range Scan on items" in line for line in plan), plan
        assert not any("Seq Scan on items" in line for line in plan), plan
    postgres.writer.rollback()


@pytest.mark.parametrize("to", ["an earlier block", "a later block"])
def test_rows_that_the_application_moves_during_the_walk(postgres: Place, to: str) -> None:
    made(postgres, 3_000)
    earlier = to == "an earlier block"
    if earlier:
        postgres.do("DELETE FROM items WHERE id <= 600")
    (end,) = postgres.do("SELECT max(ctid) FROM items")
    with postgres.holding(1_001):
        aside = held(postgres)
        if earlier:
            # Room where the walk has been, which is handed out from now on.
            postgres.writer.run("VACUUM items", {})
        postgres.do("UPDATE items SET pad = 'moved' WHERE id > 2900")
        found = postgres.do("SELECT min(ctid), max(ctid) FROM items WHERE id > 2900")
        first, last = (_block(one) for one in found[0])
        # Nowhere where the walk would come by itself, as far as it could see when it began.
        assert first < 10 if earlier else last > _block(end[0])
    ended = aside.end()
    assert ended.state == "done", ended.reason
    gone = 600 if earlier else 0
    assert ended.changed == (3_000 - gone) * 9 // 10
    assert {int(str(n)) for (n,) in postgres.do("SELECT n FROM items WHERE note <> 'kept'")} == {1}
    assert postgres.do("SELECT count(*) FROM items WHERE note IS NULL") == [("0",)]


def _block(place: object) -> int:
    return int(str(place).strip("()").split(",")[0])


@pytest.mark.parametrize("rewrite", ["VACUUM FULL items", "CLUSTER items USING backwards"])
def test_a_table_that_is_written_anew_between_two_runs(postgres: Place, rewrite: str) -> None:
    made(postgres, 3_000)
    postgres.do("CREATE INDEX backwards ON items ((-id))")
    with postgres.holding(1_501):
        aside = held(postgres)
        aside.control.stop()
        ended = aside.end()
    assert ended.state == "stopped"
    assert 0 < ended.changed < 1_500
    # What was walked lies at the end now, and what was not where the walk has been.
    postgres.writer.run(rewrite, {})
    again = postgres.run(FILL, replace(BATCHES, workers=2, batches=2))
    assert (again.state, again.changed) == ("done", 2_700)
    expect_filled(postgres, 3_000)


def test_a_second_runner_is_refused_and_a_stopped_one_is_followed(postgres: Place) -> None:
    made(postgres, 3_000)
    with postgres.holding(1_501):
        aside = held(postgres)
        with pytest.raises(ConflictError, match="runs this backfill since"):
            postgres.run(FILL, BATCHES)
        aside.control.stop()
        first = aside.end()
    again = postgres.run(FILL, BATCHES)
    assert again.state == "done"
    assert again.walked > first.walked > 0
    expect_filled(postgres, 3_000)


def test_the_application_writes_all_the_while(postgres: Place) -> None:
    made(postgres, 4_000)
    aside = Aside(postgres, replace(BATCHES, workers=2, batches=3, nice=3.0), step=FILL)
    aside.until(lambda told: told.walked > 0)
    for at in range(80):
        first = RANDOM.randrange(1, 3_900)
        new = f"INSERT INTO items (id, note) VALUES ({5_000 + at}, 'kept')"
        postgres.do(
            f"UPDATE items SET pad = pad || 'y' WHERE id BETWEEN {first} AND {first + 40}", new
        )
        if at % 20 == 10:
            postgres.writer.run("VACUUM items", {})
    assert aside.end().state == "done"
    postgres.do("DELETE FROM items WHERE id >= 5000")
    expect_filled(postgres, 4_000)


def test_rows_that_never_become_done_end_the_sweeps(postgres: Place) -> None:
    made(postgres, 300)
    postgres.do(
        "CREATE FUNCTION stay() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN IF NEW.id < 50 THEN RETURN NULL; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER stays BEFORE UPDATE ON items FOR EACH ROW EXECUTE FUNCTION stay()",
    )
    ended = postgres.run(FILL, BATCHES)
    assert (ended.state, ended.changed) == ("failed", 270 - 45)
    assert ended.reason.startswith("45 rows need it still")


def test_killed_at_random_batches(postgres: Place) -> None:
    made(postgres, 8_000)
    slowly = replace(BATCHES, nice=20.0, dead_s=0.25, workers=2, batches=3)
    with nursery() as runners:
        killed = 0
        for _ in range(5):
            wait = 0.3 + RANDOM.random() * 0.3
            killed += runners.run(postgres, slowly, kill_after=wait, keyed=False) == "killed"
        quick = replace(BATCHES, dead_s=0.25, nice=0.0)
        assert runners.run(postgres, quick, kill_after=None, keyed=False) == "done"
    assert killed >= 3
    expect_filled(postgres, 8_000)


def test_rows_are_deleted_and_joined_by_where_they_lie(postgres: Place) -> None:
    made(postgres, 1_000)
    postgres.do("CREATE TABLE notes AS SELECT id AS item, 'joined' AS said FROM items")
    joined = replace(
        FILL,
        assignments=(Assignment(column="note", expression="notes.said"),),
        needed="items.note IS NULL",
        join="notes",
        on="notes.item = items.id",
    )
    assert postgres.run(joined, BATCHES, name="join").changed == 900
    gone = DeleteRows(table=TABLE, needed="note = 'joined'", key=("ctid",), key_types=("tid",))
    assert postgres.run(gone, BATCHES, name="delete").changed == 900
    every = replace(gone, needed="true")
    assert postgres.run(every, BATCHES, name="every").changed == 100
    assert postgres.run(every, BATCHES, name="none").reason == "no row needs it any more"


def test_numbers_of_rows_on_sqlite_and_what_a_vacuum_does_to_them(sqlite: Place) -> None:
    made(sqlite, 2_000)
    sqlite.do("DELETE FROM items WHERE id <= 600")
    aside = Aside(sqlite, replace(BATCHES, nice=20.0), step=keyless("sqlite"))
    aside.until(lambda told: told.walked > 0)
    aside.control.stop()
    assert aside.end().state == "stopped"
    before = sqlite.do("SELECT min(rowid) FROM items")
    sqlite.writer.run("VACUUM", {})
    # All rows have other numbers now, so that the place of the first run passes over some.
    assert before == [(601,)]
    assert sqlite.do("SELECT min(rowid) FROM items") == [(1,)]
    ended = sqlite.run(keyless("sqlite"), replace(BATCHES, nice=0.0))
    assert (ended.state, ended.changed) == ("done", 1_260)
    assert {n for (n,) in sqlite.do("SELECT n FROM items WHERE note <> 'kept'")} == {1}


@pytest.mark.parametrize(
    ("step", "table", "why"),
    [
        (FILL, {"kind": "partitioned"}, "it is partitioned"),
        (replace(FILL, needed="true"), {}, "nothing in a row tells whether it is done"),
    ],
)
def test_what_cannot_be_walked_without_a_key(
    step: Batched, table: dict[str, Any], why: str
) -> None:
    columns = tuple(Column(name=one, type="text") for one in ("id", "note"))
    found = Table(name=TABLE, columns=columns)
    stop_if_unready(work_of("postgresql", FILL), lambda _: found)
    with pytest.raises(AcknowledgementError) as caught:
        stop_if_unready(work_of("postgresql", step), lambda _: replace(found, **table))
    assert caught.value.code == "no-walk"
    assert why in caught.value.why


def test_a_hidden_number_is_no_column_that_is_missing() -> None:
    found = Table(name=TABLE, columns=(Column(name="id", type="int"),))
    with pytest.raises(AcknowledgementError) as caught:
        stop_if_unready(work_of("sqlite", keyless("sqlite")), lambda _: found)
    assert caught.value.code == "phase-before"
    assert caught.value.message.startswith("note of items")
