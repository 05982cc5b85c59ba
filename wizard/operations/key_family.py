"""A key that changes its type, and all columns that point to it: they change together."""

from __future__ import annotations

from dataclasses import dataclass, replace

from wizard.model.findings import danger
from wizard.model.names import TableName
from wizard.model.schema import Column, ForeignKey, Table
from wizard.operations.base import Context
from wizard.operations.column_uses import pointing_at
from wizard.operations.phases import Refusal
from wizard.operations.retyping import Retype
from wizard.operations.type_obstacles import refuse_bound


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """A foreign key which must be made anew: a column of it changes, or the one it points to."""

    table: TableName
    key: ForeignKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """The columns that change, by table and parents first; and the foreign keys between them.

    ``tables`` are all tables that a swap locks, those included whose columns stay as they are.
    """

    members: tuple[tuple[Table, tuple[Retype, ...]], ...]
    edges: tuple[Edge, ...]
    tables: tuple[Table, ...]

    @property
    def retypes(self) -> tuple[Retype, ...]:
        """All columns that change."""
        return tuple(one for _, found in self.members for one in found)


def family_of(retype: Retype, context: Context) -> Family:
    """Return the column with all that point to it, directly or through another key.

    Raises Refusal where one of them cannot change its type, or holds another type altogether.
    """
    changing: dict[TableName, dict[str, Retype]] = {}
    tables: dict[TableName, Table] = {}
    edges: list[Edge] = []
    waiting = [retype]
    while waiting:
        one = waiting.pop(0)
        name = one.table.name
        tables.setdefault(name, one.table)
        if one.column.name in changing.get(name, {}):
            continue
        _refuse(one, context)
        changing.setdefault(name, {})[one.column.name] = one
        for reference in pointing_at(one.table, one.column.name):
            key = reference.foreign_key
            child = one.table if reference.table == name else context.tables(reference.table)
            tables.setdefault(child.name, child)
            edge = Edge(table=child.name, key=key)
            if edge not in edges:
                edges.append(edge)
            column = _pointing(child, key, one.column.name)
            following = _following(child, column, retype, context)
            if following is not None:
                waiting.append(following)
    members = tuple((tables[name], tuple(found.values())) for name, found in changing.items())
    return Family(members=members, edges=tuple(edges), tables=tuple(tables.values()))


def _pointing(child: Table, key: ForeignKey, referenced: str) -> Column:
    """Return the column of a foreign key that holds the referenced one's values."""
    name = dict(zip(key.ref_columns, key.columns, strict=True))[referenced]
    found = child.column(name)
    assert found is not None
    return found


def _following(child: Table, column: Column, retype: Retype, context: Context) -> Retype | None:
    """Return the change of a column that points to the key, None when it holds all values already."""
    to = replace(column, type=retype.to.type, collation=retype.to.collation, base=None)
    if (column.type, column.collation) == (to.type, to.collation):
        return None
    way = context.dialect.conversion(column, to, enums=context.enums)
    back = context.dialect.conversion(to, column, enums=context.enums)
    if way.fits == "" and way.alike:
        return Retype(table=child, column=column, to=to, way=way, home=back)
    if back.fits == "" and back.alike:
        # It is wider still.
        return None
    raise Refusal(
        danger(
            "cannot-change-key",
            f"{child.name}.{column.name} points to {retype.name}, and its type {column.type} does "
            f"not become {retype.to.type} by itself.",
            why="A foreign key needs two types that can be compared.",
            safer=f"Drop the foreign key, change {child.name}.{column.name} on its own, and add "
            "the key again.",
        )
    )


def _refuse(retype: Retype, context: Context) -> None:
    refuse_bound(retype, context)
    if retype.table.kind == "partitioned" and not context.rollout.direct:
        raise Refusal(
            danger(
                "partitioned-key",
                f"{retype.table.name} is partitioned: its key cannot be swapped for one of another "
                "type while the application runs.",
                why="A key of a partitioned table takes over no finished index.",
                safer="Plan this change for a maintenance window, or move the rows into a new "
                "table with the wider key.",
            )
        )
