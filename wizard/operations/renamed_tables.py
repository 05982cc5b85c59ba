"""What is to know of a table that gets another name."""

from __future__ import annotations

from wizard.model.findings import Finding, info, warning
from wizard.model.schema import Table
from wizard.operations.base import Context


def renamed_findings(table: Table, new: str, context: Context) -> tuple[Finding, ...]:
    """Say what follows a table to its new name by itself, and what does not."""
    old = table.name.name
    found = [
        warning(
            "text-names-table",
            f"Functions, jobs and reports that say {old} in a text keep saying it.",
            why="Foreign keys, indexes, triggers and policies follow the table by themselves. "
            "Nobody looks into the body of a function before it runs.",
            safer=f"Search them for {old}, and let them say {new} before the old name goes.",
        )
    ]
    if not context.dialect.capabilities.rights_follow_rename:
        found.append(
            warning(
                "rights-by-name",
                f"Privileges that are granted on {old} alone do not count for {new}.",
                why="The server keeps them by name, not with the table.",
                safer=f"Grant them on {new} before the code says it, and take those on {old} away "
                "at the end. Privileges on the whole database count for both.",
            )
        )
    named = [one.name for one in table.indexes if old in one.name]
    if named:
        found.append(
            info(
                "names-stay",
                f"Names such as {', '.join(named[:3])} stay as they are, and so do those of "
                "constraints and sequences.",
                why="They are names like any other, and nothing depends on them.",
                safer="Rename those you care for with migwiz rename-index and rename-constraint.",
            )
        )
    using = [f"{one.kind} {one.name}" for one in table.dependents if one.kind.endswith("view")]
    if using:
        found.append(
            info(
                "views-follow",
                f"{', '.join(using)} reads {old}.",
                why="Most engines tie a view to the table itself, so that it follows the rename; "
                "some keep its text.",
                safer="Query each of them once after the rename.",
            )
        )
    return tuple(found)


def view_limits(old: str, new: str) -> Finding:
    """Say what the view under the other name cannot do."""
    return warning(
        "table-view-limits",
        f"{new} is a view until the swap, and {old} one after it: reads and changes of rows work, "
        "upserts by columns too; TRUNCATE, bulk loads, upserts that name a constraint, ALTER TABLE, "
        "CREATE INDEX and new foreign keys fail there.",
        why="A view passes on reads and changes of rows, nothing else. Columns that are added "
        "meanwhile do not show.",
        safer=f"Let the code under the new name do without them until the swap, and plan no other "
        f"change of {old} until the rename is finished.",
        reference="PostgreSQL manual, CREATE VIEW, Updatable Views",
    )
