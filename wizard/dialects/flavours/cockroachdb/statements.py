"""Statements that CockroachDB writes otherwise than PostgreSQL.

Indexes are named with their table, as names are unique within a table only ("DROP INDEX", "ALTER
INDEX"). A unique constraint goes with its index ("Constraints", Remove constraints). Guards are
plain SELECTs that fail to read their message as a number, since DO came with 25.1 only ("DO").
"""

from __future__ import annotations

from wizard.dialects.postgresql.words import literal, quote, table
from wizard.model.names import TableName
from wizard.model.schema import Unique
from wizard.model.steps import (
    DropConstraint,
    DropIndex,
    Impossible,
    LockTables,
    RenameIndex,
    Require,
    SetVisible,
    Step,
)


def own(step: Step) -> tuple[str, ...]:
    """Return the statements of a step that has a form of its own, none for any other."""
    match step:
        case DropIndex(table=target, index=index):
            return (f"DROP INDEX {_index(target, index.name)}",)
        case RenameIndex(table=target, old=old, new=new):
            return (f"ALTER INDEX {_index(target, old)} RENAME TO {quote(new)}",)
        case SetVisible(table=target, index=index, visible=visible):
            how = "VISIBLE" if visible else "NOT VISIBLE"
            return (f"ALTER INDEX {_index(target, index.name)} {how}",)
        case DropConstraint(table=target, constraint=Unique(name=name)):
            return (f"DROP INDEX {_index(target, name or '')} CASCADE",)
        case Require(query=query, message=message):
            return (_stop(message, query),)
        case Impossible(reason=reason):
            return (f"SELECT CAST({literal(reason)} AS INT8)",)
        case LockTables():
            return ()
        case _:
            return ()


def _index(target: TableName, name: str) -> str:
    return f"{table(target)}@{quote(name)}"


def _stop(message: str, query: str) -> str:
    """Return a query that fails with the message when the other one returns a row."""
    asked = query.strip().removesuffix(";").rstrip()
    told = f"concat({literal(message)}, ' (', count(*)::TEXT, ')')"
    return (
        f"SELECT CASE WHEN count(*) > 0 THEN CAST({told} AS INT8) END\n"
        f"FROM (\n    {asked}\n) AS offending"
    )
