"""Types of PostgreSQL: any spelling in, the server's own out.

The normal form of a column's type is what ``format_type()`` writes: ``integer``, ``character
varying(3)``, ``timestamp with time zone``, ``numeric(10,2)``, ``text[]``. SQL for people has the
short spelling, see `short`.
"""

from __future__ import annotations

import difflib
import re

from wizard.dialects.lexing import Unreadable, tokens, unquoted, word_set
from wizard.dialects.postgresql.words import quote
from wizard.model.errors import AnswerError
from wizard.model.schema import Column

#: Other spellings of built-in types.
ALIASES = {
    "int": "integer",
    "int4": "integer",
    "int2": "smallint",
    "int8": "bigint",
    "float4": "real",
    "float8": "double precision",
    "decimal": "numeric",
    "dec": "numeric",
    "bool": "boolean",
    "char": "character",
    "nchar": "character",
    "national char": "character",
    "national character": "character",
    "varchar": "character varying",
    "char varying": "character varying",
    "nchar varying": "character varying",
    "national char varying": "character varying",
    "national character varying": "character varying",
    "varbit": "bit varying",
    "timestamp": "timestamp without time zone",
    "timestamptz": "timestamp with time zone",
    "time": "time without time zone",
    "timetz": "time with time zone",
}

#: How many modifiers a type takes at most.
_MODIFIERS = {
    "numeric": 2,
    **dict.fromkeys(("character", "character varying", "bit", "bit varying", "interval"), 1),
    **dict.fromkeys(("timestamp without time zone", "timestamp with time zone"), 1),
    **dict.fromkeys(("time without time zone", "time with time zone"), 1),
}

_PLAIN = word_set(
    """
    smallint integer bigint real boolean text bytea uuid json jsonb jsonpath xml money name oid date
    inet cidr macaddr macaddr8 point line lseg box path polygon circle tsvector tsquery pg_lsn
    txid_snapshot xid cid tid refcursor bpchar regclass regcollation regconfig regdictionary
    regnamespace regoper regoperator regproc regprocedure regrole regtype int4range int8range
    numrange tsrange tstzrange daterange
    """
)
_SINCE = {
    **dict.fromkeys(("pg_snapshot", "xid8"), 13),
    **dict.fromkeys(
        ("int4multirange", "int8multirange", "nummultirange", "tsmultirange", "tstzmultirange"), 14
    ),
    "datemultirange": 14,
}

#: Types of well-known extensions, whose modifiers only the extension knows.
EXTENSIONS = word_set(
    "box2d box3d citext cube geography geometry halfvec hstore isbn isbn13 lquery ltree ltxtquery "
    "raster seg sparsevec vector"
)

_INTERVAL = re.compile(
    r"interval (year to month|day to hour|day to minute|day to second|hour to minute"
    r"|hour to second|minute to second|year|month|day|hour|minute|second)"
)
_SERIAL = {"smallserial": "smallint", "serial": "integer", "bigserial": "bigint"}
_SERIAL |= {"serial2": "smallint", "serial4": "integer", "serial8": "bigint"}


def check_type(text: str, *, version: tuple[int, ...], enums: tuple[str, ...], flag: str) -> str:
    """Return the type as ``format_type()`` writes it; raises AnswerError when there is none such.

    ``enums`` are the names of the database's own types, as ``type`` or ``schema.type``.
    """
    base, array = _split_array(_tidy(text, flag))
    if any(base in (one, f"public.{one}") for one in enums):
        return _quoted(base) + array
    words, modifiers = _split_modifiers(base)
    own = _own_type(base, enums)
    if own is not None:
        return own + array
    if words in _SERIAL:
        raise AnswerError(
            "serial-type",
            f"{words} is no type, but a sequence with a default",
            why="An identity column does the same and belongs to the table as a whole.",
            next_actions=(f"use {_SERIAL[words]} with --identity",),
            flag=flag or None,
        )
    name = ALIASES.get(words, words)
    if name.startswith("float") and words == "float":
        return _float(modifiers, text, flag) + array
    if name == "double precision" and not modifiers:
        return name + array
    if _INTERVAL.fullmatch(name):
        return _with(name, modifiers, text, flag, limit=1) + array
    if name in _MODIFIERS:
        return _modified(name, modifiers, text, flag) + array
    if name in _PLAIN or version[0] >= _SINCE.get(name, 10_000) or name == '"char"':
        return _with(name, modifiers, text, flag, limit=0) + array
    if name in EXTENSIONS:
        return name + (f"({','.join(modifiers)})" if modifiers else "") + array
    raise _unknown(text, words, enums, flag)


def _tidy(text: str, flag: str) -> str:
    """Return the type with single blanks and bare words in lower case; refuses what is no type."""
    try:
        found = tokens(text.strip(), "postgresql")
    except Unreadable as error:
        raise _no_type(text, str(error), flag) from None
    out = ""
    for one in found:
        fine = one.kind in ("word", "name", "number") or one.text in ("(", ")", "[", "]", ",", ".")
        if not fine:
            raise _no_type(text, f"{one.text!r} has no place in a type", flag)
        # The modifiers of extensions keep their case: geometry(Point,4326).
        piece = one.text.lower() if one.kind == "word" and one.depth == 0 else one.text
        glued = not out or out[-1] in "(,.[" or one.text in ("(", ")", "[", "]", ",", ".")
        out += piece if glued else f" {piece}"
    if not out:
        raise _no_type(text, "it is empty", flag)
    return re.sub(r"\)(?=\w)", ") ", out)


def _split_array(text: str) -> tuple[str, str]:
    match = re.search(r"(?:(?:\[\d*\])+| array(?:\[\d*\])?)$", text)
    if match is None:
        return text, ""
    # The server ignores the bounds and, in a declaration, the number of dimensions.
    return text[: match.start()], "[]"


