"""What belongs outside a transaction: whether it still has to be done, and when it may be within one.

For runners that open a transaction for every file. A table of a few rows can be changed within
one, so that a new database needs no hand; a large one cannot.
"""

from __future__ import annotations

import re
from dataclasses import replace

from generators.sql.layout import Within
from wizard.dialects.base import Dialect
from wizard.model.steps import (
    AddIndex,
    Backfill,
    DeleteRows,
    DropIndex,
    RebuildTable,
    Require,
    Step,
)

#: Rows up to which a table is tiny (DESIGN §5): work on it takes no time worth sparing.
TINY = 10_000
_FRAME = re.compile(r"PRAGMA foreign_keys\b|BEGIN\b|COMMIT\b")


def undone(step: Step, dialect: Dialect) -> Require | None:
    """Return what finds out whether a step outside a transaction still has to be done."""
    match step:
        case AddIndex() if query := dialect.index_state(step):
            left = f"SELECT 1 WHERE ({inner(query)}) IS DISTINCT FROM 'valid'"
        case DropIndex(table=table, index=index):
            query = dialect.index_state(AddIndex(table=table, index=index))
            if query is None:
                return None
            left = f"SELECT 1 WHERE ({inner(query)}) <> 'absent'"
        case (
            Backfill(table=table, join=None, needed=needed) | DeleteRows(table=table, needed=needed)
        ):
            left = f"SELECT 1 FROM {dialect.table(table)} WHERE {needed}"
        case _:
            return None
    return Require(query=left, message="", table=step.table)


def within(step: Step, dialect: Dialect) -> Within | None:
    """Return how a step may be done within a transaction all the same; None where it never may."""
    plain: Step
    match step:
        case AddIndex() | DropIndex():
            plain = replace(step, concurrently=False)
        case Backfill() | DeleteRows():
            plain = replace(step, key=(), key_types=())
        case RebuildTable(before=before) if not before.name.schema:
            statements = tuple(one for one in dialect.sql(step) if not _FRAME.match(one))
            return Within(
                note="Stops where foreign keys to this table are enforced: they would follow its rows.",
                unless=_referred(before.name.name, dialect),
                statements=statements,
            )
        case _:
            return None
    unless = f"SELECT 1 FROM {dialect.table(step.table)} OFFSET {TINY} LIMIT 1"
    return Within(
        note="Does it on a tiny table; on another one it stops until that has been done by hand.",
        unless=unless,
        statements=dialect.sql(plain),
    )


def _referred(name: str, dialect: Dialect) -> str:
    """Return the query for foreign keys that would follow the dropping of a table, in SQLite.

    They do where the connection enforces them, and the pragma means nothing in a transaction.
    """
    return (
        "SELECT 1 FROM pragma_foreign_keys WHERE foreign_keys AND EXISTS (\n"
        "    SELECT 1 FROM sqlite_schema AS one, pragma_foreign_key_list(one.name) AS key\n"
        f"    WHERE one.type = 'table' AND lower(key.\"table\") = lower({dialect.literal(name)})\n"
        ")"
    )


def inner(query: str) -> str:
    """Return a query without its semicolon, to stand in parentheses."""
    text = query.strip().removesuffix(";").rstrip()
    return text if "\n" not in text else "\n" + text + "\n"
