"""Plans of all operations on all flavours: only statements that the engine takes, both directions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from engines import PLACES, Place
from shop import CUSTOMERS, EXAMPLES, LARGE, ORDERS, SCHEMA, STOPPED, TINY, plan_of, planned

from wizard.dialects import dialect as plain
from wizard.dialects.base import Dialect, Size
from wizard.dialects.flavours import engine
from wizard.dialects.flavours.base import Flavoured, Situation
from wizard.dialects.flavours.subjects import is_ddl
from wizard.model.errors import AnswerError
from wizard.model.plan import Plan
from wizard.model.rollout import Deployment, Rollout
from wizard.model.schema import Dependent, IndexPart, Schema, Spread, Table
from wizard.model.steps import (
    AddColumn,
    AddIndex,
    AddUnique,
    ChangeType,
    DropIndex,
    SetNotNull,
    Step,
    ValidateConstraint,
)

COCKROACH = Place(dialect=engine("postgresql", (), "cockroachdb 24.1"))
YUGABYTE = Place(dialect=engine("postgresql", (15,), "yugabytedb 2025.1"))
CITUS = Place(dialect=engine("postgresql", (16,), "citus 12.1"), where="spread")
CHUNKS = Place(dialect=engine("postgresql", (16,), "timescaledb 2.21"), where="spread")
PACKED = Place(dialect=engine("postgresql", (16,), "timescaledb 2.21"), where="compressed")
SIZE = Size(rows=120_000_000, bytes=48_000_000_000)
ROLLOUTS = [
    Rollout(deployment=deployment, rows=rows, bytes=rows * 400)
    for deployment in Deployment
    for rows in (0, 900, 3_000_000, 120_000_000)
]


def plan_for(
    place: Place,
    kind: str,
    values: dict[str, object] | None = None,
    *,
    rollout: Rollout = LARGE,
    schema: Schema | None = None,
) -> Plan:
    return planned(
        kind,
        EXAMPLES[kind] if values is None else values,
        rollout=rollout,
        dialect=place.dialect,
        schema=place.schema(SCHEMA) if schema is None else schema,
    )


def steps_of(plan: Plan) -> Iterator[Step]:
    for migration in plan.migrations:
        yield from migration.up
        yield from migration.down


def sql_of(plan: Plan, place: Place) -> list[str]:
    return [one for step in steps_of(plan) for one in place.dialect.sql(step)]


def refusal(plan: Plan) -> str:
    assert plan.refused is not None
    assert not plan.phases
    assert len(plan.refused.safer.split()) > 3
    return f"{plan.refused.code}: {plan.refused.what} {plan.refused.safer}"


def said(plan: Plan) -> set[str]:
    return {one.code for one in plan.findings if one.code.startswith("engine-")}


@pytest.mark.parametrize(
    # Those that speak MySQL stand in test_mysql_flavours.py.
    "place",
    [one for one in PLACES if one.dialect.name == "postgresql"],
    ids=lambda one: one.label,
)
@pytest.mark.parametrize("kind", sorted(EXAMPLES))
def test_each_step_has_sql_or_the_plan_is_refused(place: Place, kind: str) -> None:
    for rollout in ROLLOUTS:
        plan = plan_for(place, kind, rollout=rollout)
        if plan.refused is not None:
            refusal(plan)
            continue
        for step in steps_of(plan):
            assert place.dialect.supports(step) is None
            assert place.dialect.sql(step) or not is_ddl(step)
        for migration in plan.migrations:
            alone = any(map(place.dialect.needs_own_transaction, (*migration.up, *migration.down)))
            assert not (alone and migration.transactional), migration.title


@pytest.mark.parametrize("kind", sorted(EXAMPLES))
@pytest.mark.parametrize("flavour", ["citus 12.1", "timescaledb 2.21", "aurora-postgresql"])
def test_plain_tables_are_planned_for_as_postgresqls_own(kind: str, flavour: str) -> None:
    """A false alarm would be a bug: a table that the extension does not spread is a plain one."""
    tables = tuple(replace(one, spread=Spread(kind="whole")) for one in SCHEMA.tables)
    whole = replace(SCHEMA, tables=tables)
    for rollout in (LARGE, TINY, STOPPED):
        ours = planned(
            kind,
            EXAMPLES[kind],
            rollout=rollout,
            dialect=engine("postgresql", (16, 4), flavour),
            schema=whole,
        )
        theirs = plan_of(kind, rollout=rollout, version=(16, 4), schema=whole)
        assert ours.phases == theirs.phases
        assert ours.naive == theirs.naive
        assert ours.findings == theirs.findings


def test_plain_postgresql_hears_nothing_of_engines() -> None:
    for kind in EXAMPLES:
        plan = plan_of(kind, rollout=replace(LARGE, deployment=Deployment.BLUE_GREEN))
        assert not said(plan)
    assert plain("postgresql", (16, 4)) == engine("postgresql", (16, 4), "none")


# --- CockroachDB --------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", sorted(EXAMPLES))
def test_cockroachdb_gets_one_plain_statement_of_ddl_at_a_time(kind: str) -> None:
    # What is not proven yet, because it was added so by hand, is proven by the same words there.
    proof = "" if kind == "validate_constraint" else "VALIDATE|"
    unknown = rf"CONCURRENTLY|NOT VALID|{proof}LOCK TABLE|USING INDEX|lock_timeout|^DO "
    for rollout in ROLLOUTS:
        plan = plan_for(COCKROACH, kind, rollout=rollout)
        for statement in sql_of(plan, COCKROACH):
            assert not re.search(unknown, statement)
        for migration in plan.migrations:
            if any(map(is_ddl, migration.up)):
                assert not migration.transactional
                assert sum(map(is_ddl, migration.up)) == 1
            assert migration.lock_timeout_ms is None
        if any(map(is_ddl, steps_of(plan))):
            assert "engine-online-ddl" in said(plan)


def test_cockroachdb_adds_what_postgresql_adds_in_steps() -> None:
    values: dict[str, object] = {
        "table": "orders",
        "column": "token",
        "type": "uuid",
        "nullable": False,
        "default": "gen_random_uuid()",
    }
    plan = plan_for(COCKROACH, "add_column", values)
    assert sql_of(plan, COCKROACH)[0] == (
        "ALTER TABLE orders ADD COLUMN token uuid DEFAULT gen_random_uuid() NOT NULL"
    )
    assert "volatile-default" not in {one.code for one in plan.findings}
    assert plan.naive is None


def test_cockroachdb_tells_what_a_job_does() -> None:
    lock = COCKROACH.dialect.lock(
        AddColumn(table=ORDERS, column=replace(SCHEMA.tables[1].columns[4], default="1")),
        size=SIZE,
    )
    assert (lock.mode, lock.blocks, lock.work) == ("an online job", (), "rewrite")
    assert lock.milliseconds is not None
    assert lock.milliseconds[1] > 60_000


def test_cockroachdb_numbers_no_new_column() -> None:
    values: dict[str, object] = {
        "table": "orders",
        "column": "number",
        "type": "bigint",
        "identity": "always",
    }
    for rollout in (LARGE, STOPPED):
        with pytest.raises(AnswerError, match="numbers itself cannot be added") as raised:
            plan_for(COCKROACH, "add_column", values, rollout=rollout)
        assert raised.value.flag == "--identity"
        assert raised.value.next_actions


def test_cockroachdb_walks_in_batches_only_in_a_program() -> None:
    plan = plan_for(COCKROACH, "backfill")
    (finding,) = [one for one in plan.findings if one.code == "engine-one-update"]
    assert "orders" in finding.what
    assert said(plan_for(COCKROACH, "backfill", rollout=TINY)) == set()


def test_cockroachdb_renames_no_column_that_a_view_reads() -> None:
    values: dict[str, object] = {
        "table": "orders",
        "column": "shown",
        "to": "visible",
        "how": "direct",
    }
    told = refusal(plan_for(COCKROACH, "rename_column", values, rollout=STOPPED))
    assert "orders.shown cannot be renamed while open_orders reads it" in told
    other = values | {"column": "note", "to": "remark"}
    assert plan_for(COCKROACH, "rename_column", other, rollout=STOPPED).refused is None


def test_cockroachdb_looks_at_what_depends() -> None:
    """Changes of a type, by what the table holds: an index, a check, a view, nothing."""
    new = engine("postgresql", (), "cockroachdb 25.4")
    table = SCHEMA.tables[1]

    def told(column: str, held: Table, dialect: Dialect = new) -> str | None:
        assert isinstance(dialect, Flavoured)
        one = held.column(column)
        assert one is not None
        change = ChangeType(table=ORDERS, column=one, to=replace(one, type="text"))
        situation = Situation(rollout=LARGE, table=lambda _: held)
        found = dialect.obstacle(change, situation)
        return None if found is None else found.what

    assert told("total", table) is None
    assert "ix_orders_status_code, ck_orders_status depends" in (told("status_code", table) or "")
    assert "open_orders depends" in (told("shown", table) or "")
    assert "its own numbering" in (told("id", replace(table, indexes=())) or "")
    assert "experimental setting" in (told("total", table, COCKROACH.dialect) or "")


# --- YugabyteDB ---------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", sorted(EXAMPLES))
def test_yugabytedb_misses_no_write(kind: str) -> None:
    """Where others write, nothing is built in a transaction, rewritten, or checked by one scan."""
    for rollout in ROLLOUTS:
        plan = plan_for(YUGABYTE, kind, rollout=rollout)
        for migration in plan.migrations:
            assert migration.lock_timeout_ms is None
            assert not (any(map(is_ddl, migration.up)) and migration.transactional)
        for step in steps_of(plan):
            assert not (isinstance(step, DropIndex) and step.concurrently)
            if rollout.stopped:
                continue
            assert not isinstance(step, AddIndex) or step.concurrently
            assert not isinstance(step, SetNotNull) or step.proof is not None
            assert not isinstance(step, AddUnique) or step.using is not None
            work = YUGABYTE.dialect.lock(step, SIZE).work
            exempt = isinstance(step, AddIndex | ValidateConstraint) or not is_ddl(step)
            assert exempt or work == "none", step


def test_yugabytedb_gets_one_statement_of_ddl_in_each_file() -> None:
    for kind in EXAMPLES:
        for migration in plan_for(YUGABYTE, kind).migrations:
            assert sum(map(is_ddl, migration.up)) <= 1, (kind, migration.title)


def test_yugabytedb_tells_whom_ddl_disturbs() -> None:
    plan = plan_for(YUGABYTE, "add_index")
    assert said(plan) == {"engine-aborts-transactions", "engine-hashes-index"}
    codes = {one.code for one in plan.findings}
    assert not codes & {"concurrent-build-waits", "key-downgrade-locks"}
    assert said(plan_for(YUGABYTE, "set_default", rollout=STOPPED)) == set()
    sorted_down: dict[str, object] = {"table": "orders", "columns": ["total desc"]}
    assert "engine-hashes-index" not in said(plan_for(YUGABYTE, "add_index", sorted_down))


def test_yugabytedb_refuses_rewrites_while_others_write() -> None:
    values: dict[str, object] = {
        "table": "orders",
        "column": "doubled",
        "type": "numeric",
        "generated": "total * 2",
        "stored": True,
    }
    told = refusal(plan_for(YUGABYTE, "add_column", values, rollout=TINY))
    assert "rows that others write can be missed" in told or "rewrites" in told
    assert plan_for(YUGABYTE, "add_column", values, rollout=STOPPED).refused is None


def test_yugabytedb_swaps_no_names_while_others_look() -> None:
    """One moment is one transaction, which several changes of the schema do not share there."""
    told = refusal(plan_for(YUGABYTE, "rename_table"))
    assert "meet the table without a name between them" in told
    assert plan_for(CHUNKS, "rename_table").refused is None


def test_yugabytedb_reads_the_state_of_its_own_kind_of_index() -> None:
    (build,) = (
        one for one in steps_of(plan_for(YUGABYTE, "add_index")) if isinstance(one, AddIndex)
    )
    query = YUGABYTE.dialect.index_state(build) or ""
    assert "m.amname = 'lsm'" in query
    # The options of hashed columns are the engine's own.
    assert "indoption" not in query


# --- Citus --------------------------------------------------------------------------------------


def citus(kind: str, values: dict[str, object], **spreads: Spread | None) -> Plan:
    tables = tuple(
        replace(one, spread=spreads.get(one.name.name, one.spread))
        for one in CITUS.schema(SCHEMA).tables
    )
    return plan_for(CITUS, kind, values, schema=replace(SCHEMA, tables=tables))


BILLING: dict[str, object] = {
    "table": "orders",
    "columns": ["billing_id"],
    "ref_table": "customers",
    "ref_columns": ["id"],
}


def test_citus_wants_the_distribution_column_in_what_is_unique() -> None:
    told = refusal(citus("add_unique", {"table": "orders", "columns": ["note"]}))
    assert told.startswith("engine-key-lacks-columns: orders is distributed by customer_id")
    unique: dict[str, object] = {"table": "orders", "columns": ["note"], "unique": True}
    assert refusal(citus("add_index", unique)).startswith("engine-key-lacks-columns")
    both: dict[str, object] = {"table": "orders", "columns": ["customer_id", "note"]}
    assert citus("add_unique", both).refused is None
    copied = Spread(kind="copied")
    assert (
        citus("add_unique", {"table": "orders", "columns": ["note"]}, orders=copied).refused is None
    )


def test_citus_points_keys_only_where_both_rows_are() -> None:
    copied, whole = Spread(kind="copied"), Spread(kind="whole")
    assert "are not the same place of the key" in refusal(citus("add_foreign_key", BILLING))
    assert citus("add_foreign_key", BILLING, customers=copied).refused is None
    told = refusal(citus("add_foreign_key", BILLING, customers=whole))
    assert "create_reference_table('customers')" in told
    for own in (copied, whole):
        told = refusal(citus("add_foreign_key", BILLING, orders=own))
        assert "customers is distributed, and orders is not" in told
    assert citus("add_foreign_key", BILLING, customers=None, orders=None).refused is None


def test_citus_keeps_its_distribution_column() -> None:
    default: dict[str, object] = {"table": "orders", "column": "customer_id", "default": "1"}
    assert "says where each row is" in refusal(citus("set_default", default))
    assert citus("set_default", default | {"column": "billing_id"}).refused is None
    fill: dict[str, object] = {"table": "orders", "set": {"customer_id": "1"}}
    assert "says where each row is" in refusal(citus("backfill", fill))


def test_citus_takes_no_triggers_and_no_volatile_functions() -> None:
    told = refusal(citus("rename_column", EXAMPLES["rename_column"]))
    assert "takes no triggers" in told
    assert "--how map" in told
    fill: dict[str, object] = {"table": "orders", "set": {"note": "gen_random_uuid()::text"}}
    fill["where"] = "note IS NULL"
    assert "takes no volatile function" in refusal(citus("backfill", fill))


def test_citus_bounds_the_wait_on_every_machine() -> None:
    assert CITUS.dialect.budget(2_000) == (
        "SET LOCAL citus.propagate_set_commands = 'local'",
        "SET LOCAL lock_timeout = '2s'",
    )


def test_citus_says_which_batches_ask_every_machine() -> None:
    found = said(citus("backfill", EXAMPLES["backfill"]))
    assert found == {"engine-batches-fan-out", "engine-by-shard"}
    by_key = Spread(kind="sharded", columns=("id",))
    assert said(citus("backfill", EXAMPLES["backfill"], orders=by_key)) == {"engine-by-shard"}


def test_what_a_file_does_not_tell_is_said() -> None:
    for place in (CITUS, CHUNKS):
        plan = plan_for(place, "add_index", schema=SCHEMA)
        assert said(plan) == {"engine-spread-unknown"}
        assert said(plan_for(place, "backfill", schema=SCHEMA)) == set()


# --- TimescaleDB --------------------------------------------------------------------------------


def test_timescaledb_builds_chunk_by_chunk() -> None:
    plan = plan_for(CHUNKS, "add_index")
    (migration,) = plan.migrations
    (up,) = CHUNKS.dialect.sql(migration.up[0])
    assert up == (
        "CREATE INDEX IF NOT EXISTS ix_orders_status_code_total ON orders (status_code, total) "
        "WITH (timescaledb.transaction_per_chunk = true)"
    )
    assert not migration.transactional
    # The way back drops it in a transaction, under the budget.
    assert migration.lock_timeout_ms == LARGE.lock_budget_ms
    assert said(plan) == {"engine-builds-by-chunk"}
    assert "concurrent-build-waits" not in {one.code for one in plan.findings}
    partial: dict[str, object] = {"table": "orders", "columns": ["note"], "where": "note <> ''"}
    where = sql_of(plan_for(CHUNKS, "add_index", partial), CHUNKS)[0]
    assert where.endswith("WITH (timescaledb.transaction_per_chunk = true) WHERE note <> ''")


def test_timescaledb_drops_an_index_under_the_budget() -> None:
    (migration,) = plan_for(CHUNKS, "drop_index").migrations
    assert CHUNKS.dialect.sql(migration.up[0]) == ("DROP INDEX ix_orders_status_code",)
    assert migration.lock_timeout_ms == LARGE.lock_budget_ms
    # The way back is a build, which runs outside a transaction.
    assert not migration.transactional


def test_timescaledb_wants_its_columns_in_what_is_unique() -> None:
    told = refusal(plan_for(CHUNKS, "add_unique", {"table": "orders", "columns": ["note"]}))
    assert told.startswith("engine-key-lacks-columns: orders is a hypertable")
    both: dict[str, object] = {"table": "orders", "columns": ["note", "created_at"]}
    told = refusal(plan_for(CHUNKS, "add_unique", both))
    assert "--deployment maintenance" in told
    assert plan_for(CHUNKS, "add_unique", both, rollout=STOPPED).refused is None
    assert plan_for(CHUNKS, "add_unique", both, rollout=TINY).refused is None


def test_timescaledb_validates_nothing_later_with_compression() -> None:
    assert plan_for(CHUNKS, "add_check").refused is None
    assert "no constraint of it can be validated later" in refusal(plan_for(PACKED, "add_check"))
    assert plan_for(PACKED, "add_check", rollout=STOPPED).refused is None


@pytest.mark.parametrize(
    ("kind", "since"),
    # The way back of the first is the second.
    [("drop_not_null", (2, 19)), ("set_not_null", (2, 19)), ("add_check", (2, 20))],
)
def test_timescaledb_learned_changes_of_compressed_tables(
    kind: str, since: tuple[int, int]
) -> None:
    values = EXAMPLES[kind] | {"table": "orders"}
    if kind == "set_not_null":
        values = {"table": "orders", "column": "total"}
    for own, takes in ((since, True), ((since[0], since[1] - 1), False)):
        named = f"timescaledb {own[0]}.{own[1]}"
        place = Place(dialect=engine("postgresql", (16,), named), where="compressed")
        plan = plan_for(place, kind, values, rollout=STOPPED)
        assert (plan.refused is None) == takes, plan.refused
        if not takes:
            assert f"came with {since[0]}.{since[1]}" in refusal(plan)


def test_timescaledb_adds_only_constants_to_compressed_tables() -> None:
    values: dict[str, object] = {"table": "orders", "column": "seen", "type": "timestamptz"}
    stable = values | {"default": "now()"}
    assert "a constant default or none" in refusal(plan_for(PACKED, "add_column", stable))
    assert plan_for(PACKED, "add_column", values).refused is None
    assert plan_for(CHUNKS, "add_column", stable).refused is None


def test_timescaledb_says_what_a_backfill_decompresses() -> None:
    assert said(plan_for(PACKED, "backfill")) == {"engine-decompresses"}
    assert said(plan_for(CHUNKS, "backfill")) == set()


def test_timescaledb_points_no_key_between_hypertables() -> None:
    both = Schema(
        tables=tuple(
            replace(one, spread=Spread(kind="chunks", columns=("id",))) for one in SCHEMA.tables
        )
    )
    told = refusal(plan_for(CHUNKS, "add_foreign_key", BILLING, schema=both))
    assert "orders and customers are hypertables" in told
    assert plan_for(CHUNKS, "add_foreign_key", BILLING).refused is None


# --- Aurora -------------------------------------------------------------------------------------


def test_aurora_speaks_of_green_only_where_there_is_one() -> None:
    aurora = Place(dialect=engine("postgresql", (15, 4), "aurora-postgresql"))
    green = replace(LARGE, deployment=Deployment.BLUE_GREEN)
    plans = {kind: plan_for(aurora, kind, rollout=green) for kind in EXAMPLES}
    refused = {kind for kind, plan in plans.items() if plan.refused is not None}
    assert refused == {"add_exclusion", "truncate"}
    told = {
        kind: [one.what for one in plan.findings if one.code == "engine-green-is-replica"]
        for kind, plan in plans.items()
        if kind not in refused
    }
    assert all(len(one) == 1 for one in told.values())
    assert "only adds" in told["add_index"][0]
    assert "only adds" in told["add_column"][0]
    assert "drop_column" in told["rename_column"][0]
    for kind in EXAMPLES:
        assert not said(plan_for(aurora, kind))


def test_parts_of_the_shop_are_what_these_tests_take_them_for() -> None:
    customers, orders = SCHEMA.tables[:2]
    assert (customers.name, orders.name) == (CUSTOMERS, ORDERS)
    assert orders.dependents == (Dependent(kind="view", name="open_orders", columns=("shown",)),)
    assert orders.indexes[1].parts == (IndexPart(column="customer_id"),)
