"""A table in four partitions, two of them below a partitioned one, as plain schema data."""

from __future__ import annotations

from dataclasses import replace

from shop import CUSTOMERS, CUSTOMERS_TABLE

from wizard.model.names import TableName
from wizard.model.schema import (
    Check,
    Column,
    ForeignKey,
    Index,
    IndexPart,
    PrimaryKey,
    Reference,
    Schema,
    Table,
    Unique,
)

EVENTS = TableName("events")
LAST = TableName("events_2025")
THIS = TableName("events_2026")
SOLD = TableName("events_2026_sold")
REST = TableName("events_2026_rest")

COLUMNS = (
    Column(name="id", type="bigint", nullable=False),
    Column(name="at", type="date", nullable=False),
    Column(name="kind", type="text", nullable=False),
    Column(name="note", type="text"),
    Column(name="customer_id", type="bigint"),
    Column(name="payer_id", type="bigint"),
    Column(name="size", type="integer", nullable=False),
)
KEY = ForeignKey(
    name="events_payer_id_fkey",
    columns=("payer_id",),
    ref_table=CUSTOMERS,
    ref_columns=("id",),
)
CHECK = Check(name="ck_events_note", expression="note <> ''", columns=("note",))


def _index(name: str, *columns: str, inherits: str | None = None, unique: bool = False) -> Index:
    return Index(
        name=name,
        parts=tuple(IndexPart(column=one) for one in columns),
        unique=unique,
        constraint=unique,
        inherits=inherits,
    )


def _table(name: TableName, above: Table | None, **options: object) -> Table:
    """One table of the tree; what the whole has, each part has under names of its own."""
    own = name.name

    def part(index: str) -> str | None:
        return None if above is None else index.replace(own, above.name.name)

    key, once, noted = f"{own}_pkey", f"{own}_once", f"ix_{own}_note"
    table = Table(
        name=name,
        columns=COLUMNS,
        kind="partition",
        constraints=(
            PrimaryKey(name=key, columns=("id", "at", "kind")),
            Unique(name=once, columns=("note", "at", "kind")),
            KEY,
            CHECK,
        ),
        indexes=(
            _index(key, "id", "at", "kind", inherits=part(key), unique=True),
            _index(once, "note", "at", "kind", inherits=part(once), unique=True),
            _index(noted, "note", inherits=part(noted)),
        ),
        partition_of=None if above is None else above.name,
        rows=30_000_000,
        bytes=4_000_000_000,
    )
    return replace(table, **options)  # type: ignore[arg-type]


_EVENTS = _table(
    EVENTS,
    None,
    kind="partitioned",
    partition_key="RANGE (at)",
    partitions=(LAST, THIS),
    rows=120_000_000,
)
_THIS = _table(
    THIS, _EVENTS, kind="partitioned", partition_key="LIST (kind)", partitions=(SOLD, REST)
)
_LAST = _table(LAST, _EVENTS)
#: One partition has more than the whole: an index, a foreign key and a unique constraint.
_OWN_KEY = replace(KEY, name="sold_customer", columns=("customer_id",))
_OWN_ONCE = Unique(name="sold_once", columns=("customer_id", "at", "kind"))
_SOLD = _table(SOLD, _THIS)
_SOLD = replace(
    _SOLD,
    constraints=(*_SOLD.constraints, _OWN_KEY, _OWN_ONCE),
    indexes=(
        *_SOLD.indexes,
        _index("sold_customer_id", "customer_id"),
        _index("sold_once", "customer_id", "at", "kind", unique=True),
    ),
)
_CUSTOMERS = replace(
    CUSTOMERS_TABLE,
    referenced_by=(
        *(Reference(table=one, foreign_key=KEY) for one in (EVENTS, LAST, THIS, SOLD, REST)),
        Reference(table=SOLD, foreign_key=_OWN_KEY),
    ),
)
PARTITIONED = Schema(tables=(_CUSTOMERS, _EVENTS, _THIS, _LAST, _SOLD, _table(REST, _THIS)))
