"""What to know about a foreign key before it is added, alone or with the column that carries it."""

from __future__ import annotations

from wizard.model.findings import Finding, danger, info, warning
from wizard.model.inverse import change
from wizard.model.steps import AddForeignKey
from wizard.operations.base import Context
from wizard.operations.constraints import proven_at_once
from wizard.operations.foreign_key_request import Request
from wizard.operations.partition_keys import key_by_parts


def key_findings(request: Request, context: Context) -> tuple[Finding, ...]:
    """Return what to know about the key."""
    table, parent, key = request.table, request.parent, request.key
    found = []
    for own, ref in zip(key.columns, key.ref_columns, strict=True):
        mine, theirs = table.column(own), parent.column(ref)
        if mine is not None and theirs is not None and mine.type.lower() != theirs.type.lower():
            found.append(
                warning(
                    "key-types-differ",
                    f"{table.name}.{own} is {mine.type}, {parent.name}.{ref} is {theirs.type}.",
                    why="Each check must convert, and may not be able to use the index.",
                    safer="Give both the same type first.",
                )
            )
    if not context.rollout.direct and context.dialect.capabilities.not_valid:
        drop = change(AddForeignKey(table=table.name, constraint=key)).undo[0]
        lock = context.dialect.lock(drop, context.size(table))
        found.append(
            warning(
                "key-downgrade-locks",
                f"The way back takes {lock.mode} on {table.name} and {parent.name}: reads wait too.",
                why="Dropping a foreign key removes triggers from both tables.",
                safer=f"It waits at most {context.rollout.lock_budget_ms} ms for the lock and can "
                "be run again.",
            )
        )
    capabilities = context.dialect.capabilities
    if (
        capabilities.not_valid_key
        and not capabilities.not_valid
        and not proven_at_once(context, key)
    ):
        found.append(
            info(
                "key-proven-by-query",
                f"{context.dialect.title} does not look at the rows that exist: the last file does, "
                "and fails when one points nowhere.",
                why="The key is added with foreign_key_checks off, which spares a copy of "
                f"{table.name}. Rows written from then on are checked.",
                safer="Do not leave the last file out.",
            )
        )
    if key_by_parts(context, table):
        found.append(
            warning(
                "partitioned-key",
                f"{table.name} is partitioned: the key is added to each partition and proven there, "
                f"then to {table.name}, for which reads and writes of {parent.name} wait for a "
                "moment. The files name the partitions of this database.",
                why=f"{context.dialect.label} adds no unproven key to a partitioned table.",
                safer="Plan against the database on which it will run.",
                reference="PostgreSQL 18 release notes, ALTER TABLE",
            )
        )
    if key.on_delete == "cascade":
        found.append(
            info(
                "cascade",
                f"Deleting one row of {parent.name} deletes all rows of {table.name} that point "
                "to it, in the same transaction.",
                why="Many rows mean a long transaction that holds their locks.",
            )
        )
    if request.orphans != "fail":
        lost = "deleted" if request.orphans == "delete" else "cleared"
        found.append(
            danger(
                "orphans-lost",
                f"Rows of {table.name} that point nowhere are {lost} for good.",
                why="Nobody keeps the earlier values.",
                safer="Look at them first: the plan shows the query.",
            )
        )
    return tuple(found)
