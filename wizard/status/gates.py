"""Asking a gate: its query is run read-only; what only people know stays theirs."""

from __future__ import annotations

from wizard.database.base import Catalog
from wizard.journal import Forced, JournalPhase
from wizard.model.errors import ReachError
from wizard.model.plan import Gate
from wizard.standing import GateStanding, GateState

#: A gate's query may read a whole large table; it blocks nobody.
PATIENCE_MS = 600_000
_SHOWN = 3


def gate_standing(
    phase: JournalPhase, catalog: Catalog | None, *, early: str = ""
) -> GateStanding | None:
    """Return where a phase's gate stands; ``early`` says why it is too early to ask."""
    gate = phase.gate
    if gate is None:
        return None
    if phase.forced is not None:
        return _forced(gate, phase.forced)
    if gate.query is None:
        return _standing(gate, "people")
    if early or catalog is None:
        return _standing(gate, "unknown", why=early or "not connected")
    try:
        rows = catalog.query(gate.query, limit=_SHOWN, patience_ms=PATIENCE_MS)
    except ReachError as error:
        why = error.why or error.message
        if error.code == "query-failed":
            why = f"the query cannot be run as the database is now: {why}"
        return _standing(gate, "unknown", why=why)
    if rows:
        return _standing(gate, "fails", rows=tuple(", ".join(map(str, row)) for row in rows))
    return _standing(gate, "holds")


def unasked(phase: JournalPhase) -> GateStanding | None:
    """Return the gate of a phase that is applied, which has passed it."""
    if phase.gate is None:
        return None
    if phase.forced is not None:
        return _forced(phase.gate, phase.forced)
    return _standing(phase.gate, "holds", why="not asked again: the phase is applied")


def _forced(gate: Gate, forced: Forced) -> GateStanding:
    why = f"{forced.reason}, on {forced.at[:10]}"
    return _standing(gate, "forced", rows=forced.rows, why=why)


def _standing(
    gate: Gate, state: GateState, *, rows: tuple[str, ...] = (), why: str = ""
) -> GateStanding:
    return GateStanding(
        text=gate.text,
        state=state,
        query=gate.query,
        people=gate.people,
        rows=rows,
        why=why,
    )
