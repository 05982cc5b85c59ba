"""SQL inside of Rust: indented for readers where that changes nothing, else as it is."""

from __future__ import annotations

from collections.abc import Sequence

from generators.seaorm.rust import Chain, call, chain, raw
from generators.sql.statements import tidy
from wizard.dialects.base import Dialect
from wizard.dialects.lexing import Unreadable, tokens

_LINE = 80
_CLAUSES = frozenset({"FROM", "WHERE", "GROUP", "HAVING", "ORDER", "LIMIT"})


def literal(sql: str, dialect: Dialect, *, indent: int) -> str:
    """Return SQL as a literal whose lines stand ``indent`` columns in, with its own below them."""
    text = sql.strip()
    if "\n" not in text:
        return raw(text)
    pad = " " * indent
    if _holds_lines(text, dialect):
        # Its quoted parts keep their line ends, and the bodies of functions what they look like.
        return raw(f"\n{text}\n")
    lines = [f"{pad}{line}" if line else "" for line in text.split("\n")]
    return raw("\n" + "\n".join(lines) + f"\n{pad}")


def broken(query: str, dialect: Dialect) -> str:
    """Return a query on one line broken before its clauses, when it is long."""
    if "\n" in query or len(query) <= _LINE:
        return query
    try:
        found = [one for one in tokens(query, dialect.name) if one.depth == 0]
    except Unreadable:
        return query
    places = [one.start for one in found[1:] if one.upper in _CLAUSES]
    starts = [0, *places]
    return "\n".join(
        query[start:end].strip() for start, end in zip(starts, [*places, None], strict=True)
    )


def joined(statements: Sequence[str], dialect: Dialect) -> str:
    """Return statements as one script; a single short one stays without its semicolon."""
    tidied = [tidy(one, dialect=dialect.name) for one in statements]
    if len(tidied) == 1:
        return tidied[0]
    return "\n".join(f"{one};" for one in tidied)


def send(sql: str, dialect: Dialect, *, indent: int) -> Chain:
    """Return the call that sends SQL as it is: all of it over one connection."""
    depth = indent + 4
    return chain("db", call("execute_unprepared", literal(sql, dialect, indent=depth)), "await?")


def _holds_lines(sql: str, dialect: Dialect) -> bool:
    """Tell whether a line ends inside of quotes, or in a body which the server keeps as text."""
    try:
        found = tokens(sql, dialect.name)
    except Unreadable:
        return True
    words = [one.upper for one in found[:8]]
    kept = {"TRIGGER", "FUNCTION", "PROCEDURE", "VIEW", "RULE", "POLICY"} & {*words}
    return bool(kept) or any("\n" in one.text for one in found if one.kind != "comment")
