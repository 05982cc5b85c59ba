"""Names and texts as SQLite writes them."""

from __future__ import annotations

import re

from wizard.dialects.lexing import word_set
from wizard.model.errors import AnswerError
from wizard.model.names import TableName, fit_name

#: SQLite has no limit of its own; a name longer than this helps nobody.
NAME_BYTES = 255

# The page "SQLite Keywords", as of 3.54.
KEYWORDS = word_set(
    """
    abort action add after all alter always analyze and as asc attach autoincrement before begin
    between by cascade case cast check collate column commit conflict constraint create cross
    current current_date current_time current_timestamp database default deferrable deferred delete
    desc detach distinct do drop each else end escape except exclude exclusive exists explain fail
    filter first following for foreign from full generated glob group groups having if ignore
    immediate in index indexed initially inner insert instead intersect into is isnull join key last
    left like limit match materialized natural no not nothing notnull null nulls of offset on or
    order others outer over partition plan pragma preceding primary query raise range recursive
    references regexp reindex release rename replace restrict returning right rollback row rows
    savepoint select set table temp temporary then ties to transaction trigger unbounded union
    unique update using vacuum values view virtual when where window with within without
    """
)

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def quote(identifier: str) -> str:
    """Return the identifier, bare when it reads the same. SQLite keeps the case of a bare name."""
    if _PLAIN.fullmatch(identifier) and identifier.lower() not in KEYWORDS:
        return identifier
    if not identifier or "\0" in identifier:
        raise AnswerError("bad-name", f"{identifier!r} cannot be a name")
    return '"' + identifier.replace('"', '""') + '"'


def table(name: TableName) -> str:
    """Return the table's name, with its attached database when it names one."""
    return f"{quote(name.schema)}.{quote(name.name)}" if name.schema else quote(name.name)


def literal(text: str) -> str:
    """Return the text as a string literal."""
    if "\0" in text:
        raise AnswerError("bad-text", "a text of SQLite cannot hold a NUL byte")
    return "'" + text.replace("'", "''") + "'"


def names(columns: tuple[str, ...]) -> str:
    """Return column names, quoted and joined by commas."""
    return ", ".join(quote(one) for one in columns)


def check_name(name: str, *, flag: str) -> str:
    """Return the name; raises AnswerError when SQLite would refuse it."""
    if not name or "\0" in name:
        raise AnswerError("bad-name", "a name has at least one character", flag=flag or None)
    if name.lower().startswith("sqlite_"):
        raise AnswerError(
            "bad-name",
            f"{name!r} begins with sqlite_",
            why="SQLite keeps such names for itself.",
            next_actions=("choose another name",),
            flag=flag or None,
        )
    if len(name.encode("utf-8", "surrogatepass")) > NAME_BYTES:
        raise AnswerError(
            "name-too-long",
            f"{name[:40]!r}… has more than {NAME_BYTES} bytes",
            next_actions=(f"use {fit_name(name, limit=NAME_BYTES)!r} or a shorter name",),
            flag=flag or None,
        )
    return name
