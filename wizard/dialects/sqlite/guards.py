"""Statements of SQLite that fail with a message, without any procedural SQL.

A temporary table has a CHECK whose name is the message; a row is inserted only if the condition
fails. SQLite then says "CHECK constraint failed: " and the name. RAISE() would need a trigger.
"""

from __future__ import annotations

from wizard.model.errors import AnswerError

_GUARD = "migwiz_require"


def require(query: str, message: str) -> tuple[str, ...]:
    """Return statements that fail with the message when the query returns a row."""
    text = query.strip().removesuffix(";").rstrip()
    return _guard(message, f"SELECT 0 WHERE EXISTS (\n    {text}\n)")


def impossible(reason: str) -> tuple[str, ...]:
    """Return statements that fail with the reason."""
    return _guard(reason, "VALUES (0)")


def _guard(message: str, rows: str) -> tuple[str, ...]:
    if "\0" in message:
        raise AnswerError("bad-text", "a message cannot hold a NUL byte")
    name = '"' + message.replace('"', "'") + '"'
    return (
        # One may be left from a run that failed outside a transaction.
        f"DROP TABLE IF EXISTS temp.{_GUARD}",
        f"CREATE TEMP TABLE {_GUARD} (holds INTEGER CONSTRAINT {name} CHECK (holds))",
        f"INSERT INTO temp.{_GUARD} {rows}",
        f"DROP TABLE temp.{_GUARD}",
    )
