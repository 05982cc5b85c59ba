"""`.env` files: NAME=value lines with quotes, ``export``, comments and ``${NAME}``.

The rules are those that python-dotenv, Docker Compose and dotenv for Node have in common.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_START = re.compile(r"\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_.]*)\s*=[ \t]*")
_EXPANSION = re.compile(r"\\\$|\$\{([A-Za-z_]\w*)(?:(:?-)([^}]*))?\}|\$([A-Za-z_]\w*)")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\", "$": "\\$"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One variable and the number of its line."""

    name: str
    value: str
    number: int


def read_dotenv(text: str, environ: Mapping[str, str]) -> tuple[Line, ...]:
    """Return the variables in order; what is not understood is passed over.

    ``${NAME}`` and ``${NAME:-default}`` are taken from lines above, then from ``environ``.
    """
    found: list[Line] = []
    known = dict(environ)
    lines = text.replace("\r\n", "\n").split("\n")
    at = 0
    while at < len(lines):
        match = _START.match(lines[at])
        number = at + 1
        at += 1
        if match is None:
            continue
        raw = lines[number - 1][match.end() :]
        if raw[:1] in ("'", '"'):
            quote = raw[0]
            # A quoted value may go on over several lines.
            while _closing(raw, quote) is None and at < len(lines):
                raw += "\n" + lines[at]
                at += 1
            end = _closing(raw, quote)
            if end is None:
                at = number  # never closed: not a value, and the next line is read as usual
                continue
            value = raw[1:end]
            if quote == '"':
                value = re.sub(r"\\([ntr\"\\$])", lambda m: _ESCAPES[m.group(1)], value)
                value = expand(value, known)
        else:
            # A # starts a comment only after a space, for passwords may hold one.
            value = expand(re.split(r"\s#|^#", raw, maxsplit=1)[0].strip(), known)
        known[match.group(1)] = value
        found.append(Line(name=match.group(1), value=value, number=number))
    return tuple(found)


def expand(value: str, known: Mapping[str, str]) -> str:
    """Return the value with ``$NAME``, ``${NAME}`` and ``${NAME:-default}`` filled in."""

    def fill(match: re.Match[str]) -> str:
        if match.group() == "\\$":
            return "$"
        name = match.group(1) or match.group(4)
        there = known.get(name)
        if there is None or (not there and match.group(2) == ":-"):
            # A bare $NAME that nobody knows is rather a piece of a password.
            return match.group(3) or ("" if match.group(1) else match.group())
        return there

    return _EXPANSION.sub(fill, value)


def _closing(raw: str, quote: str) -> int | None:
    at = 1
    while at < len(raw):
        if raw[at] == "\\" and quote == '"':
            at += 2
            continue
        if raw[at] == quote:
            return at
        at += 1
    return None
