"""Types and defaults as people write them, and as MySQL and MariaDB show them afterwards.

Facts: the chapters "Data Types" of both manuals; what MariaDB 10.11 shows was measured, and a test
compares each. MySQL shows no display width from 8.0.19, save for ``tinyint(1)`` and ZEROFILL.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from wizard.database.ddl_tokens import Cursor
from wizard.database.mysql_server import Engine
from wizard.database.mysql_tokens import literal_of, text_of, unwrap

_SEVERAL = (
    *(("NATIONAL", "CHARACTER", "VARYING"), ("NATIONAL", "CHAR", "VARYING")),
    *(("NATIONAL", "VARCHAR"), ("NATIONAL", "CHARACTER"), ("NATIONAL", "CHAR")),
    *(("NCHAR", "VARCHAR"), ("NCHAR", "VARYING"), ("NVARCHAR",), ("NCHAR",)),
    *(("DOUBLE", "PRECISION"), ("CHARACTER", "VARYING"), ("CHAR", "VARYING")),
    *(("LONG", "VARBINARY"), ("LONG", "VARCHAR"), ("LONG",)),
)
_NATIONAL = ("NATIONAL", "NCHAR", "NVARCHAR")
_NAMES: Mapping[str, str] = {
    "integer": "int",
    "int1": "tinyint",
    "int2": "smallint",
    "int3": "mediumint",
    "int4": "int",
    "int8": "bigint",
    "middleint": "mediumint",
    "dec": "decimal",
    "numeric": "decimal",
    "fixed": "decimal",
    "float4": "float",
    "float8": "double",
    "real": "double",
    "double precision": "double",
    "character": "char",
    "character varying": "varchar",
    "char varying": "varchar",
    "long": "mediumtext",
    "long varchar": "mediumtext",
    "long varbinary": "mediumblob",
}
_WIDTHS: Mapping[str, tuple[int, int]] = {
    "tinyint": (4, 3),
    "smallint": (6, 5),
    "mediumint": (9, 8),
    "int": (11, 10),
    "bigint": (20, 20),
}
_NUMBERS = (*_WIDTHS, "decimal", "float", "double", "year")
_TEXTS = {"text": ("tinytext", "text", "mediumtext", "longtext")}
_BLOBS = {"blob": ("tinyblob", "blob", "mediumblob", "longblob")}
_NOW = re.compile(
    r"(?:CURRENT_TIMESTAMP|NOW|LOCALTIME|LOCALTIMESTAMP)\s*(?:\(\s*(\d*)\s*\))?", re.I
)
_NUMBER = re.compile(r"[+-]?\s*(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenType:
    """A type as it was read. ``length`` counts the characters of TEXT(n), whose bytes decide."""

    text: str
    national: bool = False
    length: int | None = None


def read_type(cursor: Cursor, engine: Engine, *, exact: bool) -> WrittenType:
    """Read a type without its character set; ``exact`` text is the server's own and is kept."""
    first = cursor.at
    words = next((one for one in _SEVERAL if cursor.take(*one)), None)
    if words is None:
        words = (cursor.word,)
        if not words[0].isidentifier():
            raise cursor.error("a type was expected")
        cursor.skip_one()
    arguments: tuple[str, ...] = ()
    if cursor.word == "(":
        start = cursor.at
        cursor.skip()
        arguments = tuple(
            literal_of(one.text.rstrip(" ")) if one.kind == "literal" else one.text
            for one in cursor.tokens[start + 1 : cursor.at - 1]
            if one.word != ","
        )
    shown = cursor.text(first)
    unsigned = zerofill = False
    while cursor.word in ("UNSIGNED", "SIGNED", "ZEROFILL"):
        unsigned |= cursor.word != "SIGNED"
        zerofill |= cursor.word == "ZEROFILL"
        cursor.skip_one()
        shown = cursor.text(first)
    if exact:
        return WrittenType(text=shown)
    national = words[0] in _NATIONAL
    if national:
        name = "varchar" if {"VARYING", "VARCHAR", "NVARCHAR"} & set(words) else "char"
    else:
        name = " ".join(words).lower()
        name = _NAMES.get(name, name)
    if name not in ("enum", "set") and not all(one.isdecimal() for one in arguments):
        raise cursor.error(f"{name} takes no such length")
    text = _shown(name, arguments, engine, unsigned=unsigned, zerofill=zerofill)
    sized = name in ("text", "blob") and arguments
    return WrittenType(text=text, national=national, length=int(arguments[0]) if sized else None)


def serial_type(engine: Engine) -> WrittenType:
    """Return the type that SERIAL stands for."""
    return WrittenType(text=_shown("bigint", (), engine, unsigned=True, zerofill=False))


