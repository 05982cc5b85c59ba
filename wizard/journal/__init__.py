"""The journal: one readable TOML file per plan in the user's repository.

It holds the answers, the phases with their gates, who does what and what was written of them, and
the tables as they were when the plan was made, so that the next phase can be planned on any
machine. It holds no password: a URL is kept only as ``env:NAME``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from generators.base import FileEdit, Project
from wizard import memory
from wizard.journal.files import FileCheck, check_files, digest
from wizard.journal.plan_file import (
    VERSION,
    Abandoned,
    Forced,
    Journal,
    JournalFile,
    JournalPhase,
    TakesBack,
)
from wizard.journal.reading import broken, read
from wizard.journal.text import to_text
from wizard.model.answers import Answers
from wizard.model.errors import AnswerError, MigwizError
from wizard.model.plan import Phase, Plan, Snippet
from wizard.model.rollout import Rollout
from wizard.model.schema import Enum, Table

__all__ = [
    "VERSION",
    "Abandoned",
    "FileCheck",
    "Forced",
    "Found",
    "Journal",
    "JournalFile",
    "JournalPhase",
    "TakesBack",
    "apart",
    "begin",
    "broken",
    "check_files",
    "digest",
    "find",
    "folder",
    "moment",
    "phases_of",
    "read",
    "record",
    "stop_if_abandoned",
    "to_text",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The plans of some folders, newest first, and what is wrong with files that do not read."""

    plans: tuple[Journal, ...]
    problems: tuple[MigwizError, ...] = ()


def folder(project: Project) -> Path:
    """Return where a project's plan files are.

    The folder that ``[plans]`` in the project's memory names, else ``plans`` in the project's
    folder, or beside its versions. Raises AnswerError for a memory that cannot be read.
    """
    told = memory.plans_folder(project.root)
    if told is not None:
        return told
    if project.keeping is not None:
        return project.keeping
    directory = project.directory
    return (directory.parent if directory.name == "versions" else directory) / "plans"


def moment(now: datetime) -> str:
    """Return a time as plan files hold it, in UTC to the second."""
    return f"{now:%Y-%m-%dT%H:%M:%SZ}"


def phases_of(plan: Plan, rollout: Rollout) -> tuple[JournalPhase, ...]:
    """Return a plan's phases as they wait, each with what developers change for its deploy."""
    names = {phase.name for phase in plan.phases}
    # In a maintenance window all is one phase, and with it what the application changes.
    last = plan.phases[-1].name if plan.phases else None
    return tuple(
        JournalPhase(
            name=phase.name,
            when=phase.when,
            application=phase.application,
            migrations=_who(phase, rollout),
            way_back=phase.way_back,
            snippets=tuple(
                Snippet(phase=phase.name, title=one.title, text=one.text)
                for one in plan.snippets
                if (one.phase if one.phase in names else last) == phase.name
            ),
            gate=phase.gate,
        )
        for phase in plan.phases
    )


def _who(phase: Phase, rollout: Rollout) -> str:
    if rollout.stopped:
        return "whoever holds the maintenance window runs them while the application is stopped"
    if phase.name == "backfill":
        return "whoever deploys runs them; they take long on a large table and may be stopped"
    if rollout.migrate == "after":
        return "the deploy runs them after the new code has started"
    return "the deploy runs them before the new code starts"


def begin(
    plan: Plan,
    answers: Answers,
    *,
    project: Project,
    dialect: str,
    server_version: str,
    tables: Sequence[Table],
    types: Sequence[str],
    enums: Sequence[Enum] = (),
    now: datetime,
    flavour: str = "",
    takes_back: TakesBack | None = None,
) -> Journal:
    """Return the journal of a plan of which nothing is written yet."""
    url = answers.text("database.url")
    if url is not None and not url.startswith("env:"):
        answers = answers.put("database.url", None)
    answers = answers.put("project.framework", project.framework)
    answers = answers.put("project.layout", project.layout).put("project.root", None)
    path = folder(project) / f"{now:%Y-%m-%d}-{plan.slug}.toml"
    return Journal(
        slug=plan.slug,
        title=plan.title,
        created=moment(now),
        dialect=dialect,
        server_version=server_version,
        way_back=str(plan.reversibility),
        answers=answers,
        phases=phases_of(plan, answers.rollout),
        tables=tuple(tables),
        types=tuple(types),
        flavour=flavour,
        enums=tuple(enums),
        path=path,
        takes_back=takes_back,
    )


def apart(journal: Journal) -> Journal:
    """Return a new journal under a name that no other plan file has. Reads the disk."""
    assert journal.path is not None
    path, number = journal.path, 2
    while path.exists():
        path, number = journal.path.with_name(f"{journal.path.stem}-{number}.toml"), number + 1
    return replace(journal, path=path)


def record(journal: Journal, edits: Sequence[FileEdit], *, root: Path, now: datetime) -> Journal:
    """Return the journal after the files' phases were written."""
    phases = tuple(
        replace(
            phase,
            written=moment(now),
            files=tuple(
                JournalFile(
                    path=edit.path.relative_to(root).as_posix(),
                    revision=edit.revision,
                    sha256=digest(edit.content),
                )
                for edit in edits
                if edit.phase == phase.name and edit.action == "create"
            ),
        )
        if any(edit.phase == phase.name for edit in edits)
        else phase
        for phase in journal.phases
    )
    return replace(journal, phases=phases)


def stop_if_abandoned(journal: Journal) -> None:
    """Raise AnswerError (`plan-abandoned`) for a plan of which nothing more is to be run."""
    if journal.abandoned is None:
        return
    by = journal.abandoned.by
    raise AnswerError(
        "plan-abandoned",
        f"{journal.slug} is abandoned since {journal.abandoned.at[:10]}",
        why=journal.abandoned.reason,
        next_actions=(f"what takes it back goes on with: migwiz next {by}",) if by else (),
    )


def find(folders: Sequence[Path]) -> Found:
    """Return all plans in some folders, and beside them what is wrong with those that do not read."""
    paths = sorted(
        {path for one in folders if one.is_dir() for path in one.glob("*.toml")},
        key=lambda path: path.name,
        reverse=True,
    )
    plans, problems = [], []
    for path in paths:
        try:
            plans.append(read(path))
        except MigwizError as error:
            problems.append(error)
    return Found(plans=tuple(plans), problems=tuple(problems))
