"""All plans of a root: read from the disk, and from the database where there is one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from generators import generators
from generators.base import FileEdit, Project
from generators.ledger import Reading
from wizard import journal as journals
from wizard.database.base import Catalog
from wizard.dialects.flavours import engine, told
from wizard.journal import Journal
from wizard.model.answers import Answers
from wizard.model.errors import AnswerError, MigwizError
from wizard.model.plan import PhaseName
from wizard.standing import FileStanding, PhaseStanding, PlanStanding
from wizard.status.advice import Advice, Filling, Steps, advise
from wizard.status.files import file_standings, home_of, phase_state, unapplied
from wizard.status.gates import gate_standing, unasked
from wizard.status.grounds import WHERE, Ground, by_database, ground_for
from wizard.workspace import Workspace


def standings(
    workspace: Workspace, answers: Answers, *, plan: str | None = None, offline: bool = False
) -> tuple[PlanStanding, ...]:
    """Return where all plans of a root stand, newest first; with ``plan`` just that one.

    Asks the database once for each runner's record, and a gate's query where its answer matters.
    Plan files that do not read are left out. Never raises for a database that is not there; raises
    AnswerError for a plan that is not there.
    """
    root = workspace.root(answers)
    owners = _owners(workspace.projects(answers))
    there = journals.find(list(owners))
    kept = sorted(there.plans, key=lambda one: one.created, reverse=True)
    if plan is not None:
        kept = [_named(kept, plan, there.problems)]
    found: dict[int, PlanStanding] = {}
    for url, group in by_database(workspace, answers, kept).items():
        with ground_for(workspace, answers, url, offline=offline) as ground:
            for at in group:
                found[at] = _standing(kept[at], _owner(owners, kept[at], root), root, ground)
    return tuple(found[at] for at in range(len(kept)))


def _standing(plan: Journal, project: Project, root: Path, ground: Ground) -> PlanStanding:
    notes = [ground.note] if ground.note else []
    catalog = ground.catalog
    if catalog is not None and catalog.dialect != plan.dialect:
        notes.append(f"the database is {catalog.dialect}, the plan is for {plan.dialect}: {WHERE}")
        catalog = None
    elif catalog is not None and not catalog.live:
        notes.append(f"not connected: a DDL file tells nothing of what is applied; {WHERE}")
        catalog = None
    home = home_of(plan, root)
    reading: Reading | None = None
    if catalog is not None and any(phase.files for phase in plan.phases):
        record = ground.record(project, catalog)
        if record.why:
            notes.append(f"not known what is applied: {record.why}")
        else:
            reading = record.of([one for phase in plan.phases for one in phase.files])
    plan_file = plan.path.name if plan.path is not None else "the plan file"
    files = {phase.name: file_standings(phase, home, reading, plan_file) for phase in plan.phases}
    phases = _phases(plan, files, catalog)
    advice = _abandoned(plan) or advise(
        plan.slug,
        phases,
        problem=reading.problem if reading else ground.note if ground.blocks else "",
        connected=catalog is not None,
        steps=partial(_steps, project, home, phases),
        filling=_filling(plan, ground, catalog),
    )
    return PlanStanding(
        slug=plan.slug,
        title=plan.title,
        created=plan.created,
        way_back=plan.way_back,
        phases=phases,
        next=advice.next,
        command=advice.command,
        blocked=advice.blocked,
        over=advice.over,
        notes=(*notes, *_odd(phases), *_aside(reading, advice)),
        database=_named_database(catalog),
    )


def _phases(
    plan: Journal,
    files: Mapping[PhaseName, tuple[FileStanding, ...]],
    catalog: Catalog | None,
) -> tuple[PhaseStanding, ...]:
    """Return the phases; gates are asked of those to come, once something before them is applied."""
    found: list[PhaseStanding] = []
    for phase in plan.phases:
        state = phase_state(phase, files[phase.name])
        if state == "applied":
            gate = unasked(phase)
        else:
            gate = gate_standing(phase, catalog, early=_too_early(plan, found))
        found.append(
            PhaseStanding(
                name=phase.name,
                state=state,
                when=phase.when,
                application=phase.application,
                way_back=phase.way_back,
                snippets=phase.snippets,
                written=phase.written,
                files=files[phase.name],
                gate=gate,
            )
        )
    return tuple(found)


def _too_early(plan: Journal, before: Sequence[PhaseStanding]) -> str:
    """Say why a gate is not asked: what the plan makes is not there; "" when it may be."""
    if plan.abandoned is not None:
        return "the plan is abandoned"
    known = [one for one in before if one.state != "unknown"]
    if before and len(known) == len(before) and before[0].state in ("waiting", "written"):
        return f"asked once {before[0].name} is applied"
    return ""


def _named_database(catalog: Catalog | None) -> str:
    if catalog is None:
        return ""
    dialect = engine(catalog.dialect, catalog.version, catalog.flavour)
    return f"{catalog.database}, {told(dialect)}"


def _filling(plan: Journal, ground: Ground, catalog: Catalog | None) -> Filling | None:
    """Return what is known of the runner of the plan's backfill, None where files fill the rows."""
    run = None if catalog is None else ground.run(plan.slug, catalog)
    if run is None:
        return Filling() if plan.answers.text("rollout.backfill") == "runner" else None
    return None if run.done else Filling(run=run)


