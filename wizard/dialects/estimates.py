"""How long work takes, as a range from slow to fast hardware: safety.md §6's first estimator.

Order of magnitude only, which is what a plan needs: is it over in an instant or in an hour.
"""

from __future__ import annotations

from wizard.dialects.base import Size

#: Least and most milliseconds of a change of the catalogue alone.
INSTANT = (0, 10)

_SCAN_BYTES_PER_SECOND = (200e6, 1_000e6)
_BUILD_ROWS_PER_SECOND = (0.3e6, 1.5e6)
_REWRITE_ROWS_PER_SECOND = (0.1e6, 0.3e6)
_BACKFILL_ROWS_PER_SECOND = (10e3, 50e3)

# Where only one of both is known: a row of an ordinary table.
_ROW_BYTES = 130

Range = tuple[int, int] | None


def scan(size: Size) -> Range:
    """Return the milliseconds for reading every row."""
    amount = size.bytes if size.bytes is not None else _times(size.rows, _ROW_BYTES)
    return _range(amount, _SCAN_BYTES_PER_SECOND)


def build(size: Size) -> Range:
    """Return the milliseconds for building one index."""
    return _range(_rows(size), _BUILD_ROWS_PER_SECOND)


def rewrite(size: Size) -> Range:
    """Return the milliseconds for writing the table and its indexes anew."""
    return _range(_rows(size), _REWRITE_ROWS_PER_SECOND)


def backfill(size: Size) -> Range:
    """Return the milliseconds for changing every row."""
    return _range(_rows(size), _BACKFILL_ROWS_PER_SECOND)


def _rows(size: Size) -> int | None:
    if size.rows is not None:
        return size.rows
    return None if size.bytes is None else size.bytes // _ROW_BYTES


def _times(number: int | None, factor: int) -> int | None:
    return None if number is None else number * factor


def _range(amount: int | None, speed: tuple[float, float]) -> Range:
    if amount is None:
        return None
    slow, fast = speed
    least, most = round(amount / fast * 1000), round(amount / slow * 1000)
    return least, max(most, INSTANT[1])
