"""What a condition says about a column, and where an expression needs parentheses."""

from __future__ import annotations

from wizard.dialects.lexing import (
    CASELESS,
    Token,
    Unreadable,
    tokens,
    unquoted,
    unwrapped,
    word_set,
)
from wizard.dialects.parsing import is_simple


def says(text: str, column: str, words: tuple[str, ...], dialect: str) -> bool:
    """Tell whether ``column`` + ``words`` stands at the top of a condition, alone or joined by AND."""
    wanted = column.lower() if dialect in CASELESS else column
    try:
        return _says(text, wanted, words, dialect)
    except Unreadable:
        return False


def _says(text: str, column: str, words: tuple[str, ...], dialect: str) -> bool:
    text = unwrapped(text, dialect)
    found = tokens(text, dialect)
    top = [one for one in found if one.depth == 0]
    if any(one.upper == "OR" for one in top):
        return False
    parts, start, between = [], 0, False
    for one in top:
        if one.upper == "BETWEEN":
            between = True
        elif one.upper == "AND" and between:
            between = False
        elif one.upper == "AND":
            parts.append(text[start : one.start])
            start = one.end
    if parts:
        parts.append(text[start:])
        return any(_says(part, column, words, dialect) for part in parts)
    head, tail = found[: -len(words)], found[-len(words) :]
    if tuple(one.upper for one in tail) != words or not head:
        return False
    inner = tokens(unwrapped(text[: head[-1].end], dialect), dialect)
    # A qualified name: table.column.
    if len(inner) == 3 and inner[1].text == ".":
        inner = inner[2:]
    return (
        len(inner) == 1
        and inner[0].kind in ("word", "name")
        and unquoted(inner[0], dialect) == column
    )


def proves_not_null(expression: str, column: str, dialect: str) -> bool:
    """Tell whether a check with this expression rules out NULL in the column."""
    return says(expression, column, ("IS", "NOT", "NULL"), dialect) or (
        dialect == "sqlite" and says(expression, column, ("NOTNULL",), dialect)
    )


def implies_null(predicate: str, column: str, dialect: str) -> bool:
    """Tell whether a predicate holds only for rows in which the column is NULL."""
    return says(predicate, column, ("IS", "NULL"), dialect)


# Words that go on with the name of a type: character varying, timestamp with time zone.
_TYPE_TAILS = word_set("VARYING PRECISION WITH WITHOUT TIME ZONE")


def is_atom(text: str, dialect: str) -> bool:
    """Tell whether an expression needs no parentheses beside an operator or as a default.

    True for a literal, a name, a call, a cast of those, and what stands in one parenthesis.
    """
    try:
        found = tokens(text.strip(), dialect)
    except Unreadable:
        return False
    if not found:
        return False
    if is_simple(found, dialect) or _one_parenthesis(found):
        return True
    before: Token | None = None
    for one in (each for each in found if each.depth == 0):
        joined = before is None or before.text in ("::", ".")
        if one.kind == "operator":
            fits = one.text == "::"
        elif one.kind == "mark":
            fits = one.text in ("(", ")", "[", "]", ".")
        elif one.kind == "word":
            fits = joined or one.upper in _TYPE_TAILS
        elif one.kind == "string":
            fits = joined or (before is not None and before.kind == "word")
        else:
            fits = joined
        if not fits:
            return False
        before = one
    return True


def _one_parenthesis(found: tuple[Token, ...]) -> bool:
    return found[0].text == "(" and all(one.depth > 0 for one in found[1:-1]) and len(found) > 2


def grouped(text: str, dialect: str) -> str:
    """Return the expression, in parentheses unless it holds together by itself."""
    return text if is_atom(text, dialect) else f"({text})"


def conjunct(condition: str, dialect: str) -> str:
    """Return a condition that may stand beside AND: in parentheses when it holds an OR."""
    try:
        loose = any(one.depth == 0 and one.upper == "OR" for one in tokens(condition, dialect))
    except Unreadable:
        loose = True
    return f"({condition})" if loose else condition
