"""What subscribers find rows by, and the plans that take it away."""

from __future__ import annotations

from dataclasses import replace

import psycopg
import pytest
from shop import plan_of
from test_rename_anchors import PLACES, places

from wizard.database.opening import open_catalog
from wizard.model.plan import Plan
from wizard.model.schema import Index, IndexPart, Schema, Unique

CODE = "replica-identity-goes"
NAMED = Index(name="places_name", parts=(IndexPart(column="name"),), unique=True)
RULE = Unique(name="places_name", columns=("name",))


def published(*, rule: bool = False) -> Schema:
    table = places().tables[0]
    named = Index(name="places_name", parts=NAMED.parts, unique=True, constraint=rule)
    return places(
        indexes=(*table.indexes, named),
        constraints=(*table.constraints, *([RULE] if rule else [])),
        replica_identity="places_name",
    )


def codes(plan: Plan) -> list[str]:
    assert plan.refused is None, plan.refused
    return [one.code for one in plan.findings if one.code == CODE]


@pytest.mark.parametrize("rule", [False, True])
def test_a_rename_in_steps_takes_the_index_away_though_its_name_stays(rule: bool) -> None:
    values: dict[str, object] = {"table": "places", "column": "name", "to": "title", "how": "sync"}
    found = plan_of("rename_column", values, schema=published(rule=rule))
    assert codes(found) == [CODE]


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("drop_index", {"table": "places", "name": "places_name"}),
        ("drop_column", {"table": "places", "column": "name"}),
    ],
)
def test_it_is_told_of_each_way_to_drop_it(kind: str, values: dict[str, object]) -> None:
    assert codes(plan_of(kind, values, schema=published())) == [CODE]


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("rename_index", {"table": "places", "name": "places_name", "to": "by_name"}),
        ("add_index", {"table": "places", "columns": "within"}),
        ("drop_table", {"table": "places"}),
    ],
)
def test_nothing_is_told_where_the_index_stays_or_the_table_goes(
    kind: str, values: dict[str, object]
) -> None:
    schema = published()
    if kind == "drop_table":
        schema = Schema(tables=(replace(schema.tables[0], referenced_by=()),))
    assert codes(plan_of(kind, values, schema=schema)) == []


def test_the_server_has_no_identity_once_its_index_is_another(fresh_database: str) -> None:
    plain = fresh_database.replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(plain, autocommit=True) as connection:
        for statement in (
            "CREATE TABLE places (id int, name text NOT NULL)",
            "CREATE UNIQUE INDEX places_name ON places (name)",
            "ALTER TABLE places REPLICA IDENTITY USING INDEX places_name",
            "CREATE PUBLICATION all_places FOR TABLE places",
            "INSERT INTO places VALUES (1, 'a')",
            "UPDATE places SET id = 2",
        ):
            connection.execute(statement)
        catalog = open_catalog(fresh_database)
        try:
            assert catalog.table(PLACES).replica_identity == "places_name"
        finally:
            catalog.close()
        connection.execute("CREATE UNIQUE INDEX other ON places (name)")
        connection.execute("DROP INDEX places_name")
        connection.execute("ALTER INDEX other RENAME TO places_name")
        with pytest.raises(psycopg.Error, match="replica identity"):
            connection.execute("UPDATE places SET id = 3")
