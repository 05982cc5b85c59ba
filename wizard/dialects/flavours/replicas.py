"""Blue/green deployments of Amazon's, in which green is a replica: what may be changed there."""

from __future__ import annotations

from wizard.dialects.flavours.base import Situation
from wizard.dialects.flavours.subjects import is_ddl
from wizard.model.findings import Finding, info
from wizard.model.plan import Plan
from wizard.model.rollout import Deployment
from wizard.model.steps import (
    AddColumn,
    AddIndex,
    CreateTable,
    DropIndex,
    Step,
    is_data,
    step_name,
)


def about_green(plan: Plan, situation: Situation) -> tuple[Finding, ...]:
    """Return what replication to a green cluster survives of a plan; nothing for other models."""
    steps = [step for one in plan.migrations for step in one.up]
    if situation.rollout.deployment is not Deployment.BLUE_GREEN or not steps:
        return ()
    breaking = dict.fromkeys(step_name(one) for one in steps if _breaks(one))
    told = (
        f"these steps stop it or make both sides differ: {', '.join(breaking)}"
        if breaking
        else "every step of this plan only adds, which replication survives"
    )
    return (
        info(
            "engine-green-is-replica",
            "If blue-green means Amazon's blue/green deployments here: green is a second database "
            f"that follows blue by logical replication, and {told}.",
            why="Replication carries rows and no DDL: what is changed on one side only must fit "
            "the rows of the other.",
            safer="Make on green, before the switchover, only what adds; everything else after it, "
            "on the one database that is left. Where both versions of the application share one "
            "database the plan holds as it stands.",
            reference="Aurora User Guide, Best practices for Amazon Aurora blue/green deployments",
        ),
    )


def _breaks(step: Step) -> bool:
    if is_data(step):
        return True
    if isinstance(step, AddColumn):
        # Rows from blue do not name the column.
        return not step.column.nullable and step.column.default is None
    return is_ddl(step) and not isinstance(step, AddIndex | DropIndex | CreateTable)
