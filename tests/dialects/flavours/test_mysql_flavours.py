"""Engines that speak MySQL: only what their documentation takes, in both directions, or a reason."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from engines import FLAVOURS, without_keys
from family_steps import EXAMPLES as STEPS
from shop import LARGE, ORDERS, STOPPED, TINY, examples_for, plan_of, planned, schema_for
from step_examples import Example

from wizard.dialects.base import Dialect, Size
from wizard.dialects.flavours import engine
from wizard.dialects.flavours.base import Flavoured, Situation
from wizard.dialects.flavours.subjects import is_ddl
from wizard.model.errors import AnswerError
from wizard.model.plan import Plan
from wizard.model.rollout import Deployment, Rollout
from wizard.model.schema import Schema
from wizard.model.steps import (
    AddForeignKey,
    Batched,
    CreateSync,
    DropConstraint,
    DropTable,
    RenameColumn,
    RenameTable,
    Require,
    Step,
)

EXAMPLES = examples_for("mysql")
VITESS = engine("mysql", (8, 0, 30), "vitess 22.0")
PLANETSCALE = engine("mysql", (8, 0, 34), "planetscale")
AURORA = engine("mysql", (8, 0, 28), "aurora-mysql 3.4")
PROXIED = pytest.mark.parametrize("dialect", [VITESS, PLANETSCALE], ids=lambda one: one.label)
EACH = pytest.mark.parametrize("example", STEPS, ids=lambda one: one.name)
KINDS = pytest.mark.parametrize("kind", sorted(EXAMPLES))
#: What neither the proxy nor the copy that it makes understands.
UNKNOWN = re.compile(
    r"ALGORITHM|LOCK=|LOCK TABLES|SET SESSION|TRIGGER|PROCEDURE|^DO |^BEGIN|SIGNAL|INTO @|RENAME TABLE"
)
ROLLOUTS = [
    Rollout(deployment=deployment, rows=rows, bytes=rows * 400)
    for deployment in Deployment
    for rows in (0, 900, 3_000_000, 120_000_000)
]
NOWHERE = Situation(rollout=Rollout(deployment=Deployment.MAINTENANCE), table=lambda _: None)


SHOP = without_keys(schema_for("mysql"))
#: Those that can be asked of a foreign key only.
KEYED = ("alter_foreign_key", "validate_constraint")
#: The natural example drops the key, which this shop has not.
DROPPED: dict[str, object] = {"table": "orders", "name": "ck_orders_status"}


def plan_for(
    dialect: Dialect,
    kind: str,
    values: dict[str, object] | None = None,
    *,
    rollout: Rollout = LARGE,
    schema: Schema | None = None,
) -> Plan:
    if schema is None:
        schema = schema_for("mysql") if kind in KEYED else SHOP
    if values is None:
        values = DROPPED if kind == "drop_constraint" else EXAMPLES[kind]
    return planned(
        kind,
        values,
        rollout=rollout,
        dialect=dialect,
        schema=schema,
    )


def steps_of(plan: Plan) -> Iterator[Step]:
    for migration in plan.migrations:
        yield from migration.up
        yield from migration.down


def said(plan: Plan) -> set[str]:
    return {one.code for one in plan.findings if one.code.startswith("engine-")}


@PROXIED
@EACH
def test_a_step_has_sql_or_another_way(dialect: Flavoured, example: Example) -> None:
    found = dialect.obstacle(example.step, NOWHERE)
    assert (found is not None) == (dialect.supports(example.step) is not None)
    if found is not None:
        assert found.code == "engine-cannot"
        assert found.what.startswith(dialect.engine)
        assert len(found.safer.split()) > 5
        with pytest.raises(AnswerError) as raised:
            dialect.sql(example.step)
        assert raised.value.code == "unsupported"
        return
    statements = dialect.sql(example.step)
    assert statements or not is_ddl(example.step)
    for one in statements:
        assert not UNKNOWN.search(one), one
    online = "SET @@ddl_strategy = 'vitess'"
    wanted = dialect is VITESS and is_ddl(example.step)
    assert (online in statements) == wanted
    assert not wanted or statements[0] == online


@PROXIED
@EACH
def test_a_step_blocks_nobody_for_long(dialect: Flavoured, example: Example) -> None:
    lock = dialect.lock(example.step, Size(rows=1_000_000, bytes=100_000_000))
    if is_ddl(example.step):
        assert not lock.blocks
        assert lock.mode in ("none", "an online job", "a deploy request")
    unknown = dialect.lock(example.step, Size()).milliseconds
    assert unknown in (None, (0, 10))


@PROXIED
@KINDS
def test_each_plan_is_one_that_the_engine_takes(dialect: Flavoured, kind: str) -> None:
    for rollout in ROLLOUTS:
        plan = plan_for(dialect, kind, rollout=rollout)
        if plan.refused is not None:
            assert len(plan.refused.safer.split()) > 3
            continue
        for migration in plan.migrations:
            assert sum(map(is_ddl, migration.up)) <= 1
            assert not (any(map(is_ddl, migration.up)) and migration.transactional)
            assert migration.lock_timeout_ms is None
        for step in steps_of(plan):
            assert dialect.supports(step) is None
            for one in dialect.sql(step):
                assert not UNKNOWN.search(one), one


def test_what_can_be_done_is_planned() -> None:
    """Refusals are for what the engine cannot do, and not for the rest."""
    plain = {
        *("add_check", "add_column", "add_index", "add_unique", "backfill", "drop_constraint"),
        *("drop_default", "drop_index", "drop_not_null", "set_default", "set_not_null"),
    }
    for dialect in (VITESS, PLANETSCALE):
        refused = {kind for kind in EXAMPLES if plan_for(dialect, kind).refused is not None}
        assert not refused & plain
        assert {"rename_column", "rename_table", "drop_table"} <= refused
        keys = {"add_foreign_key", "create_table"} & refused
        assert keys == ({"add_foreign_key", "create_table"} if dialect is VITESS else set())


@PROXIED
def test_a_table_is_dropped_at_once_and_kept_by_the_engine(dialect: Flavoured) -> None:
    plan = plan_for(dialect, "drop_table")
    assert plan.refused is not None
    assert "--archive none" in plan.refused.safer
    plan = plan_for(dialect, "drop_table", EXAMPLES["drop_table"] | {"archive": "none"})
    assert plan.refused is None
    assert any(isinstance(one, DropTable) for one in steps_of(plan))


def test_vitess_is_told_its_strategy_and_no_algorithm() -> None:
    (index,) = plan_for(VITESS, "add_index").migrations[0].up
    assert VITESS.sql(index) == (
        "SET @@ddl_strategy = 'vitess'",
        "ALTER TABLE orders ADD INDEX ix_orders_status_code_total (status_code, total)",
    )
    assert said(plan_for(VITESS, "add_index")) == {"engine-answers-early", "engine-revert-window"}


def test_planetscale_gets_plain_statements_for_a_branch() -> None:
    (index,) = plan_for(PLANETSCALE, "add_index").migrations[0].up
    assert PLANETSCALE.sql(index) == (
        "ALTER TABLE orders ADD INDEX ix_orders_status_code_total (status_code, total)",
    )
    (finding,) = plan_for(PLANETSCALE, "add_index").findings
    assert finding.code == "engine-wants-deploy-request"
    assert "rows run on production" not in finding.what
    filled: dict[str, object] = {
        "table": "orders",
        "column": "currency",
        "type": "varchar(3)",
        "nullable": False,
        "fill": "'EUR'",
    }
    told = [
        one.what
        for one in plan_for(PLANETSCALE, "add_column", filled).findings
        if one.code == "engine-wants-deploy-request"
    ]
    assert "Files that change rows run on production itself" in told[0]


@PROXIED
def test_a_default_costs_no_second_copy(dialect: Flavoured) -> None:
    values: dict[str, object] = {
        "table": "orders",
        "column": "currency",
        "type": "varchar(3)",
        "default": "'EUR'",
        "nullable": False,
    }
    plan = plan_for(dialect, "add_column", values)
    altered = [one for step in plan.migrations for each in step.up for one in dialect.sql(each)]
    assert [one for one in altered if one.startswith("ALTER")] == [
        "ALTER TABLE orders ADD COLUMN currency varchar(3) NOT NULL DEFAULT 'EUR'"
    ]


def test_vitess_changes_no_table_with_foreign_keys() -> None:
    plan = plan_for(VITESS, "add_index", schema=schema_for("mysql"))
    assert plan.refused is not None
    assert "orders takes part in a foreign key" in plan.refused.what
    assert "@@ddl_strategy = 'direct'" in plan.refused.safer
    pointed_at: dict[str, object] = {"table": "customers", "columns": ["name"]}
    plan = plan_for(VITESS, "add_index", pointed_at, schema=schema_for("mysql"))
    assert plan.refused is not None
    assert plan_for(VITESS, "backfill", schema=schema_for("mysql")).refused is None
    assert plan_for(PLANETSCALE, "add_index", schema=schema_for("mysql")).refused is None


@PROXIED
def test_what_is_unique_is_so_on_each_shard(dialect: Flavoured) -> None:
    values: dict[str, object] = {"table": "orders", "columns": ["note"]}
    assert "engine-unique-per-shard" in said(plan_for(dialect, "add_unique", values))
    unique = values | {"unique": True}
    assert "engine-unique-per-shard" in said(plan_for(dialect, "add_index", unique))
    assert "engine-unique-per-shard" not in said(plan_for(dialect, "add_index", values))


@PROXIED
def test_batches_walk_without_variables(dialect: Flavoured) -> None:
    plan = plan_for(dialect, "backfill")
    assert "engine-one-update" in said(plan)
    assert "engine-one-update" not in said(plan_for(dialect, "backfill", rollout=TINY))
    (step,) = (one for one in steps_of(plan) if isinstance(one, Batched))
    assert dialect.batch_script(step) == ()
    batch = dialect.batch(step)
    assert batch.walk_first == (
        "SELECT MAX(key_0) AS last_0 FROM (\n"
        "    SELECT id AS key_0 FROM orders ORDER BY id LIMIT :size\n) AS walked"
    )
    assert "WHERE id > :after_0 ORDER BY id" in (batch.walk_following or "")
    base = dialect.base.batch(step)
    assert (batch.first, batch.following) == (base.first, base.following)
    pair = replace(step, key=("id", "note"), key_types=("bigint", "varchar(200)"))
    assert dialect.batch(pair) == replace(dialect.base.batch(pair), begin=(), end=())


@PROXIED
def test_a_guard_is_a_query(dialect: Flavoured) -> None:
    step = Require(query="SELECT id FROM orders LIMIT 1;", message="it's wrong", table=ORDERS)
    (guard,) = dialect.sql(step)
    assert guard.startswith("SELECT UUID_TO_BIN(CONCAT('it''s wrong', found.seen)) FROM (")
    assert "SELECT id FROM orders LIMIT 1\n" in guard


@PROXIED
def test_reasons_name_the_other_way(dialect: Flavoured) -> None:
    column = SHOP.tables[1].columns[0]
    for step, way in (
        (RenameTable(table=ORDERS, new="purchases"), "let the application write both"),
        (CreateSync, "no triggers"),
    ):
        reason = dialect.supports(step)
        assert reason is not None
        told = reason if isinstance(step, type) else dialect.instead(step)
        assert way in told
    rename = RenameColumn(table=ORDERS, old=column.name, new="number")
    reason = dialect.supports(rename)
    assert (reason is None) == (dialect is VITESS)


def test_planetscale_tells_of_keys() -> None:
    assert "engine-key-unproven" in said(
        plan_for(PLANETSCALE, "add_foreign_key", schema=schema_for("mysql"))
    )
    assert isinstance(PLANETSCALE, Flavoured)
    for step in steps_of(plan_for(PLANETSCALE, "add_foreign_key", schema=schema_for("mysql"))):
        if isinstance(step, AddForeignKey | DropConstraint):
            assert "foreign_key_checks" not in " ".join(PLANETSCALE.sql(step))


# --- Aurora -------------------------------------------------------------------------------------


@KINDS
def test_aurora_is_planned_for_as_mysql(kind: str) -> None:
    """A false alarm would be a bug."""
    for rollout in (LARGE, TINY, STOPPED):
        ours = plan_for(AURORA, kind, EXAMPLES[kind], rollout=rollout, schema=schema_for("mysql"))
        theirs = plan_of(kind, rollout=rollout, name="mysql", version=(8, 0, 28))
        assert ours.phases == theirs.phases
        assert [one.code for one in ours.findings] == [one.code for one in theirs.findings]
        assert ours.naive == theirs.naive


def test_aurora_tells_of_green() -> None:
    rollout = replace(LARGE, deployment=Deployment.BLUE_GREEN)
    assert said(plan_for(AURORA, "add_column", rollout=rollout)) == {"engine-green-is-replica"}
    plain = plan_of("add_column", rollout=rollout, name="mysql", version=(8, 0, 28))
    assert not said(plain)


@pytest.mark.parametrize(
    ("own", "spoken"),
    [
        ("aurora-mysql 3.1", (8, 0, 23)),
        ("aurora-mysql 3.4", (8, 0, 28)),
        ("aurora-mysql 3.8.2", (8, 0, 39)),
        ("aurora-mysql 3.11", (8, 0, 42)),
        ("aurora-mysql 3.12", (8, 0, 44)),
    ],
)
def test_auroras_version_tells_which_mysql_it_is(own: str, spoken: tuple[int, ...]) -> None:
    assert engine("mysql", (8, 0, 0), own).version == spoken
    assert engine("mysql", (), own).version == spoken
    # What the server says itself counts more.
    assert engine("mysql", (8, 0, 36), own).version == (8, 0, 36)


def test_every_flavour_of_mysql_is_tested_here() -> None:
    known = {name for name, versions in FLAVOURS.items() if versions[0][0] == "mysql"}
    assert known == {"vitess", "planetscale", "aurora-mysql"}
