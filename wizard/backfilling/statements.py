"""The SQL of one walk: find where a batch ends, change its rows, count what is left.

A batch is two statements. The first looks up the key at which it ends: the ``size``-th behind the
last one, read from the index. That is an OFFSET no longer than a batch, behind a key: it costs the
same at the end of the table as at its beginning. The second changes the rows between two keys, whose
values the planner then knows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from wizard.backfilling.engines.base import Engine
from wizard.dialects.base import Dialect
from wizard.dialects.keyset import conditions, joined_values, row, where
from wizard.model.steps import Backfill, Batched, CopyRows


@dataclass(frozen=True, slots=True, kw_only=True)
class Statements:
    """Ready for the driver; where there are two or four, they are told apart by what is bounded.

    ``probe`` takes the batch's size less one and returns the last key, or no row when fewer are
    left; ``rest`` takes the size and returns that key behind the count of all that are left. Both
    are by (there is a key to start behind, there is a last key). ``change`` is by the first alone.
    Where the rows of a batch are ``counted``, its end is to be asked by ``rest``.

    ``past`` is ``probe`` for a moment ago, where the engine can read that without waiting; it stands
    alone, in no transaction. Which row ends a batch may be old: what a batch changes are the rows up
    to there as they are now. That there is none says nothing, as newer ones are not seen.
    """

    probe: dict[tuple[bool, bool], str]
    rest: dict[tuple[bool, bool], str]
    change: dict[bool, str]
    counted: bool = False
    past: dict[tuple[bool, bool], str] = field(default_factory=dict)
    #: What keeps old values, before the change and in its transaction; by the same as it.
    keep: dict[bool, tuple[str, ...]] = field(default_factory=dict)


def statements(step: Batched, dialect: Dialect, engine: Engine) -> Statements:
    """Return the SQL for a step that has a key."""
    bounds = [(after, ends) for after in (False, True) for ends in (False, True)]
    past = dialect.capabilities.reads_past
    within = {after: _between(step, dialect, engine, after=after) for after in (False, True)}
    return Statements(
        probe={
            one: engine.prepare(f"{_walk(step, dialect, engine, one)} LIMIT 1 OFFSET :size")
            for one in bounds
        },
        past={
            one: engine.prepare(f"{_walk(step, dialect, engine, one, past)} LIMIT 1 OFFSET :size")
            for one in (bounds if past else ())
        },
        rest={one: engine.prepare(_rest(step, dialect, engine, *one)) for one in bounds},
        change={at: engine.prepare(change(step, dialect, one)) for at, one in within.items()},
        keep={
            at: tuple(map(engine.prepare, _statements(step, dialect, one)[:-1]))
            for at, one in within.items()
        },
    )


def at_once(step: Batched, dialect: Dialect, engine: Engine) -> tuple[str, ...]:
    """Return what changes all rows, ready for the driver; the last statement is the change."""
    return tuple(map(engine.prepare, dialect.sql(step)))


def remaining(step: Batched, dialect: Dialect, engine: Engine) -> str | None:
    """Return a query for the number of rows still to be changed; None where rows do not tell.

    A step that changes every row, whatever is in it, leaves nothing to tell by.
    """
    kept = conditions(step, dialect.name)
    if isinstance(step, Backfill) and step.needed.strip().lower() in ("", "true"):
        return None
    source = joined_values(step)
    tables = dialect.table(step.table) + (f", {source}" if source else "")
    if isinstance(step, CopyRows):
        keys = step.key or step.columns
        own = dialect.table(step.table)
        pairs = " AND ".join(
            f"NOT ({dialect.distinct(f'copied.{dialect.quote(one)}', f'{own}.{dialect.quote(one)}')})"
            for one in keys
        )
        missing = f"NOT EXISTS (SELECT 1 FROM {dialect.table(step.target)} AS copied WHERE {pairs})"
        kept = (*kept, missing)
    return engine.prepare(f"SELECT count(*) FROM {tables}{where(kept)}")


def _keys(step: Batched, dialect: Dialect, own: str = "") -> list[str]:
    before = f"{own}." if own else ""
    return [f"{before}{dialect.quote(one)}" for one in step.key]


def _walk(
    step: Batched, dialect: Dialect, engine: Engine, bounds: tuple[bool, bool], past: str = ""
) -> str:
    keys, (after, ends) = _keys(step, dialect), bounds
    limits = _limits(step, engine, keys, after=after, ends=ends)
    listed = ", ".join(keys)
    source = f"{dialect.table(step.table)} {past}".rstrip()
    return f"SELECT {listed} FROM {source}{where(limits)} ORDER BY {listed}"


def _rest(step: Batched, dialect: Dialect, engine: Engine, after: bool, ends: bool) -> str:
    keys = _keys(step, dialect)
    walked = _walk(step, dialect, engine, (after, ends))
    named = ", ".join(f"{one} AS key_{at}" for at, one in enumerate(keys))
    walked = walked.replace(f"SELECT {', '.join(keys)}", f"SELECT {named}", 1)
    listed = ", ".join(f"key_{at}" for at in range(len(keys)))
    last = ", ".join(f"key_{at} DESC" for at in range(len(keys)))
    return (
        f"SELECT count(*) OVER (), {listed} FROM ({walked} LIMIT :size) AS walked "
        f"ORDER BY {last} LIMIT 1"
    )


def _between(step: Batched, dialect: Dialect, engine: Engine, *, after: bool) -> list[str]:
    several = joined_values(step) is not None or isinstance(step, CopyRows)
    keys = _keys(step, dialect, _own(step, dialect, engine) if several else "")
    return _limits(step, engine, keys, after=after, ends=True)


def change(step: Batched, dialect: Dialect, within: Sequence[str]) -> str:
    """Return the statement that changes the rows which need it, ``within`` some conditions."""
    return _statements(step, dialect, within)[-1]


def _statements(step: Batched, dialect: Dialect, within: Sequence[str]) -> tuple[str, ...]:
    """Return the same, behind what keeps old values."""
    limits = list(within)
    if step.needed.strip().lower() not in ("", "true"):
        limits.append(f"({step.needed})")
    return dialect.sql(replace(step, needed=" AND ".join(limits)))


def _own(step: Batched, dialect: Dialect, engine: Engine) -> str:
    name = step.table
    return dialect.table(name) if engine.schema_in_columns else dialect.quote(name.name)


def _limits(
    step: Batched, engine: Engine, keys: Sequence[str], *, after: bool, ends: bool
) -> list[str]:
    found = []
    for wanted, name, sign in ((after, "after", ">"), (ends, "upto", "<=")):
        if wanted:
            values = [
                engine.parameter(f"{name}_{at}", kind) for at, kind in enumerate(step.key_types)
            ]
            found.append(_compared(keys, values, sign, rows=engine.compares_rows))
    return found


def _compared(keys: Sequence[str], values: Sequence[str], sign: str, *, rows: bool) -> str:
    """Return a comparison of keys: as rows, or column after column where no index serves rows."""
    if rows or len(keys) == 1:
        return f"{row(keys)} {sign} {row(values)}"
    rest = _compared(keys[1:], values[1:], sign, rows=False)
    return f"({keys[0]} {sign[0]} {values[0]} OR ({keys[0]} = {values[0]} AND {rest}))"
