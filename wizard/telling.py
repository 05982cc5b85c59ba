"""What only the project tells of a plan: snippets of its models, the ways of its runner."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from generators import generators
from generators.base import FileEdit, Project
from wizard.dialects.base import Dialect, Size
from wizard.model.names import TableName
from wizard.model.plan import Plan, Snippet
from wizard.running import shared_transaction


def with_project(
    plan: Plan,
    project: Project,
    edits: Sequence[FileEdit],
    dialect: Dialect,
    sizes: Callable[[TableName], Size],
) -> Plan:
    """Return the plan with what the project tells of it; ``edits`` are the files of all phases."""
    label = generators()[project.framework].label
    found = tuple(
        Snippet(phase=phase.name, title=label, text="\n".join(lines))
        for phase in plan.phases
        if (lines := [one for edit in edits if edit.phase == phase.name for one in edit.models])
    )
    shared = shared_transaction(project, plan, dialect, sizes)
    if shared is not None:
        plan = replace(plan, findings=(*plan.findings, shared))
    if not found:
        return plan
    here = {(one.phase, one.title) for one in found}
    return replace(
        plan,
        snippets=(
            *found,
            *(one for one in plan.snippets if (one.phase, one.title) not in here),
        ),
    )
