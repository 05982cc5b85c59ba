"""What else in the database uses a table, so that it cannot go; and what goes along with it."""

from __future__ import annotations

from wizard.model.findings import danger
from wizard.model.schema import Dependent, Table
from wizard.operations.base import Context
from wizard.operations.phases import Refusal

#: Kinds that belong to the table itself, unless they name another one.
_OWN = ("policy", "trigger", "rule", "publication")


def goes_along(table: Table) -> tuple[Dependent, ...]:
    """Return what the engine drops together with the table, beside its triggers."""
    return tuple(
        one
        for one in table.dependents
        if one.kind in ("policy", "rule", "publication") and not _elsewhere(one)
    )


def _elsewhere(one: Dependent) -> bool:
    """Tell whether a policy, trigger or rule is on another table, which its name then says."""
    return " on " in one.name


def users(table: Table) -> tuple[Dependent, ...]:
    """Return what would break, or stop the engine, when the table went."""
    own = {one.name for one in table.triggers}
    return tuple(
        one
        for one in table.dependents
        if not (one.kind == "trigger" and one.name in own)
        and (one.kind not in _OWN or _elsewhere(one))
    )


def refuse_used(table: Table, context: Context) -> None:
    """Raise Refusal when a foreign key, view, function or partitioned parent needs the table."""
    _refuse_partition(table)
    pointing = [one for one in table.referenced_by if one.table != table.name]
    if pointing:
        listed = ", ".join(
            f"{one.foreign_key.name or 'a foreign key'} of {one.table}" for one in pointing
        )
        commands = "; ".join(
            f"migwiz drop-constraint --table {one.table} --name {one.foreign_key.name}"
            for one in pointing
            if one.foreign_key.name
        )
        raise Refusal(
            danger(
                "table-referenced",
                f"{listed} points to {table.name}.",
                why="What those rows point to would be gone, and each key locks its table and "
                f"{table.name} completely when it goes: one at a time, not all in one drop.",
                safer=f"Drop them first, or in the same plan: {commands or 'by hand'}.",
            )
        )
    using = users(table)
    if using:
        listed = ", ".join(f"{one.kind} {one.name}" for one in using)
        views = any(one.kind.endswith("view") for one in using)
        follow = context.dialect.capabilities.transactional_ddl and views
        raise Refusal(
            danger(
                "table-used",
                f"{listed} uses {table.name}.",
                why="It would follow a rename and keep whoever reads it from noticing, and then "
                "stop the drop."
                if follow
                else "It would break, or stop the drop.",
                safer="Drop it, or let it do without the table, in a migration before this one. "
                "migwiz drops nothing that you did not name.",
            )
        )


def _refuse_partition(table: Table) -> None:
    if table.partition_of is None:
        return
    raise Refusal(
        danger(
            "partition-drop",
            f"{table.name} is a partition of {table.partition_of}: dropping it locks the whole of "
            f"{table.partition_of} against reads and writes.",
            why="The parent's list of partitions changes with it.",
            safer=f"Detach it first, which lets both go on: ALTER TABLE {table.partition_of} "
            f"DETACH PARTITION {table.name} CONCURRENTLY. It is a table of its own then.",
            reference="PostgreSQL manual, ALTER TABLE, DETACH PARTITION",
        )
    )
