"""What people type and what is meant by it: texts become the values of questions and back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from wizard.model.answers import Value
from wizard.questions import Kind, Question

_NUMBER = re.compile(r"(\d[\d_,' ]*(?:\.\d+)?)\s*([a-zµ]*)", re.IGNORECASE)
_COUNTS = {"": 1, "k": 10**3, "m": 10**6, "mio": 10**6, "million": 10**6, "g": 10**9, "b": 10**9}
_BYTES = {"": 1, "b": 1}
_BYTES |= {
    unit + end: 1024**power for power, unit in enumerate("kmgt", start=1) for end in ("", "b", "ib")
}
_MILLISECONDS = {"": 1, "ms": 1, "s": 1_000, "sec": 1_000, "min": 60_000}


def read_entry(question: Question, text: str) -> Value:
    """Return the value that a text means for a question, None for an empty one.

    Raises ValueError with a sentence that says how to write it.
    """
    text = text.strip()
    if not text:
        return None
    match question.kind:
        case Kind.INTEGER:
            return read_number(text, unit_of(question))
        case Kind.BOOLEAN:
            return _yes_or_no(text)
        case Kind.COLUMNS:
            return split(text, ",")
        case Kind.PARTS:
            return split(text, ",")
        case Kind.ASSIGNMENTS:
            return _assignments(text)
        case _:
            return text


def unit_of(question: Question) -> str:
    """Return what a number counts: ``bytes``, ``ms``, or nothing in particular."""
    name = question.key.rpartition(".")[2]
    return "bytes" if name == "bytes" else "ms" if name.endswith("_ms") else ""


def read_number(text: str, unit: str = "") -> int:
    """Read a whole number as people write it: 120M, 1,204, 41 GB, 2 s; raises ValueError."""
    units = {"bytes": _BYTES, "ms": _MILLISECONDS}.get(unit, _COUNTS)
    examples = {"bytes": "48000000000 or 41 GB", "ms": "2000 or 2 s"}
    wrong = ValueError(f"write a number such as {examples.get(unit, '1204 or 120M')}")
    match = _NUMBER.fullmatch(text.strip().lstrip("≈~ "))
    if match is None or match.group(2).lower() not in units:
        raise wrong
    digits = re.sub(r"[_,' ]", "", match.group(1))
    scale = units[match.group(2).lower()]
    if "." not in digits:
        return int(digits) * scale
    value = float(digits) * scale
    if value != int(value) and scale == 1:
        raise wrong
    return round(value)


def show_entry(question: Question, value: Value) -> str:
    """Return a value as `read_entry` takes it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}" if abs(value) >= 10_000 and unit_of(question) != "ms" else str(value)
    if question.kind is Kind.ASSIGNMENTS and isinstance(value, Mapping):
        return "; ".join(f"{name} = {one}" for name, one in value.items())
    # Deferred: the command line's module knows every operation.
    from wizard.command import shown

    return ", ".join(shown(one) for one in value) if isinstance(value, tuple) else shown(value)


def split(text: str, separator: str) -> tuple[str, ...]:
    """Split at separators outside quotes and brackets; empty parts fall away."""
    parts, depth, quote, current = [], 0, "", ""
    for character in text:
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character in "([":
            depth += 1
        elif character in ")]":
            depth -= 1
        if character == separator and depth <= 0 and not quote:
            parts.append(current.strip())
            current = ""
        else:
            current += character
    parts.append(current.strip())
    return tuple(one for one in parts if one)


def _yes_or_no(text: str) -> bool:
    word = text.lower()
    if word in ("y", "yes", "true", "on", "1"):
        return True
    if word in ("n", "no", "false", "off", "0"):
        return False
    raise ValueError("write yes or no")


def _assignments(text: str) -> Value:
    found: dict[str, Value] = {}
    for line in split(text, ";"):
        name, sign, expression = line.partition("=")
        if not sign or not name.strip() or not expression.strip():
            raise ValueError("write column = expression; several are parted by a semicolon")
        found[name.strip().strip('"')] = expression.strip()
    return MappingProxyType(found)
