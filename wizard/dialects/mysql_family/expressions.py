"""Defaults of MySQL and MariaDB: how they are worked out, and how they are written.

Measured on MySQL 9.7 and MariaDB 10.11: MySQL takes a literal and CURRENT_TIMESTAMP bare and all
else in parentheses, and adds a column with such an expression only by a copy; MariaDB adds it in an
instant unless each row gets a value of its own. ``rand()`` is a trap there: the column is added in
an instant, and all old rows get the same number.
"""

from __future__ import annotations

from wizard.dialects.base import DefaultKind
from wizard.dialects.lexing import Token, Unreadable, tokens, unwrapped, word_set

_NOW = word_set("current_timestamp now localtime localtimestamp")
_STABLE = word_set(
    "connection_id curdate current_date current_role current_time current_user curtime database "
    "from_unixtime localtime localtimestamp now current_timestamp schema session_user "
    "system_user unix_timestamp user utc_date utc_time utc_timestamp version"
)
_IMMUTABLE = word_set(
    """
    abs adddate addtime ascii bin bit_count cast ceil ceiling char char_length character_length
    coalesce concat concat_ws conv convert crc32 date date_add date_format date_sub day dayofmonth
    dayofweek dayofyear elt exp extract field find_in_set floor format greatest hex hour if ifnull
    insert instr json_array json_object json_quote json_extract json_unquote json_merge_patch
    last_day lcase least left length ln locate log lower lpad ltrim maketime makedate md5 microsecond
    mid minute mod month monthname nullif octet_length ord position pow power quarter quote repeat
    replace reverse right round rpad rtrim second sec_to_time sha sha1 sha2 sign space sqrt
    str_to_date subdate substr substring subtime time time_format timestamp timestampadd
    timestampdiff to_days trim truncate ucase unhex upper week weekday year
    """
)
_FORMS = word_set(
    "all and any as between binary by case char character collate date datetime decimal div else "
    "end exists false in interval is like mod not null nchar or over regexp row signed some then "
    "time true unsigned using when xor year"
)


def default_kind(expression: str | None, engine: str) -> DefaultKind:
    """Tell how a default is worked out; unknown functions count as volatile."""
    if expression is None or expression.strip().upper() in ("", "NULL"):
        return DefaultKind.NONE
    try:
        found = tokens(expression, engine)
    except Unreadable:
        return DefaultKind.VOLATILE
    stable = False
    for index, one in enumerate(found):
        word = one.text.lower() if one.kind == "word" else ""
        if word == "select":
            return DefaultKind.VOLATILE
        called = index + 1 < len(found) and found[index + 1].text == "("
        if called and word and word not in _FORMS and word not in _IMMUTABLE | _STABLE:
            return DefaultKind.VOLATILE
        stable = stable or word in _NOW or (called and word in _STABLE) or _bare(word)
    return DefaultKind.STABLE if stable else DefaultKind.CONSTANT


def _bare(word: str) -> bool:
    """Tell whether a word is a function without parentheses."""
    return word.startswith(("current_", "utc_")) and word in _STABLE


def is_literal(expression: str, engine: str) -> bool:
    """Tell whether a default is a literal, signed or not."""
    try:
        found = tokens(expression.strip(), engine)
    except Unreadable:
        return False
    if len(found) == 2 and found[0].text in ("-", "+"):
        return found[1].kind == "number"
    return len(found) == 1 and (
        found[0].kind in ("string", "number") or found[0].upper in ("TRUE", "FALSE", "NULL")
    )


def is_now(expression: str, engine: str) -> bool:
    """Tell whether a default is the time of the statement, which is written bare."""
    try:
        found = tokens(unwrapped(expression, engine), engine)
    except Unreadable:
        return False
    rest = [one for one in found[1:] if one.kind != "number"]
    return bool(found) and found[0].text.lower() in _NOW and _parentheses(rest)


def _parentheses(rest: list[Token]) -> bool:
    return [one.text for one in rest] in ([], ["(", ")"])


def default_clause(expression: str, engine: str, *, bare: bool = True) -> str:
    """Return DEFAULT with its expression, in parentheses unless it may stand without.

    ``bare`` is false for types of MySQL that take no literal (text, blob, json).
    """
    text = expression.strip()
    if is_now(text, engine):
        return f"DEFAULT {unwrapped(text, engine)}"
    if bare and is_literal(text, engine):
        return f"DEFAULT {text}"
    return f"DEFAULT ({unwrapped(text, engine)})"
