"""The ways of a rename side by side: what is said of each is what its plan is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from engines import VERSIONS
from servers import TestServer
from shop import examples_for, plan_of, schema_for

from wizard.comparing import options
from wizard.database.opening import open_catalog
from wizard.dialects import dialect, dialects
from wizard.model.answers import OperationAnswers, freeze
from wizard.model.names import TableName
from wizard.model.option import Option
from wizard.model.plan import Plan
from wizard.model.rollout import Deployment, Rollout
from wizard.model.schema import Column, Dependent, Grant, Schema, Table
from wizard.operations import operation
from wizard.operations.base import tables_of
from wizard.planner import Known
from wizard.questions import Situation
from wizard.ways_back import closing

BYTES = 400


def rollout(deployment: Deployment = Deployment.ROLLING, rows: int = 120_000_000) -> Rollout:
    return Rollout(deployment=deployment, rows=rows, bytes=rows * BYTES)


def asked(
    kind: str,
    values: dict[str, object],
    *,
    name: str = "postgresql",
    version: tuple[int, ...] = (16, 4),
    schema: Schema | None = None,
    when: Rollout | None = None,
) -> dict[str, Option]:
    known = Known(
        dialect=dialect(name, version),
        table=tables_of(schema or schema_for(name)),
        rollout=when or rollout(),
    )
    answers = OperationAnswers(kind=kind, values=freeze(values))  # type: ignore[arg-type]
    return {one.value: one for one in options(answers, known)}


def orders(**changes: object) -> Schema:
    """Return the shop with another orders."""
    whole = schema_for("postgresql")
    table = whole.table(TableName("orders"))
    assert table is not None
    return whole.with_table(replace(table, **changes))  # type: ignore[arg-type]


def orders_table() -> Table:
    found = schema_for("postgresql").table(TableName("orders"))
    assert found is not None
    return found


STATUS = {"table": "orders", "column": "status_code", "to": "status"}


@pytest.mark.parametrize("kind", ["rename_column", "rename_table"])
@pytest.mark.parametrize("name", sorted(dialects()))
def test_what_is_said_of_a_way_is_what_its_plan_is(kind: str, name: str) -> None:
    values = examples_for(name)[kind]
    for version in (VERSIONS[name][0], VERSIONS[name][-1]):
        for deployment in Deployment:
            when = rollout(deployment)
            found = asked(kind, values, name=name, version=version, when=when)
            assert next(iter(found)) == "map"
            for how, option in found.items():
                made: Plan = plan_of(
                    kind, {**values, "how": how}, rollout=when, name=name, version=version
                )
                said = f"{name} {version} {deployment} {how}"
                assert bool(option.reasons) == (made.refused is not None), said
                if made.refused is None:
                    assert option.files == len(made.migrations), said
                    assert option.way_back == closing(made), said


@pytest.mark.parametrize("kind", ["rename_column", "rename_table"])
@pytest.mark.parametrize("name", sorted(dialects()))
def test_the_question_offers_the_same_with_the_same_reasons(kind: str, name: str) -> None:
    values = examples_for(name)[kind]
    version = VERSIONS[name][-1]
    for deployment in Deployment:
        found = asked(kind, values, name=name, version=version, when=rollout(deployment))
        situation = Situation(
            values=freeze(values),  # type: ignore[arg-type]
            table=schema_for(name).table(TableName("orders")),
            dialect=dialect(name, version),
            rollout=rollout(deployment),
        )
        question = operation(kind).question("how")
        assert question is not None
        choices = {one.value: one for one in question.choices(situation)}
        assert {key: one.hint for key, one in choices.items()} == {
            key: one.hint for key, one in found.items()
        }
        assert {key: one.disabled for key, one in choices.items()} == {
            key: "; ".join(one.reasons) for key, one in found.items()
        }


def test_before_a_table_is_known_every_way_is_offered_without_a_promise() -> None:
    for kind in ("rename_column", "rename_table"):
        question = operation(kind).question("how")
        assert question is not None
        choices = question.choices(Situation())
        assert next(one.value for one in choices) == "map"
        assert not any(one.hint or one.disabled for one in choices)


def test_a_rename_in_steps_says_its_costs() -> None:
    found = asked("rename_column", STATUS)
    assert found["map"].hint == "no migration · no risk"
    sync = found["sync"]
    assert sync.hint == f"2 deploys · {sync.files} files · writes ≈ 1/3 slower meanwhile"
    assert sync.lock_up == sync.lock_down == "ACCESS EXCLUSIVE on orders"
    assert sync.way_back == "open to the end"
    assert found["view"].files == 2
    assert "only in a maintenance window" in found["direct"].reasons[0]


def test_every_reason_is_said_and_not_only_the_first() -> None:
    values = {"table": "customers", "column": "id", "to": "number"}
    engine = {"name": "mysql", "version": (8, 4, 0)}
    reasons = asked("rename_column", values, **engine)["sync"].reasons  # type: ignore[arg-type]
    assert len(reasons) == 3
    assert "numbered by the table itself" in reasons[0]
    assert "primary key" in reasons[1]
    assert "foreign keys of orders point to id" in reasons[2]
    refused = plan_of("rename_column", {**values, "how": "sync"}, **engine).refused  # type: ignore[arg-type]
    assert refused is not None
    assert all(one in refused.what for one in reasons)
    assert "--how map" in refused.safer


def test_privileges_on_single_columns_forbid_a_view_where_it_could_not_keep_them() -> None:
    grant = Grant(role="reports", privilege="SELECT")
    table = orders_table()
    columns = tuple(
        replace(one, grants=(grant,)) if one.name == "note" else one for one in table.columns
    )
    schema = orders(columns=columns)
    for kind, values in (
        ("rename_column", STATUS),
        ("rename_table", {"table": "orders", "to": "x"}),
    ):
        new = asked(kind, values, schema=schema, version=(15,))["view"]
        assert "privileges on single columns (note)" in new.reasons[0]
        assert not asked(kind, values, schema=schema, version=(14,))["view"].reasons
    refused = plan_of("rename_column", {**STATUS, "how": "view"}, schema=schema).refused
    assert refused is not None
    assert "use --how sync" in refused.safer


def test_row_security_forbids_a_view_that_would_go_past_it() -> None:
    policy = Dependent(kind="policy", name="own_rows", columns=("customer_id",))
    schema = orders(dependents=(policy,))
    for kind, values in (
        ("rename_column", STATUS),
        ("rename_table", {"table": "orders", "to": "x"}),
    ):
        assert (
            "row security" in asked(kind, values, schema=schema, version=(14,))["view"].reasons[0]
        )
        assert not asked(kind, values, schema=schema, version=(15,))["view"].reasons


def test_a_column_that_sets_itself_cannot_be_doubled() -> None:
    table = schema_for("mysql").table(TableName("orders"))
    assert table is not None
    touched = Column(name="touched", type="timestamp", on_update="CURRENT_TIMESTAMP")
    schema = schema_for("mysql").with_table(replace(table, columns=(*table.columns, touched)))
    values = {"table": "orders", "column": "touched", "to": "changed_at"}
    found = asked("rename_column", values, name="mysql", version=(8, 4, 0), schema=schema)
    assert "sets itself at each update" in found["sync"].reasons[0]


EVERYTHING = """
CREATE TABLE people (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
CREATE TABLE things (
    id bigint GENERATED ALWAYS AS IDENTITY,
    extra int,
    PRIMARY KEY (id) INCLUDE (extra),
    plain varchar(20) NOT NULL DEFAULT 'x' CONSTRAINT ck_plain CHECK (plain <> ''),
    code text UNIQUE,
    owner bigint REFERENCES people,
    number serial,
    alias text UNIQUE,
    seen text,
    watched int,
    kept text,
    span int4range,
    room int,
    base int,
    twice int GENERATED ALWAYS AS (base * 2) STORED
);
CREATE INDEX ix_lower ON things (lower(plain));
CREATE INDEX ix_part ON things (id) WHERE plain = 'x';
CREATE TABLE others (alias text REFERENCES things (alias));
CREATE VIEW show_seen AS SELECT id, seen FROM things;
CREATE MATERIALIZED VIEW keep_kept AS SELECT kept FROM things;
CREATE VIEW counted AS SELECT id, code, count(*) AS n FROM things GROUP BY id;
CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
CREATE TRIGGER watch AFTER UPDATE OF watched ON things FOR EACH ROW EXECUTE FUNCTION nothing();
ALTER TABLE things ADD CONSTRAINT no_overlap EXCLUDE USING gist (span WITH &&) WHERE (room > 0);
"""


@pytest.mark.server
def test_what_each_object_on_a_column_means_is_read_from_a_real_table(
    postgres18: TestServer,
) -> None:
    import psycopg

    with postgres18.database() as url:
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute(EVERYTHING)
        catalog = open_catalog(url)
        try:
            found = [catalog.table(TableName(one)) for one in ("things", "others")]
        finally:
            catalog.close()
    schema = Schema(tables=tuple(found))

    def reasons(column: str) -> str:
        values = {"table": "things", "column": column, "to": "fresh"}
        found = asked("rename_column", values, schema=schema, version=(18, 0))
        return "; ".join(found["sync"].reasons)

    for column in ("plain", "code", "owner", "seen", "number", "alias"):
        assert reasons(column) == "", column
    assert "view counted groups by id" in reasons("id")
    assert "generated by the database" in reasons("twice")
    assert "the index of things_pkey includes extra" in reasons("extra")
    assert "trigger watch" in reasons("watched")
    assert "materialized view keep_kept" in reasons("kept")
    assert "exclusion constraint no_overlap" in reasons("span")
    assert "exclusion constraint no_overlap" in reasons("room")
    assert "twice is computed from base" in reasons("base")


def test_mapping_the_name_names_the_best_way_that_is_left() -> None:
    def further(column: str, version: tuple[int, ...] = (16, 4), name: str = "postgresql") -> str:
        values = {"table": "customers", "column": column, "to": "fresh", "how": "map"}
        made = plan_of("rename_column", values, name=name, version=version)
        return made.findings[0].safer

    assert "--how sync" in further("email")
    assert "--how view" in further("id")
    assert "--how direct in a maintenance window" in further("id", (3, 45, 0), "sqlite")
