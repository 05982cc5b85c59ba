"""Up then down is the identity: for every operation, deployment, size and engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from cases import CASES
from comparing import loosened, without_labels
from hypothesis import given, settings
from hypothesis import strategies as st
from random_tables import tables
from shop import EXAMPLES, plan_of, schema_for

from wizard.dialects import dialect
from wizard.model.plan import Migration, Plan
from wizard.model.rollout import Deployment, Rollout
from wizard.model.schema import (
    Check,
    Schema,
    Table,
    comparable,
)
from wizard.model.simulate import apply_all
from wizard.model.steps import AddEnumValue, ChangeType, Nothing, Step, ValidateConstraint

ENGINES = [
    ("postgresql", (12, 0)),
    ("postgresql", (16, 4)),
    ("postgresql", (18, 0)),
    ("sqlite", (3, 40, 1)),
    ("sqlite", (3, 53, 0)),
    ("mysql", (8, 0, 36)),
    ("mysql", (9, 7, 4)),
    ("mariadb", (10, 11, 19)),
    ("mariadb", (11, 8, 9)),
]


def lasting(migrations: Sequence[Migration]) -> list[Step]:
    """The types that stay wide on the way back, which harms nothing."""
    return [
        one.step
        for migration in migrations
        for one in migration.changes
        if isinstance(one.step, ChangeType) and all(isinstance(each, Nothing) for each in one.undo)
    ]


def assert_reversible(plan: Plan, schema: Schema, engine: tuple[str, tuple[int, ...]]) -> None:
    """Take back each migration alone after it was applied, and then all of them.

    Every step, up and down, must be one that the engine has.
    """
    known = dialect(*engine)
    added = frozenset(
        step.value
        for migration in plan.migrations
        for step in migration.up
        if isinstance(step, AddEnumValue)
    )
    for migration in plan.migrations:
        for step in (*migration.up, *migration.down):
            assert known.supports(step) is None, (migration.slug, step)
    before, states = schema, []
    for migration in plan.migrations:
        states.append(before)
        after = apply_all(before, migration.up)
        back = apply_all(after, migration.down)
        expected = apply_all(before, lasting([migration]))
        assert loosened(back, added) == loosened(expected, added), migration.slug
        before = after
    for number, migration in reversed(list(enumerate(plan.migrations))):
        before = apply_all(before, migration.down)
        expected = apply_all(states[number], lasting(plan.migrations[number:]))
        assert loosened(before, added) == loosened(expected, added), migration.slug
    expected = apply_all(schema, lasting(plan.migrations))
    if all(isinstance(one, ValidateConstraint) for each in plan.migrations for one in each.up):
        # What was only proven stays proven.
        assert loosened(before, added) == loosened(expected, added)
    else:
        assert comparable(without_labels(before, added)) == comparable(expected)


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


@st.composite
def requests(draw: st.DrawFn) -> tuple[Table, str, dict[str, object]]:
    """A table and something to do with it."""
    table = draw(tables())
    kind, case = draw(st.sampled_from([(k, c) for k, c in sorted(CASES.items()) if c.draw]))
    assert case.draw is not None
    values = case.draw(draw, table)
    return table, kind, {"table": "t", **{k: v for k, v in values.items() if v is not None}}


def _known_to(table: Table, engine: tuple[str, tuple[int, ...]]) -> Table:
    """The table without what the engine has not: it could not hold it."""
    capabilities = dialect(*engine).capabilities
    indexes = table.indexes
    if not capabilities.index_where:
        indexes = tuple(replace(one, where=None) for one in indexes)
    constraints = table.constraints
    if not capabilities.not_valid:
        constraints = tuple(
            replace(one, validated=True) if isinstance(one, Check) else one for one in constraints
        )
    columns = table.columns
    if capabilities.index_prefix_types:
        columns = tuple(
            replace(one, type="varchar(50)" if one.type == "text" else one.type) for one in columns
        )
    return replace(table, columns=columns, indexes=indexes, constraints=constraints)


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
    table = _known_to(table, engine)
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
