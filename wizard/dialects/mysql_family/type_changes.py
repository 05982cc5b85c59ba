"""What changing a column's type costs on MySQL and MariaDB (safety.md §1.4, measured on both).

A text may grow while its length is kept in as many bytes (MariaDB keeps that of at most 127 bytes in
the same one byte, whatever the column could hold), labels may be appended to an ENUM or SET
while its storage holds them, and a collation may change within its character set. All else copies.
"""

from __future__ import annotations

from wizard.dialects.mysql_family.types import TypeParts, is_text, parts
from wizard.dialects.mysql_family.ways import INSTANT, Way, Ways
from wizard.model.schema import Column

# Bytes of one character at most; what is not named has one.
_WIDTHS = {"utf8mb4": 4, "utf8mb3": 3, "utf8": 3, "ucs2": 2, "utf16": 4, "utf16le": 4, "utf32": 4}


def type_change(column: Column, to: Column, ways: Ways) -> Way:
    """Return how the server makes the change; both sides are written as the catalogue does.

    A column without a collation of its own counts as utf8mb4, the widest: then what is said to be
    quick is quick. A collation is quick for a column in no index only; see `Ways.recollate_indexed`.
    """
    if (column.generated is None) != (to.generated is None):
        return ways.copy
    old, new = parts(column.type), parts(to.type)
    charset = _charset(column.collation)
    if column.collation != to.collation:
        same = old == new and is_text(column.type) and charset == _charset(to.collation)
        known = column.collation is not None and to.collation is not None
        return ways.recollate if same and known else ways.copy
    if old == new:
        return INSTANT
    if _appended(old, new):
        return INSTANT
    if _widened(old, new, _WIDTHS.get(charset or "utf8mb4", 1), ways.short_text):
        return ways.widen
    return ways.copy


def _charset(collation: str | None) -> str | None:
    return None if collation is None else collation.split("_", 1)[0].lower()


def _appended(old: TypeParts, new: TypeParts) -> bool:
    """Tell whether labels were only appended, and need no more bytes than before."""
    if old.base != new.base or old.base not in ("enum", "set") or not old.labels:
        return False
    size = _enum_bytes if old.base == "enum" else _set_bytes
    return new.labels[: len(old.labels)] == old.labels and size(old.labels) == size(new.labels)


def _enum_bytes(labels: tuple[str, ...]) -> int:
    return 1 if len(labels) < 256 else 2


def _set_bytes(labels: tuple[str, ...]) -> int:
    needed = -(-len(labels) // 8)
    return needed if needed <= 4 else 8


def _widened(old: TypeParts, new: TypeParts, width: int, short: int) -> bool:
    """Tell whether a text grows while its length still fits one byte, or already needed two.

    ``short`` is how many bytes are written with the same length whatever the column could hold.
    """
    if old.base != new.base or old.base not in ("varchar", "varbinary"):
        return False
    if not old.numbers or not new.numbers:
        return False
    width = 1 if old.base == "varbinary" else width
    before, after = old.numbers[0] * width, new.numbers[0] * width
    return after >= before and (before <= short or (before > 255) == (after > 255))
