"""From a plan to files on the disk, and what must be accepted before."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from generators import generators
from generators.base import Commands, FileEdit, Job, Project
from wizard import journal as journals
from wizard import memory, writer
from wizard.companions import Todo, companions
from wizard.dialects.base import Dialect, Size
from wizard.journal import Journal
from wizard.model.errors import AcknowledgementError
from wizard.model.handover import Handover
from wizard.model.names import TableName
from wizard.model.plan import Migration, PhaseName, Plan
from wizard.operations.long_backfills import asserting, command
from wizard.workspace import Environment


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Files to be applied by a command, or by a tool in their place and then marked by a command.

    ``command`` is empty where the framework has none for marking files. ``before`` is what has to
    be done before ``command``: the files only check that it was.
    """

    command: str
    before: str = ""
    handover: Handover | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a write left behind, and what comes next: ``stages`` in order.

    ``notes`` say what was found on the way, such as what others have changed since the plan was made.
    """

    paths: tuple[Path, ...]
    journal: Journal
    phase: PhaseName
    commands: Commands
    edits: tuple[FileEdit, ...]
    stages: tuple[Stage, ...]
    todos: tuple[Todo, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A loss that must be accepted before files are written: what ``--accept-loss`` takes."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Producer:
    """A plan with all that rendering it depends on."""

    plan: Plan
    environment: Environment
    dialect: Dialect
    sizes: Callable[[TableName], Size]
    #: What tells the project from others, to be kept with the files; None when nothing has to.
    choice: Mapping[str, str] | None = None
    #: Other plan files that change with this one.
    beside: tuple[Journal, ...] = ()
    #: Files that the runner is still to apply before those which are written.
    late: tuple[FileEdit, ...] = ()

    def files(
        self, project: Project, phases: Sequence[PhaseName] | None = None
    ) -> tuple[FileEdit, ...]:
        """Return the files of some phases (all when None), as they would be written."""
        chosen = [one for one in self.plan.phases if phases is None or one.name in phases]
        if not chosen:
            return ()
        new = self.plan.new_tables
        job = Job(
            title=self.plan.title,
            plan_slug=self.plan.slug,
            migrations=tuple(
                (one.name, self._written(each)) for one in chosen for each in one.migrations
            ),
            dialect=self.dialect,
            sizes=lambda name: Size(rows=0, bytes=0) if name in new else self.sizes(name),
            now=self.environment.now,
            new_id=self._ids(chosen[0].name),
            deploy={one.name: one.when for one in chosen},
            tools={slug: label for slug, (_, label) in self._tools().items()},
            before=dict.fromkeys(self.plan.by_runner, command(self.plan.slug)),
            whole=self.plan.migrations,
        )
        return generators()[project.framework].render(project, job)

    def _written(self, migration: Migration) -> Migration:
        """Return the migration as its file says it: the runner's only check that it has run."""
        if migration.slug not in self.plan.by_runner:
            return migration
        return asserting(migration, self.plan.slug, self.dialect)

    def _ids(self, first: PhaseName) -> Callable[[int], str]:
        """Return ids that are random between runs, and the same each time one plan is rendered."""
        count = 0

        def new_id(digits: int) -> str:
            nonlocal count
            count += 1
            text = f"{self.environment.seed}/{self.plan.slug}/{first}/{count}"
            return hashlib.sha256(text.encode()).hexdigest()[:digits]

        return new_id

    def pending(
        self, project: Project, phases: Sequence[PhaseName], journal: Journal
    ) -> tuple[tuple[FileEdit, ...], tuple[FileEdit, ...], Journal]:
        """Return what a write would write: the files, what is kept of them, and the journal in it."""
        edits = self.files(project, phases)
        recorded = journals.record(journal, edits, root=project.root, now=self.environment.now)
        kept = [_plan_file(one, phases[0]) for one in (recorded, *self.beside)]
        if self.choice is not None:
            remembered = memory.remember(project.root, self.choice, phases[0])
            kept += [remembered] if remembered else []
        return edits, tuple(kept), recorded

    def write(
        self,
        project: Project,
        phases: Sequence[PhaseName],
        journal: Journal,
        accepted: frozenset[str],
    ) -> Written:
        """Write the files of some phases and the plan file, all or nothing.

        Raises AcknowledgementError for a loss that was not accepted, ConflictError or ReachError
        when the files cannot be written.
        """
        losses = missing(self.plan, accepted, phases)
        if losses:
            raise AcknowledgementError(
                "loss-not-accepted",
                "; ".join(dict.fromkeys(one.reason for one in losses)),
                why="what these files lose cannot be brought back by their downgrade",
                next_actions=tuple(f"accept it with --accept-loss {one.name}" for one in losses),
                flag="--accept-loss",
            )
        edits, kept, recorded = self.pending(project, phases, journal)
        generator = generators()[project.framework]
        generator.check(edits, self.dialect)
        # Before the write: afterwards the new files name the latest migration, too.
        todos = companions(project, [edit.path for edit in edits], plans=journals.folder(project))
        paths = writer.write((*edits, *kept), root=project.root)
        commands = self._commands(project, edits)
        return Written(
            paths=paths,
            journal=recorded,
            phase=phases[-1],
            commands=commands,
            edits=edits,
            stages=tuple(self._stages(project, edits)),
            todos=todos,
            notes=tuple(self._with_late(project, edits, commands)),
        )

    def _commands(self, project: Project, edits: Sequence[FileEdit]) -> Commands:
        """Return how to apply files and those before them, and how to take back the files alone."""
        generator = generators()[project.framework]
        alone = generator.commands(project, edits)
        if not self.late:
            return alone
        return replace(alone, apply=generator.commands(project, (*self.late, *edits)).apply)

    def _with_late(
        self, project: Project, edits: Sequence[FileEdit], commands: Commands
    ) -> Iterator[str]:
        """Say which files a command applies, too, where it has to count them."""
        alone = generators()[project.framework].commands(project, edits)
        if alone.apply != commands.apply:
            names = ", ".join(dict.fromkeys(one.phase for one in self.late))
            yield f"{names} is not recorded as applied in this database: the command applies it, too"

    def _tools(self) -> dict[str, tuple[Handover, str]]:
        """Return, by migration, who does the work in place of the file, and the best tool's name."""
        return {
            slug: (one, one.best.label)
            for one in self.plan.handovers
            if one.best is not None
            for slug in one.migrations
        }

    def _stages(self, project: Project, edits: Sequence[FileEdit]) -> Iterator[Stage]:
        """Yield what to do with the files: those for one tool stand together."""
        tools = {slug: one for slug, (one, _) in self._tools().items()}
        numbered = (edit for edit in edits if edit.revision)
        runner = set(self.plan.by_runner)
        groups = groupby(numbered, key=lambda edit: (tools.get(edit.slug), edit.slug in runner))
        for at, ((handover, walked), files) in enumerate(groups):
            these = tuple(files)
            commands = (
                self._commands(project, these)
                if at == 0
                else generators()[project.framework].commands(project, these)
            )
            yield Stage(
                command=commands.apply if handover is None else commands.mark,
                before=command(self.plan.slug) if walked else "",
                handover=handover,
            )


