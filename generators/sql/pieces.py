"""From a Migration to the files that it takes: what may share a transaction, and what may not.

A runner of SQL files knows no loops and no conditions, so a concurrent index build on PostgreSQL
is three small files, of which each is right when it is run again:

1. *prepare* (a transaction) stops when the name is taken by another index, and drops what an
   interrupted build left behind;
2. the build itself, alone and ``IF NOT EXISTS``, because the server may have finished it after
   the client was gone; its downgrade drops the index;
3. *check* (a transaction) stops unless the index is valid and the one wanted, so that
   ``IF NOT EXISTS`` never passes over a broken index unseen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from generators.header import table_of
from generators.sql.layout import Section, Statement
from generators.sql.parts import NO_PART, Part, parts_of, together
from wizard.dialects.base import Dialect, Size
from wizard.model.names import TableName
from wizard.model.plan import Change, Migration
from wizard.model.steps import (
    AddIndex,
    DropIndex,
    Impossible,
    LockTables,
    Nothing,
    Require,
    Step,
    ValidateConstraint,
)

#: The lock budget of what must not wait long in a migration that names none (DESIGN §4.1).
DEFAULT_BUDGET_MS = 2_000

_EMPTY = "Nothing to do in this direction."


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One file to be. ``suffix`` tells it from its siblings.

    ``again_up`` and ``again_down`` say, for a direction which an interruption can leave half
    done, how many files before (after) this one the repetition starts. ``index`` says that the
    half done thing may be an index.
    """

    up: Section
    down: Section
    suffix: str = ""
    purpose: str = ""
    again_up: int | None = None
    again_down: int | None = None
    index_up: bool = False
    index_down: bool = False
    #: What the upgrade does.
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pair:
    up: Part
    down: Part

    @property
    def single(self) -> bool:
        """Whether the pair needs a file of its own."""
        return any(
            part.role in ("build", "check", "alone") or not part.transactional
            for part in (self.up, self.down)
        )

    @property
    def harmless(self) -> bool:
        return self.up.harmless and self.down.harmless


def pieces(
    migration: Migration,
    *,
    dialect: Dialect,
    sizes: Callable[[TableName], Size],
    one_statement: bool,
) -> tuple[Piece, ...]:
    """Return the files of a migration in the order in which the upgrade runs them.

    ``one_statement`` says that the runner sends a file whole, so that outside a transaction it
    can hold one statement only.
    """
    pairs: list[_Pair] = []
    for change in migration.changes:
        for pair in _pairs(change, dialect, one_statement):
            if pairs and _may_join(pairs[-1], pair, one_statement):
                pairs[-1] = _joined(pairs[-1], pair)
            else:
                pairs.append(pair)
    budget = migration.lock_timeout_ms

    def section(part: Part) -> Section:
        statements = part.statements
        if part.transactional and _wants_budget(part, budget, dialect, sizes):
            bound = dialect.budget(budget or DEFAULT_BUDGET_MS)
            statements = (*(Statement(sql=sql) for sql in bound), *statements)
        return Section(
            statements=statements or (Statement(note=_EMPTY),),
            transactional=part.transactional,
            undone=part.undone,
            within=part.within,
        )

    mains = sum(not _helper(pair) for pair in pairs)
    found: list[Piece] = []
    for number, pair in enumerate(pairs, start=1):
        helper = _helper(pair)
        suffix = helper if mains == 1 else "" if len(pairs) == 1 else str(number)
        found.append(
            Piece(
                up=section(pair.up),
                down=section(pair.down),
                suffix=suffix,
                purpose=_purpose(pair),
                again_up=_again(pair.up),
                again_down=_again(pair.down),
                index_up=pair.up.role in ("build", "check"),
                index_down=pair.down.role in ("build", "check"),
                steps=pair.up.steps,
            )
        )
    return tuple(found)


def _again(part: Part) -> int | None:
    if part.role in ("build", "check"):
        return 1 if part.role == "build" else 2
    return None if part.transactional else 0


def _purpose(pair: _Pair) -> str:
    told = [text for text in (pair.up.what, pair.down.what) if text]
    return told[0] if told else ""


def _helper(pair: _Pair) -> str:
    """Return ``prepare`` or ``check`` for a file that does only this, "" for one that acts."""
    roles = {part.role for part in (pair.up, pair.down) if any(one.sql for one in part.statements)}
    if roles and roles <= {"prepare", "check"}:
        return "prepare" if pair.up.role == "prepare" or pair.down.role == "check" else "check"
    return ""


def _may_join(one: _Pair, other: _Pair, one_statement: bool) -> bool:
    if any(isinstance(step, LockTables) for step in one.up.steps) and not other.single:
        # A lock that was taken up front is held for what follows.
        return not one.single
    only_looks = all(isinstance(step, Require | Nothing) for step in one.up.steps + one.down.steps)
    framed = other.up.transactional and other.down.transactional
    if only_looks and not one.single and (framed or not one_statement):
        # What only looks at the data belongs to the step that it protects.
        return True
    return not (one.single or other.single) and one.harmless == other.harmless


def _joined(one: _Pair, other: _Pair) -> _Pair:
    return _Pair(up=together(one.up, other.up), down=together(other.down, one.down))


def _wants_budget(
    part: Part, budget: int | None, dialect: Dialect, sizes: Callable[[TableName], Size]
) -> bool:
    """Tell whether a transaction holds locks for which others would wait behind it."""
    if part.role == "prepare":
        return True
    for step in part.steps:
        if isinstance(step, Nothing | Impossible | Require | ValidateConstraint):
            continue
        table = table_of(step)
        size = Size() if table is None else sizes(table)
        held = dialect.lock(step, size)
        if budget is not None or held.blocks or held.ends:
            return True
    return False


def _pairs(change: Change, dialect: Dialect, one_statement: bool) -> list[_Pair]:
    """Return the files of one change: each holds with a part the inverse that belongs to it."""
    ups = parts_of((change.step,), dialect, one_statement, note=change.note)
    # The downgrade runs the files last to first.
    downs = list(reversed(parts_of(_undo(change, dialect), dialect, one_statement)))
    # The change is made by the last that acts on the way up, and unmade by the last on the way down.
    ahead = max(_acting(ups), default=0) - min(_acting(downs), default=0)
    ups = [NO_PART] * -ahead + ups
    downs = [NO_PART] * ahead + downs
    length = max(len(ups), len(downs))
    ups += [NO_PART] * (length - len(ups))
    downs += [NO_PART] * (length - len(downs))
    return [_Pair(up=up, down=down) for up, down in zip(ups, downs, strict=True)]


def _undo(change: Change, dialect: Dialect) -> tuple[Step, ...]:
    """Return the way back; that of a build which goes with something later drops what is left.

    Its file may be taken back alone, when the later one never ran.
    """
    step = change.step
    if change.undo or not isinstance(step, AddIndex) or not dialect.needs_own_transaction(step):
        return change.undo
    concurrently = dialect.capabilities.concurrent_drop
    return (DropIndex(table=step.table, index=step.index, concurrently=concurrently),)


def _acting(parts: Sequence[Part]) -> list[int]:
    """Return the places of the parts that do more than make room and look."""
    return [at for at, part in enumerate(parts) if part.role not in ("prepare", "check")]
