"""What there is to know before a column is renamed in steps, or at once."""

from __future__ import annotations

from wizard.model.findings import Finding, danger, info, warning
from wizard.operations import rename_views
from wizard.operations.base import Context
from wizard.operations.rename_anchors import numbered, pointers
from wizard.operations.renaming import Rename
from wizard.operations.twins import indexes_of, key_of


def sync_findings(rename: Rename, context: Context) -> tuple[Finding, ...]:
    """Return what to know about a rename in steps."""
    old, new, table = rename.column.name, rename.new, rename.table
    found = [
        info(
            "map-first",
            f"Mapping {new} to the column {old} in the model would need no migration at all.",
            safer="Choose --how map unless SQL outside the code must see the new name.",
        ),
        warning(
            "sync-costs-writes",
            f"Writes to {table.name} are about a third slower while the trigger keeps both equal.",
            why="It runs for every inserted and updated row.",
        ),
        warning(
            "read-new-after-backfill",
            f"No code may read {new} before the backfill is done, nor write NULL to it alone.",
            why="Until then rows hold NULL there, and the fill would bring an old value back.",
        ),
        *_numbered(rename),
        *_key(rename),
        *_pointing(rename),
        *_unique(rename, context),
    ]
    triggers = [one.name for one in table.triggers]
    if triggers:
        found.append(
            warning(
                "trigger-bodies",
                f"{', '.join(triggers)} may name {old} in a function's body, which nobody checks.",
                why="The server looks at a function's text only when it runs.",
                safer=f"Read them, and let them use {new} before contract.",
            )
        )
    if context.dialect.capabilities.transactional_ddl:
        found.append(
            info(
                "way-back-complete",
                f"Every downgrade is complete: contract fills {old} again from {new}.",
            )
        )
    found += rename_views.findings(context, table, old, new)
    return tuple(found)


def _numbered(rename: Rename) -> list[Finding]:
    if not numbered(rename.column):
        return []
    old, new = rename.column.name, rename.new
    always = rename.column.identity == "always"
    return [
        warning(
            "numbered-by-old-name",
            f"Until contract the sequence belongs to {old}: new code leaves {new} out of its "
            "inserts and reads the number from RETURNING.",
            why=f"A row that leaves both out gets one number in both. But asked for the sequence of "
            f"{new}, the server names none yet"
            + (
                f"; and it takes a value for {new} which it would refuse for {old}."
                if always
                else "."
            ),
            safer="Look for code that asks for the sequence itself: pg_get_serial_sequence, "
            "nextval or currval.",
            reference="PostgreSQL manual, pg_get_serial_sequence",
        )
    ]


def _key(rename: Rename) -> list[Finding]:
    key = key_of(rename.twins)
    if key is None:
        return []
    old, new, table = rename.column.name, rename.new, rename.table.name
    return [
        danger(
            "group-by-key",
            f"Until contract a query that says GROUP BY {new} must group by every other column that "
            f"it shows: the primary key of {table} is still {', '.join(key.columns)}.",
            why=f"The server lets only a query that groups by the primary key show more columns. "
            f"Django writes such queries for annotate() with a count or a sum: with {new} as the "
            "model's key they fail until contract.",
            safer=f"Search the code for GROUP BY {old}. If there is such a query that you cannot "
            "change, map the name in the model instead (--how map).",
            reference="PostgreSQL manual, GROUP BY and functional dependency",
        ),
        info(
            "way-back-builds",
            "The way back through contract first builds the old key's index again, while reads and "
            "writes go on.",
            why="An index goes with its primary key, and a key without one would be built under a "
            "lock.",
        ),
    ]


def _pointing(rename: Rename) -> list[Finding]:
    listed = pointers(rename.table, rename.column.name)
    if not listed:
        return []
    return [
        info(
            "keys-carried",
            f"Foreign keys of {listed} get a second one to {rename.new}, proven while everybody "
            "works on; it takes the old one's name in contract.",
            why="A row that points here must satisfy both meanwhile, which it does as long as both "
            "columns hold the same.",
        )
    ]


def _unique(rename: Rename, context: Context) -> list[Finding]:
    if not context.dialect.capabilities.upsert_names_index:
        return []
    unique = any(one.unique for one in indexes_of(rename.twins, context)) or any(
        one.unique and one.constraint and rename.column.name in one.columns
        for one in rename.table.indexes
    )
    if not unique:
        return []
    old, new = rename.column.name, rename.new
    return [
        warning(
            "upsert-collides",
            f"While both {old} and {new} are unique, of two upserts of the same {old} at the same "
            "moment one may fail as a duplicate.",
            why="An upsert forgives a duplicate in one unique index only, and here are two. "
            "It is rare: measured, 3 of 32,000 with four writers of the same values.",
            safer="Let the code try such an upsert again, which then succeeds.",
        )
    ]


def using_findings(rename: Rename) -> tuple[Finding, ...]:
    """Say what uses a column that is renamed in place."""
    using = [one for one in rename.table.dependents if rename.column.name in one.columns]
    if not using:
        return ()
    listed = ", ".join(str(one) for one in using)
    return (
        warning(
            "dependents",
            f"{listed} uses {rename.column.name}.",
            why="Views follow a rename by themselves but keep showing the old name.",
            safer="Look at each of them.",
        ),
    )
