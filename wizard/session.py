"""The session: answers become an operation, a plan, files, and a journal. The only door.

Front ends call nothing below this module. What reads the database or the disk may take time and
belongs in a worker; the answers themselves are immutable and cheap to replace.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from generators import generators
from generators.base import Commands, FileEdit, Generator, Job, Project
from generators.header import describe
from wizard import journal as journals
from wizard import writer
from wizard.command import command_line
from wizard.database.base import Catalog
from wizard.database.sources import Source, find_sources
from wizard.dialects import dialect as make_dialect
from wizard.dialects.base import Dialect, Size
from wizard.document import plan_document, strongest
from wizard.flow import visible
from wizard.journal import Journal
from wizard.model.answers import Answers, OperationAnswers, Value
from wizard.model.errors import AcknowledgementError, AnswerError, ConflictError, ReachError
from wizard.model.names import TableName, parse_table_name
from wizard.model.plan import Migration, PhaseName, Plan, Preflight
from wizard.model.rollout import Rollout
from wizard.model.schema import Enum, Table, TableSummary
from wizard.operations import operation, operations
from wizard.operations.base import Operation
from wizard.planner import Known, make_plan
from wizard.questions import Question, Situation


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """All that a run takes from outside: where, with which variables, when, and its randomness."""

    root: Path
    environ: Mapping[str, str]
    now: datetime
    seed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a write left behind, and what comes next."""

    paths: tuple[Path, ...]
    journal: Journal
    phase: PhaseName
    commands: Commands
    edits: tuple[FileEdit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A loss that must be accepted before files are written: what ``--accept-loss`` takes."""

    name: str
    reason: str


@dataclass(slots=True)
class _Cache:
    """What was read; emptied when the connection or the project changes."""

    projects: tuple[Project, ...] | None = None
    sources: tuple[Source, ...] | None = None
    catalog: Catalog | None = None
    opened: str = ""
    tables: tuple[TableSummary, ...] | None = None
    details: dict[TableName, Table] = field(default_factory=dict)
    enums: tuple[Enum, ...] | None = None
    plan: tuple[object, Plan] | None = None
    files: dict[object, tuple[FileEdit, ...]] = field(default_factory=dict)


class Session:
    """One change from the first answer to the written files."""

    def __init__(
        self,
        environment: Environment,
        answers: Answers | None = None,
        *,
        accepted: Sequence[str] = (),
    ) -> None:
        self.environment = environment
        self.answers = answers or Answers()
        self.accepted = frozenset(accepted)
        self._cache = _Cache()

    # --- answers -----------------------------------------------------------------------------

    def put(self, key: str, value: Value) -> None:
        """Answer a question of project, database or rollout (dotted key), or take it back."""
        self.answers = self.answers.put(key, value)

    def choose(self, kind: str) -> None:
        """Choose what to change; answers that the new operation knows too are kept."""
        wanted = operation(kind)
        current = self.answers.operations[:1]
        known = {question.key for question in wanted.questions}
        kept = {key: value for one in current for key, value in one.values.items() if key in known}
        self.answers = self.answers.with_operation(OperationAnswers(kind=kind, values=kept))

    def answer(self, key: str, value: Value) -> None:
        """Answer a question of the chosen operation, or take the answer back with None."""
        self.answers = self.answers.with_operation(self.answers.operations[0].put(key, value))

    def accept(self, name: str, *, accepted: bool = True) -> None:
        """Accept a loss by the name that `missing` gives, or take that back."""
        self.accepted = self.accepted | {name} if accepted else self.accepted - {name}

    @property
    def operation(self) -> Operation | None:
        """The chosen operation."""
        return operation(self.answers.operations[0].kind) if self.answers.operations else None

    @staticmethod
    def operations() -> tuple[Operation, ...]:
        """All operations there are, in the order of their groups."""
        from wizard.operations.base import GROUPS

        return tuple(
            sorted(operations().values(), key=lambda one: (GROUPS.index(one.group), one.kind))
        )

    # --- project -----------------------------------------------------------------------------

    @property
    def root(self) -> Path:
        """The folder in which projects are looked for."""
        given = self.answers.text("project.root")
        return (self.environment.root / given).resolve() if given else self.environment.root

    def projects(self) -> tuple[Project, ...]:
        """Return every project below the root, best first. Reads the disk."""
        if self._cache.projects is None:
            found = [one for each in generators().values() for one in each.detect(self.root)]
            order = {"high": 0, "medium": 1, "low": 2}
            self._cache.projects = tuple(sorted(found, key=lambda one: order[one.confidence]))
        return self._cache.projects

    def project(self) -> Project:
        """Return the project to write for. Raises ReachError when there is none, and AnswerError
        when several fit and none was named."""
        wanted = {key: self.answers.text(f"project.{key}") for key in ("framework", "layout")}
        directory = self.answers.text("project.directory")
        fitting = [
            one
            for one in self.projects()
            if wanted["framework"] in (None, one.framework, one.name)
            and wanted["layout"] in (None, one.layout)
            and (directory is None or (self.root / directory).resolve() == one.directory.resolve())
        ]
        if not fitting:
            raise self._no_project(wanted["framework"])
        best = [one for one in fitting if one.confidence == fitting[0].confidence]
        if len(best) > 1:
            listed = ", ".join(f"{one.name} in {self._relative(one.directory)}" for one in best)
            raise AnswerError(
                "several-projects",
                f"there are several projects here: {listed}",
                next_actions=("name one with --framework, --layout or --directory",),
                flag="--directory",
            )
        return best[0]

    def _relative(self, path: Path) -> str:
        return (
            path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else str(path)
        )

    def _no_project(self, framework: str | None) -> ReachError:
        what = f"no {framework} project" if framework else "no migrations of a known framework"
        return ReachError(
            "no-project",
            f"there is {what} below {self.root.name or self.root}",
            why="migwiz looks for alembic.ini, [tool.alembic], and folders of SQL migrations",
            next_actions=(
                "go to your project's folder, or name it with --root",
                "migwiz doctor shows what was found",
            ),
            flag="--root",
        )

    def generator(self, project: Project) -> Generator:
        """Return the generator of a project."""
        return generators()[project.framework]

    # --- database ----------------------------------------------------------------------------

    def sources(self) -> tuple[Source, ...]:
        """Return where a database URL was found, best first. Reads the disk."""
        if self._cache.sources is None:
            self._cache.sources = find_sources(self.root, self.environment.environ)
        return self._cache.sources

    def connect(self) -> Catalog:
        """Return the open catalogue: the answered URL or DDL file, else the best source found.

        Raises ReachError when there is none or it does not answer.
        """
        wanted = repr([self.answers.get(f"database.{key}") for key in _DATABASE])
        if self._cache.catalog is None or self._cache.opened != wanted:
            self.disconnect()
            self._cache.catalog = self._open()
            self._cache.opened = wanted
        return self._cache.catalog

    def _open(self) -> Catalog:
        from wizard.database.opening import open_catalog, open_offline

        schema, url = self.answers.text("database.schema"), self.answers.text("database.url")
        if schema is not None:
            return open_offline(
                (self.root / schema),
                self.answers.text("database.dialect") or "postgresql",
                _version(self.answers.text("database.server_version")),
            )
        found = (
            find_sources(self.root, self.environment.environ, url=url) if url else self.sources()
        )
        if not found:
            raise ReachError(
                "no-database",
                "no database URL was found",
                why="migwiz looks at --url, DATABASE_URL and its like, .env, alembic.ini, "
                "docker-compose files and SQLite files",
                next_actions=(
                    "name one: --url postgresql://user@host/name",
                    "or work from a DDL file: --schema db/structure.sql --dialect postgresql",
                ),
                flag="--url",
            )
        return open_catalog(found[0].url)

    @property
    def connected(self) -> Catalog | None:
        """The open catalogue, None before `connect`."""
        return self._cache.catalog

    def disconnect(self) -> None:
        """Close the connection and forget what was read through it."""
        if self._cache.catalog is not None:
            self._cache.catalog.close()
        self._cache = _Cache(projects=self._cache.projects, sources=self._cache.sources)

    def tables(self) -> tuple[TableSummary, ...]:
        """Return all tables with their sizes. Reads the database once."""
        if self._cache.tables is None:
            self._cache.tables = self.connect().tables()
        return self._cache.tables

    def table(self, name: TableName) -> Table:
        """Return one table's details. Reads the database once for each table."""
        if name not in self._cache.details:
            self._cache.details[name] = self.connect().table(name)
        return self._cache.details[name]

    def enums(self) -> tuple[str, ...]:
        """Return the names of the database's own types. Reads the database once."""
        if self._cache.enums is None:
            self._cache.enums = self.connect().enums()
        return tuple(str(one.name) for one in self._cache.enums)

    def dialect(self) -> Dialect:
        """Return the dialect of the database, at its version."""
        catalog = self.connect()
        given = self.answers.text("database.server_version")
        return make_dialect(catalog.dialect, _version(given) if given else catalog.version)

    # --- questions ---------------------------------------------------------------------------

    def situation(self) -> Situation:
        """Return what is known for the chosen operation's questions. Reads the database."""
        values = self.answers.operations[0].values if self.answers.operations else {}
        return Situation(
            values=values,
            tables=self.tables(),
            table=self._named(values.get("table")),
            ref_table=self._named(values.get("ref_table")),
            dialect=self.dialect(),
            rollout=self.answers.rollout,
            enums=self.enums(),
        )

    def rollout_situation(self) -> Situation:
        """Return what is known for the rollout questions. Reads the database."""
        return replace(self.situation(), values=self.answers.values)

    def _named(self, value: Value) -> Table | None:
        if value is None or value == "":
            return None
        try:
            if isinstance(value, Mapping):
                schema = value.get("schema")
                name = TableName(str(value.get("name")), None if schema is None else str(schema))
            else:
                name = parse_table_name(str(value))
            return self.table(name)
        except (ValueError, AnswerError):
            return None

    def questions(self) -> tuple[Question, ...]:
        """Return the questions of the chosen operation that apply now. Reads the database."""
        chosen = self.operation
        return visible(chosen.questions, self.situation()) if chosen else ()

    # --- plan --------------------------------------------------------------------------------

    def rollout(self) -> tuple[Rollout, bool]:
        """Return the rollout, and whether its size is an estimate from this database."""
        rollout = self.answers.rollout
        if rollout.rows is not None or not self.answers.operations:
            return rollout, False
        table = self._named(self.answers.operations[0].values.get("table"))
        if table is None or (table.rows is None and table.bytes is None):
            return rollout, False
        size = rollout.bytes if rollout.bytes is not None else table.bytes
        return replace(rollout, rows=table.rows, bytes=size), True

    def plan(self) -> Plan:
        """Return the plan; raises AnswerError for answers that are missing or do not fit."""
        rollout, estimated = self.rollout()
        return self._planned(rollout, estimated=estimated)

    def plan_for(self, **changes: object) -> Plan:
        """Return the plan as other rollout answers would make it, to compare."""
        rollout, _ = self.rollout()
        return self._planned(replace(rollout, **changes), estimated=False)  # type: ignore[arg-type]

    def _planned(self, rollout: Rollout, *, estimated: bool) -> Plan:
        key = (repr(self.answers.operations), rollout, estimated, self._cache.opened)
        if self._cache.plan is None or self._cache.plan[0] != key:
            known = Known(
                dialect=self.dialect(),
                table=self.table,
                rollout=rollout,
                enums=self.enums(),
                estimated=estimated,
            )
            self._cache.plan = (key, make_plan(self.answers.operations, known))
        return self._cache.plan[1]

    def sizes(self, name: TableName) -> Size:
        """Return the size to estimate with: what was answered, else the statistics."""
        rollout, _ = self.rollout()
        if rollout.rows is not None or rollout.bytes is not None:
            return Size(rows=rollout.rows, bytes=rollout.bytes)
        table = self._cache.details.get(name)
        return Size(rows=table.rows, bytes=table.bytes) if table else Size()

    def locks(self, migration: Migration) -> tuple[str, str]:
        """Say in words what a migration's upgrade and downgrade hold."""
        dialect, budget = self.dialect(), migration.lock_timeout_ms
        up = strongest(dialect, self.sizes, migration.up)
        down = strongest(dialect, self.sizes, migration.down)
        return describe(up, budget_ms=budget), describe(down, budget_ms=budget)

    def naive_lock(self, plan: Plan) -> str:
        """Say in words what a one-line migration would have held."""
        return describe(plan.naive.lock) if plan.naive else ""

    def preflight(self, plan: Plan) -> tuple[tuple[Preflight, bool], ...]:
        """Run the plan's questions to the data, read-only; True beside those with a problem."""
        catalog = self.connect()
        if not catalog.live:
            return ()
        return tuple((one, bool(catalog.query(one.query, limit=1))) for one in plan.preflights)

    def document(self, plan: Plan, edits: Sequence[FileEdit]) -> dict[str, object]:
        """Return the plan document, DESIGN §4.2."""
        return plan_document(
            plan,
            self.answers,
            dialect=self.dialect(),
            sizes=self.sizes,
            edits=edits,
            root=self.root,
        )

    # --- files -------------------------------------------------------------------------------

    def files(
        self,
        plan: Plan,
        *,
        project: Project | None = None,
        phases: Sequence[PhaseName] | None = None,
    ) -> tuple[FileEdit, ...]:
        """Return the files of some phases (all when None), as they would be written."""
        project = project or self.project()
        chosen = [one for one in plan.phases if phases is None or one.name in phases]
        if not chosen:
            return ()
        job = Job(
            title=plan.title,
            plan_slug=plan.slug,
            migrations=tuple((one.name, each) for one in chosen for each in one.migrations),
            dialect=self.dialect(),
            sizes=self.sizes,
            now=self.environment.now,
            new_id=self._ids(plan),
            deploy={one.name: one.when for one in chosen},
        )
        return self.generator(project).render(project, job)

    def preview(self, plan: Plan, framework: str | None = None) -> tuple[FileEdit, ...]:
        """Return all files for the screen, also for a framework that the project does not use."""
        project = None
        if framework is not None:
            fitting = [one for one in self.projects() if one.framework == framework]
            project = (
                fitting[0]
                if fitting
                else generators()[framework].imagine(self.root, self.dialect())
            )
        return self.files(plan, project=project)

    def _ids(self, plan: Plan) -> Callable[[int], str]:
        """Return ids that are random between runs and the same for each rendering of one plan."""
        count = 0

        def new_id(digits: int) -> str:
            nonlocal count
            count += 1
            text = f"{self.environment.seed}/{plan.slug}/{count}"
            return hashlib.sha256(text.encode()).hexdigest()[:digits]

        return new_id

    def missing(self, plan: Plan, phases: Sequence[PhaseName] | None = None) -> tuple[Missing, ...]:
        """Return the losses in these phases that nobody has accepted yet."""
        if "all" in self.accepted:
            return ()
        found = []
        for phase in plan.phases:
            if phases is not None and phase.name not in phases:
                continue
            for migration in phase.migrations:
                grade = migration.reversibility
                names = {migration.slug, phase.name}
                if grade.needs_acknowledgement and not names & self.accepted:
                    found.append(Missing(name=migration.slug, reason=grade.reason))
        return tuple(found)

    def write(self, *, all_phases: bool = False) -> Written:
        """Write the phase that is safe now (or all of them) and the plan file, all or nothing.

        Raises AcknowledgementError for a refused plan or a loss that was not accepted, and
        ConflictError or ReachError when the files cannot be written.
        """
        plan = self.plan()
        self._stop_if_refused(plan)
        project = self.project()
        names = [phase.name for phase in plan.phases]
        phases = names if all_phases else names[:1]
        tables = tuple(self._cache.details.values())
        dialect = self.dialect()
        started = journals.begin(
            plan,
            self._complete_answers(),
            project=project,
            dialect=dialect.name,
            server_version=".".join(map(str, dialect.version)),
            tables=tables,
            now=self.environment.now,
        )
        return self._write(plan, phases, project, started)

    def _complete_answers(self) -> Answers:
        """Return the answers with the size that the plan was made for, so that it stays the same."""
        rollout, _ = self.rollout()
        answers = self.answers.put("rollout.deployment", rollout.deployment.value)
        return answers.put("rollout.rows", rollout.rows).put("rollout.bytes", rollout.bytes)

    def _stop_if_refused(self, plan: Plan) -> None:
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
                next_actions=tuple(f"{one.title}: {one.text}" for one in plan.snippets),
            )

    def _write(
        self, plan: Plan, phases: Sequence[PhaseName], project: Project, journal: Journal
    ) -> Written:
        missing = self.missing(plan, phases)
        if missing:
            raise AcknowledgementError(
                "loss-not-accepted",
                "; ".join(one.reason for one in missing),
                why="What these files lose cannot be brought back by their downgrade.",
                next_actions=tuple(f"accept it with --accept-loss {one.name}" for one in missing),
                flag="--accept-loss",
            )
        edits = self.files(plan, project=project, phases=phases)
        self.generator(project).check(edits, self.dialect())
        recorded = journals.record(journal, edits, root=project.root, now=self.environment.now)
        assert recorded.path is not None
        before = recorded.path.read_text() if recorded.path.exists() else None
        kept = FileEdit(
            path=recorded.path,
            content=journals.to_text(recorded),
            phase=phases[0],
            action="create" if before is None else "edit",
            language="toml",
            before=before,
        )
        paths = writer.write((*edits, kept), root=project.root)
        return Written(
            paths=paths,
            journal=recorded,
            phase=phases[-1],
            commands=self.generator(project).commands(project, edits),
            edits=edits,
        )

    # --- going on ----------------------------------------------------------------------------

    def journals(self) -> tuple[Journal, ...]:
        """Return the plans kept in this root, newest first. Reads the disk."""
        return journals.find([journals.folder(one) for one in self.projects()])

    def resume(self, name: str) -> Journal:
        """Take up a kept plan by its slug, or a part of it that only one plan has."""
        found = [one for one in self.journals() if one.slug == name]
        found = found or [one for one in self.journals() if name in one.slug]
        if len(found) != 1:
            known = ", ".join(one.slug for one in self.journals()) or "none"
            raise AnswerError(
                "unknown-plan" if not found else "several-plans",
                f"there is {'no plan' if not found else 'more than one plan'} called {name}",
                next_actions=(f"plans here: {known}",),
            )
        kept = found[0]
        # Where the project is and which database answers are this machine's to say.
        local = {
            key: value
            for key, value in self.answers.values.items()
            if key.startswith("database.") or key in ("project.root", "project.directory")
        }
        answers = kept.answers
        for key, value in local.items():
            answers = answers.put(key, value)
        self.answers = answers.put("database.server_version", kept.server_version)
        return kept

    def write_next(self, kept: Journal, *, confirmed: bool) -> Written:
        """Write the next phase of a kept plan.

        Its gate's query is run when the database answers; raises AcknowledgementError (`gate`)
        when a row comes back, or when nobody has confirmed what only people can know.
        """
        phase = kept.next_phase
        if phase is None:
            raise AnswerError("plan-finished", f"every phase of {kept.slug} is written")
        if phase.gate is not None and not confirmed:
            raise AcknowledgementError(
                "gate",
                f"before {phase.name}: {phase.gate.text}",
                why="Only you can know whether that holds.",
                next_actions=(f"when it does: migwiz next {kept.slug} --gate-open",),
                flag="--gate-open",
            )
        if phase.gate is not None and phase.gate.query is not None:
            self._check_gate(phase.name, phase.gate.query)
        project = self.project()
        plan = make_plan(
            self.answers.operations,
            Known(
                dialect=make_dialect(kept.dialect, _version(kept.server_version)),
                table=_tables_of(kept),
                rollout=self.answers.rollout,
                enums=self.enums() if self._cache.catalog else (),
            ),
        )
        return self._write(plan, [phase.name], project, kept)

    def _check_gate(self, name: str, query: str) -> None:
        rows = self.connect().query(query, limit=3)
        if rows:
            listed = ", ".join(str(row[0]) for row in rows)
            raise AcknowledgementError(
                "gate",
                f"the gate before {name} does not hold: rows {listed} and perhaps more",
                why=f"asked: {query}",
                next_actions=("finish the phase before it, then ask again",),
            )

    def command(self, *, verb: str = "write", extra: Sequence[str] = ()) -> str:
        """Return the headless twin of the answers so far."""
        losses = [word for one in sorted(self.accepted) for word in ("--accept-loss", one)]
        return command_line(self.answers, verb=verb, extra=(*losses, *extra))


_DATABASE = ("url", "schema", "dialect", "server_version")


def _version(text: str | None) -> tuple[int, ...]:
    """Read a version such as 15.4; raises AnswerError."""
    if text is None:
        return ()
    try:
        return tuple(int(part) for part in text.split(".")[:3])
    except ValueError:
        raise AnswerError(
            "bad-answer",
            f"{text!r} is no server version; write 15 or 15.4",
            flag="--server-version",
        ) from None


def _tables_of(kept: Journal) -> Callable[[TableName], Table]:
    def look_up(name: TableName) -> Table:
        for table in kept.tables:
            if table.name == name:
                return table
        raise ConflictError(
            "plan-file-broken",
            f"the plan file does not hold the table {name}",
            next_actions=("take the file back from version control",),
        )

    return look_up
