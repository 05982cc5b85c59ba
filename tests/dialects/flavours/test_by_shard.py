"""Walks by shard, as texts: none of these engines runs here."""

from __future__ import annotations

from dataclasses import replace

import pytest
from engines import PLACES
from shop import LARGE, SCHEMA, TINY, planned, schema_for

from wizard.dialects import dialect
from wizard.dialects.flavours import citus_shards, vitess_shards
from wizard.dialects.flavours.by_shard import Place
from wizard.dialects.flavours.cockroachdb import bounds
from wizard.model.names import TableName
from wizard.model.plan import Plan
from wizard.model.rollout import Rollout
from wizard.model.steps import Assignment, Backfill

FILL = Backfill(
    table=TableName("orders", "shop"),
    assignments=(Assignment(column="note", expression="'none'"),),
    needed="note IS NULL",
    key=("customer_id", "id"),
    key_types=("bigint", "bigint"),
)


def test_citus_lists_shards_that_lie_in_one_place() -> None:
    by = citus_shards.by_shard(FILL)
    assert by is not None
    assert by.query == (
        "SELECT min(nodename), min(nodeport), min(shard_name) FROM citus_shards "
        "WHERE table_name = 'shop.orders'::regclass AND citus_table_type = 'distributed' "
        "GROUP BY shardid HAVING count(*) = 1 ORDER BY shardid"
    )
    place = by.place(("worker-1", 5432, "shop.orders_102008"))
    assert place == Place(
        name="shop.orders_102008", host="worker-1", port=5432, table="shop.orders_102008"
    )
    step = citus_shards.on_shard(FILL, place)
    batch = dialect("postgresql", (16,)).batch(step)
    assert "UPDATE shop.orders_102008 SET note = 'none'" in batch.following
    assert "FROM shop.orders_102008\n" in batch.following
    plain = replace(place, table="orders_102008")
    assert citus_shards.on_shard(FILL, plain).table == TableName("orders_102008", "shop")


def test_citus_walks_no_shard_whose_values_lie_elsewhere() -> None:
    joined = replace(FILL, join="customers", on="customers.id = orders.customer_id")
    assert citus_shards.by_shard(joined) is None


def test_citus_sends_a_statement_to_all_shards() -> None:
    sql = citus_shards.through_coordinator("UPDATE %s SET note = '$$'", TableName("orders"))
    assert sql == (
        "SELECT shardid, success, result FROM run_command_on_shards('orders', "
        "$migwiz$\nUPDATE %s SET note = '$$'\n$migwiz$)"
    )


def test_cockroachdb_reads_bounds_from_the_past() -> None:
    assert bounds.bounds(FILL, first=False) == (
        "SELECT key_0 AS last_0, key_1 AS last_1 FROM (SELECT customer_id AS key_0, id AS key_1 "
        "FROM shop.orders WHERE (customer_id, id) > (:after_0, :after_1) ORDER BY customer_id, id "
        "LIMIT :size) AS walked AS OF SYSTEM TIME follower_read_timestamp() "
        "ORDER BY key_0 DESC, key_1 DESC LIMIT 1"
    )
    assert "WHERE" not in bounds.bounds(FILL, first=True)
    assert bounds.by_shard(FILL).query == "SHOW RANGES FROM TABLE shop.orders"


def test_vitess_stays_with_one_shard() -> None:
    by = vitess_shards.by_shard("shop", client=True)
    assert by.query == "SHOW VITESS_SHARDS LIKE 'shop/%'"
    assert by.watch == ("vtctldclient CheckThrottler --app-name migwiz TABLET",)
    place = by.place(("shop/-80",))
    assert place.database == "shop/-80"
    assert vitess_shards.target(place) == "USE `shop/-80`"
    assert vitess_shards.target(place, replica=True) == "USE `shop/-80@replica`"
    assert vitess_shards.reading() == ("SET workload = 'olap'",)
    assert vitess_shards.by_shard(None, client=False).watch == ()


def plan_at(label: str, rollout: Rollout) -> Plan:
    place = next(one for one in PLACES if one.dialect.label.startswith(label))
    schema = SCHEMA if place.dialect.name == "postgresql" else schema_for("mysql")
    values: dict[str, object] = {
        "table": "orders",
        "set": {"note": "'none'"},
        "where": "note IS NULL",
    }
    return planned(
        "backfill", values, rollout=rollout, dialect=place.dialect, schema=place.schema(schema)
    )


@pytest.mark.parametrize(
    ("label", "says"),
    [
        ("CockroachDB", "SHOW RANGES FROM TABLE orders"),
        ("Vitess", "SHOW VITESS_SHARDS"),
        ("PlanetScale", "SHOW VITESS_SHARDS"),
    ],
)
def test_a_large_backfill_says_how_and_that_it_was_not_tried(label: str, says: str) -> None:
    (found,) = (one for one in plan_at(label, LARGE).findings if one.code == "engine-by-shard")
    assert says in found.what
    assert "has not run them" in found.why
    assert "engine-by-shard" not in {one.code for one in plan_at(label, TINY).findings}


def test_citus_says_so_for_distributed_tables() -> None:
    place = next(one for one in PLACES if "Citus" in one.dialect.label)
    values: dict[str, object] = {
        "table": "orders",
        "set": {"note": "'none'"},
        "where": "note IS NULL",
    }
    plan = planned(
        "backfill", values, rollout=LARGE, dialect=place.dialect, schema=place.schema(SCHEMA)
    )
    (found,) = (one for one in plan.findings if one.code == "engine-by-shard")
    assert "FROM citus_shards" in found.what
    assert "Let no shard be moved" in found.safer
