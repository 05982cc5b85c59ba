"""Whether a database stands where the next phase of a plan needs it, and what others have changed.

Three outcomes: what was written is not applied there; what others have changed is taken into the
plan, which is made anew; or what was written no longer fits, and nothing is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from generators import generators
from generators.base import Project
from wizard.database.base import Catalog
from wizard.drift import Comparison, collapsed, compare, lost, names_in, states
from wizard.drift_update import brought_up
from wizard.drift_words import lacking, since
from wizard.journal import Journal, JournalPhase
from wizard.model.errors import AcknowledgementError, AnswerError
from wizard.model.plan import Plan
from wizard.model.schema import Schema, Table
from wizard.model.schema_edits import CannotApply
from wizard.pending import recorded
from wizard.removing import edits_of, removing
from wizard.replanning import (
    WrittenOtherwise,
    before,
    dialect_of,
    renewed,
    start,
    sync_triggers,
    written_steps,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A plan and its file as they are now; ``notes`` say what was found."""

    journal: Journal
    plan: Plan
    notes: tuple[str, ...] = ()


def expected(journal: Journal, plan: Plan) -> tuple[Schema, ...]:
    """Return the tables before the plan and after each of its phases that is written."""
    try:
        return states(start(journal), written_steps(plan, journal))
    except CannotApply as error:
        raise AnswerError(
            "plan-file-broken",
            f"the plan file of {journal.slug} contradicts itself",
            why=f"its tables do not fit its phases: {error}",
            next_actions=("take the file back from version control",),
        ) from None


def looked_at(catalog: Catalog, awaited: Sequence[Schema]) -> Schema:
    """Return the tables and types of a plan as they are in the database."""
    tables: list[Table] = []
    kinds = {(one.name, one.kind) for schema in awaited for one in schema.tables}
    for name in names_in(awaited):
        try:
            found = catalog.table(name)
        except AnswerError as error:
            if error.code != "unknown-table":
                raise
            continue
        # A view that the plan has put in a table's place is not the table.
        if found.kind not in ("view", "materialized view") or (name, found.kind) in kinds:
            tables.append(found)
    names = {one.name for schema in awaited for one in schema.enums}
    enums = tuple(one for one in catalog.enums() if one.name in names) if names else ()
    return Schema(tables=tuple(tables), enums=enums)


def compared(journal: Journal, plan: Plan, catalog: Catalog, project: Project) -> Comparison:
    """Return the database beside the plan.

    Raises AcknowledgementError: `other-database`, `table-gone` where the plan has been run in it
    and none of its tables is there any more.
    """
    if catalog.dialect != journal.dialect:
        raise AcknowledgementError(
            "other-database",
            f"the plan {journal.slug} is for {journal.dialect}, and {catalog.database} is "
            f"{catalog.dialect}",
            next_actions=("name the plan's own database",),
            flag="--url",
        )
    awaited = expected(journal, plan)
    live = looked_at(catalog, awaited)
    if not live.tables and awaited[-1].tables:
        names = ", ".join(str(one.name) for one in awaited[-1].tables)
        raise _without_tables(journal, catalog, project, names)
    return compare(awaited, collapsed(live, sync_triggers(plan, dialect_of(journal))))


def _without_tables(
    journal: Journal, catalog: Catalog, project: Project, names: str
) -> AcknowledgementError:
    """Return the error for a database without the plan's tables: another one, or they were dropped."""
    applied = recorded(journal, project, catalog).applied
    late = [
        replace(phase, files=tuple(one for one in phase.files if one.revision not in applied))
        for phase in journal.written_phases
    ]
    dropped = f"if {names} was dropped for good: {removing(journal, late, project, whole=True)}"
    if not applied:
        return AcknowledgementError(
            "other-database",
            f"the database {catalog.database} does not hold {names}",
            why=f"the plan {journal.slug} is for a database that does",
            next_actions=("name that one with --url", f"or, {dropped}"),
            flag="--url",
        )
    return AcknowledgementError(
        "table-gone",
        f"{names} is not there any more in the database {catalog.database}",
        why=f"files of {journal.slug} are applied there, so it has been dropped or renamed since; "
        "without it there is nothing to go on with, and nothing to take back",
        next_actions=(
            f"{dropped}; files that are applied stay where they are",
            "if it should be there: bring it back as it was, under its name, then ask again",
        ),
    )


