"""Versions with parts, such as 2.14.3, 6_10 or 2026.11.23.1: their order and the next ones."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from generators.sql.numbering import Numbering, following, infer

COUNTER = Numbering(kind="counter", width=0)
_MARKS = re.compile(r"([._])")


def parts(version: str) -> tuple[int, ...]:
    """Return the parts as numbers, without the zeros at the end, which mean nothing."""
    numbers = [int(one) for one in re.split(r"[._]", version)]
    while len(numbers) > 1 and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


def described(versions: Sequence[str], *, default: Numbering = COUNTER) -> str:
    """Return the form of the newest of ``versions``, which stand in order, for people."""
    if not versions or not _MARKS.search(versions[-1]):
        return str(infer(versions, default=default))
    if _is_date(_MARKS.split(versions[-1])):
        return "date in parts"
    return "release in parts"


def later(
    versions: Sequence[str], *, now: datetime, count: int, default: Numbering = COUNTER
) -> tuple[str, ...]:
    """Return ``count`` versions that follow the last of ``versions``, which stand in order."""
    moment = now.astimezone(UTC) if now.tzinfo else now.replace(tzinfo=UTC)
    known = list(versions)
    for _ in range(count):
        if known and _MARKS.search(known[-1]):
            known.append(_next(known, moment))
        else:
            latest = known[-1] if known else None
            form = infer(known, default=default)
            known += following(form, latest, now=moment, count=1, order="number")
    return tuple(known[len(versions) :])


def _next(known: Sequence[str], now: datetime) -> str:
    latest = known[-1]
    pieces = _MARKS.split(latest)
    if _is_date(pieces):
        fresh = "".join(_dated(pieces, now))
        if parts(fresh) > parts(latest):
            return fresh
    stem, last = "".join(pieces[:-1]), pieces[-1]
    same = [one.removeprefix(stem) for one in known if one.startswith(stem)]
    (number,) = following(
        infer([one for one in same if one.isdigit()]), last, now=now, count=1, order="number"
    )
    return stem + number


def _is_date(pieces: Sequence[str]) -> bool:
    """Tell whether a version begins with a year and a month, each a part."""
    numbers = pieces[::2]
    return len(numbers) > 2 and bool(
        re.fullmatch(r"(19|20)\d\d", numbers[0]) and re.fullmatch(r"0?[1-9]|1[0-2]", numbers[1])
    )


def _dated(pieces: Sequence[str], now: datetime) -> list[str]:
    """Return the parts with today's date; a time follows the clock, a counter begins again."""
    padded = [len(one) > 1 for one in pieces]
    found = list(pieces)
    for at, number in ((0, now.year), (2, now.month), (4, now.day)):
        found[at] = f"{number:02d}" if padded[at] else str(number)
    for at in range(6, len(found), 2):
        width = len(found[at])
        times = {4: "%H%M", 6: "%H%M%S"}
        found[at] = now.strftime(times[width]) if width in times else f"{1:0{width}d}"
    return found
