"""SQL inside Python: what ``sa.text`` would misread is escaped, long statements are broken."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from generators.python.code import INDENT, Group, Node, Quotes, call

if TYPE_CHECKING:
    from wizard.dialects.lexing import Token

#: What SQLAlchemy takes for a parameter or for an escaped colon (its text clause's own rules).
_COLON = re.compile(r"(?<![:\w\\]):(?=\w+(?![:\w]))|\\(?=:\w*(?![:\w]))")
#: How long a line of SQL in a block may be before it is broken.
_SQL_WIDTH = 84
_CLAUSES = frozenset({"FROM", "WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "RETURNING"})
_LITERAL = re.compile(
    r"'((?:[^']|'')*)'(?:::(?:character varying|varchar|text|bpchar|character|char)"
    r"(?:\(\d+\))?)?",
    re.IGNORECASE,
)
_CALL = re.compile(r"[A-Za-z_][\w.]*\(")


def escape(sql: str) -> str:
    """Return SQL in which ``sa.text`` sees no parameter."""
    return _COLON.sub(lambda match: "\\" + match.group(), sql)


def literal_text(default: str) -> str | None:
    """Return the text of a default that is a plain string literal, None for anything else."""
    match = _LITERAL.fullmatch(default.strip())
    return match.group(1).replace("''", "'") if match else None


def is_call(expression: str) -> bool:
    """Tell whether an expression is one function call, which an index takes without parentheses."""
    text = expression.strip()
    return bool(_CALL.match(text)) and _closes_at_end(text, text.index("("))


def in_parentheses(expression: str) -> bool:
    """Tell whether one pair of parentheses holds the whole expression."""
    text = expression.strip()
    return text.startswith("(") and _closes_at_end(text, 0)


def _closes_at_end(text: str, start: int) -> bool:
    depth, quote = 0, ""
    for at in range(start, len(text)):
        one = text[at]
        if quote:
            quote = "" if one == quote else quote
        elif one in "'\"":
            quote = one
        elif one == "(":
            depth += 1
        elif one == ")":
            depth -= 1
            if depth == 0:
                return at == len(text) - 1
    return False


def expression(sql: str, quotes: Quotes) -> Group:
    """Return ``sa.text("…")`` for SQL without parameters."""
    return call("sa.text", quotes.text(escape(sql)))


def statement(sql: str, *, dialect: str, quotes: Quotes, width: int) -> Node:
    """Return a literal that holds a statement: on one line when it fits, else a block.

    ``width`` is what is left of the line on which the literal starts.
    """
    from generators.sql.statements import tidy

    plain = sql.strip()
    if "\n" not in plain and len(escape(plain)) + 2 <= width:
        return quotes.text(escape(plain))
    return block(tidy(plain, dialect=dialect), dialect=dialect, quotes=quotes)


def block(
    sql: str, *, dialect: str, quotes: Quotes, parameters: re.Pattern[str] | None = None
) -> str:
    """Return a literal over several lines, its text indented once.

    On one line when a string inside the SQL holds a line end, which indenting would change.
    ``parameters`` are the names that stay parameters of ``sa.text``.
    """
    plain = textwrap.dedent(sql).strip("\n")
    plain = broken(plain, dialect=dialect, width=_SQL_WIDTH)
    safe = not breaks_a_string(plain, dialect)
    plain = _escape_all_but(plain, dialect, parameters) if parameters else escape(plain)
    return quotes.block(plain, indent=INDENT) if safe else quotes.text(plain)


def breaks_a_string(sql: str, dialect: str) -> bool:
    """Tell whether SQL holds a string over several lines, which indenting would change."""
    from wizard.dialects.lexing import Unreadable, tokens

    try:
        found = tokens(sql, dialect)
    except Unreadable:
        return "\n" in sql
    for token in found:
        if token.kind not in ("string", "name") or "\n" not in token.text:
            continue
        if not token.text.startswith("$"):
            return True
        # The body of a function may move, what its own strings hold may not.
        tag = token.text[: token.text.index("$", 1) + 1]
        if breaks_a_string(token.text[len(tag) : -len(tag)], dialect):
            return True
    return False


def _escape_all_but(sql: str, dialect: str, parameters: re.Pattern[str]) -> str:
    from wizard.dialects.lexing import tokens

    quoted = [
        (one.start, one.end)
        for one in tokens(sql, dialect)
        if one.kind in ("string", "name", "comment")
    ]

    def escaped(match: re.Match[str]) -> str:
        at = match.start()
        inside = any(start <= at < end for start, end in quoted)
        return (
            match.group() if not inside and parameters.match(sql, at + 1) else "\\" + match.group()
        )

    return _COLON.sub(escaped, sql)


def broken(sql: str, *, dialect: str, width: int) -> str:
    """Return SQL whose overlong lines are broken: before clauses, then at AND, then at commas."""
    for words in (_CLAUSES, frozenset({"AND"}), frozenset({","})):
        sql = _broken_at(sql, words, dialect, width)
    return sql


def _broken_at(sql: str, words: frozenset[str], dialect: str, width: int) -> str:
    from wizard.dialects.lexing import Unreadable, tokens

    written = sql.splitlines(keepends=True)
    if all(len(line.rstrip()) <= width for line in written):
        return sql
    try:
        found = tokens(sql, dialect)
    except Unreadable:
        return sql
    lines: list[str] = []
    start = 0
    for line in written:
        end = start + len(line)
        if len(line.rstrip()) <= width:
            lines.append(line)
            start = end
            continue
        here = [one for one in found if start <= one.start < end]
        before = [one for one in found if one.start < start]
        crossing = any(one.end > start for one in before) or any(one.end > end for one in here)
        if not here or crossing:
            lines.append(line)
        else:
            lines += _pieces(sql, here, words, end)
        start = end
    return "".join(lines)


def _pieces(sql: str, here: Sequence[Token], words: frozenset[str], end: int) -> list[str]:
    first = here[0]
    begin = sql.rfind("\n", 0, first.start) + 1
    lead = sql[begin : first.start]
    depth = min(one.depth for one in here)
    places: list[int] = []
    between = False
    for before, one in pairwise(here):
        between = between or before.upper == "BETWEEN"
        if one.depth != depth:
            continue
        if "," in words and before.text == "," and before.depth == depth:
            places.append(one.start)
        elif one.upper in words and before.upper != "DISTINCT":
            if one.upper == "AND" and between:
                between = False
                continue
            places.append(one.start)
    more = "" if words is _CLAUSES else "    "
    pieces: list[str] = []
    for at, stop in pairwise([first.start, *places, end]):
        pieces.append((lead if at == first.start else lead + more) + sql[at:stop].rstrip() + "\n")
    if not sql[first.start : end].endswith("\n"):
        pieces[-1] = pieces[-1].rstrip("\n")
    return pieces
