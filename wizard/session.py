"""The session: answers become an operation, a plan, files, and a journal. The only door.

Front ends call nothing below this module. What reads the database or the disk may take time and
belongs in a worker; the answers themselves are immutable and cheap to replace.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from generators import generators
from generators.base import FileEdit, Project
from generators.header import budget_of, describe
from wizard import abandoning, going_on, status
from wizard import journal as journals
from wizard.abandoning import Leaving
from wizard.backfilling.planned import Backfills, backfills
from wizard.beginning import looked_at, not_kept_yet
from wizard.command import command_line
from wizard.companions import Todo, companions
from wizard.comparing import options_or_none
from wizard.database.base import Catalog
from wizard.database.sources import Source
from wizard.database.urls import DatabaseUrl, parse_url
from wizard.dialects.base import Dialect, Size
from wizard.dialects.flavours import flavour_of, told
from wizard.document import plan_document, strongest
from wizard.flow import visible
from wizard.going_on import Desk, Force
from wizard.journal import Journal
from wizard.model.answers import Answers, OperationAnswers, Value
from wizard.model.errors import AnswerError, ConflictError, MigwizError, ReachError
from wizard.model.names import TableName, parse_table_name
from wizard.model.option import Option
from wizard.model.plan import Gate, Migration, PhaseName, Plan, Preflight
from wizard.model.rollout import Deployment, Rollout
from wizard.model.schema import Enum, Table, TableSummary
from wizard.model.steps import Step
from wizard.operations import operation, operations
from wizard.operations.base import GROUPS, Operation
from wizard.planner import Known, make_plan
from wizard.producing import Missing, Producer, Written, missing, stop_if_refused
from wizard.questions import Question, Situation
from wizard.sizing import size_of
from wizard.standing import PlanStanding
from wizard.telling import with_project
from wizard.workspace import Environment, Workspace, relative
from wizard.writer import preview_diff

__all__ = ["Environment", "Force", "Leaving", "Missing", "Session", "Written"]


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
        self._workspace = Workspace(environment)
        self._plans: dict[object, Plan] = {}
        self._new_tables: frozenset[TableName] = frozenset()

    # --- answers -----------------------------------------------------------------------------

    def put(self, key: str, value: Value) -> None:
        """Answer a question of project, database or rollout (dotted key), or take it back."""
        self.answers = self.answers.put(key, value)

    def choose(self, kind: str) -> None:
        """Choose what to change; answers that the new operation knows too are kept."""
        known = {question.key for question in operation(kind).questions}
        kept = {
            key: value
            for one in self.answers.operations[:1]
            for key, value in one.values.items()
            if key in known
        }
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
        return tuple(
            sorted(operations().values(), key=lambda one: (GROUPS.index(one.group), one.kind))
        )

    # --- what is there -----------------------------------------------------------------------

    @property
    def root(self) -> Path:
        """The folder in which projects are looked for."""
        return self._workspace.root(self.answers)

    def relative(self, path: Path) -> str:
        """Return a path as seen from the root."""
        return relative(path, self.root)

    def projects(self) -> tuple[Project, ...]:
        """Return every project below the root, best first. Reads the disk once."""
        return self._workspace.projects(self.answers)

    def project(self) -> Project:
        """Return the project to write for; raises ReachError or AnswerError without just one."""
        return self._workspace.project(self.answers)

    def sources(self) -> tuple[Source, ...]:
        """Return where a database URL was found, best first. Reads the disk once."""
        return self._workspace.sources(self.answers)

    def connect(self) -> Catalog:
        """Return the open catalogue; raises ReachError when there is none or it does not answer."""
        return self._workspace.connect(self.answers)

    @property
    def connected(self) -> Catalog | None:
        """The open catalogue, None before `connect`."""
        return self._workspace.catalog

    def disconnect(self) -> None:
        """Close the connection and forget what was read through it."""
        self._workspace.disconnect()

    def tables(self) -> tuple[TableSummary, ...]:
        """Return all tables with their sizes. Reads the database once."""
        return self._workspace.tables(self.answers)

    def table(self, name: TableName) -> Table:
        """Return one table's details. Reads the database once for each table."""
        return self._workspace.table(self.answers, name)

    def enum(self, name: TableName) -> Enum:
        """Return one enumerated type with what uses it. Reads the database once for all of them."""
        return self._workspace.enum(self.answers, name)

    def dialect(self) -> Dialect:
        """Return the dialect of the database, at its version."""
        return self._workspace.dialect(self.answers)

    def engine(self) -> str:
        """Return what the database is called where it is shown for the first time."""
        return told(self.dialect())

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
            enums=self._workspace.enums(self.answers),
            enum=self._named_enum(values.get("type")),
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

    def _named_enum(self, value: Value) -> Enum | None:
        if not isinstance(value, str) or not value:
            return None
        try:
            return self.enum(parse_table_name(value))
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

    def plan_for(self, deployment: Deployment) -> Plan:
        """Return the plan as another deployment model would make it, to compare."""
        rollout, estimated = self.rollout()
        return self._planned(replace(rollout, deployment=deployment), estimated=estimated)

    def _planned(self, rollout: Rollout, *, estimated: bool) -> Plan:
        key = (repr(self.answers.operations), rollout, estimated, id(self.connected))
        if key not in self._plans:
            known = self._known(rollout, estimated=estimated)
            self._plans[key] = make_plan(self.answers.operations, known)
        self._new_tables = self._plans[key].new_tables
        return self._plans[key]

    def _known(self, rollout: Rollout, *, estimated: bool) -> Known:
        return Known(
            dialect=self.dialect(),
            table=self.table,
            rollout=rollout,
            enums=self._workspace.enums(self.answers),
            enum=self.enum,
            estimated=estimated,
            server=self._workspace.server(self.answers),
        )

    def options(self) -> tuple[Option, ...]:
        """Return the ways of the one chosen operation side by side, none where there is one only."""
        if len(self.answers.operations) != 1:
            return ()
        rollout, estimated = self.rollout()
        known = self._known(rollout, estimated=estimated)
        return options_or_none(self.answers.operations[0], known)

    def sizes(self, name: TableName) -> Size:
        """Return the size to estimate with: what was answered, else the statistics."""
        if name in self._new_tables:
            return Size(rows=0, bytes=0)
        rollout, _ = self.rollout()
        return size_of(name, rollout, self.answers.operations, self._workspace.details)

    def locks(self, migration: Migration) -> tuple[str, str]:
        """Say in words what a migration's upgrade and downgrade hold."""
        dialect = self.dialect()

        def told(steps: Sequence[Step]) -> str:
            budget = budget_of(migration, steps, dialect)
            return describe(strongest(dialect, self.sizes, steps), budget_ms=budget)

        return told(migration.up), told(migration.down)

    def naive_lock(self, plan: Plan) -> str:
        """Say in words what a one-line migration would have held."""
        return describe(plan.naive.lock) if plan.naive else ""

    def preflight(self, plan: Plan) -> tuple[tuple[Preflight, bool], ...]:
        """Ask the plan's questions to the data, read-only; True beside those with a problem.

        Raises ReachError when the data does not answer in time.
        """
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
            options=self.options(),
        )

    # --- files -------------------------------------------------------------------------------

    def _producer(self, plan: Plan) -> Producer:
        return Producer(
            plan=plan,
            environment=self.environment,
            dialect=self.dialect(),
            sizes=self.sizes,
            choice=self._workspace.choice(self.answers),
        )

    def files(
        self,
        plan: Plan,
        *,
        project: Project | None = None,
        phases: Sequence[PhaseName] | None = None,
    ) -> tuple[FileEdit, ...]:
        """Return the files of some phases (all when None), as they would be written."""
        return self._producer(plan).files(project or self.project(), phases)

    def told(self, plan: Plan) -> Plan:
        """Return the plan with what only the project tells: snippets of its models, its runner's ways.

        The plan itself where there is no project to write for. Reads the disk.
        """
        try:
            project = self.project()
            edits = self.files(plan, project=project)
        except (AnswerError, ConflictError, ReachError):
            return plan
        return with_project(plan, project, edits, self.dialect(), self.sizes)

    def preview(self, plan: Plan, framework: str | None = None) -> tuple[FileEdit, ...]:
        """Return all files for the screen, also for a framework that the project does not use."""
        if framework is None:
            return self.files(plan)
        fitting = [one for one in self.projects() if one.framework == framework]
        imagined = generators()[framework].imagine
        project = fitting[0] if fitting else imagined(self.root, self.dialect())
        return self.files(plan, project=project)

    @staticmethod
    def frameworks() -> tuple[str, ...]:
        """Return the frameworks that migwiz can write for."""
        return tuple(generators())

    def missing(self, plan: Plan, phases: Sequence[PhaseName] | None = None) -> tuple[Missing, ...]:
        """Return the losses in these phases that nobody has accepted yet."""
        return missing(plan, self.accepted, phases)

    def write(self, *, all_phases: bool = False) -> Written:
        """Write the phase that is safe now (or all of them) and the plan file, all or nothing.

        Raises AcknowledgementError for a refused plan or a loss that was not accepted, and
        ConflictError or ReachError when the files cannot be written.
        """
        plan = self.plan()
        stop_if_refused(plan)
        journal = self._begin(plan)
        phases = self._phases(plan, all_phases=all_phases)
        return self._producer(plan).write(self.project(), phases, journal, self.accepted)

    def pending(self, *, all_phases: bool = False) -> tuple[FileEdit, ...]:
        """Return what `write` would write now, the plan file last, whatever it loses.

        Raises what `write` raises, but for losses.
        """
        plan = self.plan()
        stop_if_refused(plan)
        phases = self._phases(plan, all_phases=all_phases)
        edits, kept, _ = self._producer(plan).pending(self.project(), phases, self._begin(plan))
        return (*edits, *kept)

    @staticmethod
    def _phases(plan: Plan, *, all_phases: bool) -> list[PhaseName]:
        names = [phase.name for phase in plan.phases]
        return names if all_phases else names[:1]

    def _begin(self, plan: Plan) -> Journal:
        """Return the journal of a new plan; raises ConflictError when it is kept already."""
        dialect = self.dialect()
        known = Known(
            dialect=dialect,
            table=self.table,
            rollout=self.rollout()[0],
            enums=self._workspace.enums(self.answers),
            enum=self.enum,
        )
        tables, enums = looked_at(self.answers.operations, known)
        journal = journals.begin(
            self.told(plan),
            self._complete_answers(),
            project=self.project(),
            dialect=dialect.name,
            server_version=".".join(map(str, dialect.version)),
            flavour=flavour_of(dialect),
            tables=tables,
            types=known.enums,
            enums=enums,
            now=self.environment.now,
        )
        return not_kept_yet(journal, self.journals())

    def _complete_answers(self) -> Answers:
        """Return the answers with the size that was planned for, so that it stays the same."""
        rollout, _ = self.rollout()
        answers = self.answers.put("rollout.deployment", rollout.deployment.value)
        return answers.put("rollout.rows", rollout.rows).put("rollout.bytes", rollout.bytes)

    # --- going on ----------------------------------------------------------------------------

    def _desk(self) -> Desk:
        return Desk(workspace=self._workspace, answers=self.answers, accepted=self.accepted)

    def journals(self) -> tuple[Journal, ...]:
        """Return the plans kept in this root that read, newest first. Reads the disk."""
        return going_on.kept(self._desk()).plans

    def plan_problems(self) -> tuple[MigwizError, ...]:
        """Return what is wrong with plan files that do not read. Reads the disk."""
        return going_on.kept(self._desk()).problems

    def standings(
        self, *, plan: str | None = None, offline: bool = False
    ) -> tuple[PlanStanding, ...]:
        """Return where the plans kept in this root stand. Reads the disk, asks the database."""
        return status.standings(self._workspace, self.answers, plan=plan, offline=offline)

    def resume(self, name: str) -> Journal:
        """Take up a kept plan by its slug, or a part of it that only one plan has."""
        journal, self.answers = going_on.resume(self._desk(), name)
        return journal

    def write_next(
        self, kept: Journal, *, confirmed: bool, force: Force | None = None, anyway: bool = False
    ) -> Written:
        """Write the next phase of a kept plan; raises what `going_on.write_next` raises."""
        desk = self._desk()
        return going_on.write_next(desk, kept, confirmed=confirmed, force=force, anyway=anyway)

    def backfills(
        self, kept: Journal, phase: PhaseName | None = None, *, by_shard: bool = False
    ) -> Backfills:
        """Return what `migwiz backfill` runs of a kept plan, and where. Reads the database."""
        return backfills(kept, self.answers, self._workspace, phase=phase, by_shard=by_shard)

    def address(self) -> tuple[DatabaseUrl, str]:
        """Return where the connected database is, and the name of its dialect."""
        catalog = self.connect()
        return parse_url(self._workspace.url, root=self.root), catalog.dialect

    def gate_of_abandoning(self, kept: Journal) -> tuple[str, Gate | None]:
        """Return the first phase that would take a kept plan back, and its gate."""
        return abandoning.first_gate(kept)

    def abandon(self, kept: Journal, leaving: Leaving) -> Written:
        """Write what takes a kept plan back; raises what `abandoning.abandon` raises."""
        return abandoning.abandon(self._desk(), kept, leaving)

    def todos(self, edits: Sequence[FileEdit]) -> tuple[Todo, ...]:
        """Return what else is to be changed with these files, and why. Reads the disk, asks git."""
        plans = journals.folder(self.project())
        return companions(self.project(), [one.path for one in edits], plans=plans)

    def diff(self, edits: Sequence[FileEdit]) -> str:
        """Return some edits as one unified diff, with paths below the root."""
        return "".join(preview_diff(one, root=self.root) for one in edits)

    def forget(self) -> None:
        """Forget projects, sources and the database, to look at all of them again."""
        self.disconnect()
        self._workspace = Workspace(self.environment)
        self._plans = {}

    def command(self, *, verb: str = "write", extra: Sequence[str] = ()) -> str:
        """Return the headless twin of the answers so far."""
        losses = [word for one in sorted(self.accepted) for word in ("--accept-loss", one)]
        return command_line(self.answers, verb=verb, extra=(*losses, *extra))
