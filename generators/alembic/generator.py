"""The Alembic generator: what `generators.base.Generator` promises."""

from __future__ import annotations

import ast
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from generators.alembic import detect as detection
from generators.alembic.assemble import finish, functions, indented
from generators.alembic.body import docstring_text, write_body
from generators.alembic.code import Quotes
from generators.alembic.naming import (
    DEFAULT_TEMPLATE,
    DEFAULT_TRUNCATE,
    file_name,
    for_people,
    in_style,
    local_moment,
    next_counter,
    next_revision,
    parse_scheme,
    spacing,
)
from generators.alembic.operations import Writer
from generators.alembic.style import DEFAULT_WIDTH
from generators.alembic.template import DEFAULT, Values, read_template, render
from generators.base import Commands, Evidence, FileEdit, Job, Project
from generators.header import header_lines, laid_out
from wizard.dialects.base import Dialect
from wizard.model.errors import ConflictError
from wizard.model.plan import Migration, PhaseName
from wizard.model.steps import AddIndex, DropIndex

_HEADER_WIDTH = 100


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
        names = _Names.of(project, job, ours)
        edits: list[FileEdit] = []
        for phase, migration in job.migrations:
            edit = _file(
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

    def commands(self, project: Project, edits: Sequence[FileEdit]) -> Commands:
        """Return how to apply these files and how to take them back."""
        revisions = [edit.revision for edit in edits if edit.revision]
        called = detection.command(project)
        last = revisions[-1] if revisions else "head"
        before = _parent_of(edits[0]) if revisions else None
        return Commands(
            apply=f"{called} upgrade {last}",
            revert=f"{called} downgrade {before or next(iter(project.heads), None) or 'base'}",
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
            next_actions=(f"{detection.command(project).replace(' upgrade', '')} merge heads",),
        )


@dataclass(kw_only=True)
class _Names:
    """What is taken while the files of one write are named."""

    scheme: str
    template: str
    limit: int
    moment: datetime
    counter: int
    revisions: set[str]
    paths: set[Path]

    @classmethod
    def of(cls, project: Project, job: Job, ours: Sequence[FileEdit]) -> _Names:
        options = project.options
        template = options.get("file_template", DEFAULT_TEMPLATE)
        stems = [name.removesuffix(".py") for name in _listed(project.directory)]
        scheme = options.get("ids", "")
        known = {*project.heads, *(edit.revision for edit in ours)}
        # Ids of older revisions stand in the files' names, or else cannot clash with random ones.
        known |= {part for stem in stems for part in (stem, stem.partition("_")[0])}
        known |= {piece for stem in stems for piece in stem.replace("-", "_").split("_")}
        counted = [(stem, "") for stem in stems] if "%(rev)" not in template else []
        if "%(counter)" in template and not counted:
            counted = [
                (stem, piece)
                for stem in stems
                for piece in stem.replace("-", "_").split("_")
                if piece
            ]
        moment = local_moment(job.now, options.get("timezone"))
        return cls(
            scheme=scheme,
            template=template,
            limit=int(options.get("truncate", DEFAULT_TRUNCATE)),
            moment=moment + len(ours) * spacing(template),
            counter=next_counter(template, counted) + len(ours) if "%(counter)" in template else 0,
            revisions=known,
            paths={edit.path for edit in job.after},
        )

    def next(self, project: Project, job: Job, title: str) -> tuple[str, Path, datetime]:
        """Return the next revision, path and moment, and count them as taken."""
        revision = next_revision(
            parse_scheme(self.scheme), taken=self.revisions, new_id=job.new_id, moment=self.moment
        )
        moment = self.moment
        name = file_name(
            self.template,
            revision=revision,
            message=title,
            moment=moment,
            limit=self.limit,
            counter=self.counter,
        )
        path = project.directory / name
        if path in self.paths or path.exists():
            raise ConflictError(
                "file-exists",
                f"there is a file {name} already",
                why=f"file_template makes the same name twice ({for_people(self.template)})",
                next_actions=("wait a minute, or change file_template so that it holds the id",),
            )
        self.revisions.add(revision)
        self.paths.add(path)
        self.moment += spacing(self.template)
        self.counter += 1
        return revision, path, moment


def _listed(folder: Path) -> list[str]:
    try:
        return [name for name in os.listdir(folder) if name.endswith(".py")]
    except OSError:
        return []


def _file(
    *,
    project: Project,
    job: Job,
    phase: PhaseName,
    migration: Migration,
    template: str,
    parent: str | None,
    names: _Names,
) -> FileEdit:
    options = project.options
    sample = options.get("messages", "a")
    title = in_style(" ".join(migration.title.split()), (sample, sample))
    revision, path, moment = names.next(project, job, title)
    mark = options.get("quote", '"')
    writer = Writer(
        dialect=job.dialect,
        quotes=Quotes(mark=mark),
        width=int(options.get("width", DEFAULT_WIDTH)),
        marked_indexes=bool(options.get("marked_indexes")),
    )
    body = write_body(migration, writer, project.transactions)
    message = docstring_text(title)
    rendered = render(
        template,
        Values(
            message=message,
            up_revision=revision,
            down_revision=parent,
            create_date=moment,
            upgrades=indented(body.up),
            downgrades=indented(body.down),
        ),
        folder=project.root,
    )
    lines = [*header_lines(job, phase, migration), *_notes(project, migration)]
    header = [docstring_text(line) for line in laid_out(lines, width=_HEADER_WIDTH)]
    content = finish(
        rendered,
        body,
        modules=frozenset(writer.modules),
        header=header,
        title=message,
        mark=mark,
        double_identifiers=options.get("id_quote") == '"' or bool(options.get("imagined")),
    )
    up, down = functions(content)
    return FileEdit(
        path=path,
        content=content,
        phase=phase,
        language="python",
        up=up,
        down=down,
        slug=migration.slug,
        title=title,
        revision=revision,
    )


def _notes(project: Project, migration: Migration) -> list[tuple[str, str]]:
    """Warn where env.py's own locks meet an index build (safety.md, conclusions 7 and 16)."""
    builds = any(
        isinstance(step, AddIndex | DropIndex) and step.concurrently
        for step in (*migration.up, *migration.down)
    )
    if not builds:
        return []
    found = []
    if project.options.get("advisory_lock") == "waits":
        text = (
            "env.py waits for an advisory lock: let no second run wait meanwhile, "
            "or both wait for each other"
        )
        found.append(("Note", text))
    if project.options.get("lock_timeout"):
        text = (
            "env.py sets lock_timeout: if it ends this build early, raise it for this run; "
            "running again repairs"
        )
        found.append(("Note", text))
    return found
