"""Up then down is the identity: for every operation, deployment, size and engine."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shop import EXAMPLES, plan_of, schema_for

from wizard.dialects import dialect
from wizard.model.names import TableName
from wizard.model.plan import Plan
from wizard.model.rollout import Deployment, Rollout
from wizard.model.schema import (
    Check,
    Column,
    ForeignKey,
    Index,
    IndexPart,
    NotNull,
    PrimaryKey,
    Schema,
    Table,
    Unique,
    comparable,
)
from wizard.model.simulate import apply_all

ENGINES = [
    ("postgresql", (12, 0)),
    ("postgresql", (16, 4)),
    ("postgresql", (18, 0)),
    ("sqlite", (3, 40, 1)),
    ("sqlite", (3, 53, 0)),
]


def loosened(schema: Schema) -> Schema:
    """Not validated counts as validated: a proof cannot be taken back, and need not be."""

    def table(one: Table) -> Table:
        proven = {each.column for each in one.constraints if isinstance(each, NotNull)}
        columns = tuple(
            replace(each, nullable=False) if each.name in proven else each for each in one.columns
        )
        constraints = tuple(
            replace(each, validated=True) if isinstance(each, ForeignKey | Check) else each
            for each in one.constraints
            if not isinstance(each, NotNull)
        )
        references = tuple(
            replace(each, foreign_key=replace(each.foreign_key, validated=True))
            for each in one.referenced_by
        )
        return replace(one, columns=columns, constraints=constraints, referenced_by=references)

    return comparable(replace(schema, tables=tuple(table(one) for one in schema.tables)))


def assert_reversible(plan: Plan, schema: Schema, engine: tuple[str, tuple[int, ...]]) -> None:
    """Take back each migration alone after it was applied, and then all of them.

    Every step, up and down, must be one that the engine has.
    """
    known = dialect(*engine)
    for migration in plan.migrations:
        for step in (*migration.up, *migration.down):
            assert known.supports(step) is None, (migration.slug, step)
    before, states = schema, []
    for migration in plan.migrations:
        states.append(before)
        after = apply_all(before, migration.up)
        back = apply_all(after, migration.down)
        assert loosened(back) == loosened(before), migration.slug
        before = after
    for state, migration in reversed(list(zip(states, plan.migrations, strict=True))):
        before = apply_all(before, migration.down)
        assert loosened(before) == loosened(state), migration.slug
    assert comparable(before) == comparable(schema)


@pytest.mark.parametrize("engine", ENGINES, ids=lambda one: f"{one[0]}-{one[1][0]}.{one[1][1]}")
@pytest.mark.parametrize("deployment", list(Deployment))
@pytest.mark.parametrize("rows", [0, 900, 3_000_000, 120_000_000])
@pytest.mark.parametrize("kind", sorted(EXAMPLES))
def test_examples(
    kind: str, rows: int, deployment: Deployment, engine: tuple[str, tuple[int, ...]]
) -> None:
    rollout = Rollout(deployment=deployment, rows=rows, bytes=rows * 400)
    plan = plan_of(kind, rollout=rollout, name=engine[0], version=engine[1])
    assert plan.phases or plan.refused is not None
    assert_reversible(plan, schema_for(engine[0]), engine)


NAMES = ("a", "b", "c", "d", "e")
TYPES = ("integer", "text", "boolean", "numeric(10,2)")


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """A table with random columns, indexes and checks, and a key."""
    names = draw(st.lists(st.sampled_from(NAMES), min_size=2, max_size=5, unique=True))
    columns = [Column(name="id", type="bigint", nullable=False)]
    for name in names:
        type_ = draw(st.sampled_from(TYPES))
        default = draw(st.sampled_from([None, None, "'1'"]))
        columns.append(Column(name=name, type=type_, nullable=draw(st.booleans()), default=default))
    indexes = [Index(name="t_pkey", parts=(IndexPart(column="id"),), unique=True, constraint=True)]
    for number in range(draw(st.integers(0, 3))):
        keys = draw(st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True))
        where = draw(st.sampled_from([None, f"{names[0]} IS NOT NULL"]))
        parts = tuple(IndexPart(column=one) for one in keys)
        unique = draw(st.booleans())
        indexes.append(Index(name=f"ix_t_{number}", parts=parts, unique=unique, where=where))
    constraints: list[PrimaryKey | Check | ForeignKey | Unique] = [
        PrimaryKey(name="t_pkey", columns=("id",))
    ]
    if draw(st.booleans()):
        own = draw(st.sampled_from(names))
        constraints.append(Unique(name="uq_t", columns=(own,)))
        part = IndexPart(column=own)
        indexes.append(Index(name="uq_t", parts=(part,), unique=True, constraint=True))
    for number in range(draw(st.integers(0, 2))):
        column = draw(st.sampled_from(names))
        constraints.append(
            Check(
                name=f"ck_t_{number}",
                expression=f"{column} IS NOT NULL" if draw(st.booleans()) else f"{column} > '0'",
                columns=(column,),
                validated=draw(st.booleans()),
            )
        )
    return Table(
        name=TableName("t"),
        columns=tuple(columns),
        constraints=tuple(constraints),
        indexes=tuple(indexes),
    )


@st.composite
def requests(draw: st.DrawFn) -> tuple[Table, str, dict[str, object]]:
    """A table and something to do with it."""
    table = draw(tables())
    names = [one.name for one in table.columns if one.name != "id"]
    column = draw(st.sampled_from(names))
    kind = draw(st.sampled_from(sorted(EXAMPLES)))
    match kind:
        case "add_column":
            nullable = draw(st.booleans())
            values: dict[str, object] = {
                "column": "fresh",
                "type": "text",
                "nullable": nullable,
                "unique": draw(st.booleans()),
            }
            if draw(st.booleans()):
                values["references"] = {"table": "t", "columns": ["id"]}
            default = draw(st.sampled_from([None, "'x'", "now()", "gen_random_uuid()"]))
            if default and not values["unique"]:
                values["default"] = default
            elif not nullable:
                values["fill"] = "'y'"
        case "add_index":
            values = {"columns": [column], "unique": draw(st.booleans()), "name": "ix_new"}
        case "add_foreign_key":
            values = {
                "columns": ["id"],
                "ref_table": "t",
                "orphans": draw(st.sampled_from(["fail", "delete"])),
            }
        case "set_not_null":
            values = {"column": column, "fill": draw(st.sampled_from([None, "'1'"]))}
        case "rename_column":
            values = {
                "column": column,
                "to": "fresh",
                "how": draw(st.sampled_from(["map", "sync", "view"])),
            }
        case "drop_not_null" | "drop_default":
            values = {"column": column}
        case "set_default":
            values = {"column": column, "default": draw(st.sampled_from(["'1'", "'2'", "now()"]))}
        case "add_check":
            values = {"expression": draw(st.sampled_from([f"{column} > '0'", f"{column} <> '9'"]))}
        case "add_unique":
            columns = draw(st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True))
            name = draw(st.sampled_from([None, "fresh_key"]))
            values = {"columns": columns, "name": name}
        case "drop_index":
            values = {"name": draw(st.sampled_from([one.name for one in table.indexes]))}
        case "drop_constraint":
            values = {"name": draw(st.sampled_from([one.name for one in table.constraints]))}
        case _:
            values = {"set": {column: "'1'"}, "where": f"{column} IS NULL"}
    return table, kind, {"table": "t", **{k: v for k, v in values.items() if v is not None}}


@settings(max_examples=300, deadline=None)
@given(
    request=requests(),
    engine=st.sampled_from(ENGINES),
    deployment=st.sampled_from(list(Deployment)),
    rows=st.sampled_from([0, 500, 10**6, 10**8]),
)
def test_any_table(
    request: tuple[Table, str, dict[str, object]],
    engine: tuple[str, tuple[int, ...]],
    deployment: Deployment,
    rows: int,
) -> None:
    table, kind, values = request
    schema = Schema(tables=(table,))
    if kind == "rename_column" and values["how"] == "view" and deployment is Deployment.MAINTENANCE:
        values["how"] = "direct"
    plan = plan_of(
        kind,
        values,
        rollout=Rollout(deployment=deployment, rows=rows, bytes=rows * 100),
        name=engine[0],
        version=engine[1],
        schema=schema,
    )
    assert_reversible(plan, schema, engine)
