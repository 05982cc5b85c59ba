"""Statements that stop a migration, and settings that keep the server strict while it works."""

from __future__ import annotations

from wizard.dialects.mysql_family.ways import Ways
from wizard.dialects.mysql_family.words import literal, quote, table
from wizard.model.names import TableName
from wizard.model.schema import ForeignKey
from wizard.model.steps import Require

#: Added to what the session has: without it NOT NULL would turn NULL into 0 or '', and a narrower
#: type would cut values, with a warning at most (safety.md §1.4).
STRICT = "CONCAT(@@SESSION.sql_mode, ',STRICT_ALL_TABLES')"


def require(step: Require, ways: Ways) -> str:
    """Return a statement that fails with the message when the query returns a row.

    MariaDB raises the error in a block. MySQL has none outside stored programs, and no way to raise
    an error of one's own under a condition: there a function refuses the message, and shows it.
    """
    query = step.query.strip().removesuffix(";").rstrip()
    message = literal(_cut(step.message, ways))
    if ways.maria:
        return (
            "BEGIN NOT ATOMIC\n"
            f"    IF EXISTS (\n        {query}\n    ) THEN\n"
            f"        SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = {message};\n"
            "    END IF;\nEND"
        )
    return f"DO CASE WHEN EXISTS (\n    {query}\n) THEN UUID_TO_BIN({message}) END"


def impossible(reason: str, ways: Ways) -> str:
    """Return a statement that fails with the reason."""
    return f"SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = {literal(_cut(reason, ways))}"


def _cut(message: str, ways: Ways) -> str:
    """Return the message within what an error may hold; a longer one would hide it altogether."""
    limit, text = ways.message_length, message.encode()
    if len(text) <= limit:
        return message
    return text[: limit - 3].decode(errors="ignore") + "…"


def prove_key(owner: TableName, key: ForeignKey, ways: Ways) -> str:
    """Return a statement that fails when rows point nowhere: the server never looks by itself."""
    present = " AND ".join(f"child.{quote(one)} IS NOT NULL" for one in key.columns)
    joined = " AND ".join(
        f"parent.{quote(ref)} = child.{quote(own)}"
        for own, ref in zip(key.columns, key.ref_columns, strict=True)
    )
    query = (
        f"SELECT 1 FROM {table(owner)} AS child WHERE {present} AND NOT EXISTS "
        f"(SELECT 1 FROM {table(key.ref_table)} AS parent WHERE {joined}) LIMIT 1"
    )
    message = f"rows of {owner} point to rows of {key.ref_table} that do not exist"
    return require(Require(query=query, message=message, table=owner), ways)


def strictly(alter: str, ways: Ways) -> tuple[str, ...]:
    """Return the statement in a session that refuses to bend values, and then is as it was."""
    if ways.maria:
        return (f"SET STATEMENT sql_mode = {STRICT} FOR {alter}",)
    return (
        "SET @sql_mode_before = @@SESSION.sql_mode",
        f"SET SESSION sql_mode = {STRICT}",
        alter,
        "SET SESSION sql_mode = @sql_mode_before",
    )


def without_key_checks(alter: str, ways: Ways) -> tuple[str, ...]:
    """Return the statement with foreign_key_checks off, which spares the copy and the check."""
    if ways.maria:
        return (f"SET STATEMENT foreign_key_checks = 0 FOR {alter}",)
    return ("SET SESSION foreign_key_checks = 0", alter, "SET SESSION foreign_key_checks = 1")
