"""A run changes each row once, on each engine, however its keys lie, and however it is disturbed."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from backfill_runs import QUICK, Aside, Place, counted

from wizard.model.errors import ConflictError
from wizard.model.steps import DeleteRows


def test_each_row_once_with_one_worker_and_with_several(place: Place) -> None:
    place.numbered(200)
    for workers, name in ((1, "one"), (4, "four")):
        found = place.run(settings=replace(QUICK, workers=workers), name=name)
        assert (found.state, found.walked, found.changed) == ("done", 200, 200)
    assert Counter(place.counts()) == {2: 200}


def test_a_run_that_is_done_is_not_done_again(place: Place) -> None:
    place.numbered(30)
    assert place.run().state == "done"
    again = place.run()
    assert (again.state, again.walked) == ("done", 30)
    assert "was done before" in again.reason
    assert Counter(place.counts()) == {1: 30}


def test_stopped_and_taken_up_again(served: Place) -> None:
    served.numbered(600)
    with served.holding(300):
        aside = Aside(served)
        aside.until(lambda told: told.retries > 0)
        aside.control.stop()
        ended = aside.end()
    assert ended.state == "stopped"
    assert 0 < ended.walked < 300
    assert sum(served.counts()) == ended.walked
    assert served.run(settings=replace(QUICK, workers=3)).walked == 600
    assert Counter(served.counts()) == {1: 600}


def test_paused_here_and_resumed_elsewhere(served: Place) -> None:
    served.numbered(600)
    with served.holding(300):
        aside = Aside(served)
        aside.until(lambda told: told.retries > 0)
        aside.control.pause()
        aside.until(lambda told: told.state == "paused")
    assert sum(served.counts()) < 600
    served.do("UPDATE migwiz_backfills SET wanted = 'run'")
    assert aside.end().state == "done"
    assert Counter(served.counts()) == {1: 600}


def test_a_second_runner_is_told_who_is_at_work(served: Place) -> None:
    served.numbered(600)
    with served.holding(300):
        aside = Aside(served)
        aside.until(lambda told: told.retries > 0)
        aside.control.pause()
        aside.until(lambda told: told.state == "paused")
    with pytest.raises(ConflictError, match=r"process \d+.* runs this backfill since") as caught:
        served.run()
    assert caught.value.code == "backfill-held"
    aside.control.stop()
    assert aside.end().state == "stopped"
    assert served.run().state == "done"
    assert Counter(served.counts()) == {1: 600}


def test_of_two_runners_that_start_at_once_one_works(served: Place) -> None:
    served.numbered(200)
    with served.holding(100):
        both = [Aside(served), Aside(served)]
        for _ in range(200):
            # Whoever came second sees the first one live.
            refused = [one for one in both if isinstance(one.raised, ConflictError)]
            if refused:
                break
            both[0].sleep(0.05)
    assert len(refused) == 1
    (winner,) = [one for one in both if one not in refused]
    assert winner.end().state == "done"
    assert Counter(served.counts()) == {1: 200}


def test_a_runner_whose_lease_was_taken_writes_nothing_more(served: Place) -> None:
    served.numbered(600)
    with served.holding(300):
        # It gives no sign of life for a minute: who comes then cannot know that it still works.
        aside = Aside(served, replace(QUICK, beat_s=60.0))
        aside.until(lambda told: told.retries > 0)
        other = Aside(served, replace(QUICK, dead_s=0.1))
        other.until(lambda told: told.retries > 0)
    ended = aside.end()
    assert ended.state == "failed"
    assert "taken this backfill over" in ended.reason
    assert other.end().state == "done"
    assert Counter(served.counts()) == {1: 600}


def test_rows_still_needed_are_counted_at_the_end(place: Place) -> None:
    place.numbered(50)
    step = replace(counted(), needed="n < 1")
    assert place.run(step).reason == "no row needs it any more"
    # Another row comes: a later run walks again, and changes that one alone.
    place.do("INSERT INTO items (id) VALUES (-7)")
    found = place.run(step)
    assert (found.state, found.walked, found.changed) == ("done", 51, 1)
    assert Counter(place.counts()) == {1: 51}


def test_rows_that_come_behind_the_walk_are_not_passed_over_in_silence(served: Place) -> None:
    served.numbered(60)
    step = replace(counted(), needed="n < 1")
    with served.holding(50):
        aside = Aside(served, step=step)
        aside.until(lambda told: told.retries > 0 and told.walked > 0)
        served.do("INSERT INTO items (id) VALUES (0)")
    found = aside.end()
    assert found.state == "failed"
    assert found.reason.startswith("1 row needs it still: it came")
    assert served.run(step).state == "done"
    assert Counter(served.counts()) == {1: 61}


def test_rows_are_deleted_along_the_key(place: Place) -> None:
    place.numbered(100)
    place.do("UPDATE items SET n = 5 WHERE id > 30")
    step = DeleteRows(table=counted().table, needed="n = 5", key=("id",), key_types=("bigint",))
    found = place.run(step)
    assert (found.state, found.walked, found.changed) == ("done", 100, 70)
    assert len(place.counts()) == 30


def test_a_small_table_without_a_key_takes_one_statement(place: Place) -> None:
    place.numbered(40)
    step = replace(counted(), key=(), key_types=())
    assert place.run(step).changed == 40
    assert "was done before" in place.run(step).reason
    assert Counter(place.counts()) == {1: 40}
