"""SQL for the engines' own command-line clients: a delimiter of its own for what holds semicolons."""

from __future__ import annotations

import re

from generators.sql.layout import Section
from wizard.dialects.base import Dialect

#: Statements with a body, which a client would cut at the first semicolon in it.
_BODY = re.compile(r"(?is)\s*(?:CREATE\b[^;]*?\b(?:TRIGGER|PROCEDURE|FUNCTION)\b|BEGIN\s+NOT\b)")
#: Liquibase takes each of these, also behind a word, and $$, @@ or ## for a part of the word.
_DELIMITERS = ("//", "%%", "^^", ";;")


def for_client(section: Section, dialect: Dialect) -> str:
    """Return the section as the engine's client reads it, without a transaction.

    Only the clients of MySQL and MariaDB have to be told where a body ends; runners that follow
    them read the same word.
    """
    if dialect.name not in ("mysql", "mariadb"):
        return section.text()
    lines: list[str] = []
    for one in section.statements:
        lines += [f"-- {line}".rstrip() for line in one.note.splitlines()]
        if has_body(one.sql):
            mark = delimiter(one.sql)
            lines += [f"DELIMITER {mark}", f"{one.sql}{mark}", "DELIMITER ;"]
        elif one.sql:
            lines.append(f"{one.sql};")
    return "\n".join(lines)


def script(section: Section, dialect: Dialect) -> str:
    """Return the section as a file for the engine's client, with its transaction."""
    return frame(for_client(section, dialect), section, dialect)


def frame(text: str, section: Section, dialect: Dialect) -> str:
    """Return the text of a section with BEGIN and COMMIT, where it is a transaction."""
    if not dialect.capabilities.transactional_ddl or not section.transactional or not section.runs:
        return f"{text}\n"
    return f"BEGIN;\n\n{text}\n\nCOMMIT;\n"


def has_body(sql: str) -> bool:
    """Tell whether a statement holds others, each with a semicolon."""
    return ";" in sql and _BODY.match(sql) is not None


def delimiter(sql: str) -> str:
    """Return something that ends statements and, if any can be, does not occur in this text."""
    return next((one for one in _DELIMITERS if one not in sql), _DELIMITERS[0])
