"""Types and defaults of SQLite, which takes nearly everything for a type."""

from __future__ import annotations

import re

from wizard.dialects.base import DefaultKind
from wizard.dialects.lexing import Unreadable, tokens, unwrapped, word_set
from wizard.model.errors import AnswerError

_STRICT = word_set("any blob int integer real text")

_DATES = word_set("date time datetime julianday strftime unixepoch timediff")
_IMMUTABLE = word_set(
    """
    abs char coalesce concat concat_ws format glob hex ifnull iif instr json json_array json_object
    jsonb length like lower ltrim max min nullif octet_length printf quote replace round rtrim sign
    soundex substr substring trim typeof unhex unicode unistr upper zeroblob
    """
)
_FORMS = word_set("and as between case cast collate else end in is like not or then when")


def check_type(text: str, *, enums: tuple[str, ...], flag: str) -> str:
    """Return the declared type with single blanks; raises AnswerError for what cannot be one."""
    del enums  # SQLite has no types of a user's own
    try:
        found = tokens(text.strip(), "sqlite")
    except Unreadable as error:
        raise _bad(text, str(error), flag) from None
    shape = re.sub(r"\s+", " ", text.strip())
    words = [one for one in found if one.kind == "word"]
    if not words or not re.fullmatch(
        r"[^\W\d]\w*(?: [^\W\d]\w*)*(?: ?\( ?[+-]?\d+ ?(?:, ?[+-]?\d+ ?)?\))?", shape
    ):
        raise _bad(text, "a type is words, with one or two numbers in parentheses", flag)
    taken = word_set("CHECK COLLATE CONSTRAINT DEFAULT NOT NULL PRIMARY REFERENCES UNIQUE AS")
    clause = next((one.text for one in words if one.upper in taken | {"GENERATED"}), None)
    if clause is not None:
        raise _bad(text, f"{clause} is no part of a type", flag)
    return shape


def _bad(text: str, why: str, flag: str) -> AnswerError:
    return AnswerError(
        "bad-type",
        f"{text!r} is not a type",
        why=why,
        next_actions=("write a type such as text, integer, real, blob or varchar(30)",),
        flag=flag or None,
    )


def fits_strict(name: str) -> bool:
    """Tell whether a STRICT table takes the type."""
    return name.lower() in _STRICT


def default_kind(expression: str | None) -> DefaultKind:
    """Tell how a default is worked out.

    Constant is what ADD COLUMN takes in place: a literal. All in parentheses needs a rebuild, even
    (1 + 1), and counts as stable when each row gets the same: so do dates, of which one statement
    sees one.
    """
    if expression is None or expression.strip().upper() in ("", "NULL"):
        return DefaultKind.NONE
    try:
        found = tokens(expression, "sqlite")
    except Unreadable:
        return DefaultKind.VOLATILE
    stable = not is_literal(expression)
    for index, one in enumerate(found):
        after = found[index + 1].text if index + 1 < len(found) else ""
        word = one.text.lower() if one.kind == "word" else ""
        if word == "select":
            return DefaultKind.VOLATILE
        if after == "(" and word and word not in _FORMS:
            before = found[index - 1].upper if index else ""
            if before == "AS" or word in _IMMUTABLE:
                continue
            if word not in _DATES:
                return DefaultKind.VOLATILE
        elif word in ("current_date", "current_time", "current_timestamp"):
            stable = True
    return DefaultKind.STABLE if stable else DefaultKind.CONSTANT


def is_literal(expression: str) -> bool:
    """Tell whether a default may stand without parentheses: a literal, signed or not."""
    found = tokens(expression.strip(), "sqlite")
    if len(found) == 2 and found[0].text in ("-", "+"):
        return found[1].kind == "number"
    words = word_set("null true false current_date current_time current_timestamp")
    return len(found) == 1 and (
        found[0].kind in ("string", "number") or found[0].text.lower() in words
    )


def default_clause(expression: str) -> str:
    """Return DEFAULT with its expression, in parentheses unless it is a literal."""
    text = expression.strip()
    return f"DEFAULT {text}" if is_literal(text) else f"DEFAULT ({unwrapped(text, 'sqlite')})"
