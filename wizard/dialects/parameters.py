"""The parameters of a batch in the form that a driver reads, without touching the user's own SQL."""

from __future__ import annotations

import re
from typing import Literal

from wizard.dialects.lexing import tokens

Style = Literal["sqlalchemy", "psycopg", "sqlite"]

_OURS = re.compile(r":(size|(?:after|upto)_\d+)\b")


def rebind(sql: str, style: Style, dialect: str = "postgresql") -> str:
    r"""Return the SQL of a `Batch` for SQLAlchemy's ``text()``, for psycopg or for sqlite3.

    pymysql reads what psycopg reads. ``dialect`` is whose quotes the SQL has. SQLAlchemy reads
    ``:name`` even inside quotes, so every other colon before a word becomes ``\:``. psycopg reads
    ``%``, so each is doubled. sqlite3 needs no change.
    """
    if style == "sqlite":
        return sql
    ours = _places(sql, dialect)
    found: list[str] = []
    position = 0
    for match in re.finditer(r":(\w+)|%|\\:", sql):
        start = match.start()
        found.append(sql[position:start])
        text = match.group()
        position = match.end()
        if start in ours:
            text = f":{match[1]}" if style == "sqlalchemy" else f"%({match[1]})s"
        elif style == "psycopg":
            text = "%%" if text == "%" else text
        elif text.startswith(":") and sql[start - 1 : start] != ":":
            text = "\\" + text
        found.append(text)
    return "".join(found) + sql[position:]


def _places(sql: str, dialect: str) -> frozenset[int]:
    """Return where the parameters stand: outside quotes, as words of their own."""
    blank = list(sql)
    for one in tokens(sql, dialect):
        if one.kind in ("string", "name", "comment"):
            blank[one.start : one.end] = " " * len(one.text)
    text = "".join(blank)
    # A parameter follows a blank or a parenthesis, and stands in no slice such as items[1 :size].
    return frozenset(
        match.start()
        for match in _OURS.finditer(text)
        if text[: match.start()][-1:] in (" ", "(", "\n")
        and text.count("[", 0, match.start()) == text.count("]", 0, match.start())
    )
