"""Abandoning a plan: files are written which bring the database back from where it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from generators import generators
from generators.base import Project
from wizard import journal as journals
from wizard.checking import compared, undone
from wizard.dialects.base import Size
from wizard.drift_words import since
from wizard.going_on import Desk, live, stop_unless_confirmed
from wizard.journal import Abandoned, Journal, JournalPhase, TakesBack, moment
from wizard.model.errors import AcknowledgementError, AnswerError
from wizard.model.plan import Gate
from wizard.pending import pending
from wizard.producing import Producer, Written
from wizard.removing import edits_of, removing, shown
from wizard.replanning import back_from, dialect_of, planned
from wizard.taking_back import no_way_back


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """How a plan is left: why, and whether files are written although nothing seems applied."""

    reason: str = ""
    confirmed: bool = False
    anyway: bool = False


def first_gate(journal: Journal) -> tuple[str, Gate | None]:
    """Return the first phase of the plan that takes this one back, and its gate."""
    if journal.abandoned is not None or journal.takes_back is not None:
        return "", None
    plan = back_from(planned(journal), [one.name for one in journal.written_phases], journal)
    return (plan.phases[0].name, plan.phases[0].gate) if plan.phases else ("", None)


def abandon(desk: Desk, journal: Journal, leaving: Leaving) -> Written:
    """Write the first files of a plan that takes a kept one back, and mark that one as abandoned.

    Raises AcknowledgementError: `nothing-applied` where its files can simply be removed,
    `plan-undone` where the database holds a part only, `no-way-back` for what cannot be taken
    back, `gate` when nobody has confirmed what only people can know; AnswerError for a plan that
    is abandoned or takes another one back.
    """
    journals.stop_if_abandoned(journal)
    if journal.takes_back is not None:
        raise AnswerError(
            "takes-back-already",
            f"{journal.slug} takes {journal.takes_back.plan} back already",
            why="what it has written is taken back by the downgrade of its files",
            next_actions=("run that, then remove its files and its plan file",),
        )
    project = desk.workspace.project(desk.answers)
    written = tuple(one for one in journal.written_phases if _is_there(one, project.root))
    if not written:
        raise _nothing_applied(journal, (), project)
    # Only what is still written counts: somebody may have removed the files of the last phase.
    kept = replace(journal, phases=written)
    plan = planned(journal)
    catalog, note = live(desk)
    notes = [note] if note else []
    if catalog is not None:
        found = compared(kept, plan, catalog, project)
        notes += [f"since the plan was made: {since(one)}" for one in found.drift if one.told]
        if found.broken and not leaving.anyway:
            raise _cut_short(undone(kept, found, project))
        if not found.broken and found.applied < len(written) and not leaving.anyway:
            raise _nothing_applied(journal, written[found.applied :], project)
    names = [one.name for one in written]
    stuck = no_way_back(plan, names)
    if stuck:
        raise AcknowledgementError(
            "no-way-back",
            f"{journal.slug} cannot be taken back: {'; '.join(stuck)}",
            why="migwiz writes no file that would only seem to bring it back",
            next_actions=("restore it from a backup, or go on with the plan",),
        )
    back = back_from(plan, names, journal)
    if not back.phases:
        raise _nothing_applied(journal, (), project)
    first = back.phases[0]
    command = f"migwiz abandon {journal.slug}"
    stop_unless_confirmed(first, confirmed=leaving.confirmed, command=command)
    now = desk.workspace.environment.now
    taking = journals.begin(
        back,
        journal.answers,
        project=project,
        dialect=journal.dialect,
        server_version=journal.server_version,
        tables=journal.tables,
        types=journal.types,
        enums=journal.enums,
        flavour=journal.flavour,
        now=now,
        takes_back=TakesBack(plan=journal.slug, phases=tuple(names), late=_late(written)),
    )
    taking = journals.apart(taking)
    mark = Abandoned(at=moment(now), reason=leaving.reason, by=taking.slug)
    rollout = journal.answers.rollout
    producer = Producer(
        plan=back,
        environment=desk.workspace.environment,
        dialect=dialect_of(journal),
        sizes=lambda _: Size(rows=rollout.rows, bytes=rollout.bytes),
        beside=(replace(journal, abandoned=mark),),
        late=pending(kept, project, catalog),
    )
    done = producer.write(project, [first.name], taking, desk.accepted)
    return replace(done, notes=(*notes, *done.notes))


def _late(written: Sequence[JournalPhase]) -> tuple[str, ...]:
    return tuple(f"{phase.name}/{slug}" for phase in written for slug in phase.late)


def _is_there(phase: JournalPhase, root: Path) -> bool:
    """Tell whether a file of a phase is still there; one without files counts as there."""
    found = journals.check_files(phase.files, root)
    return not found or any(one.state != "gone" or one.moved for one in found)


def _cut_short(error: AcknowledgementError) -> AcknowledgementError:
    """Return the error of a plan that stands in part, without the advice to abandon it."""
    return AcknowledgementError(
        error.code,
        error.message,
        why="files that take all of it back would fail where a part is missing",
        next_actions=(
            *error.next_actions[:2],
            "or have the files written all the same, and read them before they run: --write-anyway",
        ),
    )


def _nothing_applied(
    journal: Journal, phases: Sequence[JournalPhase], project: Project
) -> AcknowledgementError:
    whole = len(phases) == len(journal.written_phases) or not phases
    what = "nothing of it is" if whole else f"{', '.join(one.name for one in phases)} is not"
    ties = generators()[project.framework].ties(project, edits_of(phases, project))
    follows = [one for one in ties if one.instead]
    by_hand = removing(journal, phases, project, whole=whole) + (
        "" if whole else ", then ask again"
    )
    anyway = f"migwiz abandon {journal.slug} --write-anyway"
    elsewhere = "or, where another database holds it: name that one with --url"
    if follows:
        names = ", ".join(dict.fromkeys(shown(one.path, project) for one in follows))
        why = f"its files cannot simply be removed: {names} builds on {follows[-1].on}"
        actions = (
            f"have files written that take it back, behind {names}: {anyway}",
            f"or, while no database anywhere holds any of them: {by_hand}",
            elsewhere,
        )
    else:
        why = "what was never run needs no file that takes it back"
        actions = (
            by_hand,
            elsewhere,
            "or have files written that take it back all the same: --write-anyway",
        )
    return AcknowledgementError(
        "nothing-applied",
        f"{journal.slug}: {what} applied in this database",
        why=why,
        next_actions=actions,
    )
