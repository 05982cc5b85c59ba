"""What ties a column to its name more than others: numbering, the primary key, keys that point to it.

A rename in steps moves each of them to the new column; here stands where that cannot be done.
"""

from __future__ import annotations

import re
from dataclasses import replace

from wizard.dialects.base import Dialect
from wizard.model.schema import Column, PrimaryKey, Table, Unique
from wizard.model.steps import MoveNumbering
from wizard.operations.twins import included


def numbered(column: Column) -> bool:
    """Tell whether the database numbers the column, by a sequence that belongs to it."""
    return column.identity is not None or column.counter is not None


def key_of_table(table: Table) -> PrimaryKey | None:
    """Return the primary key of a table, None without one."""
    return next((one for one in table.constraints if isinstance(one, PrimaryKey)), None)


def pointers(table: Table, column: str) -> str:
    """Name the tables whose foreign keys point to the column, empty where none does."""
    found = (one for one in table.referenced_by if column in one.foreign_key.ref_columns)
    return ", ".join(dict.fromkeys(str(one.table) for one in found))


def anchor_obstacles(table: Table, column: str, dialect: Dialect) -> tuple[str, ...]:
    """Say why numbering, key and keys of others cannot move to a second column here."""
    found = table.column(column)
    if found is None:
        return ()
    return (
        *_numbering(table, found, dialect),
        *_key(table, column, dialect),
        *_pointing(table, column, dialect),
        *_included(table, column),
    )


def _numbering(table: Table, column: Column, dialect: Dialect) -> list[str]:
    if not numbered(column):
        return []
    to = replace(column, name=f"{column.name}_", default=None, identity=None, counter=None)
    reason = dialect.supports(MoveNumbering(table=table.name, column=column, to=to))
    if reason is not None:
        return [f"{column.name} numbers the rows, and {reason}"]
    if table.kind == "partitioned":
        return [f"{column.name} numbers the rows of a partitioned table, partition by partition"]
    if column.counter is None:
        return [
            f"{column.name} numbers the rows by a sequence whose name is not known without a "
            "connection to the database"
        ]
    return []


def _key(table: Table, column: str, dialect: Dialect) -> list[str]:
    if column not in table.primary_key:
        return []
    if not dialect.capabilities.unique_using_index:
        return [
            f"{column} is part of the primary key, and {dialect.label} builds another key only by "
            "writing the table anew"
        ]
    if table.kind == "partitioned":
        return [
            f"{column} is part of the primary key of a partitioned table, which takes over no "
            "finished index"
        ]
    key = key_of_table(table)
    if key is not None and key.deferrable:
        return [
            f"{column} is part of a primary key that waits for the commit (DEFERRABLE), for which "
            "no finished index can stand in"
        ]
    # The server lets a query that groups by the primary key, and by no other, name more columns.
    grouping = [
        f"the {one}"
        for one in table.dependents
        if column in one.columns
        and any(re.search(r"\bGROUP\s+BY\b", each, re.IGNORECASE) for each in one.definition)
    ]
    if grouping:
        return [
            f"{', '.join(grouping)} groups by {column} and may count on its being the primary key"
        ]
    return []


def _pointing(table: Table, column: str, dialect: Dialect) -> list[str]:
    listed = pointers(table, column)
    if not listed:
        return []
    capabilities = dialect.capabilities
    if not (
        capabilities.not_valid_key and capabilities.lock_tables and capabilities.transactional_ddl
    ):
        return [
            f"foreign keys of {listed} point to {column}, and {dialect.label} cannot exchange them "
            "for others in one transaction"
        ]
    if table.kind == "partitioned":
        return [
            f"foreign keys of {listed} point to {column} of a partitioned table, and would have to "
            "be proven partition by partition"
        ]
    reasons = [
        f"a foreign key of {one.table} that points to {column} has no name"
        for one in table.referenced_by
        if column in one.foreign_key.ref_columns and not one.foreign_key.name
    ]
    reasons += [
        f"the foreign key {one.foreign_key.name} holds {column} on both of its sides"
        for one in table.referenced_by
        if one.table == table.name
        and column in one.foreign_key.ref_columns
        and column in one.foreign_key.columns
    ]
    return reasons


def _included(table: Table, column: str) -> list[str]:
    """Name the keys that would go with the column because their index includes it."""
    pointed = {frozenset(one.foreign_key.ref_columns) for one in table.referenced_by}
    return [
        f"the index of {one.name} includes {column}, and other tables may point to that key"
        for one in table.constraints
        if column in included(table, getattr(one, "name", None))
        and (
            isinstance(one, PrimaryKey)
            or (isinstance(one, Unique) and frozenset(one.columns) in pointed)
        )
    ]
