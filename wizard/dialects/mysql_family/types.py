"""Types of MySQL and MariaDB: any spelling in, the server's own out.

The normal form of a column's type is COLUMN_TYPE of the catalogue: ``bigint unsigned``,
``varchar(20)``, ``enum('a','b')``. MariaDB shows a width behind each whole number (``int(11)``),
MySQL from 8.0.19 on only ``tinyint(1)``. Measured on MariaDB 10.11 and MySQL 9.7.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass

from wizard.dialects.lexing import Unreadable, tokens, word_set
from wizard.model.errors import AnswerError

_ALIASES = {
    "integer": "int",
    "int1": "tinyint",
    "int2": "smallint",
    "int3": "mediumint",
    "middleint": "mediumint",
    "int4": "int",
    "int8": "bigint",
    "dec": "decimal",
    "fixed": "decimal",
    "numeric": "decimal",
    "real": "double",
    "double precision": "double",
    "float4": "float",
    "float8": "double",
    "character": "char",
    "nchar": "char",
    "national char": "char",
    "national character": "char",
    "character varying": "varchar",
    "char varying": "varchar",
    "varcharacter": "varchar",
    "nvarchar": "varchar",
    "national varchar": "varchar",
    "long": "mediumtext",
    "long varchar": "mediumtext",
    "long varbinary": "mediumblob",
}
_WHOLE = {"tinyint": 4, "smallint": 6, "mediumint": 9, "int": 11, "bigint": 20}
_NUMERIC = {*_WHOLE, "decimal", "double", "float"}
#: How many numbers a type takes at most.
_NUMBERS = {
    **dict.fromkeys((*_WHOLE, "char", "varchar", "binary", "varbinary", "bit"), 1),
    **dict.fromkeys(("datetime", "timestamp", "time", "year", "float", "vector"), 1),
    **dict.fromkeys(("decimal", "double"), 2),
}
_PLAIN = word_set(
    "date tinytext text mediumtext longtext tinyblob blob mediumblob longblob json geometry point "
    "linestring polygon multipoint multilinestring multipolygon geometrycollection"
)
_MARIA = word_set("uuid inet4 inet6")
_TEXTS = word_set("char varchar tinytext text mediumtext longtext enum set")
_BLOBS = word_set("tinytext text mediumtext longtext tinyblob blob mediumblob longblob json")
_SHAPE = re.compile(
    r"(?P<name>[a-z][a-z0-9]*(?: [a-z][a-z0-9]*)*?)(?:\s*\((?P<inner>.*)\))?"
    r"(?P<tail>(?: unsigned| signed| zerofill)*)",
    re.DOTALL | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class TypeParts:
    """A type taken apart: ``base`` in lower case, its numbers or labels, and what stands behind."""

    base: str
    numbers: tuple[int, ...] = ()
    labels: tuple[str, ...] = ()
    unsigned: bool = False


def parts(text: str) -> TypeParts:
    """Return the parts of a type as the server writes it; labels keep their quotes."""
    match = _SHAPE.fullmatch(text.strip())
    if match is None:
        return TypeParts(text.strip().lower())
    base = re.sub(r"\s+", " ", match["name"].lower())
    inner, unsigned = match["inner"], "unsigned" in (match["tail"] or "").lower()
    if inner is None:
        return TypeParts(base, unsigned=unsigned)
    if base in ("enum", "set"):
        found = [one.text for one in tokens(inner, "mysql") if one.kind == "string"]
        return TypeParts(base, labels=tuple(found))
    numbers = tuple(int(one) for one in re.findall(r"\d+", inner))
    return TypeParts(base, numbers=numbers, unsigned=unsigned)


def is_text(text: str) -> bool:
    """Tell whether a type has a collation."""
    return parts(text).base in _TEXTS


def is_blob(text: str) -> bool:
    """Tell whether a type is kept outside the row: MySQL takes no literal as its default."""
    return parts(text).base in _BLOBS or parts(text).base in word_set(
        "geometry point linestring polygon multipoint multilinestring multipolygon "
        "geometrycollection geomcollection"
    )


def is_number(text: str) -> bool:
    """Tell whether a type holds numbers."""
    return parts(text).base in {*_NUMERIC, "year", "bit"}


def check_type(text: str, *, engine: str, version: tuple[int, ...], flag: str) -> str:
    """Return the type as the server writes it; raises AnswerError (`unknown-type`, `bad-type` …)."""
    shape = " ".join(text.split())
    _read(text, flag)
    match = _SHAPE.fullmatch(shape)
    if match is None:
        raise _bad(text, "a type is a word with numbers or texts in parentheses", flag)
    name = match["name"].lower()
    name = _ALIASES.get(name, name)
    tail = sorted(set((match["tail"] or "").lower().split()) - {"signed"})
    if name in ("bool", "boolean"):
        return "tinyint(1)"
    if name == "serial":
        raise AnswerError(
            "serial-type",
            "serial is no type, but a number with AUTO_INCREMENT and an index",
            next_actions=("use bigint unsigned with --identity 'by default'",),
            flag=flag or None,
        )
    if name in ("enum", "set"):
        return _listed(name, match["inner"] or "", text, flag)
    if "zerofill" in tail:
        raise _bad(text, "zerofill only pads what is shown: let the application do it", flag)
    if tail and name not in _NUMERIC:
        raise _bad(text, f"{name} is no number, so it cannot be {' '.join(tail)}", flag)
    if name in _MARIA and engine == "mariadb":
        return name
    if name == "vector" and version < ((11, 7) if engine == "mariadb" else (9,)):
        raise _unknown(name, flag)
    if name in _PLAIN:
        if match["inner"] is not None:
            raise _bad(text, f"{name} takes no length", flag)
        return name
    if name not in _NUMBERS:
        raise _unknown(name, flag)
    numbers = _numbers(name, match["inner"], text, flag)
    shown = f"({','.join(map(str, numbers))})" if numbers else ""
    if name in _WHOLE:
        shown = _width(name, numbers, tail, engine)
    if name == "float":
        name, shown = ("double" if numbers and numbers[0] > 24 else "float"), ""
    if name == "year":
        shown = "(4)" if engine == "mariadb" else ""
    return " ".join((name + shown, *tail))


def _read(text: str, flag: str) -> None:
    try:
        found = tokens(text.strip(), "mysql")
    except Unreadable as error:
        raise _bad(text, str(error), flag) from None
    taken = word_set(
        "CHECK COLLATE CONSTRAINT DEFAULT NOT NULL PRIMARY REFERENCES UNIQUE AS GENERATED COMMENT "
        "AUTO_INCREMENT CHARACTER CHARSET ON INVISIBLE KEY"
    )
    clause = next(
        (one.upper for one in found if one.upper in taken and one.depth == 0 and one.start), None
    )
    if clause is not None:
        raise _bad(text, f"{clause} is no part of a type", flag)
    if any(one.kind == "comment" or one.text == ";" for one in found):
        raise _bad(text, "a type holds no comment and no semicolon", flag)


def _listed(name: str, inner: str, text: str, flag: str) -> str:
    try:
        found = tokens(inner, "mysql")
    except Unreadable as error:
        raise _bad(text, str(error), flag) from None
    labels = [one.text for one in found if one.kind == "string" and one.text.startswith("'")]
    marks = [one.text for one in found if one.kind != "string"]
    if not labels or len(labels) + len(marks) != len(found) or marks != [","] * (len(labels) - 1):
        raise _bad(text, f"write it as {name}('a', 'b')", flag)
    # The server writes a quote in a label as two.
    shown = (one.replace("\\'", "''") for one in labels)
    return f"{name}({','.join(shown)})"


def _numbers(name: str, inner: str | None, text: str, flag: str) -> tuple[int, ...]:
    if inner is None:
        given: tuple[int, ...] = ()
    elif re.fullmatch(r"\s*\d+\s*(,\s*\d+\s*)?", inner):
        given = tuple(int(one) for one in inner.split(","))
    else:
        raise _bad(text, "in parentheses stand one or two numbers", flag)
    if len(given) > _NUMBERS[name]:
        raise _bad(text, f"{name} takes {_NUMBERS[name]} number in parentheses", flag)
    if name in ("varchar", "varbinary") and not given:
        raise _bad(text, f"{name} needs a length, such as {name}(100)", flag)
    if name == "decimal":
        return given + (10, 0)[len(given) :]
    if name in ("datetime", "timestamp", "time") and given == (0,):
        return ()
    return given or {"char": (1,), "binary": (1,), "bit": (1,)}.get(name, ())


def _width(name: str, numbers: tuple[int, ...], tail: list[str], engine: str) -> str:
    if engine == "mysql":
        # 8.0.19 and later show a width only here, which says that it is a boolean.
        return "(1)" if name == "tinyint" and numbers == (1,) and not tail else ""
    # Without a sign there is no place for one, but for bigint.
    less = 1 if "unsigned" in tail and name != "bigint" else 0
    return f"({numbers[0] if numbers else _WHOLE[name] - less})"


def _bad(text: str, why: str, flag: str) -> AnswerError:
    return AnswerError(
        "bad-type",
        f"{text!r} is not a type",
        why=why,
        next_actions=("write a type such as int, bigint unsigned, varchar(30) or datetime(6)",),
        flag=flag or None,
    )


def _unknown(name: str, flag: str) -> AnswerError:
    known = sorted({*_NUMBERS, *_PLAIN, *_ALIASES})
    near = difflib.get_close_matches(name, known, n=3)
    return AnswerError(
        "unknown-type",
        f"there is no type {name}",
        next_actions=(f"did you mean {' or '.join(near)}?" if near else "check the spelling",),
        flag=flag or None,
    )