def _shown(
    name: str, arguments: tuple[str, ...], engine: Engine, *, unsigned: bool, zerofill: bool
) -> str:
    sign = (" unsigned" if unsigned else "") + (" zerofill" if zerofill else "")
    if name in ("bool", "boolean"):
        return "tinyint(1)"
    if name in _WIDTHS:
        given = arguments[0] if arguments else str(_WIDTHS[name][unsigned])
        kept = zerofill or (name == "tinyint" and given == "1" and not unsigned)
        hidden = engine.since((8, 0, 19), None) and not kept
        return name + ("" if hidden else f"({given})") + sign
    if name == "decimal":
        digits = arguments or ("10",)
        return f"decimal({digits[0]},{digits[1] if len(digits) > 1 else 0}){sign}"
    if name == "float" and len(arguments) == 1:
        return ("float" if int(arguments[0]) <= 24 else "double") + sign
    if name == "year":
        return "year" if engine.since((8, 0, 19), None) else f"year({(*arguments, '4')[0]})"
    if name in ("char", "binary", "bit") and not arguments:
        arguments = ("1",)
    if name in ("datetime", "timestamp", "time") and arguments == ("0",):
        arguments = ()
    if name == "geometrycollection" and not engine.maria:
        name = "geomcollection"
    if name in ("text", "blob"):
        arguments = ()
    return name + (f"({','.join(arguments)})" if arguments else "") + sign


def sized(written: WrittenType, bytes_each: int) -> str:
    """Return the type; TEXT(n) and BLOB(n) are the smallest that holds n characters."""
    if written.length is None:
        return written.text
    size = written.length * (bytes_each if written.text == "text" else 1)
    kinds = {**_TEXTS, **_BLOBS}[written.text]
    return next(
        kind
        for kind, limit in zip(kinds, (1 << 8, 1 << 16, 1 << 24, 1 << 63), strict=True)
        if size < limit
    )


def read_value(cursor: Cursor) -> str:
    """Take the value of a DEFAULT or ON UPDATE and return its text."""
    first = cursor.at
    while cursor.word in ("+", "-"):
        cursor.skip_one()
    if cursor.take("NEXT", "VALUE", "FOR"):
        cursor.qualified()
        return cursor.text(first)
    introduced = cursor.word.startswith("_")
    cursor.skip()
    if introduced and not cursor.done and cursor.tokens[cursor.at].kind == "literal":
        cursor.skip_one()
    while cursor.word == ".":
        cursor.skip_one()
        cursor.skip()
    if cursor.word == "(":
        cursor.skip()
    return cursor.text(first)


def shown_default(text: str, type_text: str, engine: Engine, *, exact: bool) -> str | None:
    """Return a default as SQL, as the server shows it; None for NULL.

    MySQL puts quotes around numbers: those are taken off, so that ``DEFAULT 0`` reads the same
    everywhere. An expression of MySQL keeps its parentheses, without which it is no default there.
    """
    if text.upper() == "NULL":
        return None
    base = re.match(r"\w*", type_text)
    number = base is not None and base.group() in _NUMBERS
    if exact:
        bare = text_of(text) if text.startswith("'") and number else ""
        return bare if _NUMBER.fullmatch(bare) else text
    inner = unwrap(text) if engine.maria else text
    if _NOW.fullmatch(inner):
        return shown_now(inner, engine)
    value = _plain_value(inner)
    if value is None:
        called = re.fullmatch(r"\w+\s*(\(.*\))", inner, re.S)
        # MariaDB shows the parentheses around an operator, not those around a call.
        return inner if called and unwrap(called.group(1)) != called.group(1) else text
    if type_text.startswith("bit"):
        return text if text[:1] in "bB" else f"b'{int(value or 0):b}'"
    padded = re.fullmatch(r"binary\((\d+)\)", type_text)
    if padded is not None:
        value = value.ljust(int(padded.group(1)), "\0")
    return _number(value, type_text) if number else literal_of(value)


def shown_now(text: str, engine: Engine) -> str:
    """Return the current time as the engine writes it; any other text as it is."""
    match = _NOW.fullmatch(text)
    if match is None:
        return text
    digits = "" if match.group(1) in (None, "0") else match.group(1)
    if engine.maria:
        return f"current_timestamp({digits})"
    return "CURRENT_TIMESTAMP" + (f"({digits})" if digits else "")


def _plain_value(text: str) -> str | None:
    """Return the value of a literal as text, None for an expression."""
    text = re.sub(r"^_\w+\s*(?=[xXbBnN]?')", "", text)
    if text[:1] in "'\"" or text[:2].lower() == "n'":
        return text_of(text)
    if text.upper() in ("TRUE", "FALSE"):
        return "1" if text.upper() == "TRUE" else "0"
    if re.fullmatch(r"[xX]'(?:[0-9a-fA-F]{2})*'", text):
        return bytes.fromhex(text[2:-1]).decode("utf-8", "replace")
    if re.fullmatch(r"[bB]'[01]+'", text):
        return str(int(text[2:-1], 2))
    return re.sub(r"\s", "", text) if _NUMBER.fullmatch(text) else None


def _number(value: str, type_text: str) -> str:
    match = re.match(r"\w+\(\d+,(\d+)\)", type_text)
    places = int(match.group(1)) if match else 0
    try:
        number = Decimal(value.strip() or "0")
        if match is None and type_text.startswith(("float", "double")):
            small = abs(number.adjusted()) < 15
            return f"{number.normalize():f}" if small else f"{number.normalize():e}"
        return str(number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))
    except InvalidOperation:
        return literal_of(value)
