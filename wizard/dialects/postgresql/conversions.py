"""How values of one type of PostgreSQL become values of another, and which of them cannot.

Casts that an INSERT does by itself are left out: an explicit one cuts a text that is too long, and
says nothing. Between timestamp and timestamptz the zone is named, since else each session would
convert by its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from wizard.dialects.base import Conversion
from wizard.dialects.postgresql.types import short
from wizard.dialects.postgresql.words import literal, quote, table
from wizard.model.names import parse_table_name
from wizard.model.schema import Column

INTEGERS = {
    "smallint": (-(2**15), 2**15 - 1),
    "integer": (-(2**31), 2**31 - 1),
    "bigint": (-(2**63), 2**63 - 1),
}
_FLOATING = ("real", "double precision")
_NUMBERS = (*INTEGERS, "numeric", *_FLOATING)
_TEXTS = ("text", "character varying")
_MOMENTS = frozenset({"timestamp", "date"})
_SHAPE = re.compile(r"(?P<base>[^()]+?)\s*(?:\((?P<numbers>[\d\s,]+)\))?(?P<zone> with.*)?$")
#: What a text looks like that reads as a number or an id, where the server has no way to ask.
_LOOKS = {
    "numeric": "^ *[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)? *$",
    "uuid": "^[{]?[0-9a-fA-F]{4}(-?[0-9a-fA-F]{4}){7}[}]?$",
    "boolean": "^ *(t|true|y|yes|on|1|f|false|n|no|off|0) *$",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Type:
    """A type taken apart: ``timestamp(3) with time zone`` has the number 3 and the zone."""

    text: str
    base: str
    numbers: tuple[int, ...]
    zone: str

    @property
    def limit(self) -> int | None:
        return self.numbers[0] if self.numbers else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    """One direction: the value, a predicate for what fits (None: unknown, "": all), whether the
    opposite way gives back what was there, and whether the value depends on settings, too."""

    value: str
    fits: str | None
    keeps: bool
    varies: bool = False


def conversion(
    column: Column,
    to: Column,
    *,
    using: str | None,
    back: str | None,
    enums: Sequence[str],
    version: tuple[int, ...],
) -> Conversion:
    """Return how values go from one type to the other; see `Conversion`."""
    name = quote(column.name)
    before, after = _apart(column), _apart(to)
    known = _Ways(name, frozenset(enums), version >= (16,))
    there, home = known.way(before, after), known.way(after, before)
    if using is not None:
        there = _Way(value=using, fits=None, keeps=False)
    if back is not None:
        home = _Way(value=back, fits=None, keeps=False, varies=True)
    return Conversion(
        to_new=_guarded(there),
        to_old=_guarded(home),
        plain=there.value,
        fits=there.fits,
        returns=home.fits,
        exact=there.keeps,
        alike=using is None and _alike(before, after),
        limit=INTEGERS[before.base][1] if before.base in INTEGERS else None,
        zone={before.base, after.base} <= _MOMENTS and _zoned(before) != _zoned(after),
        indexable=not home.varies,
    )


def _zoned(one: _Type) -> bool:
    return one.zone == "with time zone"


def _guarded(way: _Way) -> str:
    return f"CASE WHEN {way.fits} THEN {way.value} END" if way.fits else way.value


def _apart(column: Column) -> _Type:
    text = column.base or column.type
    match = _SHAPE.fullmatch(text)
    if match is None:
        return _Type(text=text, base=text, numbers=(), zone="")
    numbers = tuple(int(one) for one in match["numbers"].split(",")) if match["numbers"] else ()
    return _Type(text=text, base=match["base"], numbers=numbers, zone=(match["zone"] or "").strip())


def _alike(before: _Type, after: _Type) -> bool:
    for family in (_NUMBERS, _TEXTS):
        if before.base in family:
            return after.base in family
    return (before.base, before.zone) == (after.base, after.zone)


class _Ways:
    def __init__(self, name: str, enums: frozenset[str], asks: bool) -> None:
        self._name, self._enums, self._asks = name, enums, asks

    def way(self, before: _Type, after: _Type) -> _Way:
        """Return the way from one type to another."""
        name, plain = self._name, f"CAST({self._name} AS {short(after.text)})"
        if before.text == after.text:
            return _Way(value=name, fits="", keeps=True)
        if before.base in _NUMBERS and after.base in _NUMBERS:
            return self._number(before, after)
        if after.base in _TEXTS:
            return self._to_text(before, after)
        if before.base in (*_TEXTS, "character"):
            return self._from_text(after)
        if {before.base, after.base} <= _MOMENTS:
            return self._moment(before, after)
        match before.base, after.base:
            case "boolean", "integer":
                return _Way(value=plain, fits="", keeps=True)
            case "integer", "boolean":
                return _Way(value=plain, fits=f"{name} IN (0, 1)", keeps=True)
            case "json", "jsonb":
                fits = self._reads(f"CAST({name} AS text)", after)
                return _Way(value=plain, fits=fits, keeps=False, varies=True)
            case "jsonb", "json":
                return _Way(value=plain, fits="", keeps=True, varies=True)
            case "cidr", "inet":
                return _Way(value=plain, fits="", keeps=True)
            case ("bit", "bit varying") if not after.numbers:
                return _Way(value=plain, fits="", keeps=True)
        return _Way(value=plain, fits=None, keeps=False, varies=True)

    def _number(self, before: _Type, after: _Type) -> _Way:
        name = self._name
        whole, floating = before.base in INTEGERS, _FLOATING
        cast = f"CAST({name} AS {short(after.text)})"
        if after.base in INTEGERS:
            low, high = INTEGERS[after.base]
            if whole and low <= INTEGERS[before.base][0]:
                return _Way(value=name, fits="", keeps=True)
            inside = f"{name} BETWEEN {low} AND {high}"
            if whole:
                return _Way(value=cast, fits=inside, keeps=True)
            if before.base in floating:
                return _Way(value=cast, fits=None, keeps=False)
            # A fraction would be rounded, and nobody would be told.
            return _Way(value=cast, fits=f"{inside} AND {name} = trunc({name})", keeps=True)
        if after.base in floating:
            exact = (before.base, after.base) == ("real", "double precision")
            return _Way(value=cast, fits="" if exact else None, keeps=exact)
        if before.base in floating:
            return _Way(value=cast, fits=None, keeps=False)
        return _Way(value=name, fits=_digits(name, before, after), keeps=True)

    def _to_text(self, before: _Type, after: _Type) -> _Way:
        name = self._name
        if before.base in _TEXTS:
            value, longest = name, before.limit
        elif before.base == "character":
            # A cast to text leaves the padding away.
            value, longest = f"CAST({name} AS text)", before.limit
        else:
            value, longest = f"CAST({name} AS text)", _longest(before)
        fits: str | None = ""
        if after.limit is not None and (longest is None or longest > after.limit):
            fits = f"char_length({value}) <= {after.limit}"
        keeps = before.base not in ("timestamp", "date", "time", "interval", *_FLOATING)
        steady = (*_NUMBERS, *_TEXTS, "character", "boolean", "uuid")
        return _Way(value=value, fits=fits, keeps=keeps, varies=before.base not in steady)

    def _from_text(self, after: _Type) -> _Way:
        name = self._name
        if after.text in self._enums:
            kind = table(parse_table_name(after.text))
            labels = f"CAST(enum_range(CAST(NULL AS {kind})) AS text[])"
            read = f"CAST({name} AS {kind})"
            return _Way(value=read, fits=f"{name} = ANY ({labels})", keeps=True, varies=True)
        if after.base == "character":
            return _Way(value=name, fits=f"char_length({name}) <= {after.limit or 1}", keeps=False)
        cast = f"CAST({name} AS {short(after.text)})"
        keeps = after.base in ("json", "xml")
        varies = self._asks or after.base not in (*_NUMBERS, "boolean", "uuid")
        return _Way(value=cast, fits=self._reads(name, after), keeps=keeps, varies=varies)

    def _reads(self, value: str, after: _Type) -> str | None:
        """Return a predicate for texts that the server reads as a type, None where none is known."""
        if self._asks:
            return f"pg_input_is_valid({value}, {literal(after.text)})"
        if after.base in INTEGERS:
            low, high = INTEGERS[after.base]
            number = f"CAST({value} AS numeric) BETWEEN {low} AND {high}"
            looks = literal("^ *[+-]?[0-9]+ *$")
            # In this order NULL stays NULL, which is no value that does not fit.
            return f"CASE WHEN {value} !~ {looks} THEN false ELSE {number} END"
        if after.base in _LOOKS and not after.numbers:
            return f"{value} ~* {literal(_LOOKS[after.base])}"
        return None

    def _moment(self, before: _Type, after: _Type) -> _Way:
        name, kind = self._name, short(after.text)
        zoned = [_zoned(before), _zoned(after)]
        value, keeps = name, True
        if before.base == "date" and zoned[1]:
            value = f"CAST({name} AS timestamp) AT TIME ZONE 'UTC'"
        elif zoned[0] and after.base == "date":
            value, keeps = f"CAST({name} AT TIME ZONE 'UTC' AS date)", False
        elif zoned[0] != zoned[1]:
            value = f"{name} AT TIME ZONE 'UTC'"
        elif before.base != after.base:
            value, keeps = f"CAST({name} AS {kind})", after.base != "date"
        shorter = after.limit is not None and (before.limit or 6) > after.limit
        return _Way(value=value, fits="", keeps=keeps and (before.base == "date" or not shorter))


def _digits(name: str, before: _Type, after: _Type) -> str:
    """Return the predicate for numbers that a numeric with fewer digits holds; "" for all."""
    if not after.numbers:
        return ""
    precision, scale = (*after.numbers, 0)[:2]
    if before.base in INTEGERS:
        room, had = len(str(INTEGERS[before.base][1])), 0
    elif before.numbers:
        digits, had = (*before.numbers, 0)[:2]
        room = digits - had
    else:
        room = had = 10**6
    found = []
    if room > precision - scale:
        found.append(f"abs({name}) < {10 ** (precision - scale)}")
    if had > scale:
        found.append(f"{name} = round({name}, {scale})")
    return " AND ".join(found)


def _longest(one: _Type) -> int | None:
    """Return how many characters a value's text has at most, None where it is not known."""
    if one.base in INTEGERS:
        return len(str(INTEGERS[one.base][0]))
    return {"uuid": 36, "boolean": 5}.get(one.base)
