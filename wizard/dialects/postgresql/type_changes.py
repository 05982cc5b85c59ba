"""What changing a column's type costs on PostgreSQL: the matrix of safety.md §1.3.

A change that keeps the stored bytes is metadata only; one that keeps them but sorts otherwise
builds the column's indexes anew; all others rewrite the table and its indexes. Measured on
PostgreSQL 12 to 18 by tests/rehearsal/test_lock_truth.py.
"""

from __future__ import annotations

import re
from typing import Literal

from wizard.model.schema import Column

_SHAPE = re.compile(
    r"(?P<base>[^()]+?)\s*(?:\((?P<numbers>[\d\s,]+)\))?(?P<rest>(?: with(?:out)? time zone)?)$"
)

Cost = Literal["none", "build", "rewrite"]


def type_change(column: Column, to: Column, *, using: str | None = None) -> Cost:
    """Return the work of the change; ``using`` makes the server work every value out."""
    if using is not None and using.strip('" ') != column.name:
        return "rewrite"
    if not _same_bytes(column.type, to.type):
        return "rewrite"
    return "none" if column.collation == to.collation else "build"


def _same_bytes(before: str, after: str) -> bool:
    """Tell whether every stored value stays as it is, by types as format_type() writes them."""
    if before == after:
        return True
    old, new = _SHAPE.fullmatch(before), _SHAPE.fullmatch(after)
    if old is None or new is None:
        return False
    old_base, new_base = old["base"] + old["rest"], new["base"] + new["rest"]
    old_sizes, new_sizes = _numbers(old["numbers"]), _numbers(new["numbers"])
    texts = ("character varying", "text")
    if old_base in texts and new_base in texts:
        return _wider(old_sizes, new_sizes)
    if old_base == new_base == "numeric":
        if not new_sizes or not old_sizes:
            return not new_sizes
        (old_precision, old_scale), (new_precision, new_scale) = (
            (one[0], one[1] if len(one) > 1 else 0) for one in (old_sizes, new_sizes)
        )
        return old_scale == new_scale and new_precision >= old_precision
    if old_base in ("bit", "bit varying") and new_base == "bit varying":
        return _wider(old_sizes or ((1,) if old_base == "bit" else ()), new_sizes)
    if (old_base, new_base) == ("cidr", "inet"):
        return True
    if old_base == new_base and old_base.split()[0] in ("interval", "time", "timestamp"):
        return _wider(old_sizes or (6,), new_sizes or (6,))
    return False


def _numbers(text: str | None) -> tuple[int, ...]:
    return tuple(int(one) for one in text.split(",")) if text else ()


def _wider(old: tuple[int, ...], new: tuple[int, ...]) -> bool:
    """Tell whether the second limit holds all that the first one does; none is no limit."""
    return not new or (bool(old) and new[0] >= old[0])
