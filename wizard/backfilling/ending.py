"""How a run ends, in words, and whether another sweep is worth it."""

from __future__ import annotations

from dataclasses import dataclass

from wizard.backfilling.lease import LeaseLost
from wizard.backfilling.progress import RunState
from wizard.model.counted import rows as counted_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """How a run has ended; ``remaining`` is None where nobody has counted."""

    state: RunState
    reason: str
    remaining: int | None = None


def ending(failure: Exception | None, *, stopped: bool, left: int | None) -> End:
    """Return how a run ends whose workers are done; ``left`` is how many rows need it still."""
    if isinstance(failure, LeaseLost):
        return End(
            state="failed",
            reason="another runner has taken this backfill over, as this one gave no sign of life; "
            "nothing was done twice",
        )
    if failure is not None:
        return End(state="failed", reason=str(failure))
    if stopped:
        return End(state="stopped", reason="asked to stop; run it again to go on")
    if left:
        need, they, them = ("needs", "it", "it") if left == 1 else ("need", "they", "them")
        return End(
            state="failed",
            reason=f"{counted_rows(left)} {need} it still: {they} came or changed behind the walk; "
            f"run it again, and see who writes {them}",
            remaining=left,
        )
    told = "the rows cannot tell" if left is None else "no row needs it any more"
    return End(state="done", reason=told, remaining=left)


def fewer(left: int, before: int | None) -> bool:
    """Tell whether another sweep may end it: at the first time, and while each leaves fewer rows."""
    return before is None or left < before
