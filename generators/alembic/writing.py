"""One migration to one file: its id, its name, its code, its header."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from generators.alembic.assemble import finish, functions, indented
from generators.alembic.body import write_body
from generators.alembic.history import Revision
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
from generators.alembic.template import Values, render
from generators.alembic.writer import Writer
from generators.base import FileEdit, Job, Project
from generators.header import header_lines, laid_out
from generators.python.code import Quotes
from generators.python.prose import docstring_text
from generators.python.style import DEFAULT_WIDTH
from wizard.model.errors import ConflictError
from wizard.model.plan import Migration, PhaseName
from wizard.model.steps import AddIndex, DropIndex

_HEADER_WIDTH = 100


@dataclass(kw_only=True)
class Names:
    """What is taken while the files of one write are named."""

    scheme: str
    template: str
    limit: int
    moment: datetime
    counter: int
    revisions: set[str]
    paths: set[Path]

    @classmethod
    def of(cls, project: Project, job: Job, ours: Sequence[FileEdit]) -> Names:
        """Return what is taken before the first file of a job; ``ours`` are planned already."""
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
        if "%(year)" in template:
            moment = _after_latest(project, moment, spacing(template))
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


def _after_latest(project: Project, moment: datetime, gap: timedelta) -> datetime:
    """Return a moment behind the newest revision's, so that files sort as they run.

    Files of one write are spaced apart and may carry times to come; more than two days ahead is
    not believed.
    """
    if project.latest is None:
        return moment
    try:
        text = (project.directory / project.latest).read_text(encoding="utf-8")
        written = Revision(revision="", parents=(), path=project.directory, text=text).created
        latest = datetime.fromisoformat(written[:19]).replace(tzinfo=moment.tzinfo)
    except (OSError, ValueError):
        return moment
    ahead = moment < latest + gap <= moment + timedelta(days=2)
    return latest + gap if ahead else moment


def _listed(folder: Path) -> list[str]:
    try:
        return [name for name in os.listdir(folder) if name.endswith(".py")]
    except OSError:
        return []


def write_file(
    *,
    project: Project,
    job: Job,
    phase: PhaseName,
    migration: Migration,
    template: str,
    parent: str | None,
    names: Names,
) -> FileEdit:
    """Return one migration's file, named and rendered as the project does it."""
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
