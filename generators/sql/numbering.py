"""The version in a file's name: which form a folder uses, and the next ones in that form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Literal

from wizard.model.errors import ConflictError

Order = Literal["number", "text"]

#: Digits → how such a time is written, and the least step between two files of one write.
_DATES: dict[int, tuple[str, timedelta]] = {
    14: ("%Y%m%d%H%M%S", timedelta(seconds=1)),
    12: ("%Y%m%d%H%M", timedelta(minutes=1)),
    8: ("%Y%m%d", timedelta(days=1)),
}
_EPOCHS = {10: 1, 13: 1_000, 16: 1_000_000, 19: 1_000_000_000}
_MILLISECOND_DATE = 17
_RECENT = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbering:
    """How versions are made.

    ``width`` is their length in digits, 0 for a counter without leading zeros; ``step`` the
    distance between two counters.
    """

    kind: Literal["date", "milliseconds", "day counter", "epoch", "counter"] = "date"
    width: int = 14
    step: int = 1

    def __str__(self) -> str:
        match self.kind:
            case "counter" if self.width:
                return f"{self.width}-digit counter"
            case "counter":
                return "counter"
            case "day counter":
                return "day and counter"
            case "epoch":
                return f"Unix time, {self.width} digits"
        return f"UTC time, {self.width} digits"


UTC_SECONDS = Numbering()


def infer(versions: Sequence[str], *, default: Numbering = UTC_SECONDS) -> Numbering:
    """Return the form of the newest of ``versions``, which stand in the tool's own order.

    The last ten files decide the width and step. Times need not exist: projects write hour 29.
    """
    if not versions:
        return default
    latest = versions[-1]
    recent = list(versions[-_RECENT:])
    if latest[0] != "0" and latest[0] in "123456789":
        length = len(latest)
        if length == 10 and _looks_like_date(latest):
            return Numbering(kind="day counter", width=10)
        if length in _EPOCHS and 1_000_000_000 <= int(latest[:10]) < 5_000_000_000:
            return Numbering(kind="epoch", width=length)
        if length == _MILLISECOND_DATE:
            return Numbering(kind="milliseconds", width=length)
        if length == 14 or (length in _DATES and _looks_like_date(latest)):
            return Numbering(kind="date", width=length)
    counters = [text for text in recent if abs(len(text) - len(latest)) <= 2]
    padded = any(text[0] == "0" and len(text) > 1 for text in counters)
    # 10 to 99 look the same with and without padding: a folder that began at 1 tells.
    same = len({len(text) for text in versions}) == 1 and len(latest) > 1
    numbers = [int(text) for text in counters]
    gaps = Counter(after - before for before, after in pairwise(numbers))
    step, seen = gaps.most_common(1)[0] if gaps else (1, 0)
    usual = step > 1 and seen >= 2 and seen * 2 > sum(gaps.values())
    return Numbering(
        kind="counter",
        width=len(latest) if padded or same else 0,
        step=step if usual else 1,
    )


def following(
    numbering: Numbering, latest: str | None, *, now: datetime, count: int, order: Order
) -> tuple[str, ...]:
    """Return ``count`` versions, each greater than the one before and all than ``latest``.

    Raises ConflictError ``version-order`` where the form has no greater one in the tool's order.
    """
    moment = now.astimezone(UTC) if now.tzinfo else now.replace(tzinfo=UTC)
    versions: list[str] = []
    for _ in range(count):
        version = _after(numbering, latest, moment)
        if latest is not None and not _greater(version, latest, order):
            raise ConflictError(
                "version-order",
                f"no version after {latest} would be run last",
                why=f"the tool sorts versions as {order}, and {version} does not sort behind it",
                next_actions=("give the existing files versions of one width",),
            )
        versions.append(version)
        latest = version
    return tuple(versions)


def local(now: datetime) -> datetime:
    """Return this machine's wall clock, for tools that do not count in UTC."""
    return now.astimezone().replace(tzinfo=UTC)


def _after(numbering: Numbering, latest: str | None, now: datetime) -> str:
    width = numbering.width
    match numbering.kind:
        case "counter":
            number = int(latest) + numbering.step if latest else numbering.step
            return f"{number:0{width}d}" if width else str(number)
        case "epoch":
            # Integers throughout: a float cannot hold nanoseconds.
            whole = int(now.timestamp()) * 1_000_000 + now.microsecond
            return str(_later(whole * _EPOCHS[width] // 1_000_000, latest))
        case "day counter":
            return str(_later(int(f"{now:%Y%m%d}00"), latest)).zfill(width)
        case "milliseconds":
            return str(_later(int(f"{now:%Y%m%d%H%M%S}{now.microsecond // 1000:03d}"), latest))
    pattern, unit = _DATES[width]
    fresh = now.strftime(pattern)
    if latest is None or int(fresh) > int(latest):
        return fresh
    try:
        return (datetime.strptime(latest, pattern) + unit).strftime(pattern)
    except (ValueError, OverflowError):
        # An impossible time is still a number with a next one.
        return str(int(latest) + 1).zfill(width)


def _later(fresh: int, latest: str | None) -> int:
    return fresh if latest is None else max(fresh, int(latest) + 1)


def _greater(version: str, latest: str, order: Order) -> bool:
    if order == "number":
        return int(version) > int(latest)
    # What is sorted is the file's name: 10_x stands before 1_x.
    return f"{version}_" > f"{latest}_"


def _looks_like_date(text: str) -> bool:
    return text[:2] in ("19", "20") and "01" <= text[4:6] <= "12" and "01" <= text[6:8] <= "39"
