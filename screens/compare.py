"""How each deployment model would change the plan, side by side in a few words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from screens.words import human_time, plural
from wizard.model.errors import MigwizError
from wizard.model.plan import Plan
from wizard.model.rollout import Deployment
from wizard.session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One deployment model and what it would take."""

    deployment: str
    text: str


def compare(session: Session) -> tuple[Way, ...]:
    """Plan the change for every deployment model. Reads the database."""
    found = []
    for deployment in (Deployment.MAINTENANCE, Deployment.ROLLING, Deployment.BLUE_GREEN):
        try:
            plan = session.plan_for(deployment)
            text = effect(plan, session.document(plan, ()))
        except MigwizError as error:
            text = f"· {error.message}"
        found.append(Way(deployment=deployment.value, text=text))
    return tuple(found)


def effect(plan: Plan, document: Mapping[str, Any]) -> str:
    """Say what a plan takes: files, phases, and for how long queries are blocked."""
    if plan.refused is not None:
        return f"✗ refused: {plan.refused.what}"
    if not plan.phases:
        return "no migration at all"
    files = plural(len(plan.migrations), "file")
    return f"{files} · {plural(len(plan.phases), 'phase')} · {blocked(document)}"


def blocked(document: Mapping[str, Any]) -> str:
    """Say for how long a plan's upgrade keeps reads or writes waiting, by its estimates.

    What a tool does in place of a file keeps nobody waiting.
    """
    longest, unknown, strong = 0, False, False
    handed = {
        slug
        for handover in document["handovers"]
        if any(offer["command"] is not None for offer in handover["offers"])
        for slug in handover["migrations"]
    }
    for phase in document["phases"]:
        for migration in phase["migrations"]:
            if migration["slug"] in handed:
                continue
            for step in migration["steps"]:
                lock = step["lock"]
                if not lock["blocks"] or lock["work"] == "batches":
                    continue
                strong = True
                if lock["milliseconds"] is None:
                    unknown = unknown or lock["work"] != "none"
                else:
                    longest += int(lock["milliseconds"][1])
    if not strong:
        return "a tool does it, nothing blocked" if handed else "nothing blocked"
    if unknown:
        return "blocked while it works"
    return f"≈ {human_time(longest)} blocked"
