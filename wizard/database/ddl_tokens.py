"""DDL text as tokens: statements of a script, and a cursor that walks one of them.

The tokens are sqlglot's, the walking is ours: definitions must come back letter by letter as they
were written, which a parsed and rendered tree does not give.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from wizard.model.errors import AnswerError
from wizard.model.names import TableName


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a symbol, a quoted name or a literal, with its place in the source."""

    kind: str
    text: str
    start: int
    end: int

    @property
    def word(self) -> str:
        """The token as an upper-case word or symbol; empty for quoted names and literals."""
        return self.text.upper() if self.kind == "word" else ""


class DdlError(Exception):
    """A statement is not what its first words promise; ``position`` is the place in the source."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(message)
        self.position = position


def scan(source: str, dialect: str) -> list[Token]:
    """Return the tokens of a script; raises AnswerError (`schema-syntax`) with the line."""
    from sqlglot import tokenize
    from sqlglot.errors import TokenError

    failure = ""
    try:
        found = tokenize(source, read="postgres" if dialect == "postgresql" else dialect)
    except TokenError as error:
        failure = str(error)
    if failure:
        raise syntax_error(source, _unclosed(source), "a quotation or comment is not closed")
    tokens: list[Token] = []
    for one in found:
        kind = one.token_type.name
        if kind == "IDENTIFIER":
            tokens.append(Token("name", one.text, one.start, one.end + 1))
        elif kind.endswith("STRING"):
            tokens.append(Token("literal", one.text, one.start, one.end + 1))
        else:
            # sqlglot joins words such as PRIMARY KEY into one token.
            for part in re.finditer(r"\S+", source[one.start : one.end + 1]):
                start = one.start + part.start()
                tokens.append(Token("word", part.group(), start, start + len(part.group())))
    return tokens


def syntax_error(source: str, position: int, why: str) -> AnswerError:
    """Return the error for DDL that cannot be read at a place of the source."""
    line = source.count("\n", 0, max(position, 0)) + 1
    return AnswerError(
        "schema-syntax",
        f"line {line} of the schema cannot be read",
        why=why,
        next_actions=("check that the file loads with the database's own tool",),
        flag="--schema",
    )


def _unclosed(source: str) -> int:
    """Return where the last opened quotation or comment starts."""
    pattern = re.compile(
        r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|\$(\w*)\$.*?\$\1\$|(['\"]|/\*|\$\w*\$)",
        re.S,
    )
    return next((m.start() for m in pattern.finditer(source) if m.group(2)), len(source))


def statements(tokens: list[Token]) -> Iterator[list[Token]]:
    """Yield the tokens of each statement, without the semicolon."""
    current: list[Token] = []
    blocks = depth = 0
    for position, token in enumerate(tokens):
        word = token.word
        if word in ("(", "["):
            depth += 1
        elif word in (")", "]"):
            depth = max(0, depth - 1)
        elif (word == "CASE" and blocks) or (
            word == "BEGIN" and _opens_block(current, tokens, position)
        ):
            blocks += 1
        elif word == "END" and blocks:
            blocks -= 1
        elif word == ";" and not depth and not blocks:
            if current:
                yield current
            current = []
            continue
        current.append(token)
    if current:
        yield current


def _opens_block(before: list[Token], tokens: list[Token], position: int) -> bool:
    """Tell whether BEGIN starts the body of a trigger (SQLite) or of an SQL-standard function."""
    if not before or before[0].word != "CREATE":
        return False
    following = tokens[position + 1].word if position + 1 < len(tokens) else ""
    return following == "ATOMIC" or any(token.word == "TRIGGER" for token in before[:4])


class Cursor:
    """A place in the tokens of one statement."""

    def __init__(self, source: str, tokens: list[Token], *, fold: bool) -> None:
        self.source = source
        self.tokens = tokens
        self.at = 0
        #: Whether bare names are folded to lower case, as PostgreSQL does.
        self.fold = fold

    @property
    def done(self) -> bool:
        """Whether all tokens are taken."""
        return self.at >= len(self.tokens)

    @property
    def word(self) -> str:
        """The word at the cursor, upper-case; empty for names, literals and the end."""
        return "" if self.done else self.tokens[self.at].word

    def sees(self, *words: str) -> bool:
        """Tell whether these words come next."""
        ahead = self.tokens[self.at : self.at + len(words)]
        return len(ahead) == len(words) and all(
            token.word == word for token, word in zip(ahead, words, strict=True)
        )

    def take(self, *words: str) -> bool:
        """Step over these words if they come next."""
        if not self.sees(*words):
            return False
        self.at += len(words)
        return True

    def expect(self, *words: str) -> None:
        """Step over these words; raises DdlError when something else comes."""
        if not self.take(*words):
            raise self.error(f"{' '.join(words)} was expected")

    def error(self, message: str) -> DdlError:
        """Return the error for the place of the cursor."""
        if self.done:
            return DdlError(message, self.tokens[-1].end if self.tokens else 0)
        return DdlError(message, self.tokens[self.at].start)

    def name(self) -> str:
        """Take one identifier."""
        if self.done:
            raise self.error("a name was expected")
        token = self.tokens[self.at]
        if token.kind == "word" and not re.match(r"[^\W\d]", token.text):
            raise self.error("a name was expected")
        self.at += 1
        # A string literal as a name is SQLite's; PostgreSQL never gets here with one.
        bare = token.kind == "word" and self.fold
        return token.text.lower() if bare else token.text

    def qualified(self, default_schema: str | None = None) -> TableName:
        """Take ``name`` or ``schema.name``."""
        parts = [self.name()]
        while self.take("."):
            parts.append(self.name())
        return TableName(parts[-1], parts[-2] if len(parts) > 1 else default_schema)

    def names(self) -> tuple[str, ...]:
        """Take a list of names in parentheses; what follows a name (ASC, COLLATE …) is skipped."""
        self.expect("(")
        found: list[str] = []
        while not self.take(")"):
            found.append(self.name())
            while not self.done and self.word not in (",", ")"):
                self.skip()
            self.take(",")
        return tuple(found)

    def skip_one(self) -> None:
        """Step over one token, whatever it is."""
        self.at += 1

    def skip(self) -> None:
        """Step over one token, or over all of a group in parentheses or brackets."""
        if self.done:
            raise self.error("the statement ends too early")
        depth = 0
        while True:
            word = self.word
            depth += word in ("(", "[")
            depth -= word in (")", "]")
            self.at += 1
            if depth <= 0:
                return
            if self.done:
                raise self.error("a parenthesis is not closed")

    def group(self) -> str:
        """Take a group in parentheses and return the text within."""
        if self.word != "(":
            raise self.error("( was expected")
        start = self.tokens[self.at].end
        self.skip()
        return self.source[start : self.tokens[self.at - 1].start].strip()

    def until(self, stops: frozenset[str]) -> str:
        """Take everything up to one of the words outside parentheses; return its text."""
        first = self.at
        while not self.done and self.word not in stops:
            self.skip()
        return self.text(first)

    def text(self, first: int) -> str:
        """Return the source from the token numbered ``first`` up to the cursor."""
        if first >= self.at:
            return ""
        return self.source[self.tokens[first].start : self.tokens[self.at - 1].end]