def _plan_file(journal: Journal, phase: PhaseName) -> FileEdit:
    assert journal.path is not None
    before = journal.path.read_text(encoding="utf-8-sig") if journal.path.exists() else None
    return FileEdit(
        path=journal.path,
        content=journals.to_text(journal, before),
        phase=phase,
        action="create" if before is None else "edit",
        language="toml",
        before=before,
    )


def missing(
    plan: Plan, accepted: frozenset[str], phases: Sequence[PhaseName] | None = None
) -> tuple[Missing, ...]:
    """Return the losses in these phases that nobody has accepted yet.

    A loss is accepted by its migration's slug, by its phase, or by ``all``.
    """
    if "all" in accepted:
        return ()
    return tuple(
        Missing(name=migration.slug, reason=migration.reversibility.reason)
        for phase in plan.phases
        if phases is None or phase.name in phases
        for migration in phase.migrations
        if migration.reversibility.needs_acknowledgement
        and not {migration.slug, phase.name} & accepted
    )


def stop_if_refused(plan: Plan) -> None:
    """Raise AcknowledgementError for a plan that is refused or has no files."""
    if plan.refused is not None:
        raise AcknowledgementError(
            plan.refused.code,
            plan.refused.what,
            why=plan.refused.why,
            next_actions=(plan.refused.safer,) if plan.refused.safer else (),
        )
    if not plan.phases:
        raise AcknowledgementError(
            "nothing-to-write",
            plan.findings[0].what if plan.findings else "there is nothing to write",
            next_actions=tuple(
                # Indented below the word that stands before an action.
                "\n        ".join((f"{one.title}:", *one.text.splitlines()))
                for one in plan.snippets
            ),
        )
