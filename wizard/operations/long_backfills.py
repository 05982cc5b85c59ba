"""Backfills that are too long for a deploy: who walks their rows, and files that only check it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from wizard.dialects.base import Dialect
from wizard.dialects.keyset import HIDDEN_TYPES
from wizard.dialects.remaining import rows_left
from wizard.model.counted import rows as counted_rows
from wizard.model.findings import Finding, info
from wizard.model.plan import Change, Migration, Plan
from wizard.model.rollout import Rollout
from wizard.model.steps import Batched, Require

#: Rows from which on a backfill is better run beside the deploy than in it (safety.md §2.2, rule 1).
LONG = 1_000_000


def command(slug: str) -> str:
    """Return what walks the rows of a plan."""
    return f"migwiz backfill run {slug}"


def walked(plan: Plan, rollout: Rollout, dialect: Dialect) -> Plan:
    """Return the plan with who walks the rows of its backfills, or with the advice to decide it."""
    if plan.refused is None:
        plan = replace(plan, findings=(*plan.findings, *_without_key(plan)))
    slugs = tuple(
        one.slug
        for one in plan.migrations
        if _batches(one.changes)
        and all(_keeps_place(each, dialect) for each in _batches(one.changes))
    )
    if not slugs or plan.refused is not None:
        return plan
    if rollout.backfill == "runner":
        found = info(
            "backfill-by-runner",
            f"{command(plan.slug)} fills the rows; the file only checks that none is left.",
            why="It keeps its place, can be paused, and slows down while replicas lag or others "
            "wait for its locks.",
            safer="Run it before the file: until it is done, the file stops and changes nothing.",
        )
        return replace(plan, by_runner=slugs, findings=(*plan.findings, found))
    if rollout.rows is None or rollout.rows <= LONG:
        return plan
    found = info(
        "long-backfill",
        f"The file walks about {counted_rows(rollout.rows)}, and the deploy waits for it.",
        why="A file that is stopped looks at all rows again when it is run anew, though it changes "
        "only those that are left.",
        safer=f"--backfill runner lets {command(plan.slug)} fill them beside the deploy, which can "
        "be paused and goes on where it was.",
    )
    return replace(plan, findings=(*plan.findings, found))


def asserting(migration: Migration, slug: str, dialect: Dialect) -> Migration:
    """Return the migration with its batches replaced by checks that they are done.

    ``slug`` is the plan's. The way back stays what it is.
    """
    changes = tuple(_checked(one, slug, dialect) for one in migration.changes)
    steps = [step for one in changes for step in (one.step, *one.undo)]
    apart = any(isinstance(step, Batched) and step.key for step in steps)
    return replace(migration, changes=changes, transactional=not apart)


def _checked(one: Change, slug: str, dialect: Dialect) -> Change:
    batched = one.step
    if not isinstance(batched, Batched) or not batched.key:
        return one
    query = rows_left(batched, dialect, glue=" ")
    if query is None:
        return one
    table = batched.table
    message = f"{table} has rows that are not done: run {command(slug)} first, then this again"
    return replace(one, step=Require(query=query, message=message, table=table))


def _without_key(plan: Plan) -> tuple[Finding, ...]:
    tables = dict.fromkeys(
        step.table
        for migration in plan.migrations
        for step in (*migration.up, *migration.down)
        if isinstance(step, Batched) and HIDDEN_TYPES & {*step.key_types}
    )
    return tuple(
        info(
            "walks-without-key",
            f"{table} has no key: its rows are walked by where they lie, again and again until "
            "none is left.",
            why="A row that others change meanwhile may move to where the walk has been already.",
            safer=f"Where much is written to {table}, add a primary key first.",
        )
        for table in tables
    )


def _batches(changes: Sequence[Change]) -> list[Batched]:
    return [one.step for one in changes if isinstance(one.step, Batched) and one.step.key]


def _keeps_place(step: Batched, dialect: Dialect) -> bool:
    """Tell whether the runner can walk it, and a file can check that: by rows that tell they are done."""
    return rows_left(step, dialect) is not None
