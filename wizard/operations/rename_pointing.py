"""Foreign keys that point to a column which is renamed in steps: each gets a twin for the new name.

The twin is added unproven and proven while everybody works on. Until the old one goes a row of the
other table must satisfy both, which it does as long as both columns hold the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from wizard.model.findings import danger
from wizard.model.inverse import change
from wizard.model.names import slugify
from wizard.model.plan import Migration
from wizard.model.schema import ForeignKey, Table
from wizard.model.steps import (
    AddForeignKey,
    DropConstraint,
    LockTables,
    Nothing,
    RenameConstraint,
    ValidateConstraint,
)
from wizard.operations.base import Context
from wizard.operations.blocks import ddl
from wizard.operations.constraints import proven_at_once
from wizard.operations.new_names import free_name
from wizard.operations.phases import Refusal
from wizard.operations.renaming import Rename
from wizard.operations.twin_objects import added_constraint


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointing:
    """A foreign key to the old column, and its twin to the new one.

    ``renamed`` is the twin once the old key is gone and has left it its name.
    """

    child: Table
    key: ForeignKey
    twin: ForeignKey

    @property
    def renamed(self) -> ForeignKey:
        """The key as it is in the end."""
        return replace(self.twin, name=self.key.name)


def pointing_at_name(rename: Rename, context: Context) -> tuple[Pointing, ...]:
    """Return the foreign keys that point to the old name, those of the table itself included.

    Raises Refusal for a key of a partitioned table.
    """
    table, limit = rename.table, context.dialect.capabilities.name_bytes
    taken: dict[str, set[str]] = {}
    found = []
    for one in table.referenced_by:
        key = one.foreign_key
        if rename.column.name not in key.ref_columns:
            continue
        child = table if one.table == table.name else context.tables(one.table)
        _refuse_parts(rename, child, key)
        names = taken.setdefault(
            str(child.name), {each.name for each in child.constraints if each.name}
        )
        name = free_name(f"{key.name}_new", names, limit)
        names.add(name)
        twin = replace(key, name=name, ref_columns=rename.twins.swapped(key.ref_columns))
        found.append(Pointing(child=child, key=key, twin=twin))
    return tuple(found)


def _refuse_parts(rename: Rename, child: Table, key: ForeignKey) -> None:
    """Refuse a key of a partitioned table, which could only be exchanged in each partition."""
    if child.kind == "table" and child.partition_of is None:
        return
    raise Refusal(
        danger(
            "cannot-sync",
            f"{rename.table.name}.{rename.column.name} cannot be kept under two names: the foreign "
            f"key {key.name} of {child.name} points to it, and {child.name} is partitioned.",
            why="Such a key would have to be exchanged and proven in each partition.",
            safer="Map the name in the model (--how map).",
        )
    )


def pointing_migrations(found: Iterable[Pointing], context: Context) -> tuple[Migration, ...]:
    """Return what adds the twins and proves them."""
    return tuple(
        migration
        for one in found
        for migration in added_constraint(
            context, one.child, one.twin, title=f"add {one.twin.name} to {one.child.name}"
        )
    )


def unpointing_migrations(found: Iterable[Pointing], context: Context) -> tuple[Migration, ...]:
    """Return what drops the old keys, each of which leaves its name to its twin."""
    return tuple(each for one in found for each in _dropped(one, context))


def _dropped(one: Pointing, context: Context) -> tuple[Migration, ...]:
    child, key = one.child.name, one.key
    direct = proven_at_once(context, key)
    pending = replace(key, validated=direct and key.validated)
    # Both tables at once and the parent first, in both directions.
    tables = tuple(dict.fromkeys((key.ref_table, child)))
    lock = LockTables(tables=tables, mode="access exclusive")
    leave = RenameConstraint(table=child, old=one.twin.name or "", new=key.name or "")
    take = RenameConstraint(table=child, old=key.name or "", new=one.twin.name or "")
    back = (lock, take, AddForeignKey(table=child, constraint=pending))
    drop = ddl(
        context,
        f"drop {key.name} to {', '.join(key.ref_columns)} from {child}",
        change(lock, undo=()),
        change(DropConstraint(table=child, constraint=key), undo=back),
        change(leave, undo=()),
    )
    if direct or not key.validated:
        return (drop,)
    title = f"prove {key.name} to {', '.join(key.ref_columns)} on the way back"
    nothing = Nothing(reason=f"only the downgrade has work to do: it proves {key.name}")
    proof = ValidateConstraint(table=child, constraint=pending)
    first = Migration(slug=slugify(title), title=title, changes=(change(nothing, undo=(proof,)),))
    return (first, drop)
