"""Numbers of rows, as they are said to people."""

from __future__ import annotations


def rows(count: int, shown: str = "") -> str:
    """Return ``1 row``, ``2 rows``, ``1,204 rows``; ``shown`` is how the number is written instead."""
    return f"{shown or f'{count:,}'} {'row' if count == 1 else 'rows'}"