def _split_modifiers(text: str) -> tuple[str, tuple[str, ...]]:
    """Return the words of ``timestamp(3) with time zone`` without, and apart, its modifiers."""
    match = re.search(r"\(([^()]*)\)", text)
    if match is None:
        return text, ()
    words = f"{text[: match.start()].strip()} {text[match.end() :].strip()}".strip()
    return words, tuple(one.strip() for one in match.group(1).split(","))


def _own_type(base: str, enums: tuple[str, ...]) -> str | None:
    parts = []
    for one in tokens(base, "postgresql"):
        if one.kind in ("word", "name"):
            parts.append(unquoted(one, "postgresql"))
        elif one.text != ".":
            return None
    found = {".".join(_parts(one)): one for one in enums}
    wanted = ".".join(parts)
    return _quoted(found[wanted]) if wanted in found else None


def _parts(name: str) -> list[str]:
    from wizard.model.names import parse_table_name

    try:
        parsed = parse_table_name(name)
    except ValueError:
        return [name]
    return [one for one in (parsed.schema, parsed.name) if one]


def _quoted(name: str) -> str:
    return ".".join(quote(one) for one in _parts(name))


def _float(modifiers: tuple[str, ...], text: str, flag: str) -> str:
    if not modifiers:
        return "double precision"
    if len(modifiers) != 1 or not modifiers[0].isdigit() or not 1 <= int(modifiers[0]) <= 53:
        raise _no_type(text, "float has a precision from 1 to 53", flag)
    return "real" if int(modifiers[0]) <= 24 else "double precision"


def _modified(name: str, modifiers: tuple[str, ...], text: str, flag: str) -> str:
    if name in ("character", "bit") and not modifiers:
        modifiers = ("1",)
    if name == "numeric" and len(modifiers) == 1:
        modifiers = (*modifiers, "0")
    return _with(name, modifiers, text, flag, limit=_MODIFIERS[name])


def _with(name: str, modifiers: tuple[str, ...], text: str, flag: str, *, limit: int) -> str:
    if not modifiers:
        return name
    if len(modifiers) > limit:
        number = "no" if limit == 0 else f"at most {limit}"
        raise _no_type(text, f"{name} takes {number} numbers in parentheses", flag)
    numbers = []
    for one in modifiers:
        if not re.fullmatch(r"\d{1,8}", one):
            raise _no_type(text, f"{one!r} is no whole number", flag)
        numbers.append(str(int(one)))
    first, *rest = name.split(" ")
    if first in ("timestamp", "time") and rest:
        return f"{first}({numbers[0]}) {' '.join(rest)}"
    return f"{name}({','.join(numbers)})"


def _no_type(text: str, why: str, flag: str) -> AnswerError:
    return AnswerError(
        "bad-type",
        f"{text!r} is not a type",
        why=why,
        next_actions=("write a type such as text, bigint, numeric(10,2) or timestamptz",),
        flag=flag or None,
    )


def _unknown(text: str, words: str, enums: tuple[str, ...], flag: str) -> AnswerError:
    known = [*_PLAIN, *_MODIFIERS, *ALIASES, *EXTENSIONS, "double precision", *enums]
    near = difflib.get_close_matches(words, known, n=3, cutoff=0.6)
    return AnswerError(
        "unknown-type",
        f"PostgreSQL has no type {text.strip()!r}, and the database has none of its own",
        why="Neither a built-in type nor an enumerated type or domain of this name was found.",
        next_actions=(f"did you mean {' or '.join(near)}?",) if near else (),
        flag=flag or None,
    )


_SHORT = (
    (re.compile(r"^character varying"), "varchar"),
    (re.compile(r"^character(?=\()"), "char"),
    (re.compile(r"^bit varying"), "varbit"),
    (re.compile(r"^timestamp(\(\d\))? with time zone"), r"timestamptz\1"),
    (re.compile(r"^timestamp(\(\d\))? without time zone"), r"timestamp\1"),
    (re.compile(r"^time(\(\d\))? with time zone"), r"timetz\1"),
    (re.compile(r"^time(\(\d\))? without time zone"), r"time\1"),
)


def short(name: str) -> str:
    """Return the type as people write it: ``varchar(3)``, ``timestamptz``."""
    for pattern, text in _SHORT:
        name, count = pattern.subn(text, name)
        if count:
            break
    return name


#: Built-in types of which two equal values are the same to the last bit. In others one number has
#: several forms (numeric, jsonb), 0 two signs (real), or a month as many days (interval).
_EXACT = word_set(
    "smallint integer bigint boolean date text uuid bytea oid money name inet cidr macaddr macaddr8"
)
_EXACT_BEGINNINGS = ("character", "bit", "time", "numeric(")


def compare_as(column: Column) -> str | None:
    """Return what to cast values to, so that only the very same ones are equal; None for nothing.

    A collation that is not the type's own may take two spellings for one. Types of users are
    unknown: citext lies behind some domains.
    """
    kind = (column.base or column.type).removesuffix("[]")
    if column.collation is not None:
        return 'text COLLATE "C"'
    if kind in _EXACT or kind.startswith(_EXACT_BEGINNINGS):
        return None
    built_in = kind in _PLAIN or kind.startswith(("numeric", "double", "interval"))
    return "text" if built_in else 'text COLLATE "C"'


def neutral(column: Column) -> str | None:
    """Return 0, an empty text or false, by the column's type; None for other types."""
    if column.base is not None:
        return None
    match column.type.partition("(")[0]:
        case "smallint" | "integer" | "bigint" | "numeric" | "real" | "double precision":
            return "0"
        case "text" | "character varying":
            return "''"
        case "boolean":
            return "false"
        case _:
            return None
