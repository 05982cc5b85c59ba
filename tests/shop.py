"""A small shop as plain schema data, and a short way to plan a change of it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from cases import CASES

from wizard.dialects import dialect
from wizard.dialects.base import Dialect
from wizard.model.answers import OperationAnswers, freeze
from wizard.model.enums import find_enum
from wizard.model.names import TableName
from wizard.model.plan import Plan
from wizard.model.rollout import Deployment, Rollout
from wizard.model.schema import (
    Check,
    Column,
    Dependent,
    Enum,
    ForeignKey,
    Index,
    IndexPart,
    PrimaryKey,
    Reference,
    Schema,
    Storage,
    Table,
    TypeUse,
)
from wizard.operations.base import tables_of
from wizard.planner import Known, make_plan

ORDERS, CUSTOMERS = TableName("orders"), TableName("customers")

KEY = ForeignKey(
    name="orders_customer_id_fkey",
    columns=("customer_id",),
    ref_table=CUSTOMERS,
    ref_columns=("id",),
)

CUSTOMERS_TABLE = Table(
    name=CUSTOMERS,
    columns=(
        Column(name="id", type="bigint", nullable=False, identity="by default"),
        Column(name="email", type="text"),
        Column(name="name", type="text", nullable=False),
    ),
    constraints=(PrimaryKey(name="customers_pkey", columns=("id",)),),
    indexes=(
        Index(
            name="customers_pkey",
            parts=(IndexPart(column="id"),),
            unique=True,
            constraint=True,
        ),
    ),
    referenced_by=(Reference(table=ORDERS, foreign_key=KEY),),
    rows=40_000_000,
    bytes=8_000_000_000,
)

ORDERS_TABLE = Table(
    name=ORDERS,
    columns=(
        Column(name="id", type="bigint", nullable=False, identity="by default"),
        Column(name="customer_id", type="bigint", nullable=False),
        Column(name="billing_id", type="bigint"),
        Column(
            name="status_code",
            type="character varying(20)",
            nullable=False,
            default="'new'::character varying",
        ),
        Column(name="total", type="numeric(10,2)"),
        Column(name="note", type="text"),
        Column(name="shown", type="text"),
        Column(name="created_at", type="timestamp with time zone", default="now()"),
    ),
    constraints=(
        PrimaryKey(name="orders_pkey", columns=("id",)),
        KEY,
        Check(
            name="ck_orders_status",
            expression="status_code <> ''",
            columns=("status_code",),
        ),
    ),
    indexes=(
        Index(name="orders_pkey", parts=(IndexPart(column="id"),), unique=True, constraint=True),
        Index(name="ix_orders_customer_id", parts=(IndexPart(column="customer_id"),)),
        Index(
            name="ix_orders_status_code",
            parts=(IndexPart(column="status_code"), IndexPart(column="created_at", order="desc")),
        ),
    ),
    dependents=(Dependent(kind="view", name="open_orders", columns=("shown",)),),
    rows=120_000_000,
    bytes=48_000_000_000,
)

PRODUCTS, ITEMS = TableName("products"), TableName("items")

ITEMS_KEY = ForeignKey(
    name="items_product_id_fkey",
    columns=("product_id",),
    ref_table=PRODUCTS,
    ref_columns=("id",),
)

PRODUCTS_TABLE = Table(
    name=PRODUCTS,
    columns=(
        Column(name="id", type="bigint", nullable=False, identity="by default"),
        Column(name="name", type="text", nullable=False),
    ),
    constraints=(PrimaryKey(name="products_pkey", columns=("id",)),),
    indexes=(
        Index(name="products_pkey", parts=(IndexPart(column="id"),), unique=True, constraint=True),
    ),
    referenced_by=(Reference(table=ITEMS, foreign_key=ITEMS_KEY),),
    rows=30_000,
    bytes=6_000_000,
)

ITEMS_TABLE = Table(
    name=ITEMS,
    columns=(
        Column(name="id", type="bigint", nullable=False, identity="by default"),
        Column(name="product_id", type="bigint", nullable=False),
        Column(name="delivery", type="delivery", nullable=False, default="'pending'::delivery"),
        Column(name="amount", type="integer", nullable=False, comment="How many of it"),
    ),
    constraints=(
        PrimaryKey(name="items_pkey", columns=("id",)),
        ITEMS_KEY,
        Check(name="ck_items_amount", expression="amount > 0", columns=("amount",)),
    ),
    indexes=(
        Index(name="items_pkey", parts=(IndexPart(column="id"),), unique=True, constraint=True),
        Index(name="ix_items_product_id", parts=(IndexPart(column="product_id"),)),
        Index(name="ix_items_delivery", parts=(IndexPart(column="delivery"),)),
    ),
    comment="What was ordered",
    rows=300_000_000,
    bytes=30_000_000_000,
)

#: A table without a key, with a rule that its old rows have not been held to.
VISITS_TABLE = Table(
    name=TableName("visits"),
    columns=(
        Column(name="id", type="bigint"),
        Column(name="customer_id", type="bigint", nullable=False),
        Column(name="page", type="text", nullable=False),
        Column(name="seconds", type="integer"),
        Column(name="stay", type="tstzrange"),
    ),
    constraints=(
        Check(
            name="ck_visits_seconds",
            expression="seconds >= 0",
            columns=("seconds",),
            validated=False,
        ),
    ),
    indexes=(
        Index(name="ix_visits_page", parts=(IndexPart(column="page"),)),
        Index(name="ix_visits_customer_id", parts=(IndexPart(column="customer_id"),), valid=False),
    ),
    rows=300_000_000,
    bytes=30_000_000_000,
)

DELIVERY = Enum(
    name=TableName("delivery"),
    labels=("pending", "sent", "lost"),
    used_by=(TypeUse(table=ITEMS, column="delivery"),),
)

SCHEMA = Schema(
    tables=(CUSTOMERS_TABLE, ORDERS_TABLE, PRODUCTS_TABLE, ITEMS_TABLE, VISITS_TABLE),
    enums=(DELIVERY,),
)

_SQLITE_TYPES = {
    "bigint": "INTEGER",
    "text": "TEXT",
    "character varying(20)": "varchar(20)",
    "timestamp with time zone": "timestamp",
    "delivery": "text",
}
_SQLITE_DEFAULTS = {
    "'new'::character varying": "'new'",
    "now()": "CURRENT_TIMESTAMP",
    "'pending'::delivery": "'pending'",
}


def _for_sqlite(table: Table) -> Table:
    columns = tuple(
        replace(
            one,
            type=_SQLITE_TYPES.get(one.type, one.type),
            default=_SQLITE_DEFAULTS.get(one.default or "", one.default),
            identity=None,
            comment=None,
        )
        for one in table.columns
    )
    constraints = tuple(
        replace(one, name=None) if isinstance(one, PrimaryKey) else one
        for one in table.constraints
        if getattr(one, "validated", True)
    )
    indexes = tuple(one for one in table.indexes if not one.constraint and one.valid)
    return replace(table, columns=columns, constraints=constraints, indexes=indexes, comment=None)


SQLITE_SCHEMA = Schema(tables=tuple(_for_sqlite(one) for one in SCHEMA.tables))


_FAMILY_TYPES = {
    "text": "varchar(200)",
    "character varying(20)": "varchar(20)",
    "numeric(10,2)": "decimal(10,2)",
    "timestamp with time zone": "datetime(6)",
    "delivery": "enum('pending','sent','lost')",
    "tstzrange": "varchar(60)",
}
_MARIADB_TYPES = {"bigint": "bigint(20)"}


def _for_family(table: Table, name: str) -> Table:
    """The table as MySQL or MariaDB writes it: nullable texts are documents, others are short."""
    now = "current_timestamp(6)" if name == "mariadb" else "CURRENT_TIMESTAMP(6)"
    types = {**_FAMILY_TYPES, **(_MARIADB_TYPES if name == "mariadb" else {})}
    columns = tuple(
        replace(
            one,
            type="text" if one.name == "shown" else types.get(one.type, one.type),
            default={
                "'new'::character varying": "'new'",
                "'pending'::delivery": "'pending'",
                "now()": now,
            }.get(one.default or "", one.default),
        )
        for one in table.columns
    )
    constraints = tuple(
        replace(one, name=None) if isinstance(one, PrimaryKey) else one
        for one in table.constraints
        if getattr(one, "validated", True)
    )
    indexes = tuple(
        replace(one, name="PRIMARY") if one.constraint else one
        for one in table.indexes
        if one.valid
    )
    storage = Storage(row_format="Dynamic", row_versions=3 if name == "mysql" else None)
    return replace(
        table, columns=columns, constraints=constraints, indexes=indexes, storage=storage
    )


_SCHEMAS = {
    "sqlite": SQLITE_SCHEMA,
    **{
        name: Schema(tables=tuple(_for_family(one, name) for one in SCHEMA.tables))
        for name in ("mysql", "mariadb")
    },
}


def schema_for(name: str) -> Schema:
    """The shop as an engine would show it."""
    return _SCHEMAS.get(name, SCHEMA)


#: One natural example of each operation, in a shop with 120 M orders.
EXAMPLES: dict[str, dict[str, object]] = {kind: dict(case.example) for kind, case in CASES.items()}


def examples_for(name: str) -> dict[str, dict[str, object]]:
    """One natural example of each operation, on an engine."""
    return {kind: dict(case.engines.get(name, case.example)) for kind, case in CASES.items()}


LARGE = Rollout(rows=120_000_000, bytes=48_000_000_000)
TINY = Rollout(rows=900, bytes=65_536)
STOPPED = replace(LARGE, deployment=Deployment.MAINTENANCE)
BLUE_GREEN = replace(LARGE, deployment=Deployment.BLUE_GREEN)


def plan_of(
    kind: str,
    values: dict[str, object] | None = None,
    *,
    rollout: Rollout = LARGE,
    name: str = "postgresql",
    version: tuple[int, ...] = (16, 4),
    schema: Schema | None = None,
    enums: tuple[str, ...] = (),
) -> Plan:
    """Plan one operation; its example where no values are given. ``enums`` names more types."""
    return planned(
        kind,
        examples_for(name)[kind] if values is None else values,
        rollout=rollout,
        dialect=dialect(name, version),
        schema=schema or schema_for(name),
        enums=enums,
    )


def planned(
    kind: str,
    values: dict[str, object],
    *,
    rollout: Rollout,
    dialect: Dialect,
    schema: Schema,
    enums: tuple[str, ...] = (),
) -> Plan:
    """Plan one operation for a dialect."""
    known = Known(
        dialect=dialect,
        table=tables_of(schema),
        rollout=rollout,
        enums=(*enums, *(str(one.name) for one in schema.enums)),
        enum=partial(find_enum, schema.enums),
    )
    answers = OperationAnswers(kind=kind, values=freeze(values))  # type: ignore[arg-type]
    return make_plan([answers], known)


def outline(plan: Plan) -> list[str]:
    """Return the plan's phases with their steps, one line each."""
    return [
        f"{phase.name}: "
        + " | ".join(", ".join(type(step).__name__ for step in one.up) for one in phase.migrations)
        for phase in plan.phases
    ]
