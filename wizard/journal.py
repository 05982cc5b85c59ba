"""The journal: one readable TOML file per plan in the user's repository.

It holds the answers, the phases with their gates and what was written of them, and the tables as
they were when the plan was made, so that the next phase can be planned on any machine. It holds
no password: a URL is kept only as ``env:NAME``.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from generators.base import FileEdit, Project
from wizard.model.answers import Answers, from_document, to_document
from wizard.model.codec import decode_enum, decode_table, encode
from wizard.model.errors import AnswerError, ReachError
from wizard.model.plan import PHASES, Gate, PhaseName, Plan
from wizard.model.schema import Enum, Table

VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalFile:
    """A file that was written: path below the project's root, revision id, hash of its content."""

    path: str
    revision: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalPhase:
    """A phase of the plan; ``files`` is empty and ``written`` None while it waits."""

    name: PhaseName
    when: str
    application: str
    gate: Gate | None = None
    written: str | None = None
    files: tuple[JournalFile, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    """One plan as it is kept. ``tables`` and ``enums`` are those it was planned from.

    ``types`` names all types of the database, whose columns a plan may make.
    """

    slug: str
    title: str
    created: str
    dialect: str
    server_version: str
    way_back: str
    answers: Answers
    phases: tuple[JournalPhase, ...]
    tables: tuple[Table, ...]
    types: tuple[str, ...] = ()
    #: The engine that speaks the dialect, with its own version; empty for the plain engine.
    flavour: str = ""
    enums: tuple[Enum, ...] = ()
    path: Path | None = None

    @property
    def next_phase(self) -> JournalPhase | None:
        """The first phase that was not written yet, None when all were."""
        return next((phase for phase in self.phases if phase.written is None), None)


def folder(project: Project) -> Path:
    """Return where a project's plan files are: ``plans`` in its folder, or beside its versions."""
    if project.keeping is not None:
        return project.keeping
    directory = project.directory
    return (directory.parent if directory.name == "versions" else directory) / "plans"


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
) -> Journal:
    """Return the journal of a plan of which nothing is written yet."""
    url = answers.text("database.url")
    if url is not None and not url.startswith("env:"):
        answers = answers.put("database.url", None)
    answers = answers.put("project.framework", project.framework)
    answers = answers.put("project.layout", project.layout).put("project.root", None)
    name = f"{now:%Y-%m-%d}-{plan.slug}.toml"
    return Journal(
        slug=plan.slug,
        title=plan.title,
        created=f"{now:%Y-%m-%dT%H:%M:%SZ}",
        dialect=dialect,
        server_version=server_version,
        way_back=str(plan.reversibility),
        answers=answers,
        phases=tuple(
            JournalPhase(
                name=phase.name, when=phase.when, application=phase.application, gate=phase.gate
            )
            for phase in plan.phases
        ),
        tables=tuple(tables),
        types=tuple(types),
        flavour=flavour,
        enums=tuple(enums),
        path=folder(project) / name,
    )


def record(journal: Journal, edits: Sequence[FileEdit], *, root: Path, now: datetime) -> Journal:
    """Return the journal after the files' phases were written."""
    phases = tuple(
        replace(
            phase,
            written=f"{now:%Y-%m-%dT%H:%M:%SZ}",
            files=tuple(
                JournalFile(
                    path=edit.path.relative_to(root).as_posix(),
                    revision=edit.revision,
                    sha256=hashlib.sha256(edit.content.encode()).hexdigest(),
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


def to_text(journal: Journal) -> str:
    """Return the file's text."""
    import tomli_w

    document: dict[str, Any] = {
        "version": VERSION,
        "plan": journal.slug,
        "title": journal.title,
        "created": journal.created,
        "dialect": journal.dialect,
        "server_version": journal.server_version,
        **({"flavour": journal.flavour} if journal.flavour else {}),
        "way_back": journal.way_back,
        "phase": [_phase_document(phase) for phase in journal.phases],
        "answers": {k: v for k, v in to_document(journal.answers).items() if k != "version"},
        "before": {
            "types": list(journal.types),
            "table": [encode(table) for table in journal.tables],
            **({"enum": [encode(one) for one in journal.enums]} if journal.enums else {}),
        },
    }
    head = (
        "# A migwiz plan. Commit it: it remembers what is written and what comes next.\n"
        f"# Next: migwiz next {journal.slug}\n\n"
    )
    return head + tomli_w.dumps(document)


def _phase_document(phase: JournalPhase) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": phase.name,
        "when": phase.when,
        "application": phase.application,
    }
    if phase.gate is not None:
        found["gate"] = phase.gate.text
        if phase.gate.query is not None:
            found["gate_query"] = phase.gate.query
        found["gate_needs_people"] = phase.gate.people
    found["status"] = "waiting" if phase.written is None else "written"
    if phase.written is not None:
        found["written"] = phase.written
        found["file"] = [encode(one) for one in phase.files]
    return found


def read(path: Path) -> Journal:
    """Read a plan file; raises ReachError when it cannot be read, AnswerError when it is broken."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ReachError(
            "plan-file-unreadable",
            f"cannot read the plan file {path.name}",
            why=str(error.strerror),
        ) from None
    except ValueError as error:
        raise _broken(path, str(error)) from None
    if document.get("version") != VERSION:
        raise _broken(
            path, f"version is {document.get('version')!r}, this migwiz reads version {VERSION}"
        )
    try:
        answers = from_document({"version": 1, **document["answers"]}, source=path.name)
        return Journal(
            slug=str(document["plan"]),
            title=str(document["title"]),
            created=str(document["created"]),
            dialect=str(document["dialect"]),
            server_version=str(document["server_version"]),
            way_back=str(document["way_back"]),
            answers=answers,
            phases=tuple(_phase(one) for one in document["phase"]),
            tables=tuple(decode_table(one) for one in document["before"].get("table", [])),
            types=tuple(document["before"].get("types", [])),
            flavour=str(document.get("flavour", "")),
            enums=tuple(decode_enum(one) for one in document["before"].get("enum", [])),
            path=path,
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise _broken(path, f"{error} is missing or out of place") from None


def _phase(document: Mapping[str, Any]) -> JournalPhase:
    name = document["name"]
    if name not in PHASES:
        raise KeyError(name)
    gate = document.get("gate")
    return JournalPhase(
        name=cast("PhaseName", name),
        when=str(document["when"]),
        application=str(document["application"]),
        gate=None
        if gate is None
        else Gate(
            text=str(gate),
            query=document.get("gate_query"),
            people=bool(document.get("gate_needs_people", True)),
        ),
        written=document.get("written"),
        files=tuple(JournalFile(**one) for one in document.get("file", [])),
    )


def _broken(path: Path, why: str) -> AnswerError:
    return AnswerError(
        "plan-file-broken",
        f"the plan file {path.name} does not read",
        why=why,
        next_actions=("mend it, or take it back from version control",),
    )


def find(folders: Sequence[Path]) -> tuple[Journal, ...]:
    """Return all plans in some folders, newest first; raises AnswerError for a broken one."""
    paths = sorted(
        {path for one in folders if one.is_dir() for path in one.glob("*.toml")},
        key=lambda path: path.name,
        reverse=True,
    )
    return tuple(read(path) for path in paths)
