"""What migwiz keeps in a database for a while: sync triggers, and views with two names.

A server activates triggers of one kind in the order in which they were made, so that a new one comes
last and sees what the others have done. Each body is one statement, so that no runner can cut it in
two at a semicolon.
"""

from __future__ import annotations

from wizard.dialects import sqltext
from wizard.dialects.mysql_family import set_triggers
from wizard.dialects.mysql_family.words import NAME_LENGTH, names, quote, table
from wizard.model.names import TableName, fit_name
from wizard.model.steps import ShadowView, Sync, TableView
from wizard.model.syncs import SyncSets


def create_sync(sync: Sync | SyncSets, engine: str) -> tuple[str, ...]:
    """Return two triggers that keep columns in step; they may be made a second time."""
    made = []
    bodies = (
        set_triggers.bodies(sync, engine) if isinstance(sync, SyncSets) else _pair(sync, engine)
    )
    for event, body in zip(("INSERT", "UPDATE"), bodies, strict=True):
        name = _trigger(sync, event)
        made += [
            f"DROP TRIGGER IF EXISTS {name}",
            f"CREATE TRIGGER {name} BEFORE {event} ON {table(sync.table)} FOR EACH ROW\n{body}",
        ]
    return tuple(made)


def _pair(sync: Sync, engine: str) -> tuple[str, str]:
    """Return the SET for rows that are inserted, and the one for rows that are updated.

    On insert the new name wins when it has a value: the other order would let a DEFAULT of the old
    column overwrite what new code wrote. On update whichever changed wins, the new name first.
    """
    new, old = f"NEW.{quote(sync.new)}", f"NEW.{quote(sync.old)}"
    to_old = _qualified(sync.to_old, sync.new, engine) or new
    to_new = _qualified(sync.to_new, sync.old, engine) or old
    given = f"{new} IS NOT NULL"
    changed, before = _changed(sync.new, sync), _changed(sync.old, sync)
    insert = f"SET {old} = IF({given}, {to_old}, {old}),\n    {new} = IF({given}, {new}, {to_new})"
    update = (
        f"SET {old} = IF({changed}, {to_old}, {old}),\n"
        f"    {new} = IF({changed} OR NOT {before}, {new}, {to_new})"
        if sync.to_new is not None or sync.to_old is not None
        # Of one type: whatever the old column holds by now is right.
        else f"SET {old} = IF({changed}, {new}, {old}),\n    {new} = {old}"
    )
    return insert, update


def _qualified(expression: str | None, column: str, engine: str) -> str | None:
    if expression is None:
        return None
    return sqltext.rename_in(expression, column, f"NEW.{quote(column)}", engine)


def _changed(column: str, sync: Sync) -> str:
    """Return a condition that holds when an UPDATE changes the column, if only in case.

    ``<=>`` goes by the column's collation, for which 'a' and 'A' are equal (conclusion 12).
    """
    new, old = f"NEW.{quote(column)}", f"OLD.{quote(column)}"
    as_bytes = f"CAST({new} AS BINARY) <=> CAST({old} AS BINARY)"
    same = as_bytes if sync.compare_as is not None else f"{new} <=> {old} AND {as_bytes}"
    return f"(NOT ({same}))"


def drop_sync(sync: Sync | SyncSets) -> tuple[str, ...]:
    """Return the statements that drop both triggers; they may be run a second time."""
    return tuple(
        f"DROP TRIGGER IF EXISTS {_trigger(sync, event)}" for event in ("INSERT", "UPDATE")
    )


def trigger_names(sync: Sync | SyncSets) -> tuple[str, ...]:
    """Return the names of both triggers, without quotes."""
    return tuple(_trigger_name(sync, event) for event in ("INSERT", "UPDATE"))


def _trigger_name(sync: Sync | SyncSets, event: str) -> str:
    return fit_name(f"{sync.name}_{event.lower()}", limit=NAME_LENGTH)


def _trigger(sync: Sync | SyncSets, event: str) -> str:
    return table(TableName(_trigger_name(sync, event), sync.table.schema))


def create_view(view: ShadowView) -> tuple[str, ...]:
    """Return the statements that put a view with both names in the table's place, in one instant.

    A view can be made only over a table that exists, hence the empty one in the base's place: the
    rename then swaps all three at once, and at no moment is the table's name without rows.
    """
    shown, base, empty, waiting = _names(view)
    columns = [quote(one) for one in view.columns]
    columns.append(f"{quote(view.old)} AS {quote(view.new)}")
    return (
        f"CREATE TABLE {base} LIKE {shown}",
        f"CREATE VIEW {waiting} AS\nSELECT {', '.join(columns)}\nFROM {base}",
        f"RENAME TABLE {base} TO {empty}, {shown} TO {base}, {waiting} TO {shown}",
        f"DROP TABLE {empty}",
    )


def drop_view(view: ShadowView) -> tuple[str, ...]:
    """Return the statements that give the table its name back in one instant, then drop the view."""
    shown, base, _, waiting = _names(view)
    return (
        f"RENAME TABLE {shown} TO {waiting}, {base} TO {shown}",
        f"DROP VIEW {waiting}",
    )


def show_table(view: TableView) -> str:
    """Return the statement that shows a table under a second name."""
    return f"CREATE VIEW {table(view.shown)} AS\nSELECT {names(view.columns)}\nFROM {table(view.table)}"


def swap_table(view: TableView) -> tuple[str, ...]:
    """Return the statements that let a table and the view over it change names in one instant.

    A view finds its table by name, hence a second one beforehand, which reads the first by the name
    that the table will have.
    """
    schema = view.table.schema
    waiting, gone = (
        table(TableName(fit_name(f"{one}_{end}", limit=NAME_LENGTH), schema))
        for one, end in ((view.table.name, "view"), (view.name, "gone"))
    )
    own, shown = table(view.table), table(view.shown)
    return (
        f"CREATE OR REPLACE VIEW {waiting} AS\nSELECT {names(view.columns)}\nFROM {shown}",
        f"RENAME TABLE {shown} TO {gone}, {own} TO {shown}, {waiting} TO {own}",
        f"DROP VIEW {gone}",
    )


def _names(view: ShadowView) -> tuple[str, str, str, str]:
    schema = view.table.schema
    own = [view.base]
    own += [fit_name(f"{view.base}_{end}", limit=NAME_LENGTH) for end in ("empty", "view")]
    base, empty, waiting = (table(TableName(one, schema)) for one in own)
    return table(view.table), base, empty, waiting
