"""Replacing a table by a copy with another definition: SL-1 of safety.md §1.5, where order matters.

Foreign keys are switched off before the transaction: inside one the pragma does nothing, and
dropping the parent would delete every child row. ``legacy_alter_table`` keeps the last rename
from touching, or stumbling over, views and triggers that name the table.
"""

from __future__ import annotations

from wizard.dialects.sqlite.definitions import create_index, create_table
from wizard.dialects.sqlite.guards import require
from wizard.dialects.sqlite.words import literal, names, quote, table
from wizard.model.names import TableName
from wizard.model.schema import Table
from wizard.model.steps import RebuildTable


def rebuild(step: RebuildTable) -> tuple[str, ...]:
    """Return the statements of a rebuild; they bring their own transaction."""
    before, after = step.before, step.after
    old = before.name
    new = TableName(f"migwiz_new_{old.name}", old.schema)
    kept = tuple(
        one.name
        for one in after.columns
        if one.generated is None and before.column(one.name) is not None
    )
    create = create_table(after, new, before)
    differ = (
        f"SELECT 1 WHERE (SELECT count(*) FROM {table(old)}) <> (SELECT count(*) FROM {table(new)})"
    )
    where = f"(NULL, {literal(old.schema)})" if old.schema else ""
    broken = f"SELECT 1 FROM pragma_foreign_key_check{where}"
    return (
        "PRAGMA foreign_keys = OFF",
        "PRAGMA legacy_alter_table = ON",
        "BEGIN IMMEDIATE",
        create,
        f"INSERT INTO {table(new)} ({names(kept)})\nSELECT {names(kept)} FROM {table(old)}",
        *require(differ, f"{old} and its copy differ in their number of rows"),
        *(_counter(old, new) if "AUTOINCREMENT" in create else ()),
        f"DROP TABLE {table(old)}",
        f"ALTER TABLE {table(new)} RENAME TO {quote(after.name.name)}",
        *_indexes(after),
        *(one.definition for one in after.triggers if one.definition),
        *require(broken, f"foreign keys point nowhere after {old} was rebuilt"),
        "COMMIT",
        "PRAGMA legacy_alter_table = OFF",
        "PRAGMA foreign_keys = ON",
    )


def _indexes(after: Table) -> tuple[str, ...]:
    return tuple(create_index(after.name, one) for one in after.indexes if not one.constraint)


def _counter(old: TableName, new: TableName) -> tuple[str, ...]:
    """Carry the AUTOINCREMENT counter over: it may be ahead of the largest key."""
    sequence = table(TableName("sqlite_sequence", old.schema))
    return (
        f"DELETE FROM {sequence} WHERE name = {literal(new.name)}",
        f"INSERT INTO {sequence} (name, seq) SELECT {literal(new.name)}, seq "
        f"FROM {sequence} WHERE name = {literal(old.name)}",
    )
