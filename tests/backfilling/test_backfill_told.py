"""What a run waits for, what it tells meanwhile, and how that reads."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from backfill_runs import Aside, Place, counted, work_of
from servers import TestServer

from wizard.backfilling.engines import engines
from wizard.backfilling.lease import acquire
from wizard.backfilling.progress import Progress, Reading
from wizard.backfilling.ranges import Ranges
from wizard.backfilling.state import State
from wizard.backfilling.tables import make_tables
from wizard.commands.backfill_printing import Printer, line, span
from wizard.database.urls import parse_url

PROGRESS = Progress(
    title="fill orders.total",
    table="orders",
    state="running",
    walked=1_250_000,
    changed=1_000_000,
    total=5_000_000,
    rows_per_second=50_000.4,
    eta_s=75.0,
)


@pytest.fixture
def postgres(postgres18: TestServer) -> Iterator[Place]:
    with postgres18.database() as url:
        place = Place("postgresql", url)
        yield place
        place.close()


def test_a_run_waits_while_a_sign_is_exceeded(postgres: Place) -> None:
    postgres.numbered(400)
    lag, sessions_seen = [1.0], set[int]()

    def signals(sessions: tuple[int, ...]) -> Sequence[Reading]:
        sessions_seen.update(sessions)
        return [Reading(name="lag", label="replica lag", unit="s", value=lag[0], limit=5.0)]

    with postgres.holding(200):
        aside = Aside(postgres, signals=signals)
        aside.until(lambda told: told.retries > 0)
        lag[0] = 9.0
        told = aside.until(lambda told: told.state == "throttled")
        assert told.reason == "replica lag 9 s (limit 5)"
        assert told.readings[0].exceeded
        ours = postgres.do("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
        assert sessions_seen <= {int(row[0]) for row in ours}
    assert len(sessions_seen) == 1
    assert 0 in postgres.counts()
    lag[0] = 1.0
    assert aside.end().state == "done"
    assert Counter(postgres.counts()) == {1: 400}


def test_what_is_told_counts_what_earlier_runs_did(postgres: Place) -> None:
    postgres.numbered(400)
    with postgres.holding(200):
        aside = Aside(postgres)
        aside.until(lambda told: told.retries > 0)
        aside.control.stop()
        first = aside.end()
    assert (first.state, first.eta_s) == ("stopped", None)
    told: list[Progress] = []
    last = postgres.run(tell=told.append)
    assert told[0].walked >= first.walked
    assert told[-1] == last
    assert (last.walked, last.workers[0].walked) == (400, 400 - first.walked)
    assert last.workers[0].position == "400"


def test_no_number_of_a_range_is_given_twice(postgres: Place) -> None:
    postgres.numbered(100)
    engine, work = engines()["postgresql"], work_of("postgresql", counted())
    writer = engine.open(parse_url(postgres.url))
    make_tables(writer, engine)
    state = State(engine, work.name)
    kept = acquire(writer, state, work, dead_s=1.0)
    ranges = Ranges(state, kept.fence, alone=False)
    keys = iter([("10",), ("20",), ("30",)])

    def take() -> int:
        found = ranges.take(writer, 10, lambda _writer, _part, _rows: next(keys))
        assert found is not None
        taken.append(found)
        return found.number

    taken = []
    assert [take(), take()] == [1, 2]
    ranges.finish(writer, taken[0])
    # Another worker may not know yet that it has finished number 1, and ask for it again.
    assert take() == 3
    # A range that somebody else has walked meanwhile is not walked on.
    writer.begin(lock_ms=1_000, statement_ms=1_000)
    part = taken[1]
    assert state.advance(writer, kept.fence, replace(part, walked=5), before=part)
    assert not state.advance(writer, kept.fence, replace(part, walked=5), before=part)
    assert not state.advance(
        writer, kept.fence + 1, replace(part, walked=9), before=replace(part, walked=5)
    )
    writer.close()


def test_a_progress_reads_in_one_line() -> None:
    assert line(PROGRESS) == (
        "fill orders.total · 25 %, 1,250,000 of about 5,000,000 rows · 50,000 rows/s · "
        "about 75 s left"
    )
    waits = replace(PROGRESS, state="throttled", reason="replica lag 9 s (limit 5)", eta_s=None)
    assert line(waits).endswith("throttled · replica lag 9 s (limit 5)")
    assert line(replace(PROGRESS, total=None, eta_s=None)).startswith(
        "fill orders.total · 1,250,000 rows"
    )


@pytest.mark.parametrize(
    ("seconds", "told"), [(0.4, "0 s"), (119, "119 s"), (600, "10 min"), (9_000, "2.5 h")]
)
def test_time_reads_in_units_that_people_use(seconds: float, told: str) -> None:
    assert span(seconds) == told


def test_a_file_gets_a_line_when_the_state_changes() -> None:
    stream = io.StringIO()
    printer = Printer(stream, width=80)
    for one in (PROGRESS, PROGRESS, replace(PROGRESS, state="paused", reason="asked to pause")):
        printer.tell(one)
    printer.end(replace(PROGRESS, state="done", reason="no row needs it any more"))
    lines = stream.getvalue().splitlines()
    assert [one.split(" · ")[-1] for one in lines[:2]] == ["about 75 s left", "asked to pause"]
    assert lines[2] == "fill orders.total: done, no row needs it any more"


def test_a_terminal_gets_one_line_that_moves() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    stream = Terminal()
    Printer(stream, width=30).tell(PROGRESS)
    assert stream.getvalue() == "\r\x1b[Kfill orders.total · 25 %, 1,2"
