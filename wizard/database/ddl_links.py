"""What the tables of a DDL script know of each other: references, and the views that read them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from wizard.database.references import tables_in
from wizard.model.names import TableName
from wizard.model.schema import Constraint, Dependent, ForeignKey, Reference, Table

Key = Callable[[TableName], TableName]


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A view's query, and the schema in which its bare names are.

    ``definition`` are the statements that create the view, where they are known.
    """

    text: str
    schema: str | None = None
    materialized: bool = False
    definition: tuple[str, ...] = ()


def linked(
    tables: Mapping[TableName, Table],
    views: Mapping[TableName, Query],
    *,
    dialect: str,
    key: Key,
) -> Iterator[Table]:
    """Yield all tables with their references, dependents and referenced columns filled in.

    ``key`` returns a name as the mappings have it.
    """
    complete = {name: _with_columns(table, tables) for name, table in tables.items()}
    references: dict[TableName, list[Reference]] = {}
    for table in complete.values():
        for foreign_key in table.foreign_keys:
            references.setdefault(foreign_key.ref_table, []).append(
                Reference(table=table.name, foreign_key=foreign_key)
            )
    readers = _readers(complete, views, dialect, key)
    for table in complete.values():
        yield replace(
            table,
            dependents=(*table.dependents, *readers.get(table.name, ())),
            referenced_by=tuple(references.get(table.name, ())),
        )


def _with_columns(table: Table, tables: Mapping[TableName, Table]) -> Table:
    """Return the table; a foreign key that names no columns points to a primary key."""
    done: list[Constraint] = []
    for one in table.constraints:
        target = tables.get(one.ref_table) if isinstance(one, ForeignKey) else None
        if isinstance(one, ForeignKey) and not one.ref_columns and target:
            done.append(replace(one, ref_columns=target.primary_key))
        else:
            done.append(one)
    return replace(table, constraints=tuple(done))


def _readers(
    tables: Mapping[TableName, Table], views: Mapping[TableName, Query], dialect: str, key: Key
) -> dict[TableName, list[Dependent]]:
    """Return the views that read each table, those that read other views after these."""
    reads: dict[TableName, dict[TableName, frozenset[str]]] = {}
    for view, query in views.items():
        used: dict[TableName, frozenset[str]] = {}
        for name, columns in tables_in(query.text, dialect).items():
            place = key(name if name.schema else TableName(name.name, query.schema))
            table = tables.get(place)
            if table is not None:
                used[place] = frozenset(
                    column.name
                    for column in table.columns
                    if columns is None or column.name.lower() in columns
                )
            elif place in reads:
                for below, through in reads[place].items():
                    used[below] = used.get(below, frozenset()) | through
        reads[view] = used
    found: dict[TableName, list[Dependent]] = {}
    for view, used in reads.items():
        query = views[view]
        for name, needed in used.items():
            ordered = tuple(c.name for c in tables[name].columns if c.name in needed)
            found.setdefault(name, []).append(
                Dependent(
                    kind="materialized view" if query.materialized else "view",
                    name=str(view),
                    columns=ordered,
                    definition=query.definition,
                )
            )
    return found
