"""The table at the end of a test run: what was compared on each version of the server."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pytest

#: Tests that carry it, with the server's version as its value, are counted.
PROPERTY = "lock truth"


@dataclass(slots=True, kw_only=True)
class _Row:
    checks: int = 0
    disagreements: int = 0
    seconds: float = 0.0


def lines(reports: Iterable[pytest.TestReport]) -> Iterator[str]:
    """Yield the table of the reports of one run, nothing where nothing was compared."""
    rows: dict[str, _Row] = defaultdict(_Row)
    for report in reports:
        version = dict(report.user_properties).get(PROPERTY)
        if version is None:
            continue
        # A server starts in the set-up of the first test that asks for it.
        rows[version].seconds += report.duration
        if report.when == "call":
            rows[version].checks += 1
            rows[version].disagreements += report.failed
    if not rows:
        return
    yield "server       checks  disagreements  seconds"
    for version in sorted(rows, key=lambda one: [int(part) for part in one.split(".")]):
        row = rows[version]
        yield f"{version:<11}{row.checks:>8}{row.disagreements:>15}{row.seconds:>9.1f}"
