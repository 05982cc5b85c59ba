"""Random tables for properties that must hold for any table."""

from __future__ import annotations

from hypothesis import strategies as st

from wizard.model.names import TableName
from wizard.model.schema import (
    Check,
    Column,
    ForeignKey,
    Index,
    IndexPart,
    PrimaryKey,
    Table,
    Unique,
)

NAMES = ("a", "b", "c", "d", "e")
TYPES = ("integer", "text", "boolean", "numeric(10,2)")


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """A table with random columns, indexes and checks, and a key."""
    names = draw(st.lists(st.sampled_from(NAMES), min_size=2, max_size=5, unique=True))
    columns = [Column(name="id", type="bigint", nullable=False)]
    for name in names:
        type_ = draw(st.sampled_from(TYPES))
        default = draw(st.sampled_from([None, None, "'1'"]))
        columns.append(Column(name=name, type=type_, nullable=draw(st.booleans()), default=default))
    indexes = [Index(name="t_pkey", parts=(IndexPart(column="id"),), unique=True, constraint=True)]
    for number in range(draw(st.integers(0, 3))):
        keys = draw(st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True))
        where = draw(st.sampled_from([None, f"{names[0]} IS NOT NULL"]))
        parts = tuple(IndexPart(column=one) for one in keys)
        unique = draw(st.booleans())
        indexes.append(Index(name=f"ix_t_{number}", parts=parts, unique=unique, where=where))
    constraints: list[PrimaryKey | Check | ForeignKey | Unique] = [
        PrimaryKey(name="t_pkey", columns=("id",))
    ]
    if draw(st.booleans()):
        own = draw(st.sampled_from(names))
        constraints.append(Unique(name="uq_t", columns=(own,)))
        part = IndexPart(column=own)
        indexes.append(Index(name="uq_t", parts=(part,), unique=True, constraint=True))
    for number in range(draw(st.integers(0, 2))):
        column = draw(st.sampled_from(names))
        constraints.append(
            Check(
                name=f"ck_t_{number}",
                expression=f"{column} IS NOT NULL" if draw(st.booleans()) else f"{column} > '0'",
                columns=(column,),
                validated=draw(st.booleans()),
            )
        )
    return Table(
        name=TableName("t"),
        columns=tuple(columns),
        constraints=tuple(constraints),
        indexes=tuple(indexes),
    )


def plain_columns(table: Table) -> list[str]:
    """Return the names of the columns beside the key."""
    return [one.name for one in table.columns if one.name != "id"]
