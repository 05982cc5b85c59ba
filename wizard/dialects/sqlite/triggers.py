"""Columns kept in step by triggers of SQLite, which can only act after the row is written."""

from __future__ import annotations

from wizard.dialects.sqlite import set_triggers
from wizard.dialects.sqlite.words import quote, table
from wizard.model.names import TableName
from wizard.model.steps import Sync
from wizard.model.syncs import SyncSets


def create_sync(sync: Sync | SyncSets) -> tuple[str, ...]:
    """Return two triggers that keep columns in step; see safety.md PG-10 and §1.5.

    AFTER triggers cannot satisfy NOT NULL on the other column, so neither may have it: the
    capability `sync_fills_required` says so. The triggers' own updates change nothing the second
    time, so that recursive triggers end. On update the new name wins.
    """
    inserted, updated = _names(sync)
    on = quote(sync.table.name)
    after_insert, after_update = (
        set_triggers.bodies(sync) if isinstance(sync, SyncSets) else _pair(sync, on)
    )
    return (
        # Fails at once for a table WITHOUT ROWID, instead of at the application's next insert.
        f"SELECT rowid FROM {table(sync.table)} LIMIT 0",
        f"CREATE TRIGGER {inserted} AFTER INSERT ON {on} FOR EACH ROW\n{after_insert}",
        f"CREATE TRIGGER {updated} AFTER UPDATE ON {on} FOR EACH ROW\n{after_update}",
    )


def _pair(sync: Sync, on: str) -> tuple[str, str]:
    """Return WHEN and the body of either trigger for two columns of one type."""
    new, old, key = quote(sync.new), quote(sync.old), "rowid = NEW.rowid"

    def differ(left: str, right: str) -> str:
        sides = (left, right)
        if sync.compare_as is not None:
            sides = (f"CAST({left} AS {sync.compare_as})", f"CAST({right} AS {sync.compare_as})")
        return " IS NOT ".join(sides)

    return (
        f"WHEN {differ(f'NEW.{new}', f'NEW.{old}')}\n"
        "BEGIN\n"
        f"    UPDATE {on} SET {old} = coalesce(NEW.{new}, NEW.{old}), "
        f"{new} = coalesce(NEW.{new}, NEW.{old})\n"
        f"    WHERE {key};\n"
        "END",
        f"WHEN {differ(f'NEW.{new}', f'NEW.{old}')} "
        f"AND ({differ(f'NEW.{new}', f'OLD.{new}')} OR {differ(f'NEW.{old}', f'OLD.{old}')})\n"
        "BEGIN\n"
        f"    UPDATE {on} SET\n"
        f"        {old} = CASE WHEN {differ(f'NEW.{new}', f'OLD.{new}')} "
        f"THEN NEW.{new} ELSE NEW.{old} END,\n"
        f"        {new} = CASE WHEN {differ(f'NEW.{new}', f'OLD.{new}')} "
        f"THEN NEW.{new} ELSE NEW.{old} END\n"
        f"    WHERE {key};\n"
        "END",
    )


def drop_sync(sync: Sync | SyncSets) -> tuple[str, ...]:
    """Return the statements that drop both triggers."""
    return tuple(f"DROP TRIGGER {name}" for name in _names(sync))


def names(sync: Sync | SyncSets) -> tuple[str, str]:
    """Return the names of both triggers, without quotes."""
    # Two triggers cannot share a name; the first one has the Sync's own.
    return sync.name, f"{sync.name}_update"


def _names(sync: Sync | SyncSets) -> tuple[str, str]:
    first, second = (table(TableName(name, sync.table.schema)) for name in names(sync))
    return first, second
