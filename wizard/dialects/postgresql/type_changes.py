"""What changing a column's type costs on PostgreSQL: the matrix of safety.md §1.3, and what it lacks.

A change that keeps the stored bytes is metadata only; all others rewrite the table and its
indexes. Even then a validated check that names the column is looked at for every row, and some
indexes are built anew, all under the lock. Measured on PostgreSQL 12 to 18 by
tests/rehearsal/test_lock_truth.py with tests/type_examples.py.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from wizard.dialects.postgresql.types import short
from wizard.dialects.postgresql.words import quote
from wizard.model.schema import Check, Column, ForeignKey, Index
from wizard.model.steps import Beside

Cost = Literal["none", "scan", "build", "rewrite"]

_SHAPE = re.compile(
    r"(?P<base>[^()\[\]]+?)\s*(?:\((?P<numbers>[\d\s,]+)\))?(?P<rest>(?: with(?:out)? time zone)?)$"
)
_TEXTS = ("character varying", "text", "citext")
_OBJECT_NAMES = ("oid", "regclass", "regtype", "regproc", "regprocedure", "regrole")
#: The last field that an interval keeps decides what it cuts off, smallest first.
_FIELDS = ("second", "minute", "hour", "day", "month", "year")


def type_change(
    column: Column, to: Column, *, using: str | None = None, beside: Sequence[Beside] = ()
) -> Cost:
    """Return the work of the change, done while nobody can read or write.

    ``using`` makes the server work every value out, unless it is the plain value. ``beside`` are
    the table's indexes, checks and keys that hold the column. A move between timestamp and
    timestamptz counts as made in a session whose time zone is UTC, as `change_type` writes it.
    """
    if not _plain(using, column, to) or not same_bytes(column, to):
        return "rewrite"
    if any(isinstance(one, Index) and _built(one, column, to) for one in beside):
        return "build"
    if any(isinstance(one, Check) and one.validated for one in beside):
        return "scan"
    return "none"


def moves_zone(column: Column, to: Column) -> bool:
    """Tell whether the change is one between timestamp and timestamptz."""
    before, after = column.base or column.type, to.base or to.type
    stamps = all(one.startswith("timestamp") and "[" not in one for one in (before, after))
    return stamps and before.endswith("with time zone") != after.endswith("with time zone")


def keys_beside(beside: Sequence[Beside]) -> tuple[ForeignKey, ...]:
    """Return the table's own foreign keys among what holds the column."""
    return tuple(one for one in beside if isinstance(one, ForeignKey))


def _plain(using: str | None, column: Column, to: Column) -> bool:
    """Tell whether the conversion is the one that the server would do by itself."""
    if using is None:
        return True
    name, text = quote(column.name), " ".join(using.split())
    kinds = {to.type, short(to.type)}
    casts = {form for one in kinds for form in (f"{name}::{one}", f"CAST({name} AS {one})")}
    return text.lower() in {one.lower() for one in (name, *casts)}


def _built(index: Index, column: Column, to: Column) -> bool:
    """Tell whether the index is built anew although the table is not.

    The server goes on with an index of plain columns whose operators stay the same. One with an
    expression or a condition it never recognises as the same.
    """
    if index.where or any(part.expression is not None for part in index.parts):
        return True
    if column.name not in index.columns:
        return False
    return column.collation != to.collation or _order(column) != _order(to)


def _order(column: Column) -> str:
    """Return a word for the operators by which a type is sorted."""
    base, _ = _parts(column.base or column.type)
    return "text" if base in ("character varying", "text") else "inet" if base == "cidr" else base


def _parts(name: str) -> tuple[str, tuple[int, ...]]:
    """Return a type, as format_type() writes it, without its numbers, and the numbers."""
    match = _SHAPE.fullmatch(name)
    if match is None:
        return name, ()
    base, numbers = match["base"] + match["rest"], match["numbers"]
    if base.startswith("interval"):
        return "interval", tuple(int(one) for one in numbers.split(",")) if numbers else ()
    return base, tuple(int(one) for one in numbers.split(",")) if numbers else ()


def same_bytes(column: Column, to: Column) -> bool:
    """Tell whether every stored value stays as it is."""
    if column.type == to.type:
        return True
    old, old_sizes = _parts(column.base or column.type)
    new, new_sizes = _parts(to.base or to.type)
    if column.base is not None:
        # The limit of a domain's own type is not looked at: any new one rewrites.
        old_sizes = ()
    if old in _TEXTS and new in _TEXTS:
        return _wider(old_sizes, new_sizes)
    if (old, new) in (("cidr", "inet"), ("xml", "text")):
        return True
    if old == "bit" and new == "bit varying":
        return not new_sizes
    if {old, new} <= {"integer", *_OBJECT_NAMES}:
        return True
    if moves_zone(column, to):
        return not new_sizes or new_sizes == (6,)
    if old != new:
        return old in ("text", "character varying") and new == "bpchar"
    if old == "numeric":
        return _more_digits(old_sizes, new_sizes)
    if old == "interval":
        return _fewer_cut(column.base or column.type, to.base or to.type) and _wider(
            old_sizes or (6,), new_sizes or (6,)
        )
    if old.startswith(("time", "timestamp")):
        return _wider(old_sizes or (6,), new_sizes or (6,))
    return old == "bit varying" and _wider(old_sizes, new_sizes)


def _more_digits(old: tuple[int, ...], new: tuple[int, ...]) -> bool:
    if not old or not new:
        return not new
    (old_precision, old_scale), (new_precision, new_scale) = (
        (one[0], one[1] if len(one) > 1 else 0) for one in (old, new)
    )
    return old_scale == new_scale and new_precision >= old_precision


def _fewer_cut(before: str, after: str) -> bool:
    """Tell whether the second interval keeps all fields that the first one keeps."""
    return _last_field(after) <= _last_field(before)


def _last_field(interval: str) -> int:
    words = [one for one in re.findall(r"[a-z]+", interval) if one in _FIELDS]
    return _FIELDS.index(words[-1]) if words else 0


def _wider(old: tuple[int, ...], new: tuple[int, ...]) -> bool:
    """Tell whether the second limit holds all that the first one does; none is no limit."""
    return not new or (bool(old) and new[0] >= old[0])
