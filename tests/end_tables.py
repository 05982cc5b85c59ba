"""Tables at the end of a test run: lock facts by server, and what the SQL's referee said."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pytest

#: Of a test that compares a lock fact: the server's version.
LOCK_TRUTH = "lock truth"
#: Of a test that asks squawk: rule, number of findings and explanation, for each rule.
SQUAWK = "squawk"


@dataclass(slots=True, kw_only=True)
class _Row:
    checks: int = 0
    disagreements: int = 0
    seconds: float = 0.0


def lock_truth(reports: Iterable[pytest.TestReport]) -> Iterator[str]:
    """Yield what was compared on each version of the server."""
    rows: dict[str, _Row] = defaultdict(_Row)
    for report in reports:
        version = dict(report.user_properties).get(LOCK_TRUTH)
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


def squawk(reports: Iterable[pytest.TestReport]) -> Iterator[str]:
    """Yield how often each rule spoke, and why it is no objection."""
    counts: Counter[str] = Counter()
    whys: dict[str, str] = {}
    for report in reports:
        if report.when == "call":
            for rule, count, why in dict(report.user_properties).get(SQUAWK, ()):
                counts[rule] += count
                whys[rule] = why
    if not counts:
        return
    yield f"{'rule':<28}findings  the plan explains it by"
    for rule, count in counts.most_common():
        yield f"{rule:<28}{count:>8}  {whys[rule]}"
