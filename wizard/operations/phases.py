"""Putting migrations into phases, as the deployment model wants them."""

from __future__ import annotations

from dataclasses import dataclass

from wizard.model.findings import Finding
from wizard.model.names import TableName
from wizard.model.plan import Gate, Lock, Migration, Phase, PhaseName
from wizard.model.rollout import Deployment, Rollout


class Refusal(Exception):
    """The change cannot be planned here; the finding says why and what to do instead."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.what)
        self.finding = finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The migrations of one phase, before the deployment model is known."""

    phase: PhaseName
    migrations: tuple[Migration, ...]
    when: str
    application: str
    gate: Gate | None = None


def phases(rollout: Rollout, *parts: Part) -> tuple[Phase, ...]:
    """Return the phases; parts without migrations fall away.

    When the application is stopped there are no deploys between migrations, so that everything
    becomes one phase, ``switch``, whose files still keep schema and data apart.
    """
    filled = tuple(part for part in parts if part.migrations)
    if rollout.stopped and filled:
        return (
            Phase(
                name="switch",
                when="in the maintenance window, while the application is stopped",
                application="stopped; start the version that knows the change afterwards",
                migrations=tuple(one for part in filled for one in part.migrations),
            ),
        )
    return tuple(
        Phase(
            name=part.phase,
            when=part.when,
            application=part.application,
            gate=part.gate,
            migrations=part.migrations,
        )
        for part in filled
    )


def additive(rollout: Rollout, what: str) -> str:
    """Say when a purely additive phase runs, for code that needs ``what``."""
    if rollout.migrate == "after":
        return f"one release before the code that uses {what}: migrations run after code starts"
    return f"before the deploy of the code that uses {what}"


def everywhere(rollout: Rollout, what: str) -> str:
    """Say that all running code does ``what``, in the words of the deployment model."""
    if rollout.deployment is Deployment.BLUE_GREEN:
        return f"green {what}, and blue is gone: nothing can be switched back to it"
    return f"every running instance {what}, and you will not roll back behind it"


def queueing(lock: Lock, *tables: TableName) -> str:
    """Say who waits while a lock is waited for and held."""
    shown = " and ".join(map(str, tables))
    who = "every query on" if "reads" in lock.blocks else "every write to"
    return f"{who} {shown} queues behind the wait for the lock"
