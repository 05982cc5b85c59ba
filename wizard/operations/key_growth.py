"""How much of a numbered key's range is used, and when it ends: dates from the counter's own pace."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from wizard.model.findings import Finding, danger, info, warning
from wizard.operations.common import human_count
from wizard.operations.retyping import Retype

#: A date further away than this is not worth naming.
_YEARS = 100
#: From these shares of the range on, running out is near.
_NEAR, _CLOSE = 0.5, 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """How far a counter has come. ``day`` is when it passes the limit, None where nobody can say.

    ``limit`` is the largest number that the old type holds, ``per_day`` how many rows come a day.
    """

    limit: int
    last: int | None
    per_day: int | None
    day: date | None

    @property
    def used(self) -> float | None:
        """The share of the range that is used."""
        return None if self.last is None else self.last / self.limit


def growth_of(retype: Retype, per_day: int | None) -> Growth | None:
    """Return how a numbered column grows; ``per_day`` is answered, else the statistics' figure."""
    counter, limit = retype.column.counter, retype.way.limit
    if limit is None or retype.way.closes == "":
        return None
    pace = per_day or (None if counter is None else counter.per_day)
    last = None if counter is None else counter.last
    day = None
    if counter is not None and last is not None and pace and counter.read_on is not None:
        days = max(0, limit - last) // (pace * max(1, abs(counter.increment)))
        if days <= 365 * _YEARS:
            day = date.fromisoformat(counter.read_on) + timedelta(days=days)
    return Growth(limit=limit, last=last, per_day=pace, day=day)


def until(retype: Retype, growth: Growth | None) -> str:
    """Say when the way back closes: the number, and the day where it is known."""
    if growth is None:
        return ""
    text = f"{retype.name} passes {growth.limit:,}"
    return text if growth.day is None else f"{text}, about {growth.day.isoformat()}"


def growth_findings(retype: Retype, growth: Growth | None) -> list[Finding]:
    """Return how much of the range is used, and when the way back closes."""
    if growth is None:
        return []
    return [*_used(retype, growth), _closes(retype, growth)]


def _used(retype: Retype, growth: Growth) -> list[Finding]:
    if growth.used is None:
        return []
    what = (
        f"{growth.used:.0%} of the range of {retype.name} is used: {growth.last:,} of "
        f"{growth.limit:,}."
    )
    safer = "" if growth.day is None else f"At this pace it ends on {growth.day.isoformat()}."
    if growth.used >= _CLOSE:
        return [danger("key-range-used", what, why="The next numbers fail to insert.", safer=safer)]
    if growth.used >= _NEAR:
        return [warning("key-range-used", what, why="The pace usually grows, too.", safer=safer)]
    return [info("key-range-used", what, safer=safer)]


def _closes(retype: Retype, growth: Growth) -> Finding:
    old = retype.column.type
    if growth.day is not None:
        pace = human_count(growth.per_day or 0)
        return warning(
            "way-back-closes",
            f"The way back closes on {growth.day.isoformat()}: then, at {pace} rows a day, "
            f"{retype.name} passes {growth.limit:,}.",
            why=f"No {old} holds a larger number, nor does any column that points to it.",
            safer="Go back before that day, or not at all.",
        )
    return warning(
        "way-back-closes",
        f"The way back closes when {retype.name} passes {growth.limit:,}"
        + (f"; it is at {growth.last:,}." if growth.last is not None else "."),
        why=f"No {old} holds a larger number, nor does any column that points to it.",
        safer="Say how many rows come a day with --growth, and the plan names the day.",
    )
