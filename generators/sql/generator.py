"""Plans as SQL files, in the layout of the runner that the project uses."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from generators.base import Commands, FileEdit, Job, Project
from generators.header import header_lines
from generators.ledger import Ledger, Unrecorded
from generators.sql import atlas_sum
from generators.sql.additions import as_lately_added
from generators.sql.checking import check_script
from generators.sql.forward import aside
from generators.sql.layout import Direction, Draft, Interruption, Layout, Written
from generators.sql.layouts import layouts
from generators.sql.pieces import Piece, pieces
from generators.sql.tree import survey
from generators.ties import Tie
from wizard.dialects.base import Dialect
from wizard.model.errors import AnswerError, ConflictError
from wizard.model.names import slugify
from wizard.model.steps import Backfill, Batched, Step

_CONFIDENCE = ("high", "medium", "low")
_SLUG_LIMIT = 60
#: The layout of files that no other one claims.
_ANYBODYS = "plain"

#: Runners that send a file to SQLite as it is.
_NO_TRANSACTION = frozenset({"prisma"})


class SqlGenerator:
    """Raw SQL. What differs between runners is in the layouts."""

    framework = "sql"
    label = "raw SQL"

    def detect(self, root: Path) -> list[Project]:
        """Return every folder of SQL migrations below the root, best first."""
        tree = survey(root)
        found = [
            project
            for layout in layouts().values()
            for project in layout.detect(tree)
            if not aside(project.directory)
        ]
        claimed = {project.directory for project in found if project.layout != _ANYBODYS}
        found = [
            project
            for project in found
            if project.layout != _ANYBODYS or project.directory not in claimed
        ]
        return sorted(
            found, key=lambda one: (_CONFIDENCE.index(one.confidence), str(one.directory))
        )

    def imagine(
        self,
        root: Path,
        dialect: Dialect,  # noqa: ARG002  no layout's default depends on the engine
        layout: str | None = None,
    ) -> Project:
        """Return the project which a layout's own tool would set up; golang-migrate's by default.

        Raises AnswerError for an unknown layout.
        """
        return _layout(layout or "golang-migrate").imagine(root)

    def render(self, project: Project, job: Job) -> tuple[FileEdit, ...]:
        """Return the files of the job's migrations; see the generator protocol."""
        layout = _layout(project.layout)
        _refuse_torn(layout, job)
        job = _as_written(job)
        if project.problems and project.options.get("broken"):
            raise ConflictError(
                "broken-history",
                f"{layout.label} would refuse {project.directory.name}: {project.problems[0]}",
                why="a new file cannot follow a history which the runner itself does not read",
                next_actions=("repair the files, then write again",),
            )
        project = as_lately_added(project, layout)
        # What a layout cannot know before: companions may name the engine.
        project = replace(project, options={**project.options, "engine": job.dialect.name})
        taken = [
            edit.revision
            for edit in job.after
            if edit.path.is_relative_to(project.directory) and edit.revision
        ]
        plans = [
            pieces(
                migration,
                dialect=job.dialect,
                sizes=job.sizes,
                one_statement=layout.one_statement(job.dialect),
            )
            for _, migration in job.migrations
        ]
        versions = layout.next_versions(
            project, taken=taken, now=job.now, count=sum(len(plan) for plan in plans)
        )
        before = taken[-1] if taken else project.heads[0] if project.heads else None
        line: tuple[str | None, ...] = (before, *versions)
        edits: list[FileEdit] = []
        files: list[Written] = []
        slugs: list[str] = []
        previous: Written | None = None
        at = 1
        for (phase, migration), plan in zip(job.migrations, plans, strict=True):
            header = header_lines(job, phase, migration)
            for number, piece in enumerate(plan, start=1):
                slug = migration.slug
                if piece.suffix:
                    slug = f"{slug[:_SLUG_LIMIT]}_{piece.suffix}"
                slug = slugify(slug, limit=_SLUG_LIMIT + 12)
                draft = Draft(
                    version=versions[at - 1],
                    slug=slug,
                    header=(*header, *_about(piece, number, len(plan))),
                    repairs=_repairs(layout, piece, line, at),
                    dialect=job.dialect,
                    up=piece.up,
                    down=piece.down,
                    steps=piece.steps,
                    namesakes=slugs.count(slug),
                    previous=previous,
                )
                slugs.append(slug)
                fresh = [
                    replace(written, content=layout.escape(written.content))
                    for written in layout.write(project, draft)
                ]
                previous = fresh[0]
                for escaped in fresh:
                    files.append(escaped)
                    edits.append(
                        FileEdit(
                            path=Path(os.path.normpath(project.directory / escaped.name)),
                            content=escaped.content,
                            phase=phase,
                            language=escaped.language,
                            up=escaped.up,
                            down=escaped.down,
                            slug=migration.slug,
                            title=migration.title,
                            revision=draft.version,
                        )
                    )
                at += 1
        # A sum may lie beside files of any layout.
        beside = (
            *layout.companions(project, files, now=job.now),
            *atlas_sum.beside(project, files),
        )
        edits += [
            FileEdit(
                path=one.path,
                content=one.content,
                before=one.before,
                action="create" if one.before is None else "edit",
                phase=job.migrations[-1][0],
                language=one.language,
            )
            for one in {each.path: each for each in beside}.values()
        ]
        return tuple(edits)

    def check(self, edits: Sequence[FileEdit], dialect: Dialect) -> None:
        """Raise an AssertionError when a file holds what no parser of the dialect understands."""
        for edit in edits:
            for text in (edit.up, edit.down):
                check_script(text, dialect, name=edit.path.name)

    def ledger(self, project: Project, dialect: Dialect) -> Ledger | Unrecorded:
        """Return where the runner records what is applied."""
        return _layout(project.layout).ledger(project, dialect)

    def ties(self, project: Project, edits: Sequence[FileEdit]) -> tuple[Tie, ...]:
        """Return nothing: files of SQL follow each other by their names."""
        del project, edits
        return ()

    def commands(self, project: Project, edits: Sequence[FileEdit]) -> Commands:
        """Return how to apply and revert these files."""
        versions = tuple(dict.fromkeys(edit.revision for edit in edits if edit.revision))
        return _layout(project.layout).commands(project, versions)


