"""The planner: operations' answers and what is known of the database become one plan."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from wizard.dialects.base import Dialect
from wizard.dialects.flavours import planned_for, reviewed
from wizard.dialects.flavours.base import Situation
from wizard.handover.attaching import hand_over
from wizard.handover.base import Server
from wizard.model.answers import OperationAnswers
from wizard.model.counted import rows as counted_rows
from wizard.model.enums import columns_of_type, find_enum, no_enum
from wizard.model.errors import AnswerError
from wizard.model.findings import Finding, danger, info, warning
from wizard.model.names import TableName, slugify
from wizard.model.plan import PHASES, Gate, Migration, Phase, Plan
from wizard.model.rollout import Rollout
from wizard.model.schema import Enum, Reference, Schema, Table
from wizard.model.schema_edits import CannotApply
from wizard.model.simulate import apply, apply_all
from wizard.model.steps import CreateTable, RenameTable, Step, SwapTableView
from wizard.operations import operation, replication
from wizard.operations.base import Context
from wizard.operations.long_backfills import walked
from wizard.operations.online_work import existing_tables, settle
from wizard.operations.phases import Refusal
from wizard.operations.side_effects import untouched
from wizard.ways_back import with_ways_back


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a plan starts from. ``table`` reads one table; it may be asked for the same one twice.

    ``enums`` names the types of the database, ``enum`` reads one with what uses it; both raise
    AnswerError for what is not there. ``estimated`` says that the size of the table comes from
    statistics, not from an answer. ``server`` is where it was read, for command lines.
    """

    dialect: Dialect
    table: Callable[[TableName], Table]
    rollout: Rollout
    enums: tuple[str, ...] = ()
    enum: Callable[[TableName], Enum] = no_enum
    estimated: bool = False
    server: Server | None = None


class _Simulated:
    """The tables and types that a plan has looked at, as the steps so far leave them."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self.schema = Schema()
        self._seen: set[TableName] = set()
        self._types: set[TableName] = set()

    def __call__(self, name: TableName) -> Table:
        found = self.schema.table(name)
        if found is not None:
            return found
        if name in self._seen:
            raise AnswerError(
                "unknown-table",
                f"there is no table {name} any more",
                why="An earlier operation of this plan drops or renames it.",
                flag="--table",
            )
        found = self._known.table(name)
        # What points there from tables that the plan has changed is theirs to tell.
        elsewhere = tuple(one for one in found.referenced_by if one.table not in self._seen)
        here = tuple(
            Reference(table=table.name, foreign_key=key)
            for table in self.schema.tables
            for key in table.foreign_keys
            if key.ref_table == name
        )
        found = replace(found, referenced_by=(*elsewhere, *here))
        self._seen.add(name)
        self.schema = self.schema.with_table(found)
        return found

    def enum(self, name: TableName) -> Enum:
        """Return a type; the columns that use it are those that the steps so far leave."""
        if name not in self._types and self.schema.enum(name) is None:
            self.schema = replace(self.schema, enums=(*self.schema.enums, self._known.enum(name)))
            self._types.add(name)
        found = find_enum(self.schema.enums, name)
        elsewhere = tuple(use for use in found.used_by if use.table not in self._seen)
        here = columns_of_type(name, self.schema.tables)
        return replace(found, used_by=(*elsewhere, *here))

    def enums(self) -> tuple[str, ...]:
        """Return the names of all types, as the steps so far leave them."""
        now = {one.name for one in self.schema.enums}
        gone = {str(one) for one in self._types - now}
        kept = (one for one in self._known.enums if one not in gone)
        return tuple(dict.fromkeys((*kept, *(str(one.name) for one in self.schema.enums))))

    def load(self, steps: Sequence[Step]) -> None:
        """Read the tables that steps name beside those looked at already."""
        names = (name for step in steps for name in existing_tables(step))
        for name in names:
            if name not in self._seen and self.schema.table(name) is None:
                self(name)


def make_plan(operations: Sequence[OperationAnswers], known: Known) -> Plan:
    """Return the plan of one or several operations, which then share their phases.

    Raises AnswerError for answers that are missing or do not fit the database. A change that
    cannot be made there comes back as a plan with ``refused`` set.
    """
    if not operations:
        raise AnswerError(
            "missing-answer",
            "nothing was asked for",
            next_actions=("name an operation, such as add-column",),
        )
    tables = _Simulated(known)
    plans: list[Plan] = []
    for answers in operations:
        kind = operation(answers.kind)
        context = Context(
            dialect=known.dialect,
            tables=tables,
            rollout=planned_for(known.dialect, known.rollout),
            enums=tables.enums(),
            enum=tables.enum,
        )
        _refuse_unknown(answers)
        try:
            request = kind.read(answers.values, context)
            plan = kind.plan(request, context)
        except Refusal as refusal:
            title = kind.summary(answers.values)
            return Plan(title=title, slug=slugify(title, separator="-"), refused=refusal.finding)
        plans.append(plan)
        steps = [step for migration in plan.migrations for step in migration.up]
        tables.schema = apply_all(tables.schema, steps)
    whole = plans[0] if len(plans) == 1 else _merge(plans, known)
    whole = reviewed(whole, known.dialect, _situation(known))
    if whole.refused is None:
        whole = _only_supported(whole, known.dialect)
    if whole.refused is not None:
        return whole
    first_seen = _first_seen(whole, known)
    settled = settle(whole, known.dialect, first_seen, known.rollout)
    whole = replace(settled, phases=_unique_slugs(settled.phases))
    whole = hand_over(whole, known.dialect, first_seen, known.rollout, known.server)
    whole = untouched(whole, first_seen)
    whole = replication.told(whole, first_seen)
    whole = walked(whole, known.rollout, known.dialect)
    whole = with_ways_back(whole, known.dialect, known.rollout)
    if not any(operation(answers.kind).sized for answers in operations):
        return whole
    return replace(whole, findings=(*whole.findings, *_about_size(known)))


def _first_seen(plan: Plan, known: Known) -> Callable[[TableName], Table]:
    """Return a look-up of tables as they are before the plan, or as the plan brings them."""
    found: dict[TableName, Table] = {}

    def look_up(name: TableName) -> Table:
        return found[name] if name in found else known.table(name)

    for migration in plan.migrations:
        for step in migration.up:
            match step:
                case CreateTable(table=made):
                    found[made.name] = made
                case RenameTable(table=old, new=new):
                    name = replace(old, name=new)
                    found[name] = replace(look_up(old), name=name)
                case SwapTableView(view=view):
                    found[view.shown] = replace(look_up(view.table), name=view.shown)
                case _:
                    pass
    return look_up


def _situation(known: Known) -> Situation:
    """Return what an engine's own rules may look at: tables as they are before the plan."""

    def table(name: TableName) -> Table | None:
        try:
            return known.table(name)
        except AnswerError as error:
            if error.code != "unknown-table":
                raise
            return None

    return Situation(rollout=known.rollout, table=table)


