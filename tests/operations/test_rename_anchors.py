"""Renames in steps of what ties a column to its name: what is moved, and what is refused with why."""

from __future__ import annotations

from dataclasses import replace

import pytest
from shop import plan_of, schema_for

from wizard.model.names import TableName
from wizard.model.plan import Plan
from wizard.model.schema import (
    Column,
    Counter,
    Dependent,
    ForeignKey,
    Index,
    IndexPart,
    PrimaryKey,
    Reference,
    Schema,
    Table,
    Unique,
)
from wizard.model.steps import AddPrimaryKey, DropColumn, DropConstraint, MoveNumbering

PLACES, VISITS = TableName("places"), TableName("visits")
NUMBER = Column(
    name="id",
    type="bigint",
    nullable=False,
    identity="by default",
    counter=Counter(name=TableName("places_id_seq")),
)
POINTING = ForeignKey(
    name="visits_place", columns=("place_id",), ref_table=PLACES, ref_columns=("id",)
)


def places(**changes: object) -> Schema:
    """A table with a numbered key to which another one points."""
    key = PrimaryKey(name="places_pkey", columns=("id",))
    own = Index(name="places_pkey", parts=(IndexPart(column="id"),), unique=True, constraint=True)
    table = Table(
        name=PLACES,
        columns=(NUMBER, Column(name="name", type="text"), Column(name="within", type="bigint")),
        constraints=(key,),
        indexes=(own,),
        referenced_by=(Reference(table=VISITS, foreign_key=POINTING),),
    )
    visits = Table(
        name=VISITS,
        columns=(Column(name="place_id", type="bigint"),),
        constraints=(POINTING,),
    )
    changed = replace(table, **changes)  # type: ignore[arg-type]
    return Schema(tables=(changed, visits))


def renamed(schema: Schema, **engine: object) -> Plan:
    values: dict[str, object] = {"table": "places", "column": "id", "to": "place_id", "how": "sync"}
    return plan_of("rename_column", values, schema=schema, **engine)  # type: ignore[arg-type]


def test_numbering_and_keys_move_before_the_old_column_goes() -> None:
    plan = renamed(places())
    assert plan.refused is None
    contract = plan.phases[-1]
    assert contract.name == "contract"
    steps = [type(step) for one in contract.migrations for step in one.up]
    wanted = [MoveNumbering, DropConstraint, AddPrimaryKey, DropColumn]
    found = [next(n for n, each in enumerate(steps) if each is one) for one in wanted]
    assert found == sorted(found)
    codes = {one.code for one in plan.findings}
    assert {"numbered-by-old-name", "group-by-key", "keys-carried", "upsert-collides"} <= codes


def test_the_fill_of_the_way_back_walks_by_the_key_that_is_there_by_then() -> None:
    plan = renamed(places())
    fills = [step for one in plan.migrations for step in one.down if hasattr(step, "assignments")]
    assert [one.key for one in fills] == [("place_id",)]


def with_constraint(constraint: object, **changes: object) -> Schema:
    table = places().tables[0]
    return places(constraints=(*table.constraints, constraint), **changes)


GROUPED = Dependent(
    kind="view",
    name="counted",
    columns=("id",),
    definition=("CREATE VIEW counted AS SELECT id, name, count(*) FROM places GROUP BY id",),
)
SELF = ForeignKey(
    name="places_self", columns=("id", "within"), ref_table=PLACES, ref_columns=("within", "id")
)


@pytest.mark.parametrize(
    ("schema", "reason"),
    [
        (places(dependents=(GROUPED,)), "view counted groups by id"),
        (
            places(constraints=(PrimaryKey(name="k", columns=("id",), deferrable=True),)),
            "waits for the commit (DEFERRABLE)",
        ),
        (
            places(columns=(replace(NUMBER, counter=None), Column(name="name", type="text"))),
            "a sequence whose name is not known without a connection",
        ),
        (
            places(
                referenced_by=(Reference(table=VISITS, foreign_key=replace(POINTING, name=None)),)
            ),
            "that points to id has no name",
        ),
        (
            with_constraint(SELF, referenced_by=(Reference(table=PLACES, foreign_key=SELF),)),
            "the foreign key places_self holds id on both of its sides",
        ),
        (places(kind="partitioned"), "id is part of the primary key of a partitioned table"),
        (places(kind="partitioned"), "foreign keys of visits point to id of a partitioned table"),
        (places(kind="partitioned"), "id numbers the rows of a partitioned table"),
    ],
)
def test_what_cannot_move_is_refused_with_its_reason(schema: Schema, reason: str) -> None:
    refused = renamed(schema).refused
    assert refused is not None
    assert refused.code == "cannot-sync"
    assert reason in refused.what


def test_a_partitioned_table_that_points_here_is_refused() -> None:
    schema = places()
    schema = schema.with_table(replace(schema.tables[1], kind="partitioned"))
    refused = renamed(schema).refused
    assert refused is not None
    assert "visits is partitioned" in refused.what


def test_a_key_that_includes_the_column_would_go_with_it() -> None:
    pointed = ForeignKey(name="v", columns=("place_id",), ref_table=PLACES, ref_columns=("name",))
    unique = Unique(name="places_name", columns=("name",))
    parts = (IndexPart(column="name"),)
    own = Index(name="places_name", parts=parts, include=("id",), unique=True, constraint=True)
    table = places().tables[0]
    schema = with_constraint(
        unique,
        indexes=(*table.indexes, own),
        referenced_by=(Reference(table=VISITS, foreign_key=pointed),),
    )
    refused = renamed(schema).refused
    assert refused is not None
    assert "the index of places_name includes id" in refused.what


@pytest.mark.parametrize(
    "engine", [("mysql", (8, 4, 0)), ("mariadb", (11, 8, 9)), ("sqlite", (3, 53, 0))]
)
def test_other_engines_say_why_not(engine: tuple[str, tuple[int, ...]]) -> None:
    name, version = engine
    schema = schema_for(name)
    values = {"table": "customers", "column": "id", "to": "number", "how": "sync"}
    refused = plan_of("rename_column", values, name=name, version=version, schema=schema).refused
    assert refused is not None
    assert "builds another key only by writing the table anew" in refused.what
    assert "foreign keys of orders point to id" in refused.what
