"""Going on with a plan that is kept: it is found, taken up, and its next phase is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from wizard import journal as journals
from wizard.checking import Checked, checked
from wizard.database.base import Catalog
from wizard.dialects.base import Size
from wizard.journal import Forced, Found, Journal, JournalPhase, moment
from wizard.model.answers import Answers
from wizard.model.errors import AcknowledgementError, AnswerError, ReachError
from wizard.model.plan import Phase
from wizard.pending import pending
from wizard.producing import Producer, Written
from wizard.replanning import dialect_of, planned
from wizard.workspace import Workspace

#: A gate's query may read a whole large table; it blocks nobody.
GATE_MS = 600_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """All that going on needs: where plans and databases are, and what this run has said."""

    workspace: Workspace
    answers: Answers
    accepted: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Force:
    """That the gate before a phase is to be passed although it fails, and why."""

    gate: str
    reason: str


def kept(desk: Desk) -> Found:
    """Return the plans kept in this root, newest first, and what is wrong with others."""
    return journals.find([journals.folder(one) for one in desk.workspace.projects(desk.answers)])


def resume(desk: Desk, name: str) -> tuple[Journal, Answers]:
    """Return a kept plan by its slug, or a part of it that only one has, and its answers."""
    there = kept(desk)
    plans = there.plans
    found = [one for one in plans if one.slug == name] or [one for one in plans if name in one.slug]
    # A change that was abandoned may have been begun anew under the same name.
    if len(found) > 1:
        found = [one for one in found if one.abandoned is None] or found[:1]
    if len(found) > 1:
        found = [one for one in found if one.next_phase is not None] or found
    if len(found) != 1:
        if not found and there.problems:
            raise there.problems[0]
        raise AnswerError(
            "several-plans" if found else "unknown-plan",
            f"there is {'more than one plan' if found else 'no plan'} called {name}",
            next_actions=(
                f"plans here: {', '.join(one.slug for one in found or plans) or 'none'}",
            ),
        )
    # Where the database is, is this machine's to say; the version is the plan's.
    answers = found[0].answers
    if desk.answers.text("database.url") is not None:
        answers = answers.put("database.schema", None)
    for key, value in desk.answers.values.items():
        if key.startswith("database.") or key == "project.directory":
            answers = answers.put(key, value)
    return found[0], answers


def write_next(
    desk: Desk,
    journal: Journal,
    *,
    confirmed: bool,
    force: Force | None = None,
    anyway: bool = False,
) -> Written:
    """Write the next phase of a kept plan, planned anew where the tables have changed meanwhile.

    Raises AcknowledgementError where the database does not stand where the plan needs it
    (`checking.checked`), when the gate's query returns a row, or when nobody has confirmed what
    only people can know (`gate`). ``force`` passes the query of the gate that it names; ``anyway``
    compares nothing and plans from the tables as they were.
    """
    phase = next_phase(journal)
    _stop_unless_next(force, journal, phase)
    project = desk.workspace.project(desk.answers)
    catalog, note = live(desk, needed=phase.gate is not None and phase.gate.query is not None)
    here = Checked(journal=journal, plan=planned(journal), notes=(note,) if note else ())
    if catalog is not None and anyway:
        told = "the tables were not compared, as you asked: planned from them as they were"
        here = replace(here, notes=(told,))
    elif catalog is not None:
        here = checked(here, catalog, project)
        journal, phase = here.journal, next_phase(here.journal)
        _stop_unless_next(force, journal, phase)
    stop_unless_confirmed(phase, confirmed=confirmed, command=f"migwiz next {journal.slug}")
    notes = here.notes
    if phase.gate is not None and phase.gate.query is not None and catalog is None:
        notes = (*notes, f"the gate before {phase.name} was not asked in any database")
    if phase.gate is not None and phase.gate.query is not None and catalog is not None:
        rows = _ask_gate(catalog, journal, phase, force)
        if force is not None and rows:
            forced = Forced(
                at=moment(desk.workspace.environment.now), reason=force.reason, rows=rows
            )
            journal = _with_phase(journal, replace(phase, forced=forced))
            notes = (*notes, f"gate forced: {force.reason} (it found {_listed(rows)})")
    if force is not None and not any(
        one.forced for one in journal.phases if one.name == phase.name
    ):
        notes = (*notes, f"the gate before {phase.name} holds: nothing had to be forced")
    rollout = desk.answers.rollout
    producer = Producer(
        plan=here.plan,
        environment=desk.workspace.environment,
        dialect=dialect_of(journal),
        sizes=lambda _: Size(rows=rollout.rows, bytes=rollout.bytes),
        late=pending(journal, project, catalog),
    )
    written = producer.write(project, [phase.name], journal, desk.accepted)
    return replace(written, notes=(*notes, *written.notes))


def _stop_unless_next(force: Force | None, journal: Journal, phase: JournalPhase) -> None:
    if force is not None and force.gate != phase.name:
        raise AnswerError(
            "other-gate",
            f"the gate before {force.gate} is not the next one",
            why=f"the next phase of {journal.slug} is {phase.name}",
            next_actions=(f"--force-gate {phase.name}",),
            flag="--force-gate",
        )


def next_phase(journal: Journal) -> JournalPhase:
    """Return the phase to write next; raises AnswerError where there is none."""
    journals.stop_if_abandoned(journal)
    phase = journal.next_phase
    if phase is None:
        raise AnswerError(
            "plan-finished",
            f"every phase of {journal.slug} is written",
            next_actions=(f"see what is still to be applied: migwiz status {journal.slug}",),
        )
    return phase


def stop_unless_confirmed(phase: Phase | JournalPhase, *, confirmed: bool, command: str) -> None:
    """Raise AcknowledgementError (`gate`) for a gate that needs people, when nobody has said yes."""
    if phase.gate is not None and phase.gate.people and not confirmed:
        raise AcknowledgementError(
            "gate",
            f"before {phase.name}: {phase.gate.text}",
            why="only you can know whether that holds",
            next_actions=(f"when it does: {command} --gate-open",),
            flag="--gate-open",
        )


def live(desk: Desk, *, needed: bool = False) -> tuple[Catalog | None, str]:
    """Return the database when there is one to ask, else None and what that means.

    Raises ReachError where it is ``needed`` and does not answer.
    """
    why = "it was read from a file"
    try:
        catalog = desk.workspace.connect(desk.answers)
        if catalog.live:
            return catalog, ""
    except ReachError as error:
        if needed:
            raise
        why = error.message
    return None, f"no live database was looked at ({why}): planned from the tables as they were"


def _ask_gate(
    catalog: Catalog, journal: Journal, phase: JournalPhase, force: Force | None
) -> tuple[str, ...]:
    """Return some of the rows for which a gate fails; raises unless there are none, or it is forced."""
    assert phase.gate is not None
    assert phase.gate.query is not None
    query = phase.gate.query
    try:
        rows = catalog.query(query, limit=3, patience_ms=GATE_MS)
    except ReachError as error:
        if error.code != "query-failed":
            raise
        if force is not None:
            return (f"the query failed: {error.why}",)
        raise AcknowledgementError(
            "gate",
            f"the gate before {phase.name} cannot be asked in this database",
            why=error.why,
            next_actions=("apply the phase before it first, then ask again",),
        ) from None
    found = tuple(" ".join(map(str, row)) for row in rows)
    if found and force is None:
        raise AcknowledgementError(
            "gate",
            f"the gate before {phase.name} does not hold: {_listed(found)}, perhaps more",
            why=f"asked: {query}",
            next_actions=(
                *_finishing(journal, phase),
                f"or, if you know better: --force-gate {phase.name} --reason TEXT",
            ),
        )
    return found


def _finishing(journal: Journal, phase: JournalPhase) -> tuple[str, ...]:
    """Say how the rows that a gate has found come to be right."""
    before = journal.phases[: [one.name for one in journal.phases].index(phase.name)]
    if before and before[-1].name == "backfill":
        return (
            "apply the files of backfill, then ask again",
            f"or, where they count as applied: migwiz backfill run {journal.slug} fills what is "
            "left",
        )
    return ("mend the rows that it finds, then ask again",)


def _listed(rows: Sequence[str]) -> str:
    return f"{'row' if len(rows) == 1 else 'rows'} {', '.join(rows)}"


def _with_phase(journal: Journal, phase: JournalPhase) -> Journal:
    return replace(
        journal,
        phases=tuple(phase if one.name == phase.name else one for one in journal.phases),
    )