def _refuse_unknown(answers: OperationAnswers) -> None:
    kind = operation(answers.kind)
    names = {question.key for question in kind.questions}
    for key in answers.values:
        if key not in names:
            raise AnswerError(
                "unknown-answer",
                f"{kind.command} has no answer {key!r}",
                next_actions=(f"use one of: {', '.join(sorted(names))}",),
            )


def _only_supported(plan: Plan, dialect: Dialect) -> Plan:
    """Return the plan, refused when it holds a step which the engine has no statement for."""
    for migration in plan.migrations:
        for step in (*migration.up, *migration.down):
            reason = dialect.supports(step)
            if reason is not None:
                finding = danger(
                    "engine-cannot",
                    f"{dialect.label} cannot do a part of this: {reason}.",
                    why=f"It is needed to {migration.title}.",
                    safer="Plan a change that does without it.",
                )
                return Plan(title=plan.title, slug=plan.slug, refused=finding)
    return plan


def _about_size(known: Known) -> tuple[Finding, ...]:
    rollout = known.rollout
    if rollout.rows is None and rollout.bytes is None:
        return (
            warning(
                "size-unknown",
                "The size of the table in production was not given, so it counts as large.",
                why="Plans for small tables are not safe for big ones.",
                safer="Say it with --rows, or look it up with migwiz stats.",
            ),
        )
    if known.estimated:
        return (
            info(
                "size-estimated",
                f"The size ({counted_rows(rollout.rows)}) is from this database's statistics."
                if rollout.rows is not None
                else "The size is from this database's statistics.",
                why="A development database is not production: plans for small tables are not "
                "safe for big ones.",
                safer="Say production's size with --rows.",
            ),
        )
    return ()


def _merge(plans: Sequence[Plan], known: Known) -> Plan:
    """Put several plans into shared phases; refuses an order in which a step cannot be made."""
    phases = []
    for name in PHASES:
        parts = [phase for plan in plans for phase in plan.phases if phase.name == name]
        if parts:
            phases.append(_merge_phase(parts))
    title = "; ".join(plan.title for plan in plans)
    merged = Plan(
        title=title,
        slug=slugify(plans[0].slug, separator="-") + f"-and-{len(plans) - 1}-more",
        phases=_unique_slugs(tuple(phases)),
        findings=tuple(dict.fromkeys(one for plan in plans for one in plan.findings)),
        preflights=tuple(one for plan in plans for one in plan.preflights),
        snippets=tuple(one for plan in plans for one in plan.snippets),
    )
    tables = _Simulated(known)
    try:
        for migration in merged.migrations:
            for step in migration.up:
                tables.load((step,))
                tables.schema = apply(tables.schema, step)
    except CannotApply as error:
        return replace(
            merged,
            phases=(),
            refused=danger(
                "operations-entangled",
                f"These operations cannot share their phases: {error}.",
                why="One needs what another brings only in a later phase.",
                safer="Plan them one after the other.",
            ),
        )
    return merged


def _merge_phase(parts: Sequence[Phase]) -> Phase:
    gates = [part.gate for part in parts if part.gate is not None]
    queries = [gate.query for gate in gates if gate.query is not None]
    gate = None
    if gates:
        # No row from the whole means no row from any of them.
        query = " OR ".join(f"EXISTS ({one})" for one in queries)
        gate = Gate(
            text="; ".join(dict.fromkeys(one.text for one in gates)),
            query=f"SELECT 1 WHERE {query}" if query else None,
            people=any(one.people for one in gates),
        )
    return replace(
        parts[0],
        when="; ".join(dict.fromkeys(part.when for part in parts)),
        application="; ".join(dict.fromkeys(part.application for part in parts)),
        gate=gate,
        migrations=tuple(one for part in parts for one in part.migrations),
    )


def _unique_slugs(phases: tuple[Phase, ...]) -> tuple[Phase, ...]:
    seen: dict[str, int] = {}

    def named(migration: Migration) -> Migration:
        count = seen[migration.slug] = seen.get(migration.slug, 0) + 1
        return migration if count == 1 else replace(migration, slug=f"{migration.slug}_{count}")

    return tuple(
        replace(phase, migrations=tuple(named(one) for one in phase.migrations)) for phase in phases
    )
