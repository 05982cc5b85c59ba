"""Which files of a plan a tool should do, and what is said of them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from engines import PLACES, Place
from shop import CUSTOMERS, LARGE, ORDERS, ORDERS_TABLE, examples_for, plan_of, planned, schema_for

from wizard.dialects import dialect
from wizard.dialects.base import Dialect
from wizard.dialects.flavours import engine
from wizard.handover.attaching import hand_over
from wizard.handover.base import Server
from wizard.model.handover import Handover, shell
from wizard.model.inverse import change
from wizard.model.plan import Migration, Phase, Plan
from wizard.model.rollout import Deployment, Rollout
from wizard.model.schema import Check, Column, ForeignKey, PrimaryKey, Schema, Table, Trigger
from wizard.model.steps import AddCheck, ChangeType, CreateTable, SetDefault, SetNotNull, Step
from wizard.operations.base import tables_of

MARIADB, MYSQL = dialect("mariadb", (10, 11, 4)), dialect("mysql", (8, 0, 36))
ENGINES = pytest.mark.parametrize("one", [MARIADB, MYSQL], ids=lambda one: one.name)
AMOUNT = Column(name="amount", type="int")
NOTE = Column(name="note", type="varchar(40)", collation="utf8mb4_bin")
PLAIN = Table(
    name=ORDERS,
    columns=(Column(name="id", type="int", nullable=False), AMOUNT, NOTE),
    constraints=(PrimaryKey(columns=("id",)),),
)
WIDER = ChangeType(table=ORDERS, column=AMOUNT, to=replace(AMOUNT, type="bigint"))
POSITIVE = AddCheck(
    table=ORDERS, constraint=Check(name="paid", expression="amount >= 0", columns=("amount",))
)
REQUIRED = SetNotNull(table=ORDERS, column=AMOUNT)
BIG = Rollout(rows=20_000_000, bytes=8 * 1024**3)
HERE = Server(database="shop", defaults_file="/etc/shop.cnf", host="db1", port=3307, user="alter")


def handed(
    *files: Step,
    table: Table = PLAIN,
    known: Dialect = MARIADB,
    rollout: Rollout = BIG,
    server: Server | None = HERE,
) -> Plan:
    """A plan of one step a file, with what is handed over of it."""
    migrations = tuple(
        Migration(slug=f"file_{number}", title=f"do {number}", changes=(change(one),))
        for number, one in enumerate(files, start=1)
    )
    phase = Phase(name="expand", when="now", application="as it is", migrations=migrations)
    plan = Plan(title="t", slug="t", phases=(phase,))
    return hand_over(plan, known, tables_of(Schema(tables=(table,))), rollout, server)


def only(plan: Plan) -> Handover:
    (found,) = plan.handovers
    return found


def alter(handover: Handover) -> str:
    assert handover.best is not None
    assert handover.best.command is not None
    (word,) = [one for one in handover.best.command.execute if one.startswith("--alter=")]
    return word.removeprefix("--alter=")


def refusal(handover: Handover, tool: str) -> str:
    (offer,) = [one for one in handover.offers if one.tool == tool]
    return offer.refusal or ""


@pytest.mark.parametrize(
    ("rows", "size", "large"),
    [
        (1_000_000, 1024**3, False),
        (1_000_001, 1_000, True),
        (900, 1024**3 + 1, True),
        (None, 1024**3 + 1, True),
        (0, 0, False),
        (None, None, True),
    ],
)
@ENGINES
def test_from_a_size_on(one: Dialect, rows: int | None, size: int | None, large: bool) -> None:
    plan = handed(WIDER, known=one, rollout=Rollout(rows=rows, bytes=size))
    assert bool(plan.handovers) == large
    assert [each.code for each in plan.findings] == (["handed-over"] if large else [])


def test_the_size_of_the_statistics_counts_where_none_was_answered() -> None:
    for rows, large in ((900, False), (5_000_000, True)):
        found = handed(WIDER, table=replace(PLAIN, rows=rows, bytes=rows * 100), rollout=Rollout())
        assert bool(found.handovers) == large


def test_each_engine_has_its_own_best_tool() -> None:
    on_mariadb, on_mysql = only(handed(WIDER)), only(handed(WIDER, known=MYSQL))
    assert on_mariadb.best is not None
    assert on_mysql.best is not None
    assert (on_mariadb.best.tool, on_mysql.best.tool) == ("pt-online-schema-change", "gh-ost")
    assert alter(on_mariadb) == alter(on_mysql) == "MODIFY COLUMN amount bigint NULL DEFAULT NULL"
    assert "MariaDB" in on_mariadb.reason
    assert "cannot talk to MariaDB" in refusal(on_mariadb, "gh-ost")
    assert "MySQL only" in refusal(on_mariadb, "spirit")


def test_what_takes_an_instant_stays_with_the_server() -> None:
    plan = handed(SetDefault(table=ORDERS, column=AMOUNT, default="7"))
    assert (plan.handovers, plan.findings) == ((), ())


def test_files_of_one_table_that_stand_together_are_one_run() -> None:
    found = only(handed(POSITIVE, REQUIRED))
    assert found.migrations == ("file_1", "file_2")
    assert alter(found) == (
        "ADD CONSTRAINT paid CHECK (amount >= 0), MODIFY COLUMN amount int NOT NULL"
    )
    assert "these files" in found.instead
    default = SetDefault(table=ORDERS, column=AMOUNT, default="7")
    apart = handed(POSITIVE, default, replace(REQUIRED, column=replace(AMOUNT, default="7")))
    assert [one.migrations for one in apart.handovers] == [("file_1",), ("file_3",)]


def test_the_way_back_is_the_inverse_in_reverse() -> None:
    best = only(handed(WIDER)).best
    assert best is not None
    assert best.command is not None
    assert "--alter=MODIFY COLUMN amount int NULL DEFAULT NULL" in best.command.revert_words
    both = only(handed(POSITIVE, REQUIRED)).best
    assert both is not None
    assert both.command is not None
    assert "MODIFY COLUMN amount int NULL DEFAULT NULL, DROP CONSTRAINT paid" in both.command.revert


def test_the_limits_and_the_server_are_the_users() -> None:
    best = only(handed(WIDER, rollout=replace(BIG, lock_budget_ms=5_000))).best
    assert best is not None
    assert best.command is not None
    text = shell(best.command.execute)
    assert "lock_wait_timeout=5" in text
    assert "h=db1,P=3307,u=alter,D=shop,t=orders" in text
    assert "--defaults-file=/etc/shop.cnf" in text


def test_a_server_that_is_not_known_is_to_be_filled_in() -> None:
    unknown = only(handed(WIDER, server=None))
    best = unknown.best
    assert best is not None
    assert best.command is not None
    assert "h=HOST,P=3306,D=DATABASE,t=orders" in best.command.execute
    # The names of the tool's triggers hold that of the database.
    assert "pt_osc_DATABASE_orders_del" in best.command.abort
    told = " ".join(unknown.fill_in)
    assert all(word in told for word in ("HOST", "DATABASE", "OPTION_FILE"))
    assert "db1" in " ".join(only(handed(WIDER)).fill_in)


def test_foreign_keys_and_triggers() -> None:
    key = ForeignKey(columns=("amount",), ref_table=CUSTOMERS, ref_columns=("id",), name="fk")
    pointing = replace(PLAIN, constraints=(*PLAIN.constraints, key))
    longer = ChangeType(table=ORDERS, column=NOTE, to=replace(NOTE, type="varchar(400)"))
    found = only(handed(longer, table=pointing, known=MYSQL))
    assert found.best is not None
    assert found.best.tool == "pt-online-schema-change"
    assert "foreign key" in refusal(found, "gh-ost")
    assert "foreign key" in refusal(found, "spirit")
    watched = replace(PLAIN, triggers=(Trigger(name="log", definition="…"),))
    found = only(handed(WIDER, table=watched, known=MYSQL))
    assert found.best is not None
    assert found.best.command is not None
    assert "--preserve-triggers" in found.best.command.execute
    assert "triggers" in refusal(found, "gh-ost")


def test_galera() -> None:
    found = only(handed(WIDER, known=MYSQL, server=replace(HERE, galera=True)))
    assert found.best is not None
    assert found.best.command is not None
    assert found.best.tool == "pt-online-schema-change"
    assert "--max-flow-ctl=5" in found.best.command.execute
    assert "Galera" in refusal(found, "gh-ost")


def test_a_value_that_may_be_cut_is_for_no_tool_that_says_nothing() -> None:
    shorter = ChangeType(table=ORDERS, column=NOTE, to=replace(NOTE, type="varchar(3)"))
    plan = handed(shorter)
    found = only(plan)
    assert (found.best, found.instead, found.fill_in) == (None, "", ())
    assert "cut short" in refusal(found, "pt-online-schema-change")
    (finding,) = plan.findings
    assert finding.code == "no-tool-can"
    assert "INSERT IGNORE" in finding.why
    sorted_anew = replace(NOTE, collation="latin1_swedish_ci")
    other = only(handed(ChangeType(table=ORDERS, column=NOTE, to=sorted_anew)))
    assert "cut short" in refusal(other, "pt-online-schema-change")
    # gh-ost ends at the first such value.
    on_mysql = only(handed(shorter, known=MYSQL))
    assert on_mysql.best is not None
    assert on_mysql.best.tool == "gh-ost"


def test_in_a_window_nobody_misses_a_tool_that_cannot() -> None:
    shorter = ChangeType(table=ORDERS, column=NOTE, to=replace(NOTE, type="varchar(3)"))
    plan = handed(shorter, rollout=replace(BIG, deployment=Deployment.MAINTENANCE))
    assert (plan.handovers, plan.findings) == ((), ())
    assert handed(WIDER, rollout=replace(BIG, deployment=Deployment.MAINTENANCE)).handovers


def test_one_file_that_a_tool_refuses_does_not_keep_it_from_the_other() -> None:
    shorter = ChangeType(table=ORDERS, column=NOTE, to=replace(NOTE, type="varchar(3)"))
    plan = handed(WIDER, shorter)
    assert [(one.migrations, one.best is not None) for one in plan.handovers] == [
        (("file_1",), True),
        (("file_2",), False),
    ]


@ENGINES
def test_a_rebuild_that_stops_nobody_is_not_swapped_for_one_that_does(one: Dialect) -> None:
    plan = plan_of("set_not_null", rollout=LARGE, name=one.name, version=one.version)
    assert "table-rebuilt-online" in [each.code for each in plan.findings]
    assert plan.handovers == (), "tables that point here would be copied under a lock behind it"
    loose = replace(schema_for(one.name).tables[0], referenced_by=())
    shop = Schema(tables=(loose,))
    plan = plan_of("set_not_null", rollout=LARGE, name=one.name, version=one.version, schema=shop)
    assert len(plan.handovers) == 1


@ENGINES
def test_the_plan_of_an_operation_has_it(one: Dialect) -> None:
    plan = plan_of("add_check", rollout=LARGE, name=one.name, version=one.version)
    found = only(plan)
    assert found.migrations == tuple(each.slug for each in plan.migrations)
    assert found.table == ORDERS_TABLE.name
    (finding,) = [each for each in plan.findings if each.code == "handed-over"]
    assert "120,000,000 rows" in finding.what
    assert "writes wait" in finding.why
    assert "without running it" in finding.safer
    assert "fail on what is there" in found.instead
    assert "copy orders once more" in only(handed(WIDER)).instead


@ENGINES
def test_constraints_that_the_plan_itself_names_later(one: Dialect) -> None:
    plan = plan_of("rename_column", rollout=LARGE, name=one.name, version=one.version)
    found = only(plan)
    assert "Other files of this plan name ck_orders_status:" in found.instead
    assert found.best is not None
    assert found.best.command is not None
    assert "--preserve-triggers" in found.best.command.execute, "the plan's own keep both columns"


def test_a_table_that_the_plan_makes_is_empty() -> None:
    assert handed(CreateTable(table=PLAIN), POSITIVE).handovers == ()
    assert handed(POSITIVE).handovers


@pytest.mark.parametrize("place", PLACES, ids=lambda one: one.label)
def test_other_engines(place: Place) -> None:
    values = examples_for(place.dialect.name)["add_check"]
    shop = place.schema(schema_for(place.dialect.name))
    plan = planned("add_check", values, rollout=LARGE, dialect=place.dialect, schema=shop)
    assert bool(plan.handovers) == ("Aurora MySQL" in place.label)


def test_aurora_is_planned_at_the_version_of_mysql_that_it_speaks() -> None:
    aurora = engine("mysql", (8, 0, 0), "aurora-mysql 3.4")
    found = only(handed(WIDER, known=aurora))
    assert found.best is not None
    assert found.best.tool == "gh-ost"


@pytest.mark.parametrize("name", ["postgresql", "sqlite"])
def test_engines_without_such_tools(name: str) -> None:
    plan = plan_of(
        "change_type",
        rollout=replace(LARGE, deployment=Deployment.MAINTENANCE),
        name=name,
        version={"postgresql": (16,), "sqlite": (3, 40, 1)}[name],
    )
    assert plan.migrations
    assert plan.handovers == ()


@pytest.mark.parametrize(
    ("step", "clause"),
    [
        (WIDER, "MODIFY COLUMN amount bigint NULL DEFAULT NULL"),
        (REQUIRED, "MODIFY COLUMN amount int NOT NULL"),
        (POSITIVE, "ADD CONSTRAINT paid CHECK (amount >= 0)"),
        (SetDefault(table=ORDERS, column=AMOUNT, default="7"), "ALTER COLUMN amount SET DEFAULT 7"),
    ],
)
@ENGINES
def test_the_dialect_says_what_stands_behind_alter_table(
    one: Dialect, step: Step, clause: str
) -> None:
    assert one.alteration(step) == clause
    assert any("ALGORITHM" in sql for sql in one.sql(step))
    assert engine("mysql", (), "vitess 22.0").alteration(step) is None
    assert engine("mysql", (), "planetscale").alteration(step) is None
    assert dialect("postgresql", (16,)).alteration(step) is None
