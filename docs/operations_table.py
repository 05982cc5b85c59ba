"""Write the table of what migwiz can change where: `python docs/operations_table.py`.

It writes ``docs/operations.md``: for each operation and engine, the phases of a plan for a large
table under a rolling deployment, the number of migrations, and the grade of the way back. The plans
are those of the tests' example of each operation.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from engines import GOLDEN_VERSIONS
from shop import LARGE, STOPPED, plan_of

from wizard.dialects import dialect
from wizard.model.plan import Plan
from wizard.operations import operations
from wizard.operations.base import GROUPS

TARGET = Path(__file__).parent / "operations.md"

HEAD = """\
# What migwiz can change, and where

Made by `python docs/operations_table.py` from the plans themselves: a table of 120 million rows, old
and new code running together. A cell says how many phases the change takes, how many migrations, and
how good the way back is; `migwiz explain OPERATION` says why. "window" is a change that is planned for
a maintenance window only; "no" one that the engine does not have, or that migwiz refuses, with the code
of the reason for `migwiz explain`.

"""


def cell(kind: str, engine: str) -> str:
    """Return what the plan of an operation looks like on an engine."""
    version = GOLDEN_VERSIONS[engine]
    plan = plan_of(kind, rollout=LARGE, name=engine, version=version)
    if plan.refused is None:
        return told(plan)
    window = plan_of(kind, rollout=STOPPED, name=engine, version=version)
    if window.refused is None:
        return f"window: {told(window)}"
    return f"no ({plan.refused.code})"


def told(plan: Plan) -> str:
    """Return phases, migrations and grade in a few words."""
    if not plan.phases:
        return "no migration"
    phases, files = len(plan.phases), len(plan.migrations)
    said = "1 phase" if phases == 1 else f"{phases} phases"
    return f"{said}, {files} · {plan.reversibility}"


def table() -> str:
    """Return the whole page."""
    labels = [dialect(name, version).label for name, version in GOLDEN_VERSIONS.items()]
    lines = [f"| Operation | {' | '.join(labels)} |", f"|{'---|' * (len(labels) + 1)}"]
    every = sorted(operations().values(), key=lambda one: GROUPS.index(one.group))
    for one in every:
        cells = [cell(one.kind, name) for name in GOLDEN_VERSIONS]
        lines.append(f"| {one.command} | {' | '.join(cells)} |")
    return HEAD + "\n".join(lines) + "\n"


if __name__ == "__main__":
    TARGET.write_text(table(), encoding="utf-8")
