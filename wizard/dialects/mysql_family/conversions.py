"""How values of one type of MySQL and MariaDB become values of another, and which of them cannot.

The server converts by itself when a value is stored, and in strict mode refuses what does not fit,
but for fractions, which it rounds without a word: hence no casts. Whole numbers, decimals, texts and
labels are known; of other types only trying tells.
"""

from __future__ import annotations

from wizard.dialects.base import Conversion
from wizard.dialects.mysql_family.types import TypeParts, parts
from wizard.dialects.mysql_family.words import quote
from wizard.model.schema import Column

_BYTES = {"tinyint": 1, "smallint": 2, "mediumint": 3, "int": 4, "bigint": 8}
#: Bytes that a text holds at most; one of a declared length counts characters.
_TEXTS = {"tinytext": 255, "text": 65_535, "mediumtext": 2**24 - 1, "longtext": 2**32 - 1}
_WIDEST = 4


def conversion(column: Column, to: Column, *, using: str | None, back: str | None) -> Conversion:
    """Return how values go from one type to the other; see `Conversion`."""
    name, before, after = quote(column.name), parts(column.type), parts(to.type)
    there = None if using is not None else _fits(name, before, after)
    home = None if back is not None else _fits(name, after, before)
    return Conversion(
        to_new=_guarded(using or name, there),
        to_old=_guarded(back or name, home),
        plain=using or name,
        fits=there,
        returns=home,
        exact=using is None and there is not None,
        alike=using is None and _family(before) == _family(after),
        limit=_range(before)[1] if before.base in _BYTES else None,
    )


def _guarded(value: str, fits: str | None) -> str:
    return f"CASE WHEN {fits} THEN {value} END" if fits else value


def _family(one: TypeParts) -> str:
    if one.base in _BYTES or one.base == "decimal":
        return "number"
    return "text" if one.base == "varchar" or one.base in _TEXTS else one.base


def _range(one: TypeParts) -> tuple[int, int]:
    """Return the least and the largest number of a whole type."""
    bits = 8 * _BYTES[one.base]
    return (0, 2**bits - 1) if one.unsigned else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)


def _fits(name: str, before: TypeParts, after: TypeParts) -> str | None:
    """Return the predicate for values that fit: "" for all, None where it is not known."""
    if before == after:
        return ""
    families = _family(before), _family(after)
    if families == ("number", "number"):
        return _number(name, before, after)
    if families == ("text", "text"):
        return _text(name, before, after)
    if before.base == after.base and before.base in ("enum", "set"):
        gone = [one for one in before.labels if one not in after.labels]
        same = before.base == "enum" or after.labels[: len(before.labels)] == before.labels
        if not gone:
            return "" if same else None
        return f"{name} NOT IN ({', '.join(gone)})" if before.base == "enum" else None
    return None


def _number(name: str, before: TypeParts, after: TypeParts) -> str:
    found = []
    if after.base in _BYTES:
        (least, most), had = _range(after), 0
        if before.base in _BYTES:
            low, high = _range(before)
            inside = least <= low and high <= most
        else:
            precision, had = _digits(before)
            biggest = 10 ** (precision - had)
            inside = biggest <= most and (before.unsigned or -biggest >= least)
        if not inside:
            found.append(f"{name} BETWEEN {least} AND {most}")
        scale = 0
    else:
        precision, scale = _digits(after)
        if before.base in _BYTES:
            room, had = len(str(_range(before)[1])), 0
        else:
            digits, had = _digits(before)
            room = digits - had
        if room > precision - scale:
            found.append(f"abs({name}) < {10 ** (precision - scale)}")
        if after.unsigned and not before.unsigned:
            found.append(f"{name} >= 0")
    if had > scale:
        found.append(f"{name} = round({name}, {scale})")
    return " AND ".join(found)


def _digits(one: TypeParts) -> tuple[int, int]:
    """Return how many digits a decimal has, and how many of them behind the point."""
    precision, scale = (*one.numbers, *(10, 0)[len(one.numbers) :])[:2]
    return precision, scale


def _text(name: str, before: TypeParts, after: TypeParts) -> str:
    characters = before.numbers[0] if before.numbers else _TEXTS.get(before.base, 0)
    if after.base in _TEXTS:
        room = _TEXTS[after.base]
        most = characters * _WIDEST if before.numbers else characters
        return "" if most <= room else f"length({name}) <= {room}"
    room = after.numbers[0] if after.numbers else 0
    return "" if characters <= room else f"char_length({name}) <= {room}"
