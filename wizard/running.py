"""What the project's runner does with transactions, where that makes a plan worse than it reads."""

from __future__ import annotations

from collections.abc import Callable

from generators.base import Project
from generators.header import table_of
from wizard.dialects.base import Dialect, Size
from wizard.model.findings import Finding, warning
from wizard.model.names import TableName
from wizard.model.plan import Migration, Plan
from wizard.model.steps import Step

_LONG = ("scan", "rewrite", "build", "batches")


def shared_transaction(
    project: Project, plan: Plan, dialect: Dialect, sizes: Callable[[TableName], Size]
) -> Finding | None:
    """Return the finding that long work is done under the locks of files before it, None without.

    Files that end such a transaction by themselves, or work outside it, have no such trouble.
    """
    if project.apart is None or not dialect.capabilities.transactional_ddl:
        return None

    def long(step: Step) -> bool:
        table = table_of(step)
        size = sizes(table) if table is not None else Size()
        return dialect.lock(step, size).work in _LONG

    def strong(migration: Migration) -> bool:
        return migration.transactional and any(
            "writes" in dialect.lock(one, Size()).blocks for one in migration.up
        )

    for phase in plan.phases:
        held = False
        for migration in phase.migrations:
            if held and migration.transactional and any(map(long, migration.up)):
                return warning(
                    "whole-run-transaction",
                    f"{project.layout} runs all pending files in one transaction: "
                    f"“{migration.title}” would work under the locks of the files before it",
                    why="Locks are held until the transaction ends, so writes wait for the whole of it.",
                    safer=project.apart,
                    reference="the runner's own manual, transactions",
                )
            held = held or strong(migration)
    return None
