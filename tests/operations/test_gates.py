"""The gates before a contract: each says which deploy must be everywhere, and asks what can be asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import psycopg
import pytest
from engines import VERSIONS
from servers import TestServer, connected
from shop import LARGE, examples_for, plan_of

from wizard.database.opening import open_catalog
from wizard.dialects import dialect, dialects
from wizard.dialects.base import Dialect
from wizard.model.answers import OperationAnswers, freeze
from wizard.model.names import TableName
from wizard.model.plan import Phase, Plan
from wizard.model.rollout import Rollout
from wizard.model.steps import Backfill, LockTables, Nothing, Require, Step
from wizard.planner import Known, make_plan

Run = Callable[[str], Sequence[Sequence[object]]]

#: What rows, or the catalogue, can tell of these; of all others only people know.
ASKED = {
    "rename_column": {"sync", "view"},
    "rename_table": {"view"},
    "change_type": {"shadow"},
}


def gated(plan: Plan, name: str) -> Phase:
    (found,) = (one for one in plan.phases if one.name == name)
    assert found.gate is not None
    return found


@pytest.mark.parametrize("name", sorted(dialects()))
def test_every_contract_says_what_must_be_everywhere(name: str) -> None:
    for version in VERSIONS[name]:
        for kind, values in examples_for(name).items():
            plan = plan_of(kind, values, rollout=LARGE, name=name, version=version)
            for phase in plan.phases:
                if phase.name == "contract":
                    said = f"{name} {version} {kind}"
                    assert phase.gate is not None, said
                    assert phase.when != "a release later", said
                    assert not phase.gate.people or len(phase.gate.text) > 20, said


@pytest.mark.parametrize("kind", sorted(ASKED))
def test_contracts_of_changes_in_steps_ask_the_database(kind: str) -> None:
    for how in ASKED[kind]:
        values = {**examples_for("postgresql")[kind], "how": how}
        gate = gated(plan_of(kind, values, rollout=LARGE), "contract").gate
        assert gate is not None
        assert gate.query is not None
        assert "LIMIT 5" in gate.query


def test_nobody_asks_whether_a_value_came_back_that_cannot() -> None:
    values = {"table": "orders", "column": "note", "type": "bigint", "how": "shadow"}
    gate = gated(plan_of("change_type", values, rollout=LARGE), "contract").gate
    assert gate is not None
    assert gate.query is None
    assert "follows" not in gate.text


# --- asked for real --------------------------------------------------------------------------

ORDERS = (
    "CREATE TABLE orders (id int PRIMARY KEY, total numeric(10,2), note varchar(20))",
    "INSERT INTO orders VALUES (1, 1.25, 'a'), (2, NULL, 'b'), (3, 7, NULL)",
)


@contextmanager
def runner(url: str) -> Iterator[Run]:
    """Yield what runs a statement, each by itself, and returns its rows."""
    if url.startswith("postgresql"):
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:

            def ask(statement: str) -> Sequence[Sequence[object]]:
                found = connection.execute(statement.encode())
                return found.fetchall() if found.description else []

            yield ask
        return
    with connected(url) as cursor:

        def tell(statement: str) -> Sequence[Sequence[object]]:
            cursor.execute(statement)
            return list(cursor.fetchall())

        yield tell


def planned(url: str, kind: str, **values: object) -> tuple[Plan, Dialect]:
    catalog = open_catalog(url)
    try:
        spoken = dialect(catalog.dialect, catalog.version)
        known = Known(
            dialect=spoken,
            table=catalog.table,
            rollout=Rollout(rows=50_000_000, bytes=20_000_000_000),
        )
        answers = {"table": "orders", **values}
        made = make_plan([OperationAnswers(kind=kind, values=freeze(answers))], known)  # type: ignore[arg-type]
        return made, spoken
    finally:
        catalog.close()


def apply(run: Run, spoken: Dialect, step: Step) -> None:
    if isinstance(step, Require | LockTables | Nothing):
        return
    if isinstance(step, Backfill):
        sets = ", ".join(f"{one.column} = {one.expression}" for one in step.assignments)
        run(f"UPDATE {spoken.table(step.table)} SET {sets} WHERE {step.needed}")
        return
    for statement in spoken.sql(step):
        run(statement)


def until_contract(run: Run, plan: Plan, spoken: Dialect) -> str:
    """Run all phases before the contract; return the query of its gate."""
    for phase in plan.phases:
        if phase.name == "contract":
            assert phase.gate is not None
            assert phase.gate.query is not None
            return phase.gate.query
        for migration in phase.migrations:
            for step in migration.up:
                apply(run, spoken, step)
    raise AssertionError("the plan has no contract")


@pytest.mark.server
def test_a_column_that_no_longer_follows_closes_the_gate(postgres18: TestServer) -> None:
    with postgres18.database() as url, runner(url) as run:
        for one in ORDERS:
            run(one)
        plan, spoken = planned(
            url, "change_type", column="total", type="numeric(14,4)", how="shadow"
        )
        query = until_contract(run, plan, spoken)
        assert run(query) == []
        run("UPDATE orders SET total = 9.5 WHERE id = 1")
        # No place in numeric(10,2): the way back is closed for it, which is no fault of the trigger.
        run("INSERT INTO orders (id, total) VALUES (4, 9999999999.5)")
        assert run(query) == []
        run("ALTER TABLE orders DISABLE TRIGGER USER")
        run("UPDATE orders SET total = 8 WHERE id = 3")
        assert [tuple(one) for one in run(query)] == [(3,)]


@pytest.mark.server
def test_a_view_that_reads_the_column_view_closes_the_gate(postgres18: TestServer) -> None:
    with postgres18.database() as url, runner(url) as run:
        for one in ORDERS:
            run(one)
        run("CREATE VIEW earlier AS SELECT id FROM orders")
        plan, spoken = planned(url, "rename_column", column="note", to="remark", how="view")
        query = until_contract(run, plan, spoken)
        # What was there before reads the table itself.
        assert run(query) == []
        run("CREATE VIEW later AS SELECT remark FROM orders")
        assert [str(one[0]) for one in run(query)] == ["later"]


@pytest.mark.server
@pytest.mark.parametrize("engine", ["postgres18", "mariadb"])
def test_a_view_that_says_the_old_name_closes_the_gate(
    engine: str, request: pytest.FixtureRequest
) -> None:
    server: TestServer = request.getfixturevalue(engine)
    with server.database() as url, runner(url) as run:
        for one in ORDERS:
            run(one)
        plan, spoken = planned(url, "rename_table", to="purchases", how="view")
        query = until_contract(run, plan, spoken)
        assert run(query) == []
        run("CREATE VIEW purchases_of_today AS SELECT id FROM purchases")
        assert run(query) == []
        run("CREATE VIEW reads_orders AS SELECT id FROM orders")
        assert [str(one[0]) for one in run(query)] == ["reads_orders"]


def test_sqlite_names_views_by_their_text() -> None:
    import sqlite3

    connection = sqlite3.connect(":memory:")
    connection.executescript(
        "CREATE TABLE orders (id int); CREATE TABLE other (id int);"
        "CREATE VIEW one AS SELECT id FROM Orders; CREATE VIEW two AS SELECT id FROM other;"
    )
    query = dialect("sqlite", (3, 45, 0)).readers(TableName("orders"))
    assert connection.execute(query).fetchall() == [("one",)]
