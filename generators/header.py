"""The few lines at the top of every generated file: which plan, when to deploy, locks, way back.

`header_lines` gives label and text; `laid_out` sets them in two columns, without comment marks.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from generators.base import Job
from wizard.dialects.base import Dialect
from wizard.model.counted import rows as counted_rows
from wizard.model.names import TableName
from wizard.model.plan import Grade, Lock, Migration, PhaseName
from wizard.model.steps import (
    AddEnumValue,
    Batched,
    CreateEnum,
    CreateShadowView,
    CreateSync,
    CreateTable,
    CreateTableView,
    DropEnum,
    DropShadowView,
    DropSync,
    DropTable,
    DropTableView,
    Impossible,
    LockTables,
    Nothing,
    RebuildTable,
    RenameEnum,
    RenameEnumValue,
    Require,
    Step,
    SwapTableView,
    is_data,
)

_COLUMN = 9
#: Rows from which on a second run of a backfill takes its time, and how many of them a walk that
#: has nothing to do passes in a second (measured: PostgreSQL 800,000, MariaDB 200,000).
_LONG, _SLOW, _FAST = 1_000_000, 200_000, 1_000_000
_DEPLOY: dict[PhaseName, str] = {
    "expand": "before the new code starts",
    "backfill": "after every instance runs the code of this phase; before anything relies on it",
    "validate": "at any time after the backfill is done",
    "switch": "together with the code that uses the new form",
    "contract": "in a later release, when no instance runs the old code",
}
#: A phrase for what happens under a lock, by the kind of work.
_WHILE = {"scan": "while reading every row", "rewrite": "while writing the table anew"}


def header_lines(job: Job, phase: PhaseName, migration: Migration) -> tuple[tuple[str, str], ...]:
    """Return label and text of the header's lines: Plan, Deploy, what comes first, Up, Down."""
    tool = job.tools.get(migration.slug)
    instead = (
        f"{tool} does this in production, where the table is large; then this file is marked as run"
    )
    before = job.before.get(migration.slug)
    again = _again(job, migration)
    return (
        ("Plan", _place(job, phase, migration)),
        ("Deploy", _one_line(job.deploy.get(phase) or _DEPLOY[phase])),
        *((("Tool", instead),) if tool else ()),
        *((("First", f"{before}; this file only checks that it is done"),) if before else ()),
        ("Up", _up(job, migration)),
        *((("Again", again),) if again else ()),
        ("Down", _down(job, migration)),
    )


def laid_out(lines: Sequence[tuple[str, str]], *, width: int = 100) -> tuple[str, ...]:
    """Return the lines with their labels in a column, long texts broken below their own start."""
    found: list[str] = []
    for label, text in lines:
        found += textwrap.wrap(
            text,
            width=width,
            initial_indent=label.ljust(_COLUMN),
            subsequent_indent=" " * _COLUMN,
            break_long_words=False,
            break_on_hyphens=False,
        )
    return tuple(found)


def table_of(step: Step) -> TableName | None:
    """Return the table whose size decides how long a step takes, None when it touches none."""
    match step:
        case CreateSync(sync=sync) | DropSync(sync=sync):
            return sync.table
        case CreateShadowView(view=view) | DropShadowView(view=view):
            return view.table
        case CreateTableView(view=whole) | DropTableView(view=whole) | SwapTableView(view=whole):
            return whole.table
        case RebuildTable(before=before):
            return before.name
        case LockTables(tables=tables):
            return tables[0] if tables else None
        case CreateTable(table=made) | DropTable(table=made):
            return made.name
        case (
            Nothing()
            | Impossible()
            | CreateEnum()
            | DropEnum()
            | RenameEnum()
            | AddEnumValue()
            | RenameEnumValue()
        ):
            return None
        case _:
            return step.table


def describe(lock: Lock, *, budget_ms: int | None = None) -> str:
    """Return one lock in words: mode, tables, how long, and what goes on meanwhile."""
    if lock.mode == "none":
        return "no lock"
    if lock.work == "batches":
        return "row locks on one batch at a time, about 0.2 s each; safe to stop and to run again"
    parts = [f"{lock.mode} on {_names(lock.on)}" if lock.on else lock.mode]
    length = _length(lock.milliseconds)
    if lock.work == "build":
        parts[0] += " while building"
    elif lock.work in _WHILE and (lock.milliseconds is None or lock.milliseconds[1] > 10):
        parts[0] += f" {_WHILE[lock.work]}"
    if length:
        parts.append(length)
    if not lock.blocks:
        told = parts[:1] if lock.work == "none" else parts
        free = f"{', '.join(told)}: reads and writes go on"
        if not lock.ends:
            return free
        return f"{free}, but queue at both ends, where it {_ends(budget_ms)}"
    parts += _wait(budget_ms)
    if lock.work == "none" and length:
        return ", ".join(parts)
    waiting = "reads and writes wait" if "reads" in lock.blocks else "writes wait, reads go on"
    if lock.ends and "reads" not in lock.blocks:
        waiting += " but for both ends"
    return f"{', '.join(parts)}: {waiting}"


def budget_of(migration: Migration, steps: Sequence[Step], dialect: Dialect) -> int | None:
    """Return how long some steps of a migration wait for their locks, None when nothing bounds it.

    The budget is a transaction's: what runs outside of one does not know it.
    """
    framed = any(
        not dialect.needs_own_transaction(one)
        for one in steps
        if not isinstance(one, Nothing | Impossible | Require)
    )
    return migration.lock_timeout_ms if framed else None


