"""What comes next for a plan, in one sentence and one command, and what has to come first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from wizard.standing import GateStanding, PhaseStanding
from wizard.status.files import GONE, RENAMED
from wizard.status.runs import Run


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """The end of a `PlanStanding`, with the same words."""

    next: str
    command: str = ""
    blocked: str = ""
    over: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """That ``migwiz backfill run`` fills the rows, and its run; None when it never began."""

    run: Run | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """How what is left of a phase is applied; ``drags`` are later phases that run with it."""

    command: str = ""
    drags: tuple[str, ...] = ()


def advise(
    slug: str,
    phases: Sequence[PhaseStanding],
    *,
    problem: str = "",
    connected: bool,
    steps: Callable[[PhaseStanding], Steps],
    filling: Filling | None = None,
) -> Advice:
    """Return what comes next.

    ``problem`` is what the runner itself would stumble over; ``steps`` returns how what is left of
    a phase's files is applied. ``filling`` is what is known of a runner of the plan's backfill.
    """
    current = _current(phases)
    if current is None:
        return Advice(next="nothing is left to do", over="finished")
    if current.state == "waiting":
        return _write(slug, phases, current, problem=problem, connected=connected)
    if current.name == "backfill" and filling is not None and not problem:
        return _fill(slug, current, filling)
    return _apply(phases, current, problem=problem, steps=steps(current))


def _current(phases: Sequence[PhaseStanding]) -> PhaseStanding | None:
    """Return the phase to care for: the first that is not done, or may not be."""
    unknown = [one for one in phases if one.state == "unknown"]
    # Who writes one phase after another has applied those before the last.
    last = max((one.written or "" for one in unknown), default="")
    for one in phases:
        if one.state == "applied" or not _runs(one):
            continue
        if one.state == "unknown" and one.written != last:
            continue
        return one
    return None


def _runs(phase: PhaseStanding) -> bool:
    return phase.state == "waiting" or any(one.revision for one in phase.files)


def _apply(
    phases: Sequence[PhaseStanding], phase: PhaseStanding, *, problem: str, steps: Steps
) -> Advice:
    what = {
        "written": f"apply the files of {phase.name}",
        "partly applied": f"apply the rest of {phase.name}",
    }.get(phase.state, f"apply the files of {phase.name}, unless that is done")
    gate = phase.gate
    # Files of several phases that were written at once have passed no gate yet.
    at_once = any(one.written == phase.written for one in _before(phases, phase))
    if gate is not None and gate.people and at_once and gate.state != "forced":
        what = f"make sure that {gate.text}; then {what}"
    waiting = next((one for one in phases if one.state == "waiting"), None)
    if phase.state == "unknown" and waiting is not None:
        what = f"{what}; after that comes {waiting.name}"
    what = f"{what} ({phase.when})"
    if steps.drags:
        others = " and ".join(steps.drags)
        what += (
            f", and no others yet: {steps.command} would run the files of {others} too, so move "
            "them aside until then"
        )
    return Advice(
        next=what,
        command="" if steps.drags else steps.command,
        blocked=problem or _damaged(phase) or _failing(phases, phase),
    )


def _fill(slug: str, phase: PhaseStanding, filling: Filling) -> Advice:
    """Return what comes next where rows are filled beside the files, which check that they are."""
    run, then = filling.run, f"then apply the files of {phase.name}"
    if run is not None and run.active and run.state == "paused":
        # Nobody but people lets it go on: who waits for it waits for ever.
        return Advice(
            next=f"let the backfill go on; {then}",
            command=f"migwiz backfill resume {slug}",
            blocked=f"the backfill was paused: {run.told}",
        )
    if run is not None and run.active:
        return Advice(
            next=f"wait until the backfill is done; {then}",
            command=f"migwiz backfill status {slug}",
            blocked=f"a backfill is at work: {run.told}",
        )
    return Advice(
        next=f"{'run' if run is None else 'go on with'} the backfill; {then}",
        command=f"migwiz backfill run {slug}",
        blocked=f"the backfill is not done: {run.told}" if run is not None else "",
    )


def _write(
    slug: str,
    phases: Sequence[PhaseStanding],
    phase: PhaseStanding,
    *,
    problem: str,
    connected: bool,
) -> Advice:
    gate, what = phase.gate, f"write the files of {phase.name}"
    if problem:
        return Advice(next=f"finish what comes before {phase.name}", blocked=problem)
    failing = _failing(phases, phase)
    if failing and gate is not None:
        return _mend(slug, phases, phase, gate, failing)
    if gate is None or (gate.state == "holds" and not gate.people) or gate.state == "forced":
        return Advice(next=what, command=f"migwiz next {slug}")
    what = f"make sure that {gate.text}; then {what}"
    silent = connected and gate.state == "unknown"
    blocked = f"the gate before {phase.name} cannot be asked: {gate.why}" if silent else ""
    said = " --gate-open" if gate.people else ""
    return Advice(next=what, command=f"migwiz next {slug}{said}", blocked=blocked)


def _mend(
    slug: str, phases: Sequence[PhaseStanding], phase: PhaseStanding, gate: GateStanding, why: str
) -> Advice:
    """Return what to do about the rows that a gate's query finds."""
    if _follows_backfill(phases, phase):
        # What is recorded as applied is not run again by any tool; the runner fills what is left.
        return Advice(
            next=f"fill the rows that are left; then write the files of {phase.name}",
            command=f"migwiz backfill run {slug}",
            blocked=why,
        )
    return Advice(
        next=f"mend the rows that the gate's query finds; then write the files of {phase.name}. "
        f"It asks: {gate.query}",
        blocked=why,
    )


def _before(phases: Sequence[PhaseStanding], phase: PhaseStanding) -> list[PhaseStanding]:
    return list(phases[: [one.name for one in phases].index(phase.name)])


def _damaged(phase: PhaseStanding) -> str:
    """Return which file is not as it was written and still to be applied, "" for none."""
    for one in phase.files:
        if one.note.startswith(RENAMED) and one.state != "applied":
            return f"{one.path} is {one.note}"
        if one.note and one.state != "applied":
            ending = "take it back from version control" if one.note == GONE else "look at it first"
            return f"{one.path} is {one.note}: {ending}"
    return ""


def _failing(phases: Sequence[PhaseStanding], phase: PhaseStanding) -> str:
    gate = phase.gate
    if gate is None or gate.state != "fails":
        return ""
    if _follows_backfill(phases, phase):
        why = f"the backfill has not filled all rows ({rows_told(gate)})"
    else:
        # The text may also name what only people know, which nobody has asked yet.
        why = f"its query finds {rows_told(gate)}"
    return f"the gate before {phase.name} fails: {why}"


def _follows_backfill(phases: Sequence[PhaseStanding], phase: PhaseStanding) -> bool:
    before = _before(phases, phase)
    return bool(before) and before[-1].name == "backfill"


def rows_told(gate: GateStanding) -> str:
    """Say which rows a gate's query has found."""
    word = "row" if len(gate.rows) == 1 else "rows"
    return f"{word} {', '.join(gate.rows)}"
