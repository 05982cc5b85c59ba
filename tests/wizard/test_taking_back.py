"""Taking a plan back is its downgrade as a plan: for every operation, from every phase."""

from __future__ import annotations

import pytest
from comparing import loosened
from shop import EXAMPLES, plan_of, schema_for

from wizard.dialects import dialect
from wizard.model.answers import OperationAnswers, freeze
from wizard.model.plan import Migration, Phase, Plan
from wizard.model.rollout import Deployment, Rollout
from wizard.model.schema import Schema
from wizard.model.simulate import apply_all
from wizard.model.steps import AddEnumValue, Backfill, ChangeType, Impossible, Nothing
from wizard.taking_back import no_way_back, taken_back

ENGINES = [
    ("postgresql", (18, 0)),
    ("sqlite", (3, 40, 1)),
    ("mariadb", (10, 11, 19)),
]
LARGE = Rollout(rows=120_000_000, bytes=48_000_000_000)


def steps(phases: tuple[Phase, ...]) -> list[Migration]:
    return [one for phase in phases for one in phase.migrations]


def bare(schema: Schema, plan: Plan) -> Schema:
    """Labels and wide types that no downgrade takes away do not count, nor do proofs."""
    added = frozenset(
        step.value for one in plan.migrations for step in one.up if isinstance(step, AddEnumValue)
    )
    return loosened(schema, added)


def lasting(phases: tuple[Phase, ...]) -> list[ChangeType]:
    return [
        one.step
        for migration in steps(phases)
        for one in migration.changes
        if isinstance(one.step, ChangeType) and all(isinstance(each, Nothing) for each in one.undo)
    ]


@pytest.mark.parametrize("engine", ENGINES, ids=lambda one: f"{one[0]}-{one[1][0]}")
@pytest.mark.parametrize("deployment", [Deployment.ROLLING, Deployment.MAINTENANCE])
@pytest.mark.parametrize("kind", sorted(EXAMPLES))
def test_from_every_phase(
    kind: str, deployment: Deployment, engine: tuple[str, tuple[int, ...]]
) -> None:
    rollout = Rollout(deployment=deployment, rows=LARGE.rows, bytes=LARGE.bytes)
    plan = plan_of(kind, rollout=rollout, name=engine[0], version=engine[1])
    schema, known = schema_for(engine[0]), dialect(*engine)
    for count in range(1, len(plan.phases) + 1):
        done = plan.phases[:count]
        names = [one.name for one in done]
        impossible = any(isinstance(step, Impossible) for one in steps(done) for step in one.down)
        assert bool(no_way_back(plan, names)) == impossible
        if impossible:
            continue
        back = taken_back(plan, names, [OperationAnswers(kind=kind)], rollout)
        after = apply_all(schema, (step for one in steps(done) for step in one.up))
        gone = apply_all(after, (step for one in back.migrations for step in one.up))
        assert bare(gone, plan) == bare(apply_all(schema, lasting(done)), plan)
        again = gone
        for migration in reversed(back.migrations):
            again = apply_all(again, migration.down)
        assert bare(again, plan) == bare(after, plan)
        for migration in back.migrations:
            assert migration.changes
            assert all(known.supports(one) is None for one in (*migration.up, *migration.down))
        order = [one.name for one in back.phases]
        assert order == [
            one for one in ("expand", "backfill", "validate", "switch", "contract") if one in order
        ]
        slugs = [one.slug for one in back.migrations]
        assert len(set(slugs)) == len(slugs)


def rename(names: list[str], rollout: Rollout = LARGE) -> Plan:
    plan = plan_of("rename_column", rollout=rollout, name="postgresql", version=(16, 0))
    values = freeze({"table": "orders", "column": "status_code", "to": "status"})
    operation = OperationAnswers(kind="rename_column", values=values)  # type: ignore[arg-type]
    return taken_back(plan, names, [operation], rollout)  # type: ignore[arg-type]


def test_the_old_name_comes_back_before_the_new_one_goes() -> None:
    back = rename(["expand", "backfill", "validate", "contract"])
    assert [one.name for one in back.phases] == ["expand", "backfill", "validate", "contract"]
    assert [one.gate is not None for one in back.phases] == [False, False, False, True]
    gate = back.phases[-1].gate
    assert gate is not None
    assert gate.people
    assert gate.text == "every running instance says status_code again, and none status"
    assert gate.query is not None
    assert "IS DISTINCT FROM" in gate.query
    # Data and tables never share a file, and what refills does so outside of one transaction.
    (fill,) = back.phases[1].migrations
    assert (fill.kind, fill.transactional) == ("data", False)
    assert [type(one) for one in fill.up] == [Backfill]
    assert back.phases[-1].migrations[0].kind == "data"


def test_before_the_contract_only_the_new_name_goes() -> None:
    back = rename(["expand", "backfill"])
    (only,) = back.phases
    assert (only.name, only.gate is not None and only.gate.query) == ("contract", None)


def test_lock_budgets_are_kept() -> None:
    plan = plan_of("rename_column", rollout=LARGE, name="postgresql", version=(16, 0))
    names = [one.name for one in plan.phases]
    before = {one.slug: one for one in plan.migrations}
    back = taken_back(plan, names, [], LARGE)
    for one in back.migrations:
        if not one.slug.startswith("undo_"):
            continue
        old = before[one.slug.removeprefix("undo_")]
        assert (one.kind, one.transactional, one.lock_timeout_ms) == (
            old.kind,
            old.transactional,
            old.lock_timeout_ms,
        )
        assert (one.up, one.down) == (old.down, old.up)
    assert len([one for one in back.migrations if one.slug.startswith("undo_")]) == len(before)


def test_in_a_maintenance_window_all_goes_at_once() -> None:
    stopped = Rollout(deployment=Deployment.MAINTENANCE, rows=10_000_000)
    (only,) = rename(["switch"], stopped).phases
    assert (only.name, only.gate) == ("switch", None)


def test_what_is_thrown_away_has_to_be_accepted() -> None:
    plan = plan_of("add_column", rollout=LARGE, name="postgresql", version=(16, 0))
    assert not plan.reversibility.needs_acknowledgement
    back = taken_back(plan, [one.name for one in plan.phases], [], LARGE)
    assert back.reversibility.needs_acknowledgement
    assert "loses what was written to it since" in back.reversibility.reason
