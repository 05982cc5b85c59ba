"""Golden plans: each operation's example on every engine, by deployment and size of the table.

Written anew by ``MIGWIZ_GOLDEN=1 pytest tests/test_golden_plans.py``; read what has changed.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from engines import PLACES, VERSIONS, Place
from shop import EXAMPLES, examples_for, outline, plan_of, planned, schema_for

from wizard import glossary
from wizard.dialects import dialect, dialects
from wizard.model.plan import Plan
from wizard.model.rollout import Deployment, Rollout

GOLDEN = Path(__file__).parent / "golden"
#: Read before the environment is frozen for each test.
UPDATE = os.environ.get("MIGWIZ_GOLDEN") == "1"
#: Codes that only engines raise: those of wizard/glossary/engines.md.
ENGINES_SAY = frozenset(
    line[3:]
    for line in (Path(glossary.__file__).parent / "engines.md").read_text().splitlines()
    if line.startswith("## ")
)
SIZES = {"empty": 0, "tiny": 900, "medium": 3_000_000, "large": 120_000_000}


def told(plan: Plan) -> str:
    if plan.refused is not None:
        return f"    refused ({plan.refused.code}): {plan.refused.what}\n"
    lines = [f"    {line}" for line in outline(plan)]
    return "\n".join([*lines, f"    way back: {plan.reversibility}", ""])


def plans(kind: str) -> str:
    """Return all plans as text; situations with the same plan stand together."""
    found: dict[str, dict[str, dict[str, list[str]]]] = {}
    for name in sorted(dialects()):
        for version in VERSIONS[name]:
            for deployment in Deployment:
                for size, rows in SIZES.items():
                    rollout = Rollout(deployment=deployment, rows=rows, bytes=rows * 400)
                    plan = plan_of(kind, rollout=rollout, name=name, version=version)
                    engine = found.setdefault(told(plan), {}).setdefault(
                        dialect(name, version).label, {}
                    )
                    engine.setdefault(deployment, []).append(size)
    return "\n".join("\n".join([*situations(engines), text]) for text, engines in found.items())


def plans_of_engines(kind: str) -> str:
    """Return the plans of engines that speak another one's language, with SQL where it matters.

    What is said of the engine itself stands beside each plan; the SQL is that of a large table
    while old and new code run, in both directions.
    """
    found: dict[str, dict[str, dict[str, list[str]]]] = {}
    sql: dict[str, list[str]] = {}
    for place in PLACES:
        if not place.asks(kind, examples_for(place.dialect.name)[kind]):
            continue
        for deployment in Deployment:
            for size, rows in SIZES.items():
                rollout = Rollout(deployment=deployment, rows=rows, bytes=rows * 400)
                plan = plan_at(place, kind, rollout)
                text = told(plan) + "".join(
                    f"    says: {one.code}\n" for one in plan.findings if one.code in ENGINES_SAY
                )
                engine = found.setdefault(text, {}).setdefault(place.label, {})
                engine.setdefault(deployment, []).append(size)
        large = plan_at(place, kind, Rollout(rows=SIZES["large"], bytes=SIZES["large"] * 400))
        if large.refused is None:
            sql.setdefault(statements(large, place), []).append(place.label)
    outlines = ["\n".join([*situations(engines), text]) for text, engines in found.items()]
    written = [f"{' · '.join(labels)}\n{text}" for text, labels in sql.items()]
    return "\n".join([*outlines, "SQL · rolling · large", "", *written])


def plan_at(place: Place, kind: str, rollout: Rollout) -> Plan:
    """Return the plan of an operation's example on an engine."""
    return planned(
        kind,
        place.example(kind, examples_for(place.dialect.name)[kind]),
        rollout=rollout,
        dialect=place.dialect,
        schema=place.schema(schema_for(place.dialect.name)),
    )


def statements(plan: Plan, place: Place) -> str:
    """Return the statements of a plan, file by file, the way back marked."""
    lines = []
    for migration in plan.migrations:
        how = "in a transaction" if migration.transactional else "outside"
        lines.append(f"    -- {migration.title} ({how})")
        for mark, steps in (("", migration.up), ("back: ", migration.down)):
            for step in steps:
                for one in place.dialect.sql(step):
                    lines += [f"    {mark}{line}" for line in f"{one};".splitlines()]
    return "\n".join([*lines, ""])


def situations(engines: dict[str, dict[str, list[str]]]) -> list[str]:
    """Say in few lines where a plan holds: engines, deployments and sizes that go together."""
    lines: dict[tuple[str, str], list[str]] = {}
    for label, deployments in engines.items():
        for deployment, sizes in deployments.items():
            lines.setdefault((label, ", ".join(sizes)), []).append(deployment)
    together: dict[tuple[str, str], list[str]] = {}
    for (label, sizes), names in lines.items():
        together.setdefault((", ".join(names), sizes), []).append(label)
    return [f"{', '.join(one)} · {where} · {size}" for (where, size), one in together.items()]


@pytest.mark.parametrize("kind", sorted(EXAMPLES))
def test_plans(kind: str) -> None:
    path = GOLDEN / kind / "plans.txt"
    written = plans(kind)
    if UPDATE:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(written)
    assert written == path.read_text()


@pytest.mark.parametrize("kind", sorted(EXAMPLES))
def test_plans_of_engines(kind: str) -> None:
    path = GOLDEN / kind / "engines.txt"
    written = plans_of_engines(kind)
    if UPDATE:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(written)
    assert written == path.read_text()
