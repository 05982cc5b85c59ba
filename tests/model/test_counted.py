"""One row is not told as "1 rows", wherever a number of rows is told."""

from __future__ import annotations

import pytest

from wizard.model.counted import rows
from wizard.operations.common import size_hint
from wizard.status.runs import Run


@pytest.mark.parametrize(
    ("count", "told"), [(0, "0 rows"), (1, "1 row"), (2, "2 rows"), (1_204, "1,204 rows")]
)
def test_a_number_of_rows(count: int, told: str) -> None:
    assert rows(count) == told


def test_a_number_may_be_shortened() -> None:
    assert rows(120_000_000, "120 M") == "120 M rows"
    assert size_hint(1, None) == "≈ 1 row"
    assert size_hint(0, 8192) == "≈ 0 rows · 8.0 kB"


@pytest.mark.parametrize(
    ("walked", "total", "told"),
    [
        (1, 0, "running, 1 row walked"),
        (1, 2, "running, 1 of about 2 rows walked"),
        (0, 1, "running, 0 of about 1 row walked"),
    ],
)
def test_a_run(walked: int, total: int, told: str) -> None:
    run = Run(done=False, active=True, state="running", walked=walked, total=total)
    assert run.told == told
