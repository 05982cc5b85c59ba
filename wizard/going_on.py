"""Going on with a plan that is kept: it is found, taken up, and its next phase is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from wizard import journal as journals
from wizard.database.base import Catalog
from wizard.dialects.base import Size
from wizard.dialects.flavours import engine
from wizard.journal import Found, Journal
from wizard.model.answers import Answers
from wizard.model.enums import find_enum
from wizard.model.errors import AcknowledgementError, AnswerError, ReachError
from wizard.model.names import TableName
from wizard.model.schema import Table
from wizard.planner import Known, make_plan
from wizard.producing import Producer, Written
from wizard.workspace import Workspace, read_version

#: A gate's query may read a whole large table; it blocks nobody.
GATE_MS = 600_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """All that going on needs: where plans and databases are, and what this run has said."""

    workspace: Workspace
    answers: Answers
    accepted: frozenset[str] = frozenset()


def kept(desk: Desk) -> Found:
    """Return the plans kept in this root, newest first, and what is wrong with others."""
    return journals.find([journals.folder(one) for one in desk.workspace.projects(desk.answers)])


def resume(desk: Desk, name: str) -> tuple[Journal, Answers]:
    """Return a kept plan by its slug, or a part of it that only one has, and its answers."""
    there = kept(desk)
    plans = there.plans
    found = [one for one in plans if one.slug == name] or [one for one in plans if name in one.slug]
    if len(found) > 1 and len(going := [one for one in found if one.next_phase]) == 1:
        found = going
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


def write_next(desk: Desk, journal: Journal, *, confirmed: bool) -> Written:
    """Write the next phase of a kept plan, planned from the tables as they were.

    Its gate's query is asked; raises AcknowledgementError (`gate`) when a row comes back, or
    when nobody has confirmed what only people can know.
    """
    phase = journal.next_phase
    if phase is None:
        raise AnswerError("plan-finished", f"every phase of {journal.slug} is written")
    if phase.gate is not None and phase.gate.people and not confirmed:
        raise AcknowledgementError(
            "gate",
            f"before {phase.name}: {phase.gate.text}",
            why="only you can know whether that holds",
            next_actions=(f"when it does: migwiz next {journal.slug} --gate-open",),
            flag="--gate-open",
        )
    if phase.gate is not None and phase.gate.query is not None:
        _ask_gate(desk.workspace.connect(desk.answers), phase.name, phase.gate.query)
    rollout = desk.answers.rollout
    dialect = engine(journal.dialect, read_version(journal.server_version), journal.flavour)
    known = Known(
        dialect=dialect,
        table=_tables_of(journal),
        rollout=rollout,
        enums=journal.types,
        enum=partial(find_enum, journal.enums),
    )
    producer = Producer(
        plan=make_plan(desk.answers.operations, known),
        environment=desk.workspace.environment,
        dialect=dialect,
        sizes=lambda _: Size(rows=rollout.rows, bytes=rollout.bytes),
    )
    project = desk.workspace.project(desk.answers)
    return producer.write(project, [phase.name], journal, desk.accepted)


def _ask_gate(catalog: Catalog, name: str, query: str) -> None:
    try:
        rows = catalog.query(query, limit=3, patience_ms=GATE_MS) if catalog.live else []
    except ReachError as error:
        if error.code != "query-failed":
            raise
        raise AcknowledgementError(
            "gate",
            f"the gate before {name} cannot be asked in this database",
            why=error.why,
            next_actions=("apply the phase before it first, then ask again",),
        ) from None
    if rows:
        listed = ", ".join(str(row[0]) for row in rows)
        raise AcknowledgementError(
            "gate",
            f"the gate before {name} does not hold: row {listed}, perhaps more",
            why=f"asked: {query}",
            next_actions=("finish the phase before it, then ask again",),
        )


def _tables_of(journal: Journal) -> Callable[[TableName], Table]:
    def look_up(name: TableName) -> Table:
        for table in journal.tables:
            if table.name == name:
                return table
        # Also said of a table that a plan is about to make: it must not be there yet.
        raise AnswerError(
            "plan-file-broken",
            f"the plan file does not hold the table {name}",
            next_actions=("take the file back from version control",),
        )

    return look_up