def checked(here: Checked, catalog: Catalog, project: Project) -> Checked:
    """Return the plan as it has to go on in this database.

    Raises AcknowledgementError: `other-database`, `table-gone`, `phase-not-applied` where files are not run yet,
    `plan-undone` where a part of the plan is gone, `plan-outdated` where what was written would
    come out otherwise.
    """
    journal = here.journal
    found = compared(journal, here.plan, catalog, project)
    if found.broken:
        raise undone(journal, found, project)
    if found.applied < len(journal.written_phases):
        raise _not_applied(journal, found.applied, project)
    return _with_drift(here, found)


def _with_drift(here: Checked, found: Comparison) -> Checked:
    drift = [one for one in found.drift if one.told]
    if not drift:
        return here
    told = tuple(dict.fromkeys(since(one) for one in drift))
    notes = (*here.notes, *(f"since the plan was made: {one}" for one in told))
    journal, plan = here.journal, here.plan
    gone = lost(found.drift)
    if gone:
        raise _outdated(journal, told, f"the plan needs {gone[0].place.table}")
    now = brought_up(before(journal), found.drift)
    if now == before(journal) or journal.takes_back is not None:
        # What is taken back is what was written, whatever came to stand beside it.
        return replace(here, notes=notes)
    try:
        fresh = renewed(journal, plan, now)
    except WrittenOtherwise as error:
        raise _outdated(journal, told, str(error)) from None
    except AnswerError as error:
        raise _outdated(journal, told, error.message) from None
    if fresh.plan != plan:
        notes = (*notes, "the phases that are not written yet were planned anew with it")
    return Checked(journal=fresh.journal, plan=fresh.plan, notes=notes)


def _outdated(journal: Journal, told: Sequence[str], why: str) -> AcknowledgementError:
    return AcknowledgementError(
        "plan-outdated",
        f"since the plan was made: {'; '.join(told)}",
        why=f"the files that are written no longer fit, and what follows would build on them: {why}",
        next_actions=(
            "bring the tables back to what they were, then ask again",
            f"or take back what is written, and plan anew: migwiz abandon {journal.slug}",
        ),
    )


def undone(journal: Journal, found: Comparison, project: Project) -> AcknowledgementError:
    """Return the error for a database that does not hold what the plan has made."""
    last = journal.written_phases[-1]
    parts = [lacking(one) for one in found.broken if one.told] or [
        lacking(one) for one in found.broken
    ]
    return AcknowledgementError(
        "plan-undone",
        f"{last.name} is written, but {'; '.join(parts)}",
        why="its files are run in part only, or somebody has changed what they made; what follows "
        "would build on it",
        next_actions=(
            f"if files were not run yet: {applying(journal.written_phases, project)}",
            "if they were: bring back what is missing (their downgrade and upgrade does)",
            f"or take back what is written: migwiz abandon {journal.slug}",
            "or, if you know that all is as it should be: --write-anyway",
        ),
    )


def _not_applied(journal: Journal, applied: int, project: Project) -> AcknowledgementError:
    late = journal.written_phases[applied:]
    return AcknowledgementError(
        "phase-not-applied",
        f"{late[0].name} is written, but not applied in this database",
        why="the next phase builds on what it makes",
        next_actions=(
            f"apply the phase before it first: {applying(late, project)}",
            "then ask again; or name the database in which it is, with --url",
        ),
    )


def applying(phases: Sequence[JournalPhase], project: Project) -> str:
    """Return the command that applies the files of some phases."""
    edits = edits_of(phases, project)
    return generators()[project.framework].commands(project, edits).apply if edits else ""
