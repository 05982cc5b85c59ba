"""Which columns an expression reads, and the same expression with another column."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from wizard.dialects.lexing import CASELESS, Token, Unreadable, tokens, unquoted, word_set
from wizard.dialects.parsing import PREFIX, is_simple, parse

# Words without parentheses that a parser may take for columns.
_NILADIC = word_set(
    "current_catalog current_date current_role current_schema current_time current_timestamp "
    "current_user default false localtime localtimestamp null session_user system_user true "
    "user"
)


def _columns(text: str, dialect: str) -> list[tuple[str, int, int]]:
    """Return each mention of a column: its name, folded, and where it starts and ends."""
    found = tokens(text, dialect)
    if is_simple(found, dialect):
        if len(found) != 1 or found[0].kind not in ("word", "name"):
            return []
        name = unquoted(found[0], dialect)
        bare = found[0].kind == "word"
        return [] if bare and name in _NILADIC else [(name, found[0].start, found[0].end)]
    mentions = _parsed_columns(text, dialect)
    return _guessed_columns(found, dialect) if mentions is None else mentions


def _parsed_columns(text: str, dialect: str) -> list[tuple[str, int, int]] | None:
    from sqlglot import exp

    try:
        tree = parse(text, dialect)
    except Exception:
        return None
    shift = len(PREFIX)
    by_start = {one.start: one for one in tokens(text, dialect)}
    mentions = []
    for column in tree.find_all(exp.Column):
        start = column.this.meta.get("start") if isinstance(column.this, exp.Identifier) else None
        token = None if start is None else by_start.get(start - shift)
        if token is None or token.kind not in ("word", "name"):
            if isinstance(column.this, exp.Star):
                continue
            return None
        name = unquoted(token, dialect)
        if token.kind == "name" or name not in _NILADIC:
            mentions.append((name, token.start, token.end))
    return mentions


def _guessed_columns(found: tuple[Token, ...], dialect: str) -> list[tuple[str, int, int]]:
    """Take every name for a column that is no call, no type behind a cast, no typed literal."""
    mentions = []
    for index, one in enumerate(found):
        before = found[index - 1].text.upper() if index else ""
        after = found[index + 1] if index + 1 < len(found) else None
        if one.kind not in ("word", "name") or before in ("::", "COLLATE"):
            continue
        if after is not None and (after.text in ("(", ".", "=>") or after.kind == "string"):
            continue
        mentions.append((unquoted(one, dialect), one.start, one.end))
    return mentions


def columns_in(text: str, dialect: str) -> frozenset[str]:
    """Return the names of the columns that an expression reads; empty for what is no SQL.

    Folded as PostgreSQL does it, as written where the case of names does not count.
    """
    try:
        found = _columns(text, dialect)
        if dialect in CASELESS:
            return frozenset(_as_written(text[start:end]) for _, start, end in found)
        return frozenset(name for name, _, _ in found)
    except Unreadable:
        return frozenset()


def _as_written(name: str) -> str:
    if name[0] not in '"`[':
        return name
    quote = name[0]
    return name[1:-1] if quote == "[" else name[1:-1].replace(quote * 2, quote)


def rename_in(text: str, old: str, new: str, dialect: str) -> str:
    """Return the expression with the column ``old`` written as ``new``, which is quoted already."""
    wanted = old.lower() if dialect in CASELESS else old
    try:
        places = [(start, end) for name, start, end in _columns(text, dialect) if name == wanted]
    except Unreadable:
        return text
    for start, end in sorted(set(places), reverse=True):
        text = text[:start] + new + text[end:]
    return text


def in_row(
    text: str, names: Iterable[str], row: str, quote: Callable[[str], str], dialect: str
) -> str:
    """Return the expression with each of the columns read from a trigger's row, NEW or OLD."""
    for name in names:
        text = rename_in(text, name, f"{row}.{quote(name)}", dialect)
    return text
