"""Counting queries: by the version of the application that asked, and by what happened meanwhile."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field


@dataclass(slots=True, kw_only=True)
class Count:
    """Queries of one version in one stage. ``longest_ms`` is the longest that one had to wait."""

    asked: int = 0
    failed: int = 0
    longest_ms: float = 0.0
    problems: dict[str, int] = field(default_factory=dict)


class Tally:
    """All counts, in the order in which the stages came. A query counts where it began."""

    def __init__(self) -> None:
        self.stage = ""
        self.counts: dict[tuple[str, str], Count] = {}
        self._lock = threading.Lock()

    def add(self, stage: str, version: str, *, seconds: float, problem: str = "") -> None:
        """Count a query; ``problem`` says why it failed, or how its answer was wrong."""
        with self._lock:
            count = self.counts.setdefault((stage, version), Count())
            count.asked += 1
            count.longest_ms = max(count.longest_ms, seconds * 1000)
            if problem:
                count.failed += 1
                count.problems[problem] = count.problems.get(problem, 0) + 1

    def stages(self) -> tuple[str, ...]:
        """Return the stages in which something was asked."""
        return tuple(dict.fromkeys(stage for stage, _ in self.counts))

    def versions(self) -> tuple[str, ...]:
        """Return the versions that asked something, in the order of their first query."""
        return tuple(dict.fromkeys(version for _, version in self.counts))

    @property
    def asked(self) -> int:
        """All queries."""
        return sum(one.asked for one in self.counts.values())

    @property
    def failed(self) -> int:
        """All queries that failed or were answered wrongly."""
        return sum(one.failed for one in self.counts.values())

    @property
    def longest(self) -> tuple[float, str]:
        """The longest query in milliseconds, and the stage in which it was asked."""
        found = ((one.longest_ms, stage) for (stage, _), one in self.counts.items())
        return max(found, default=(0.0, ""))

    def problems(self) -> tuple[tuple[str, int], ...]:
        """Return what went wrong and how often, most frequent first."""
        found: dict[str, int] = {}
        for one in self.counts.values():
            for problem, times in one.problems.items():
                found[problem] = found.get(problem, 0) + times
        return tuple(sorted(found.items(), key=lambda each: -each[1]))
