"""SQL of MySQL and MariaDB as tokens: statements of a script, whatever ends them.

Facts: the chapters "Language Structure" and "mysql Client Commands" of the MySQL manual, and "Comment
Syntax" of MariaDB's. Strings are read as without NO_BACKSLASH_ESCAPES and ANSI_QUOTES.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from wizard.database.ddl_tokens import Token, syntax_error
from wizard.database.mysql_server import Engine

_STRING = r"'(?:[^'\\]|''|\\.)*+'"
_DOUBLE = r'"(?:[^"\\]|""|\\.)*+"'
_NAME = r"`(?:[^`]|``)*+`"
_LINE_COMMENT = r"--(?=[\s\x00-\x1f]|\Z)[^\n]*|\#[^\n]*"
_LEXEME = re.compile(
    rf"(?P<space>\s+)|(?P<comment>{_LINE_COMMENT})"
    r"|(?P<open>/\*(?:(?P<maria>M)?!(?P<version>\d{5,6})?)?)|(?P<close>\*/)"
    rf"|(?P<raw>[xXbB]{_STRING})|(?P<literal>[nN]?{_STRING}|{_DOUBLE})|(?P<name>{_NAME})"
    r"|(?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?(?![\w$]))"
    r"|(?P<word>[\w$\x80-\U0010ffff]+)|(?P<mark>.)",
    re.S,
)
# Rows are stepped over in one go: a dump may hold millions.
_ROWS = re.compile(rf"(?:[^'\"`;#/-]++|{_STRING}|{_DOUBLE}|{_NAME}|{_LINE_COMMENT}|[-/])*+", re.S)
_ROW_WORDS = ("INSERT", "REPLACE")
_BODIES = ("TRIGGER", "PROCEDURE", "FUNCTION", "EVENT", "PACKAGE")
_ESCAPES = {"0": "\0", "b": "\b", "n": "\n", "r": "\r", "t": "\t", "Z": "\x1a"}


@dataclass(slots=True)
class Scan:
    """A script's statements. ``source`` has blanks where comments of the form ``/*! … */`` begin and end."""

    source: str
    statements: list[list[Token]] = field(default_factory=list)


def scan_mysql(text: str, engine: Engine) -> Scan:
    """Return the statements that this engine would run; raises AnswerError (`schema-syntax`).

    Knows DELIMITER, and bodies of triggers and routines in scripts that use none.
    """
    scanner = _Scanner(text, engine)
    found = [statement for statement in scanner.run() if statement]
    return Scan(source=scanner.blanked(), statements=found)


def text_of(literal: str) -> str:
    """Return the text that a string literal stands for."""
    quote = literal[-1]
    inner = literal[literal.index(quote) + 1 : -1]
    return re.sub(
        rf"{quote}{quote}|\\(.)",
        lambda match: (
            quote
            if match.group(1) is None
            # `\%` and `\_` keep their backslash, for LIKE.
            else match.group()
            if match.group(1) in "%_"
            else _ESCAPES.get(match.group(1), match.group(1))
        ),
        inner,
        flags=re.S,
    )


def literal_of(text: str) -> str:
    """Return the text as both engines write string literals into definitions."""
    for plain, escaped in (
        ("\\", "\\\\"),
        ("\0", "\\0"),
        ("'", "''"),
        ("\n", "\\n"),
        ("\r", "\\r"),
    ):
        text = text.replace(plain, escaped)
    return f"'{text}'"


def unwrap(expression: str) -> str:
    """Return the expression without the parentheses that enclose all of it."""
    text = expression.strip()
    while text.startswith("(") and text.endswith(")"):
        depth = 0
        for match in _LEXEME.finditer(text):
            depth += (match.group() == "(") - (match.group() == ")")
            if depth == 0:
                break
        if match.end() != len(text):
            break
        text = text[1:-1].strip()
    return text


def lexemes(sql: str) -> Iterator[str]:
    """Yield the words, quoted names without their quotes, and marks; no strings, no comments."""
    position = 0
    while match := _LEXEME.match(sql, position):
        position = match.end()
        if match["open"] == "/*":
            end = sql.find("*/", position)
            position = len(sql) if end < 0 else end + 2
        elif match.lastgroup == "name":
            yield match.group()[1:-1].replace("``", "`")
        elif match.lastgroup in ("word", "number", "mark"):
            yield match.group()


