"""A need made from what was read of a table."""

from __future__ import annotations

from wizard.dialects.base import Size
from wizard.handover.base import Engine, Key, Need
from wizard.handover.clauses import drops_primary_key, has
from wizard.model.schema import Table, Unique


def need_of(
    table: Table,
    clauses: tuple[str, ...],
    *,
    engine: Engine,
    version: tuple[int, ...],
    size: Size | None = None,
    inverse: tuple[str, ...] = (),
    referring_bytes: int | None = None,
    galera: bool = False,
    may_cut: bool = False,
    inverse_may_cut: bool | None = None,
    copy_triggers: bool = False,
    way_back: bool = False,
) -> Need:
    """Return the need to run ``clauses`` on a table; see ``Need`` for what is asked for.

    ``size`` is production's, the table's own statistics where it is not given.
    """
    return Need(
        table=table.name,
        clauses=clauses,
        inverse=inverse,
        engine=engine,
        version=version,
        size=size or Size(rows=table.rows, bytes=table.bytes),
        key=shared_key(table, clauses),
        foreign_keys=table.foreign_keys,
        referenced_by=table.referenced_by,
        referring_bytes=referring_bytes,
        checks=table.checks,
        triggers=table.triggers,
        galera=galera,
        may_cut=may_cut,
        inverse_may_cut=inverse_may_cut,
        copy_triggers=copy_triggers,
        way_back=way_back,
    )


def shared_key(table: Table, clauses: tuple[str, ...]) -> Key | None:
    """Return the best key without NULLs that a table keeps through a change of it."""
    if table.primary_key and not any(drops_primary_key(clause) for clause in clauses):
        return "primary"
    required = {column.name for column in table.columns if not column.nullable}
    keys = [(one.name, one.columns) for one in table.constraints if isinstance(one, Unique)]
    keys += [
        (index.name, index.columns)
        for index in table.indexes
        if index.unique and all(part.column and part.length is None for part in index.parts)
    ]
    for name, columns in keys:
        if columns and set(columns) <= required and not _drops(clauses, name):
            return "unique"
    return None


def _drops(clauses: tuple[str, ...], name: str | None) -> bool:
    # A name that only stands in the same clause is enough: too careful breaks nothing.
    return name is not None and any(
        (
            has(clause, "DROP", "INDEX")
            or has(clause, "DROP", "KEY")
            or has(clause, "DROP", "CONSTRAINT")
        )
        and name.lower() in clause.lower()
        for clause in clauses
    )