def _abandoned(plan: Journal) -> Advice | None:
    if plan.abandoned is None:
        return None
    reason = f": {plan.abandoned.reason}" if plan.abandoned.reason else ""
    by = f"; {plan.abandoned.by} takes it back" if plan.abandoned.by else ""
    return Advice(next=f"abandoned on {plan.abandoned.at[:10]}{reason}{by}", over="abandoned")


def _steps(
    project: Project, home: Path, phases: Sequence[PhaseStanding], phase: PhaseStanding
) -> Steps:
    """Return how to apply the files of a phase, and which others a runner would apply with them."""
    found = unapplied(phase, home)
    if not found:
        return Steps()
    command = _apply(project, found)
    after = phases[phases.index(phase) + 1 :]
    later = [one for one in after if unapplied(one, home)]
    more = tuple(edit for one in later for edit in unapplied(one, home))
    # A runner that is told no file or number applies all that is pending.
    if more and command == _apply(project, (*found, *more)):
        return Steps(command=command, drags=tuple(one.name for one in later))
    return Steps(command=command)


def _apply(project: Project, found: Sequence[FileEdit]) -> str:
    try:
        return generators()[project.framework].commands(project, found).apply
    except (MigwizError, SyntaxError):
        return ""


def _odd(phases: Iterable[PhaseStanding]) -> Iterator[str]:
    """Yield what is to be known of files that are applied and not as they were written."""
    for phase in phases:
        for one in phase.files:
            if one.note and one.state == "applied":
                what, colon, advice = one.note.partition(": ")
                yield f"{one.path} is {what}, and applied{colon}{advice}"


def _aside(reading: Reading | None, advice: Advice) -> Iterator[str]:
    """Yield what the runner stumbles over where it is no longer this plan's trouble."""
    if reading is not None and reading.problem and reading.problem != advice.blocked:
        yield reading.problem


# --- which plan, and whose -----------------------------------------------------


def _owners(projects: Iterable[Project]) -> dict[Path, list[Project]]:
    found: dict[Path, list[Project]] = {}
    for one in projects:
        found.setdefault(journals.folder(one), []).append(one)
    return found


def _owner(owners: Mapping[Path, Sequence[Project]], plan: Journal, root: Path) -> Project:
    """Return the project of a plan: of those that keep plans in its folder, whose its files are."""
    assert plan.path is not None
    there = owners[plan.path.parent]
    framework, layout = plan.answers.text("project.framework"), plan.answers.text("project.layout")
    alike = [one for one in there if one.framework == framework and one.layout == layout]
    paths = [root / one.path for phase in plan.phases for one in phase.files]
    own = [one for one in alike if any(path.is_relative_to(one.directory) for path in paths)]
    return (own or alike or there)[0]


def _named(plans: Sequence[Journal], name: str, problems: Sequence[MigwizError]) -> Journal:
    found = [one for one in plans if one.slug == name] or [one for one in plans if name in one.slug]
    if len(found) > 1 and len(going := [one for one in found if one.next_phase]) == 1:
        found = going
    if len(found) == 1:
        return found[0]
    if not found and problems:
        raise problems[0]
    raise AnswerError(
        "several-plans" if found else "unknown-plan",
        f"there is {'more than one plan' if found else 'no plan'} called {name}",
        next_actions=(f"plans here: {', '.join(one.slug for one in found or plans) or 'none'}",),
    )
