"""The engines and versions that the tests plan for: the oldest, a usual one, the newest known."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from wizard.dialects.base import Dialect
from wizard.dialects.flavours import engine
from wizard.model.schema import Schema, Spread

#: Every dialect has an entry, or `test_every_dialect_is_tested_here` fails.
VERSIONS: dict[str, tuple[tuple[int, ...], ...]] = {
    "mariadb": ((10, 6, 0), (10, 11, 19), (11, 8, 9)),
    "mysql": ((8, 0, 11), (8, 0, 36), (8, 4, 0), (9, 7, 4)),
    "postgresql": ((12,), (15, 4), (18, 1)),
    "sqlite": ((3, 35, 0), (3, 40, 1), (3, 54, 1)),
}
#: The version for which golden files are made.
GOLDEN_VERSIONS: dict[str, tuple[int, ...]] = {
    "mariadb": (10, 11, 19),
    "mysql": (8, 0, 36),
    "postgresql": (16, 4),
    "sqlite": (3, 40, 1),
}

#: Versions of engines that speak a dialect: its name, its version, the engine with its own version.
#: Every flavour has an entry, or `test_every_flavour_is_tested_here` fails.
FLAVOURS: dict[str, tuple[tuple[str, tuple[int, ...], str], ...]] = {
    "aurora-mysql": (
        ("mysql", (8, 0, 28), "aurora-mysql"),
        ("mysql", (8, 0, 0), "aurora-mysql 3.4"),
    ),
    "aurora-postgresql": (
        ("postgresql", (13, 9), "aurora-postgresql"),
        ("postgresql", (16, 4), "aurora-postgresql"),
    ),
    "citus": (("postgresql", (14, 8), "citus 11.3"), ("postgresql", (16, 4), "citus 12.1")),
    "cockroachdb": (
        ("postgresql", (13, 0), "cockroachdb 23.1"),
        ("postgresql", (13, 0), "cockroachdb 24.3"),
        ("postgresql", (18, 0), "cockroachdb 26.3"),
        ("postgresql", (), "cockroachdb"),
    ),
    "planetscale": (("mysql", (8, 0, 34), "planetscale"),),
    "timescaledb": (
        ("postgresql", (13, 9), "timescaledb 2.11.2"),
        ("postgresql", (17, 2), "timescaledb 2.21.0"),
    ),
    "vitess": (("mysql", (8, 0, 30), "vitess 22.0"), ("mysql", (), "vitess")),
    "yugabytedb": (
        ("postgresql", (15, 2), "yugabytedb 2.25.1.0"),
        ("postgresql", (15, 12), "yugabytedb 2025.2.2.2"),
        ("postgresql", (), "yugabytedb"),
    ),
}

Where = Literal["plain", "spread", "compressed", "without keys"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An engine, and how it spreads the tables of the shop, for golden plans."""

    dialect: Dialect
    where: Where = "plain"

    @property
    def label(self) -> str:
        """The engine for people, with what the shop's tables are."""
        tables = "" if self.where == "plain" else f", {self.where}"
        return f"{self.dialect.label}{tables}"

    def example(self, kind: str, values: dict[str, object]) -> dict[str, object]:
        """Return an operation's example as it fits these tables."""
        if kind == "drop_constraint" and self.where == "without keys":
            return values | {"name": "ck_orders_status"}
        return values

    def asks(self, kind: str, values: dict[str, object]) -> bool:
        """Tell whether there is something to ask for: a foreign key can be changed where one is."""
        if self.where != "without keys" or kind == "drop_constraint":
            return True
        return not str(values.get("name")).endswith("_fkey")

    def schema(self, shop: Schema) -> Schema:
        """Return the shop's tables as they would be spread by somebody who knows the engine."""
        if self.where == "plain":
            return shop
        if self.where == "without keys":
            return without_keys(shop)
        tables = []
        for table in shop.tables:
            orders = table.name.name == "orders"
            if "Citus" in self.dialect.label:
                spread = Spread(kind="sharded", columns=("customer_id" if orders else "id",))
            elif orders:
                packed = self.where == "compressed"
                spread = Spread(
                    kind="chunks", columns=("created_at",), compression=packed, compressed=packed
                )
            else:
                spread = Spread(kind="whole")
            tables.append(replace(table, spread=spread))
        return replace(shop, tables=tuple(tables))


def without_keys(shop: Schema) -> Schema:
    """Return the shop without foreign keys, as most who shard it have it."""
    tables = []
    for table in shop.tables:
        kept = tuple(one for one in table.constraints if one not in table.foreign_keys)
        tables.append(replace(table, constraints=kept, referenced_by=()))
    return replace(shop, tables=tuple(tables))


#: For which golden plans are made.
PLACES = (
    Place(dialect=engine("mysql", (8, 0, 0), "aurora-mysql 3.4")),
    Place(dialect=engine("postgresql", (15, 4), "aurora-postgresql")),
    Place(dialect=engine("postgresql", (16, 4), "citus 12.1"), where="spread"),
    Place(dialect=engine("postgresql", (), "cockroachdb 24.1")),
    Place(dialect=engine("mysql", (), "planetscale")),
    Place(dialect=engine("postgresql", (16, 4), "timescaledb 2.21"), where="spread"),
    Place(dialect=engine("postgresql", (16, 4), "timescaledb 2.21"), where="compressed"),
    Place(dialect=engine("mysql", (), "vitess 22.0")),
    Place(dialect=engine("mysql", (), "vitess 22.0"), where="without keys"),
    Place(dialect=engine("postgresql", (15, 12), "yugabytedb 2025.1")),
)