def _refuse_torn(layout: Layout, job: Job) -> None:
    """Raise AnswerError where values would be kept and overwritten without one transaction for both."""
    torn = any(
        isinstance(step, Backfill) and step.keep is not None and not job.dialect.batch_script(step)
        for _, migration in job.migrations
        for step in (*migration.up, *migration.down)
    )
    if torn and layout.name in _NO_TRANSACTION:
        raise AnswerError(
            "unsupported",
            f"{layout.label} runs a file for {job.dialect.title} in no transaction, so that old "
            "values cannot be kept safely",
            next_actions=(
                "let migwiz backfill run do it (--backfill runner)",
                "or overwrite the values for good (--keep-old no)",
            ),
            flag="--keep-old",
        )


def _as_written(job: Job) -> Job:
    """Return the job with the backfills that no statement can walk as what they become: one UPDATE."""

    def written(step: Step) -> Step:
        if isinstance(step, Batched) and step.key and not job.dialect.batch_script(step):
            return replace(step, key=(), key_types=())
        return step

    return replace(
        job,
        migrations=tuple(
            (
                phase,
                replace(
                    migration,
                    changes=tuple(
                        replace(one, step=written(one.step), undo=tuple(map(written, one.undo)))
                        for one in migration.changes
                    ),
                ),
            )
            for phase, migration in job.migrations
        ),
    )


def _layout(name: str | None) -> Layout:
    known = layouts()
    if name is None or name not in known:
        raise AnswerError(
            "unknown-layout",
            f"migwiz knows no layout of SQL files called {name!r}",
            next_actions=(f"use one of: {', '.join(known)}",),
            flag="--layout",
        )
    return known[name]


def _about(piece: Piece, number: int, count: int) -> tuple[tuple[str, str], ...]:
    if count == 1:
        return ()
    purpose = f": {piece.purpose}" if piece.purpose else ""
    return (("File", f"{number} of {count} of this migration{purpose}"),)


def _repairs(
    layout: Layout, piece: Piece, line: Sequence[str | None], at: int
) -> dict[Direction, str]:
    """Return what to do when this file is cut short; ``line[at]`` is the file's own version."""
    told: dict[Direction, str] = {}
    if piece.again_up is not None:
        told["up"] = layout.repair(
            Interruption(
                direction="up",
                start=line[at - piece.again_up - 1],
                files=piece.again_up + 1,
                index=piece.index_up,
            )
        )
    if piece.again_down is not None:
        told["down"] = layout.repair(
            Interruption(
                direction="down",
                start=line[at + piece.again_down],
                files=piece.again_down + 1,
                index=piece.index_down,
            )
        )
    return told
