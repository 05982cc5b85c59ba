"""The words of an ALTER clause of MySQL and MariaDB that stand outside quotes and comments.

Source: the chapter "Lexical Structure" of the MySQL manual: a backslash escapes in strings, double
quotes are strings too, backticks quote names, ``#`` starts a comment.
"""

from __future__ import annotations

import re

_TOKENS = re.compile(
    r"""
      (?P<quoted> '(?:[^'\\]|\\.|'')*' | "(?:[^"\\]|\\.|"")*" | `(?:[^`]|``)*` )
    | (?P<comment> /\*.*?\*/ | \#[^\n]* | --(?=\s)[^\n]* )
    | (?P<word> [A-Za-z_$\u0080-\uffff][\w$]* )
    | (?P<other> . )
    """,
    re.DOTALL | re.VERBOSE,
)


_WHOLE = frozenset({"TINYINT", "SMALLINT", "MEDIUMINT", "INT", "INTEGER", "BIGINT"})


def bare_words(clause: str) -> tuple[str, ...]:
    """Return the words of a clause in upper case, without what is quoted or commented out."""
    return tuple(
        match.group().upper() for match in _TOKENS.finditer(clause) if match.lastgroup == "word"
    )


def has(clause: str, *words: str) -> bool:
    """Say whether the words follow one another among the bare words of a clause."""
    found = bare_words(clause)
    length = len(words)
    return any(found[start : start + length] == words for start in range(len(found) - length + 1))


def adds_unique(clause: str) -> bool:
    """Say whether a clause adds a unique or primary key, by any of its spellings."""
    words = bare_words(clause)
    if words[:1] in (("DROP",), ("RENAME",), ("ALTER",)):
        return False
    return "UNIQUE" in words or ("PRIMARY" in words and "KEY" in words)


def adds_foreign_key(clause: str) -> bool:
    """Say whether a clause adds a foreign key, in the column's definition or beside it."""
    words = bare_words(clause)
    return words[:1] != ("DROP",) and "REFERENCES" in words


def names_a_constraint(clause: str) -> bool:
    """Say whether a clause drops or alters a CHECK, a foreign key or another constraint by name."""
    words = bare_words(clause)
    return words[:2] in (
        ("DROP", "CONSTRAINT"),
        ("DROP", "CHECK"),
        ("DROP", "FOREIGN"),
        ("ALTER", "CONSTRAINT"),
        ("ALTER", "CHECK"),
    )


def keeps_whole_numbers(clause: str) -> bool:
    """Say whether a clause changes no type, or only to whole numbers, which are never cut short.

    A number out of range is an error. Texts, fractions and times are cut or rounded with a warning.
    """
    words = bare_words(clause)
    return words[:1] not in (("MODIFY",), ("CHANGE",)) or bool(_WHOLE.intersection(words))


def drops_primary_key(clause: str) -> bool:
    """Say whether a clause drops the primary key."""
    return has(clause, "DROP", "PRIMARY", "KEY")
