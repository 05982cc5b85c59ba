"""SQL for the engines' own command-line clients: a delimiter of its own for what holds semicolons."""

from __future__ import annotations

from generators.sql.layout import Section
from wizard.dialects.base import Dialect
from wizard.dialects.lexing import tokens

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
        if any(token.text == ";" for token in tokens(one.sql, dialect.name)):
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


def delimiter(sql: str) -> str:
    """Return something that ends statements and, if any can be, does not occur in this text."""
    return next((one for one in _DELIMITERS if one not in sql), _DELIMITERS[0])
