"""Names of migrations, which are their identity: how a project makes them, and the next ones."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from generators.sql.numbering import UTC_SECONDS, Numbering, following, infer
from wizard.model.errors import ConflictError

_STEM = re.compile(r"(?P<prefix>[A-Za-z_]*?)(?P<digits>\d{8}_\d{6}|\d+)_(?P<slug>\w+)")
_RECENT = 10
_DATED = 15
_SAMPLE = "20220101_000001"
#: A time ahead by more than this is a slip, and nothing follows it.
_AHEAD = timedelta(days=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """How names are made: ``m``, then a time, a day with a counter, or a counter."""

    kind: Literal["time", "day counter", "counter"] = "time"
    prefix: str = "m"
    first: int = 1
    numbering: Numbering = UTC_SECONDS
    latest: str | None = None

    def __str__(self) -> str:
        match self.kind:
            case "time":
                return f"{self.prefix}YYYYMMDD_HHMMSS_name.rs, in UTC"
            case "day counter":
                return f"{self.prefix}YYYYMMDD_NNNNNN_name.rs, counted by day"
        return f"{self.prefix}{'N' * max(self.numbering.width, 1)}_name.rs, {self.numbering}"


def is_stem(text: str) -> bool:
    """Tell whether a name looks like a migration's."""
    return _STEM.fullmatch(text) is not None


def read_scheme(stems: Sequence[str], *, now: datetime | None = None) -> Scheme:
    """Return how the newest of some names, which stand in the order of their run, were made."""
    found = [match for match in map(_STEM.fullmatch, stems) if match]
    if not found:
        return Scheme()
    # What most of the newest look like: one odd name at the end decides nothing.
    shapes = Counter(_shape(one) for one in found[-_RECENT:])
    prefix, width = shapes.most_common(1)[0][0]
    alike = [one for one in found if _shape(one) == (prefix, width)]
    if width != _DATED:
        digits = [
            one["digits"] for one in found if one["prefix"] == prefix and "_" not in one["digits"]
        ]
        return Scheme(
            kind="counter",
            prefix=prefix,
            numbering=infer(digits),
            latest=max(digits, key=int),
        )
    digits = [one["digits"] for one in alike]
    limit = None if now is None else (_utc(now) + _AHEAD).strftime("%Y%m%d_%H%M%S")
    plausible = [one for one in digits if limit is None or one <= limit] or digits
    # The first file of every project is the tool's sample, whatever is done afterwards.
    counters = [int(one[9:]) for one in digits[-_RECENT:] if one != _SAMPLE]
    counted = bool(counters) and all(one < 100 for one in counters)
    begins: dict[str, int] = {}
    for one in digits:
        begins[one[:8]] = min(begins.get(one[:8], 999_999), int(one[9:]))
    starts = Counter(begins.values())
    return Scheme(
        kind="day counter" if counted else "time",
        prefix=prefix,
        first=starts.most_common(1)[0][0] if counted else 1,
        latest=max(plausible),
    )


def next_names(scheme: Scheme, slugs: Sequence[str], *, now: datetime) -> tuple[str, ...]:
    """Return a name for each slug, each greater than the one before and than all there are."""
    if scheme.kind == "counter":
        versions = following(
            scheme.numbering, scheme.latest, now=now, count=len(slugs), order="number"
        )
    else:
        versions = _dated(scheme, len(slugs), _utc(now))
    return tuple(
        f"{scheme.prefix}{version}_{slug}" for version, slug in zip(versions, slugs, strict=True)
    )


def _dated(scheme: Scheme, count: int, now: datetime) -> tuple[str, ...]:
    found: list[str] = []
    latest = scheme.latest
    for _ in range(count):
        if scheme.kind == "day counter":
            fresh = f"{now:%Y%m%d}_{scheme.first:06d}"
        else:
            fresh = f"{now:%Y%m%d_%H%M%S}"
        if latest is not None and fresh <= latest:
            fresh = _after(latest, counted=scheme.kind == "day counter")
        found.append(fresh)
        latest = fresh
    return tuple(found)


def _after(latest: str, *, counted: bool) -> str:
    if not counted:
        try:
            moment = datetime.strptime(latest, "%Y%m%d_%H%M%S") + timedelta(seconds=1)
            return f"{moment:%Y%m%d_%H%M%S}"
        except (ValueError, OverflowError):
            # An impossible time is still a number with a next one.
            pass
    number = int(latest[9:]) + 1
    if number > 999_999:
        raise ConflictError(
            "version-order",
            f"no name after {latest} would sort behind it",
            why="its six digits are used up",
            next_actions=("wait until tomorrow, or rename the newest file if nobody ran it",),
        )
    return f"{latest[:8]}_{number:06d}"


def _shape(match: re.Match[str]) -> tuple[str, int]:
    digits = match["digits"]
    return match["prefix"], _DATED if "_" in digits else 0


def _utc(now: datetime) -> datetime:
    return now.astimezone(UTC) if now.tzinfo else now.replace(tzinfo=UTC)
