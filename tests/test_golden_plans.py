"""Golden plans: each operation's example on every engine, by deployment and size of the table.

Written anew by ``MIGWIZ_GOLDEN=1 pytest tests/test_golden_plans.py``; read what has changed.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from engines import VERSIONS
from shop import EXAMPLES, outline, plan_of

from wizard.dialects import dialect, dialects
from wizard.model.plan import Plan
from wizard.model.rollout import Deployment, Rollout

GOLDEN = Path(__file__).parent / "golden"
#: Read before the environment is frozen for each test.
UPDATE = os.environ.get("MIGWIZ_GOLDEN") == "1"
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
