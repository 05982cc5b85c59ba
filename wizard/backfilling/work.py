"""What is to be walked: the steps of a plan that change rows, and what a run of one is known by."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from wizard.backfilling import statements
from wizard.backfilling.engines import engines
from wizard.backfilling.engines.base import Engine
from wizard.dialects.base import Dialect
from wizard.dialects.keyset import HIDDEN_TYPES
from wizard.model.errors import AcknowledgementError, AnswerError
from wizard.model.names import TableName, fit_name
from wizard.model.plan import PhaseName, Plan
from wizard.model.schema import Table
from wizard.model.steps import Backfill, Batched, CopyRows

LookUp = Callable[[TableName], Table]


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One step to be run. ``name`` is what its state is kept by, ``plan`` the plan's slug.

    ``total`` is an estimate of the table's rows.
    """

    name: str
    plan: str
    title: str
    step: Batched
    dialect: Dialect
    total: int | None = None

    @property
    def fingerprint(self) -> str:
        """What tells whether a walk that was begun is still of the same step."""
        told = "\n".join((*self.dialect.sql(self.step), *self.step.key))
        return hashlib.sha256(told.encode()).hexdigest()


def works(
    plan: Plan, slug: str, dialect: Dialect, *, phase: PhaseName | None = None
) -> tuple[Work, ...]:
    """Return the work of one phase: of the first one with rows to change, where none is named.

    Raises AnswerError (`no-backfill`) when there is none.
    """
    for one in plan.phases:
        found = tuple(
            Work(
                name=fit_name(f"{slug}/{migration.slug}/{at}", limit=190),
                plan=slug,
                title=migration.title,
                step=step,
                dialect=dialect,
            )
            for migration in one.migrations
            for at, step in enumerate(migration.up)
            if isinstance(step, Batched)
        )
        if found and phase in (None, one.name):
            return found
    where = f"the phase {phase} of {slug}" if phase else f"the plan {slug}"
    raise AnswerError(
        "no-backfill",
        f"{where} changes no rows",
        next_actions=("migwiz status shows what its phases do",),
    )


def stop_if_unready(work: Work, look_up: LookUp) -> None:
    """Raise AcknowledgementError where the tables are not as the step needs them.

    `phase-before` when what an earlier phase makes is not there, `no-walk` when there is no key by
    which the rows can be walked without passing over any.
    """
    step = work.step
    hidden = bool(HIDDEN_TYPES & {*step.key_types})
    columns = set() if hidden else set(step.key)
    if isinstance(step, Backfill):
        columns |= {one.column for one in step.assignments}
        if step.keep is not None:
            kept = {name for one in step.keep.columns for name in (one.old, one.new)}
            _require(step.keep.table, kept | set(step.key), look_up)
    elif isinstance(step, CopyRows):
        columns |= set(step.columns)
        _require(step.target, set(step.columns), look_up)
    table = _require(step.table, columns, look_up)
    if not step.key:
        return
    engine = engines()[work.dialect.name]
    why = _unplaced(work, table, engine) if hidden else engine.obstacle(step)
    if why is None and not hidden and not walkable(table, step.key):
        why = (
            f"({', '.join(step.key)}) of {table.name} is no unique key without NULLs here: "
            "a walk along it would pass over rows"
        )
    if why is not None:
        raise AcknowledgementError(
            "no-walk",
            f"{table.name} cannot be walked in batches",
            why=why,
            next_actions=("give it a primary key, or run the generated file instead",),
        )


def _unplaced(work: Work, table: Table, engine: Engine) -> str | None:
    """Return why rows without a key cannot be walked by where they lie, None when they can."""
    step = work.step
    found = work.dialect.hidden_key(table)
    if found is None or (found.name,) != step.key:
        return "its rows have no place of their own: it is partitioned, or keeps them elsewhere"
    if statements.remaining(step, work.dialect, engine) is None:
        return (
            "it has no key, and nothing in a row tells whether it is done: one that moves while "
            "the walk goes on would be changed twice"
        )
    return None


def _require(name: TableName, columns: set[str], look_up: LookUp) -> Table:
    try:
        table = look_up(name)
        missing = sorted(one for one in columns if table.column(one) is None)
    except AnswerError as error:
        if error.code != "unknown-table":
            raise
        table, missing = None, [str(name)]
    if table is None or missing:
        what = f"{', '.join(missing)}" + (f" of {name}" if table is not None else "")
        raise AcknowledgementError(
            "phase-before",
            f"{what} is not in this database",
            why="the phase before the backfill makes it, and has not run here",
            next_actions=("apply the files of the phase before it, then run this again",),
        )
    return table


def walkable(table: Table, key: Sequence[str]) -> bool:
    """Tell whether the key is unique and each of its columns required.

    A unique index lets any number of NULLs pass, and SQLite even a primary key does.
    """
    wanted = tuple(key)
    found = [table.column(one) for one in wanted]
    if any(column is None or column.nullable for column in found):
        return False
    return table.primary_key == wanted or any(
        one.unique and one.valid and not one.where and one.columns == wanted
        and len(one.parts) == len(one.columns)
        for one in table.indexes
    )  # fmt: skip