def names_in(sql: str) -> frozenset[str]:
    """Return the words and quoted names of a text, in lower case."""
    return frozenset(word.lower() for word in lexemes(sql))


class _Scanner:
    def __init__(self, text: str, engine: Engine) -> None:
        self.text = text
        self.engine = engine
        self.blanks: list[tuple[int, int]] = []

    def blanked(self) -> str:
        """Return the text with blanks for the marks that were stepped over."""
        parts, position = [], 0
        for start, end in self.blanks:
            parts += [self.text[position:start], " " * (end - start)]
            position = end
        return "".join([*parts, self.text[position:]])

    def run(self) -> Iterator[list[Token]]:
        text, position, delimiter, inside = self.text, 0, ";", 0
        current: list[Token] = []
        while position < len(text):
            if text.startswith(delimiter, position) and not _in_block(current, delimiter):
                yield current
                current = []
                position += len(delimiter)
                continue
            match = _LEXEME.match(text, position)
            if match is None:  # the dot matches whatever there is
                break
            kind, start, position = match.lastgroup, position, match.end()
            if match["open"] is not None:
                if self._runs(match):
                    self.blanks.append((start, position))
                    inside += 1
                else:
                    position = self._comment_end(start)
            elif kind == "close" and inside:
                self.blanks.append((start, position))
                inside -= 1
            elif kind not in ("space", "comment"):
                word = match.group()
                at = word.find(delimiter) if kind == "word" else -1
                if at > 0:  # such as END$$
                    position = start + at
                    word = word[:at]
                if not current and word.upper() == "DELIMITER":
                    end = text.find("\n", position)
                    end = len(text) if end < 0 else end
                    delimiter = text[position:end].strip() or ";"
                    position = end
                    continue
                current.append(self._token(kind or "", word, start))
                if len(current) == 1 and delimiter == ";" and current[0].word in _ROW_WORDS:
                    rows = _ROWS.match(text, position)
                    position = rows.end() if rows else position
        yield current

    def _token(self, kind: str, word: str, start: int) -> Token:
        end = start + len(word)
        if kind == "name":
            return Token("name", word[1:-1].replace("``", "`"), start, end)
        if kind == "literal":
            return Token("literal", text_of(word), start, end)
        if kind == "mark" and word in "'\"`":
            raise syntax_error(self.text, start, "a quotation is not closed")
        return Token("word", word, start, end)

    def _runs(self, match: re.Match[str]) -> bool:
        """Tell whether what a comment such as ``/*!50001 … */`` holds is meant for the engine.

        MariaDB passes over what is for MySQL 5.7 and later (measured on 10.11), and MySQL over
        ``/*M! … */``.
        """
        if "!" not in match["open"] or (match["maria"] and not self.engine.maria):
            return False
        number = int(match["version"] or 0)
        if self.engine.maria and 50_700 <= number <= 99_999:
            return False
        version = self.engine.version
        if not version:
            return number < 100_000 or self.engine.maria
        major, minor, patch = (*version, 0, 0)[:3]
        return number <= major * 10_000 + minor * 100 + patch

    def _comment_end(self, start: int) -> int:
        """Return the place behind a comment, which may hold others when it is for another engine."""
        depth = 0
        nests = self.text.startswith("!", start + 2) or self.text.startswith("M!", start + 2)
        for mark in re.finditer(r"/\*|\*/", self.text[start:]):
            if mark.group() == "*/":
                depth -= 1
            elif nests or depth == 0:
                depth += 1
            if depth == 0:
                return start + mark.end()
        raise syntax_error(self.text, start, "a comment is not closed")


def _in_block(tokens: list[Token], delimiter: str) -> bool:
    """Tell whether a semicolon is one between the statements of a body, not the end of all."""
    if delimiter != ";" or not tokens or tokens[0].word != "CREATE":
        return False
    if not any(token.word in _BODIES for token in tokens[:12]):
        return False
    depth = 0
    for position, token in enumerate(tokens):
        word = token.word
        following = tokens[position + 1].word if position + 1 < len(tokens) else ""
        before = tokens[position - 1].word if position else ""
        if word == "BEGIN" or (word == "CASE" and before != "END"):
            depth += 1
        elif word == "END" and following not in ("IF", "LOOP", "WHILE", "REPEAT", "FOR"):
            depth -= 1
    return depth > 0