def _place(job: Job, phase: PhaseName, migration: Migration) -> str:
    same = [one for its, one in job.migrations if its == phase]
    number = next((at for at, one in enumerate(same, start=1) if one is migration), 1)
    place = f"{job.plan_slug} · {phase} · {number} of {max(len(same), 1)}"
    return f"{place} · data only" if migration.kind == "data" else place


def _up(job: Job, migration: Migration) -> str:
    return _locks(job, migration, migration.up)


def _down(job: Job, migration: Migration) -> str:
    steps = migration.down
    impossible = next((one for one in steps if isinstance(one, Impossible)), None)
    if impossible is not None:
        return f"not possible: {_one_line(impossible.reason)}"
    acting = [one for one in steps if not isinstance(one, Nothing)]
    if acting:
        told = _locks(job, migration, acting)
    else:
        reasons = dict.fromkeys(_one_line(one.reason) for one in steps if isinstance(one, Nothing))
        told = "; ".join(reasons)
        if "nothing to" not in told:
            told = f"nothing to do: {told}" if told else "nothing to do"
    grade = migration.reversibility
    text = f"{told} · {grade}"
    if grade.grade in (Grade.STRUCTURE_ONLY, Grade.NONE) and grade.reason:
        text += f": {_one_line(grade.reason)}"
    return text


def _again(job: Job, migration: Migration) -> str:
    """Say what a second run of a long backfill costs, and what would do without it."""
    walks = [one for one in migration.up if isinstance(one, Batched) and one.key]
    rows = max((job.sizes(one.table).rows or 0 for one in walks), default=0)
    if rows <= _LONG:
        return ""
    length = _length((round(rows / _FAST * 1_000), round(rows / _SLOW * 1_000)))
    told = f"looks at all of about {counted_rows(rows)}, {length}, and changes those that are left"
    return f"{told}; planned with --backfill runner, {job.plan_slug} would go on where it was"


def _locks(job: Job, migration: Migration, steps: Sequence[Step]) -> str:
    locks: list[Lock] = []
    one_statement = any(is_data(one) and not getattr(one, "key", ()) for one in steps)
    for step in steps:
        if isinstance(step, Nothing | Impossible | Require):
            continue
        table = table_of(step)
        if isinstance(step, Batched) and not step.key:
            continue
        if table is not None:
            locks.append(job.dialect.lock(step, job.sizes(table)))
    budget = budget_of(migration, steps, job.dialect)
    told = [describe(lock, budget_ms=budget) for lock in _merged(locks)]
    if one_statement:
        told.append("row locks on all changed rows until it is done: one statement")
    if not told:
        return "no lock"
    return "; then ".join(told)


def _merged(locks: Sequence[Lock]) -> list[Lock]:
    """Join locks of one kind on one set of tables, and leave out what a stronger one covers."""
    joined: list[Lock] = []
    for lock in locks:
        same = next(
            (
                one
                for one in joined
                if (one.mode, one.blocks, one.work) == (lock.mode, lock.blocks, lock.work)
            ),
            None,
        )
        if same is None:
            joined.append(lock)
            continue
        tables = tuple(dict.fromkeys((*same.on, *lock.on)))
        joined[joined.index(same)] = Lock(
            mode=same.mode,
            on=tables,
            blocks=same.blocks,
            work=same.work,
            milliseconds=_sum(same.milliseconds, lock.milliseconds),
            ends=same.ends or lock.ends,
        )
    return [one for one in joined if not any(_covers(other, one) for other in joined)]


def _covers(strong: Lock, weak: Lock) -> bool:
    if strong is weak or weak.work != "none":
        return False
    wider = set(weak.on) <= set(strong.on) and set(weak.blocks) < set(strong.blocks)
    return wider or (weak.mode == "none" and strong.mode != "none")


def _sum(one: tuple[int, int] | None, other: tuple[int, int] | None) -> tuple[int, int] | None:
    # Changes of the catalogue alone stay below the same small figure together.
    if one is None or other is None:
        return None
    if max(one[1], other[1]) <= 10:
        return max(one, other)
    return one[0] + other[0], one[1] + other[1]


def _names(tables: Sequence[TableName]) -> str:
    names = [str(one) for one in tables]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _wait(budget_ms: int | None) -> list[str]:
    return [] if budget_ms is None else [f"waits at most {_seconds(budget_ms)}"]


def _ends(budget_ms: int | None) -> str:
    bound = "" if budget_ms is None else f", at most {_seconds(budget_ms)} each time"
    return f"waits for open transactions{bound}"


def _seconds(milliseconds: int) -> str:
    if milliseconds < 1_000:
        return f"{milliseconds} ms"
    return f"{milliseconds / 1_000:g} s"


def _length(milliseconds: tuple[int, int] | None) -> str:
    if milliseconds is None:
        return ""
    least, most = milliseconds
    if most < 1_000:
        step = 10 if most <= 100 else 100
        return f"< {max(step, -(-most // step) * step)} ms"
    divisor, unit = (1_000, "s") if most < 120_000 else (60_000, "min")
    if most >= 7_200_000:
        divisor, unit = 3_600_000, "h"
    low, high = round(least / divisor), -(-most // divisor)
    if low == 0:
        return f"up to {high} {unit}"
    return f"about {high} {unit}" if low == high else f"{low}–{high} {unit}"


def _one_line(text: str) -> str:
    return " ".join(text.split())
