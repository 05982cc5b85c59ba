"""Batches find the size that takes the time they should, and never far more of it."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.backfilling.pacing import LEAST_ROWS, MOST_ROWS, Pace


def walked(pace: Pace, cost: Callable[[int], float], batches: int) -> list[tuple[int, float]]:
    """Run batches on rows of a cost in milliseconds; return their sizes and times."""
    found, row = [], 0
    for _ in range(batches):
        took = 2 + sum(cost(row + at) for at in range(pace.size))
        if took > pace.limit_ms:
            # The server stops it there, and nothing of it counts.
            found.append((0, float(pace.limit_ms)))
            pace = pace.cut_short()
            continue
        found.append((pace.size, took))
        row += pace.size
        pace = pace.done(pace.size, took)
    return found


def test_the_size_grows_by_a_fifth_at_most_up_to_the_target() -> None:
    sizes = [size for size, _ in walked(Pace(target_ms=200.0), lambda _: 0.02, 30)]
    assert sizes[0] == 1_000
    assert all(after <= before * 1.2 + 1 for before, after in itertools.pairwise(sizes))
    assert 6_000 <= sizes[-1] <= 8_000


def test_rows_that_get_slower_never_take_twice_the_target() -> None:
    times = [
        took
        for _, took in walked(Pace(target_ms=200.0), lambda row: 0.01 if row < 40_000 else 0.4, 60)
    ]
    assert max(times) <= 2 * 200
    assert 100 < times[-1] < 200


@given(st.lists(st.floats(0.1, 5_000), max_size=60))
def test_the_size_stays_between_its_bounds(times: list[float]) -> None:
    pace = Pace(target_ms=200.0)
    for took in times:
        pace = pace.done(pace.size, took)
        assert LEAST_ROWS <= pace.size <= MOST_ROWS
        assert pace.cut_short().size <= max(LEAST_ROWS, pace.size // 2)


def test_the_smallest_batch_is_let_run() -> None:
    small = Pace(size=LEAST_ROWS)
    assert small.limit_ms > 10_000
    assert small.cut_short().size == LEAST_ROWS
    assert Pace(target_ms=200.0).limit_ms < 2 * 200


@pytest.mark.parametrize(("rows", "took"), [(1_000, 301), (1_000, 5_000)])
def test_a_batch_that_took_too_long_halves_the_next(rows: int, took: float) -> None:
    assert Pace(size=rows).done(rows, took).size == rows // 2


def test_the_few_rows_at_the_end_of_a_range_tell_nothing() -> None:
    pace = replace(Pace(target_ms=200.0), size=4_000)
    assert pace.done(3, 2.0) == pace
