"""SQL text cut into tokens: what is quoted, what is a word, and how deep in parentheses it stands.

Facts from the chapters "Lexical Structure" of the PostgreSQL manual, "SQL As Understood By SQLite"
and "Language Structure" of the MySQL manual. Everything else that reads SQL here stands on this, so
nothing can hide in a quote.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Kind = Literal["word", "name", "string", "number", "operator", "mark", "comment", "parameter"]


@dataclass(frozen=True, slots=True)
class Token:
    """One token. ``depth`` counts the parentheses, brackets and CASE … END around it.

    ``word`` is a bare identifier or keyword, ``name`` a quoted identifier, ``mark`` one of
    ``( ) [ ] , ; . :``.
    """

    kind: Kind
    text: str
    start: int
    depth: int

    @property
    def end(self) -> int:
        """The position behind the token."""
        return self.start + len(self.text)

    @property
    def upper(self) -> str:
        """The text of a bare word in upper case; empty for all else, so that quotes never match."""
        return self.text.upper() if self.kind == "word" else ""


class Unreadable(ValueError):
    """A text that is no SQL: a quote, comment or parenthesis without its end, a NUL byte."""


def word_set(text: str) -> frozenset[str]:
    """Return the words of a text: lists of keywords are easier to read and to compare this way."""
    return frozenset(text.split())


_SPACE = r"(?P<space>\s+)"
_WORD = r"(?P<word>[A-Za-z_\u0080-\U0010ffff][\w$\u0080-\U0010ffff]*)"
_NUMBER = r"(?P<number>0[xX][0-9a-fA-F_]+|(?:\d[\d_]*(?:\.(?!\.)\d*)?|\.\d+)(?:[eE][+-]?\d+)?)"
_PLAIN_STRING = r"'(?:[^']|'')*'"
_QUOTED_NAME = r'"(?:[^"]|"")*"'

_POSTGRESQL = re.compile(
    "|".join(
        (
            _SPACE,
            r"(?P<comment>--[^\n]*|/\*)",
            rf"(?P<string>[eE]'(?:[^'\\]|''|\\.)*'|(?:[bBxXnN]|[uU]&)?{_PLAIN_STRING}"
            r"|\$(?P<tag>(?:[A-Za-z_\u0080-\U0010ffff][\w\u0080-\U0010ffff]*)?)\$.*?\$(?P=tag)\$)",
            rf"(?P<name>(?:[uU]&)?{_QUOTED_NAME})",
            r"(?P<parameter>\$\d+)",
            _NUMBER,
            _WORD,
            r"(?P<operator>::|:=|\.\.|(?:(?!--|/\*)[-+*/<>=~!@#%^&|`?])+)",
            r"(?P<mark>[()\[\],;.:])",
        )
    ),
    re.DOTALL,
)
_SQLITE = re.compile(
    "|".join(
        (
            _SPACE,
            r"(?P<comment>--[^\n]*|/\*)",
            rf"(?P<string>[xX]?{_PLAIN_STRING})",
            rf"(?P<name>{_QUOTED_NAME}|`(?:[^`]|``)*`|\[[^\]]*\])",
            r"(?P<parameter>\?\d*|[@$:][\w$]+)",
            _NUMBER,
            _WORD,
            r"(?P<operator>->>|->|\|\||<<|>>|<=|>=|<>|!=|==|[-+*/%<>=~&|])",
            r"(?P<mark>[(),;.])",
        )
    ),
    re.DOTALL,
)
# Double quotes hold a text unless sql_mode has ANSI_QUOTES; a backslash escapes unless it has
# NO_BACKSLASH_ESCAPES. A comment of two dashes needs a blank behind them.
_MYSQL_STRING = r"'(?:[^'\\]|''|\\.)*'|\"(?:[^\"\\]|\"\"|\\.)*\""
_MYSQL = re.compile(
    "|".join(
        (
            _SPACE,
            r"(?P<comment>--(?=[\s\x00-\x1f]|$)[^\n]*|\#[^\n]*|/\*)",
            rf"(?P<string>(?:[xXbBnN]|_[A-Za-z0-9]+\s*)?(?:{_MYSQL_STRING}))",
            r"(?P<name>`(?:[^`]|``)*`)",
            r"(?P<parameter>\?|@@?[\w$.`]*)",
            _NUMBER,
            r"(?P<word>[A-Za-z_$\u0080-\U0010ffff][\w$\u0080-\U0010ffff]*)",
            r"(?P<operator><=>|->>|->|:=|\|\||&&|<<|>>|<=|>=|<>|!=|[-+*/%<>=~!&|^])",
            r"(?P<mark>[(),;.:])",
        )
    ),
    re.DOTALL,
)
_PATTERNS = {"sqlite": _SQLITE, "mysql": _MYSQL, "mariadb": _MYSQL}
#: Engines which find a column whatever the case in which it is written.
CASELESS = frozenset(_PATTERNS)
_OPEN, _CLOSE = {"(": ")", "[": "]"}, {")", "]"}


@lru_cache(maxsize=512)
def tokens(text: str, dialect: str) -> tuple[Token, ...]:
    """Return the tokens of SQL text, comments included; raises Unreadable.

    ``dialect`` is the name of an engine.
    """
    if "\0" in text:
        raise Unreadable("it holds a NUL byte")
    pattern = _PATTERNS.get(dialect, _POSTGRESQL)
    found: list[Token] = []
    closers: list[str] = []
    position = 0
    while position < len(text):
        match = pattern.match(text, position)
        if match is None:
            raise Unreadable(_why(text, position))
        kind, piece = match.lastgroup or "", match.group()
        if match["comment"] == "/*":
            piece = text[position : _comment_end(text, position, nested=dialect not in CASELESS)]
            kind = "comment"
        if match["string"] is not None:
            kind = "string"  # `lastgroup` may be the tag inside it
        position += len(piece)
        if kind == "space":
            continue
        start = position - len(piece)
        word = piece.upper() if kind == "word" else ""
        if piece in _CLOSE or (word == "END" and closers and closers[-1] == "END"):
            if not closers or closers[-1] != (word or piece):
                raise Unreadable(f"{piece!r} closes nothing")
            closers.pop()
        found.append(Token(kind, piece, start, len(closers)))  # type: ignore[arg-type]
        if kind == "mark" and piece in _OPEN:
            closers.append(_OPEN[piece])
        elif word == "CASE":
            closers.append("END")
    if closers:
        raise Unreadable(f"{closers[-1]!r} is missing")
    return tuple(found)


def _why(text: str, position: int) -> str:
    rest = text[position:]
    if rest[0] in "'\"`[" or rest[:2].lower() in ("e'", "b'", "x'", "n'") or rest[0] == "$":
        return "a quote has no end"
    return f"{rest[0]!r} has no meaning there"


def _comment_end(text: str, start: int, *, nested: bool) -> int:
    depth = 0
    for match in re.finditer(r"/\*|\*/", text[start:]):
        if match.group() == "*/":
            depth -= 1
        elif nested or depth == 0:
            depth += 1
        if depth == 0:
            return start + match.end()
    raise Unreadable("a comment has no end")


def unquoted(token: Token, dialect: str) -> str:
    """Return the identifier that a word or quoted name stands for, folded as the engine does.

    An engine that compares names without case has all of them folded to lower case.
    """
    text = token.text
    if token.kind == "name":
        text = text[2:] if text[:2].lower() == "u&" else text
        quote = text[0]
        inner = text[1:-1]
        name = inner if quote == "[" else inner.replace(quote * 2, quote)
        return name.lower() if dialect in CASELESS else name
    return text.lower()


def unwrapped(text: str, dialect: str) -> str:
    """Return the text without the parentheses that enclose all of it."""
    text = text.strip()
    while text.startswith("(") and text.endswith(")"):
        found = tokens(text, dialect)
        if any(one.depth == 0 for one in found[1:-1]):
            return text
        text = text[1:-1].strip()
    return text


def enclosed(text: str, dialect: str) -> bool:
    """Tell whether one pair of parentheses encloses the whole text."""
    return unwrapped(text, dialect) != text.strip()
