"""Checking rendered SQL: every statement parses, or is of a kind that the parser does not know."""

from __future__ import annotations

import logging
import re

from generators.sql.statements import split
from wizard.dialects.base import Dialect
from wizard.dialects.lexing import Unreadable
from wizard.dialects.parsing import sqlglot_name

#: What sqlglot has no grammar for, or reads as an opaque command. Servers run them in our tests.
_UNKNOWN = re.compile(
    r"(?is)\s*(DO\s|PRAGMA\s|LOCK\s+TABLE\s|SET\s|BEGIN\b|COMMIT\b|ROLLBACK\b|SAVEPOINT\s|RELEASE\s"
    r"|CREATE\s+(OR\s+REPLACE\s+)?(TEMP(ORARY)?\s+)?(FUNCTION|PROCEDURE|TRIGGER)\s"
    r"|DROP\s+(FUNCTION|PROCEDURE|TRIGGER)\s|DROP\s+INDEX\s+(\"[^\"]*\"|[\w.])+@|CALL\s|COMMENT\s+ON\s"
    r"|ALTER\s+(INDEX|VIEW|TYPE|SEQUENCE)\s|RENAME\s+TABLE\s|SIGNAL\s"
    r"|ALTER\s+TABLE\s.*\b(ALTER\s+INDEX|ADD\s+INDEX\s.*IGNORED)\b"
    r"|ALTER\s+TABLE\s.*\b(VALIDATE\s+CONSTRAINT|NOT\s+VALID|USING\s+INDEX|RENAME|ALTER\s+COLUMN"
    r"|ADD\s+CONSTRAINT|DROP\s+CONSTRAINT|ALTER\s+CONSTRAINT)\b)"
)


def check_script(text: str, dialect: Dialect, *, name: str) -> None:
    """Raise an AssertionError that names the file and the statement which does not parse."""
    try:
        statements = split(text, dialect=dialect.name)
    except Unreadable as error:
        raise AssertionError(f"{name}: {error}") from None
    for statement in statements:
        problem = _problem(statement, dialect.name)
        if problem is not None:
            raise AssertionError(f"{name}: {problem}: {statement}")


def _problem(statement: str, dialect: str) -> str | None:
    if _UNKNOWN.match(statement):
        return None
    import sqlglot
    from sqlglot import exp
    from sqlglot.errors import SqlglotError

    logger = logging.getLogger("sqlglot")
    before = logger.level
    # It warns on the terminal before it falls back to an opaque command.
    logger.setLevel(logging.ERROR)
    try:
        trees = sqlglot.parse(statement, read=sqlglot_name(dialect))
    except SqlglotError as error:
        return str(error).splitlines()[0]
    finally:
        logger.setLevel(before)
    if len(trees) != 1 or trees[0] is None:
        return "is not one statement"
    return "is of an unknown kind" if isinstance(trees[0], exp.Command) else None
