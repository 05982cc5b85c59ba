"""One runner for a run: a lease that must be renewed, with a number that every batch checks.

The lease is a row: who holds it, a counter that moves about once a second, and the fence, a number
which rises with each new holder. Whoever finds it held watches the counter: it moves, and the
holder lives; it stands still for too long, and the lease is taken. A holder who was only asleep
or cut off finds the fence changed in its next batch's own transaction, which then does not commit.

Locks of the engines (advisory locks, GET_LOCK) would say sooner that a holder is dead, but none of
them holds behind a pooler that shares sessions, across the nodes of a cluster, or on SQLite.
"""

from __future__ import annotations

import getpass
import os
import socket
import threading
from collections.abc import Callable
from datetime import UTC, datetime

from wizard.backfilling.engines.base import Writer
from wizard.backfilling.state import Kept, State
from wizard.backfilling.work import Work
from wizard.model.errors import ConflictError

#: States in which somebody may be at work.
ACTIVE = ("running", "throttled", "paused")
_LOOK_S = 0.25
_WAIT_MS, _STATEMENT_MS = 5_000, 30_000


class LeaseLost(Exception):
    """Somebody else holds the lease by now: nothing may be written any more."""


def holder() -> str:
    """Return what tells this process from others, for people."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        user = "somebody"
    return f"{user}@{socket.gethostname()} (process {os.getpid()})"[:190]


def moment(seconds: float) -> str:
    """Return a moment by the server's clock for people, in UTC."""
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S} UTC"


def acquire(
    writer: Writer,
    state: State,
    work: Work,
    *,
    dead_s: float,
    waiting: Callable[[Kept], None] = lambda _: None,
) -> Kept:
    """Take the lease and return the run as it is from then on.

    ``waiting`` is told of a holder of whom it is not clear yet whether it lives. Raises
    ConflictError (`backfill-held`) when it does.
    """
    seen = _seen(writer, state)
    while True:
        if seen is not None and seen.holder and seen.state in ACTIVE:
            waiting(seen)
            seen = _outlived(writer, state, seen, dead_s)
        if _taken(writer, state, work, seen):
            found = _seen(writer, state)
            assert found is not None
            return found
        seen = _seen(writer, state)


def _taken(writer: Writer, state: State, work: Work, seen: Kept | None) -> bool:
    if seen is None:
        return _begun(writer, state, work)
    writer.begin(lock_ms=_WAIT_MS, statement_ms=_STATEMENT_MS)
    taken = state.take(writer, seen, holder())
    writer.commit()
    return taken


def _begun(writer: Writer, state: State, work: Work) -> bool:
    """Remember a new run; False when somebody else has done so in the same moment."""
    values = {
        "plan": work.plan,
        "title": work.title,
        "fingerprint": work.fingerprint,
        "holder": holder(),
        "total": work.total,
    }
    writer.begin(lock_ms=_WAIT_MS, statement_ms=_STATEMENT_MS)
    try:
        state.begin(writer, values)
        writer.commit()
    except state.engine.errors:
        writer.rollback()
        if _seen(writer, state) is None:
            raise
        return False
    return True


def _outlived(writer: Writer, state: State, seen: Kept, dead_s: float) -> Kept:
    """Watch the holder until it is past its time; raises ConflictError when it moves before."""
    pause = threading.Event()
    first = seen
    while seen.age_s <= dead_s:
        pause.wait(min(_LOOK_S, dead_s / 4))
        now = _seen(writer, state)
        if now is None or not now.holder:
            return now or first
        if (now.beat, now.fence) != (first.beat, first.fence):
            raise _held(now)
        seen = now
    return seen


def _held(one: Kept) -> ConflictError:
    return ConflictError(
        "backfill-held",
        f"{one.holder} runs this backfill since {moment(one.held_at)}",
        why=f"its last sign of life is {one.age_s:.0f} s old; two runners would do the work twice",
        next_actions=(
            f"watch it: migwiz backfill status {one.plan}",
            f"or stop it first: migwiz backfill stop {one.plan}",
        ),
    )


def _seen(writer: Writer, state: State) -> Kept | None:
    writer.begin(lock_ms=_WAIT_MS, statement_ms=_STATEMENT_MS)
    found = state.kept(writer)
    writer.commit()
    return found
