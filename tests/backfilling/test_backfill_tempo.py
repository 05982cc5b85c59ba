"""A pace that changes while a run goes on: from another terminal, from a key, over restarts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest
from backfill_runs import QUICK, Aside, Place, counted
from servers import TestServer

from wizard.backfilling import desk
from wizard.backfilling.control import Control
from wizard.backfilling.engines import engines
from wizard.backfilling.pacing import Pace
from wizard.backfilling.tables import PACE, additions
from wizard.backfilling.tempo import Asked, Tempo, told
from wizard.database.urls import parse_url
from wizard.model.errors import ConflictError

#: It would take hours at this pace: a run that ends has taken up another one.
ASLEEP = replace(QUICK, nice=100.0, first=5, most=5, target_ms=5_000.0)
SLOWLY = "n + 1 + CASE WHEN id = 3 THEN length(CAST(pg_sleep(0.2) AS text)) ELSE 0 END"


@pytest.fixture
def postgres(postgres18: TestServer) -> Iterator[Place]:
    with postgres18.database() as url:
        place = Place("postgresql", url)
        yield place
        place.close()


def asleep(place: Place) -> Aside:
    """Return a run whose first batch takes a while, so that it rests for twenty seconds after it."""
    place.numbered(400)
    step = counted()
    step = replace(step, assignments=(replace(step.assignments[0], expression=SLOWLY),))
    aside = Aside(place, ASLEEP, step=step)
    aside.until(lambda told: told.walked == 5)
    return aside


def test_a_rest_ends_when_another_pace_is_wanted_from_elsewhere(postgres: Place) -> None:
    aside = asleep(postgres)
    assert (aside.told[-1].nice, aside.told[-1].target_ms) == (100, 5_000)
    url = parse_url(postgres.url)
    (before,) = desk.pace([url], "postgresql", "count", Asked(nice=0.0))
    assert before.tempo == Tempo(target_ms=5_000, nice=100)
    ended = aside.end()
    assert (ended.state, ended.nice, ended.target_ms) == ("done", 0, 5_000)
    assert Counter(postgres.counts()) == {1: 400}
    assert desk.document(desk.standings(url, "postgresql"))[0]["nice"] == 0


def test_a_rest_ends_when_a_key_is_pressed(postgres: Place) -> None:
    aside = asleep(postgres)
    for _ in range(9):
        aside.control.faster()
    assert aside.end().nice == 0
    # What is run after it in the same process goes on at that pace.
    assert aside.control.asked == Asked(target_ms=5_000, nice=0)


def test_a_run_keeps_its_pace_over_a_restart_unless_it_is_given_another(place: Place) -> None:
    place.numbered(40)
    given = replace(QUICK, target_ms=70.0, nice=0.01)
    for name, settings, found in (
        ("one", given, (70, 0.01)),
        ("one", QUICK, (70, 0.01)),
        ("one", replace(QUICK, nice=0.0), (70, 0)),
        ("two", QUICK, (50, 0)),
    ):
        # Each begins a walk of its own: rows do not tell whether they were done.
        ended = place.run(replace(counted(), needed="n < 9"), settings, name=name)
        assert (ended.target_ms, ended.nice) == found
        assert ended.state == "done" or ended.reason.endswith(
            "run it again, and see who writes them"
        )
        place.do("UPDATE items SET n = 0")


def test_tables_of_an_earlier_version_get_what_they_lack(place: Place) -> None:
    place.numbered(40)
    assert place.run(name="old").state == "done"
    place.do(*(f"ALTER TABLE migwiz_backfills DROP COLUMN {one}" for one in PACE))
    url = parse_url(place.url)
    # Looking at them changes nothing.
    assert [one.tempo for one in desk.standings(url, place.engine)] == [Tempo()]
    assert place.run(settings=replace(QUICK, nice=0.01), name="new").state == "done"
    assert [one.tempo.nice for one in desk.standings(url, place.engine)] == [0.01, 0]


def test_where_they_may_not_be_changed_a_run_goes_on_without(postgres: Place) -> None:
    postgres.numbered(40)
    assert postgres.run(name="other").state == "done"
    postgres.do(
        "ALTER TABLE migwiz_backfills DROP target_ms, DROP nice",
        "CREATE ROLE guest LOGIN",
        "GRANT SELECT, UPDATE ON items TO guest",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON migwiz_backfills, migwiz_backfill_ranges TO guest",
    )
    try:
        url = postgres.url.replace("//postgres@", "//guest@")
        ended = postgres.run(settings=replace(QUICK, nice=0.01), url=url)
        assert (ended.state, ended.nice) == ("done", 0.01)
        postgres.do("UPDATE migwiz_backfills SET state = 'running', holder = 'guest'")
        with pytest.raises(ConflictError) as caught:
            desk.pace([parse_url(url)], "postgresql", "count", Asked(nice=1.0))
        assert caught.value.code == "no-pace"
        made = additions(engines()["postgresql"])
        assert caught.value.next_actions[1:] == tuple(f"{one};" for one in made)
        postgres.do(*made)
        desk.pace([parse_url(url)], "postgresql", "count", Asked(nice=1.0))
    finally:
        postgres.do("DROP OWNED BY guest", "DROP ROLE guest")


def test_steps_double_and_halve_the_rest_within_bounds() -> None:
    tempo = Tempo()
    gentler = [tempo := tempo.gentler() for _ in range(11)]
    assert [one.nice for one in gentler] == [0.25, 0.5, 1, 2, 4, 8, 16, 32, 64, 100, 100]
    tempo = Tempo(nice=1.0)
    faster = [tempo := tempo.faster() for _ in range(4)]
    assert [one.nice for one in faster] == [0.5, 0.25, 0, 0]
    control = Control()
    assert control.paced(tempo) is None
    control.gentler()
    control.gentler()
    control.faster()
    assert control.paced(tempo) == Tempo(nice=0.25)
    assert control.paced(tempo) is None


def test_a_shorter_target_makes_the_next_batch_smaller_at_once() -> None:
    pace = Pace(target_ms=200.0, size=8_000)
    assert pace.aiming(200.0) is pace
    shorter = pace.aiming(50.0)
    assert (shorter.size, shorter.limit_ms) == (2_000, 95)
    assert shorter.aiming(400.0).size == 2_000


def test_a_pace_in_words() -> None:
    assert told(Tempo()) == "50 ms a batch, does not rest"
    assert told(Tempo(nice=0.5)) == "50 ms a batch, rests 0.5 times as long after each"
