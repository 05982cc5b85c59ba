"""The Alembic generator: what `generators.base.Generator` promises."""

from __future__ import annotations

import ast
import json
from collections.abc import Sequence
from pathlib import Path

from generators.alembic import detect as detection
from generators.alembic import record
from generators.alembic.history import read_history
from generators.alembic.naming import DEFAULT_TEMPLATE, DEFAULT_TRUNCATE, for_people
from generators.alembic.template import DEFAULT, read_template
from generators.alembic.writing import Names, write_file
from generators.base import Commands, Evidence, FileEdit, Job, Project
from generators.ledger import Ledger, Unrecorded
from generators.python.style import DEFAULT_WIDTH
from generators.ties import Tie, instead_of
from wizard.dialects.base import Dialect
from wizard.model.errors import ConflictError


class AlembicGenerator:
    """Alembic, and Flask-Migrate on top of it."""

    framework = "alembic"
    label = "Alembic"

    def detect(self, root: Path) -> list[Project]:
        """Return every Alembic project below the root, the surest and nearest first."""
        return detection.detect(root)

    def imagine(
        self,
        root: Path,
        dialect: Dialect,  # noqa: ARG002  `alembic init` is the same for every engine
    ) -> Project:
        """Return the project that `alembic init alembic` would set up."""
        scripts = root.resolve() / "alembic"
        return Project(
            framework=self.framework,
            layout=None,
            root=root.resolve(),
            directory=scripts / "versions",
            confidence="low",
            evidence=(Evidence(what="what `alembic init alembic` would create", where="."),),
            pattern=for_people(DEFAULT_TEMPLATE),
            transactions="whole run",
            options={
                "scripts": str(scripts),
                "file_template": DEFAULT_TEMPLATE,
                "truncate": str(DEFAULT_TRUNCATE),
                "width": str(DEFAULT_WIDTH),
                "imagined": "yes",
            },
        )

    def render(self, project: Project, job: Job) -> tuple[FileEdit, ...]:
        """Return one file for each migration, each following the one before it."""
        _refuse_broken(project)
        imagined = project.options.get("imagined")
        template = DEFAULT if imagined else read_template(Path(project.options["scripts"]))
        ours = [edit for edit in job.after if edit.revision and edit.language == "python"]
        parent = ours[-1].revision if ours else next(iter(project.heads), None)
        names = Names.of(project, job, ours)
        edits: list[FileEdit] = []
        for phase, migration in job.migrations:
            edit = write_file(
                project=project,
                job=job,
                phase=phase,
                migration=migration,
                template=template,
                parent=parent,
                names=names,
            )
            parent = edit.revision
            edits.append(edit)
        return tuple(edits)

    def check(
        self,
        edits: Sequence[FileEdit],
        dialect: Dialect,  # noqa: ARG002  the SQL inside was made by the dialect
    ) -> None:
        """Raise an AssertionError when a file is no migration that Python and Alembic can load."""
        for edit in edits:
            name = edit.path.name
            try:
                tree = ast.parse(edit.content)
                compile(edit.content, name, "exec", dont_inherit=True)
            except (SyntaxError, ValueError) as error:
                raise AssertionError(f"{name} is not valid Python: {error}") from None
            defined = {one.name for one in tree.body if isinstance(one, ast.FunctionDef)}
            missing = {"upgrade", "downgrade"} - defined
            if missing:
                raise AssertionError(f"{name} has no {' and no '.join(sorted(missing))}")
            if not edit.content.endswith("\n") or edit.content.endswith("\n\n"):
                raise AssertionError(f"{name} does not end with one line end")
            left = [mark for mark in ("${", "<%") if mark in edit.content]
            if left and not any(mark in edit.up + edit.down for mark in left):
                raise AssertionError(f"{name} still holds template syntax: {left[0]}")

    def ledger(
        self,
        project: Project,
        dialect: Dialect,  # noqa: ARG002  Alembic's table is the same on every engine
    ) -> Ledger | Unrecorded:
        """Return the table of the revisions reached, as env.py names it."""
        return record.ledger(project)

    def ties(self, project: Project, edits: Sequence[FileEdit]) -> tuple[Tie, ...]:
        """Return the revisions that follow these, or depend on them."""
        gone = frozenset(edit.revision for edit in edits if edit.revision)
        folders = [Path(one) for one in json.loads(project.options.get("folders", "[]"))]
        recursive = project.options.get("recursive") == "yes"
        found = read_history(folders, recursive=recursive).revisions
        parents = {one.revision: one.parents for one in found}
        return tuple(
            Tie(path=one.path, on=name, instead=instead_of(name, parents, gone))
            for one in found
            if one.revision not in gone
            for name in (*one.parents, *one.depends_on)
            if name in gone
        )

    def commands(self, project: Project, edits: Sequence[FileEdit]) -> Commands:
        """Return how to apply these files and how to take them back."""
        revisions = [edit.revision for edit in edits if edit.revision]
        called = detection.command(project)
        last = revisions[-1] if revisions else "head"
        before = _parent_of(edits[0]) if revisions else None
        return Commands(
            apply=f"{called} upgrade {last}",
            revert=f"{called} downgrade {before or next(iter(project.heads), None) or 'base'}",
            mark=f"{called} stamp {last}",
        )


def _parent_of(edit: FileEdit) -> str | None:
    for node in ast.parse(edit.content).body:
        match node:
            case (
                ast.Assign(targets=[ast.Name(id="down_revision")], value=ast.Constant(value=value))
                | ast.AnnAssign(
                    target=ast.Name(id="down_revision"), value=ast.Constant(value=value)
                )
            ):
                return value if isinstance(value, str) else "base"
            case _:
                continue
    return None


def _refuse_broken(project: Project) -> None:
    if project.problems:
        raise ConflictError(
            "broken-history",
            f"Alembic's history in {project.directory.name} is broken: {project.problems[0]}",
            why="a new revision cannot follow a history that Alembic itself does not load",
            next_actions=("repair the version files (alembic history shows the fault)",),
        )
    if len(project.heads) > 1:
        raise ConflictError(
            "two-heads",
            f"Alembic's history has {len(project.heads)} heads: {', '.join(project.heads)}",
            why="a new revision follows one head, and which one is not for migwiz to choose",
            next_actions=(f"{detection.command(project)} merge heads",),
        )
