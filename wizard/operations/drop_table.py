"""Drop a table.

What it does
    Removes a table: at once, or first only its name, so that it can come back with all of its rows
    in an instant when somebody misses it.

Why it is dangerous
    The rows are gone for good; a downgrade brings back an empty table. Code, reports and jobs that
    still name the table fail. And dropping a table with foreign keys locks every table that it
    points to completely, all at once, which has ended in deadlocks with their readers.

How migwiz does it
    Drops the foreign keys first, one hot table in each transaction, parent before child. Then
    renames the table to a tombstone: whoever still uses it fails at once, and renaming it back
    repairs that in a millisecond, rows included. The drop itself waits for a later release. What
    other tables or views still need is not dropped: the plan names it instead.

Reference
    safety.md PG-20, §1.7, conclusion 15.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, cast

from wizard.model.answers import Value
from wizard.model.findings import Finding, info, warning
from wizard.model.inverse import change, inverse
from wizard.model.names import TableName, slugify
from wizard.model.plan import (
    Change,
    Gate,
    Grade,
    Migration,
    Naive,
    Phase,
    Plan,
    Reversibility,
)
from wizard.model.schema import Schema, Table
from wizard.model.simulate import apply_all
from wizard.model.steps import (
    CreateDependent,
    DropTable,
    Impossible,
    RenameTable,
    Step,
)
from wizard.operations.base import Context, Operation
from wizard.operations.blocks import ddl
from wizard.operations.common import choice, read_table, table_question
from wizard.operations.constraints import drop_keys
from wizard.operations.new_names import free_table
from wizard.operations.phases import Part, everywhere, phases
from wizard.operations.snippets import no_table
from wizard.operations.table_users import goes_along, refuse_used
from wizard.questions import Choice, Kind, Question

Archive = Literal["tombstone", "table", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was asked for, checked against the database."""

    table: Table
    archive: Archive


QUESTIONS = (
    table_question("Table", "The table that goes."),
    Question(
        key="archive",
        kind=Kind.CHOICE,
        prompt="The rows",
        help="A tombstone is the table under another name: whoever misses it fails at once, and the "
        "way back is one rename, rows included. Without one the rows are gone with the first file.",
        example="tombstone",
        default=lambda _: "tombstone",
        choices=lambda _: (
            Choice(
                value="tombstone",
                label="keep them under another name for a release, then drop",
                hint="2 phases · back in an instant until the second",
            ),
            Choice(
                value="table",
                label="keep them under another name for good",
                hint="nothing is lost",
            ),
            Choice(
                value="none",
                label="drop at once",
                hint="the rows are gone for good",
            ),
        ),
    ),
)


def read(values: Mapping[str, Value], context: Context) -> Request:
    """Return the request; raises AnswerError for what is missing or not there."""
    table = read_table(values, context)
    archive = choice(values, "archive", ("tombstone", "table", "none"), "tombstone")
    return Request(table=table, archive=cast("Archive", archive))


def plan(request: Request, context: Context) -> Plan:
    """Return the plan: the keys, then the name, then the table."""
    table, archive, rollout = request.table, request.archive, context.rollout
    refuse_used(table, context)
    unused = everywhere(rollout, f"does without {table.name}")
    tombstone = free_table(context, table.name, "tombstone")
    free = drop_keys(context, table)
    bare = _after(table, free)
    title = f"drop {table.name}"
    drops: tuple[Migration, ...] = ()
    moves: tuple[Migration, ...] = ()
    if archive == "none":
        drops = (*free, _drop(request, context, bare, bare))
    else:
        step = RenameTable(table=table.name, new=tombstone.name)
        move = ddl(context, f"rename {table.name} to {tombstone.name}", change(step))
        moves = (*free, move)
        if archive == "tombstone":
            drops = (_drop(request, context, bare, _after(bare, (move,))),)
    naive = DropTable(table=table)
    return Plan(
        title=title,
        slug=slugify(title, separator="-"),
        phases=(
            *phases(
                rollout,
                Part(
                    phase="switch",
                    migrations=moves,
                    when=f"when nothing uses {table.name} any more",
                    application=f"must not name {table.name}",
                    gate=Gate(text=unused),
                ),
                Part(
                    phase="contract",
                    migrations=drops if archive == "none" else (),
                    when=f"when nothing uses {table.name} any more",
                    application=f"must not name {table.name}",
                    gate=Gate(text=unused),
                ),
            ),
            # Not in the same maintenance window: nobody could miss the table in between.
            *(_last_phase(table, tombstone, drops) if archive == "tombstone" else ()),
        ),
        findings=_findings(request, context, tombstone, free),
        naive=Naive(
            up=(naive,),
            lock=context.dialect.lock(naive, context.size(table)),
            effect=f"the rows of {table.name} are gone, and whoever still names it fails"
            + (
                f"; {', '.join(_parents(table))} cannot be read or written while it waits"
                if _parents(table)
                else ""
            ),
        ),
        snippets=no_table(table.name.name, phase="contract" if archive == "none" else "switch"),
    )


def _last_phase(
    table: Table, tombstone: TableName, drops: tuple[Migration, ...]
) -> tuple[Phase, ...]:
    return (
        Phase(
            name="contract",
            when=f"a release later, when nobody has missed {table.name}",
            application="need not change",
            gate=Gate(
                text=f"nobody has missed {table.name} since it is called {tombstone.name}: no code, "
                "no report, no job that runs once a month"
            ),
            migrations=drops,
        ),
    )


def _after(table: Table, migrations: tuple[Migration, ...]) -> Table:
    """Return the table as some migrations leave it, under whatever name.

    Steps on its partitions are left out: what they lose comes back with the parent's own.
    """
    steps = [
        step
        for migration in migrations
        for step in migration.up
        if getattr(step, "table", table.name) == table.name
    ]
    # No rows are known: size is not a part of what has to come back.
    return apply_all(Schema(tables=(replace(table, referenced_by=()),)), steps).tables[0]


def _drop(request: Request, context: Context, bare: Table, now: Table) -> Migration:
    """Return the migration that drops the table as it is ``now``.

    The way back makes it under its own name, which is what triggers and policies say, and then
    gives it the name that it had.
    """
    table = request.table
    step = DropTable(table=now)
    undo, grade = _way_back(table, bare, now, context)
    dropped = Change(step=step, undo=undo, reversibility=grade)
    return ddl(context, f"drop table {now.name}", dropped)


def _way_back(
    table: Table, bare: Table, now: Table, context: Context
) -> tuple[tuple[Step, ...], Reversibility]:
    if table.partitions:
        reason = f"the partitions of {table.name} and their rows do not come back"
        grade = Reversibility(grade=Grade.NONE, reason=reason)
        return (Impossible(reason=reason),), grade
    steps, grade = inverse(DropTable(table=bare))
    again = tuple(
        CreateDependent(table=table.name, dependent=one)
        for one in goes_along(table)
        if context.dialect.supports(CreateDependent(table=table.name, dependent=one)) is None
    )
    if not (again or table.triggers or context.dialect.capabilities.transactional_ddl):
        # One statement, so that the way back is one file: nothing says the table's own name.
        return inverse(DropTable(table=now))
    renamed = () if now.name == bare.name else (RenameTable(table=bare.name, new=now.name.name),)
    return (*steps, *again, *renamed), grade


def _parents(table: Table) -> list[str]:
    found = dict.fromkeys(key.ref_table for key in table.foreign_keys)
    return [str(one) for one in found if one != table.name]


def _findings(
    request: Request, context: Context, tombstone: TableName, free: tuple[Migration, ...]
) -> tuple[Finding, ...]:
    table, archive = request.table, request.archive
    found: list[Finding] = []
    if archive != "none":
        found.append(
            info(
                "tombstone",
                f"Until {'the last phase' if archive == 'tombstone' else 'you drop it'} "
                f"{tombstone.name} holds every row, and the way back is one rename.",
                why="Whoever still uses the table fails at the rename, when it is easy to mend, "
                "and not at the drop.",
                safer=f"Wait for whatever runs rarely before you let {tombstone.name} go.",
            )
        )
    else:
        found.append(
            warning(
                "rows-gone",
                f"The rows of {table.name} are gone when the file has run; the way back makes an "
                "empty table.",
                why="A database keeps nothing of a dropped table.",
                safer="Keep them for a release: --archive tombstone. It costs one rename.",
            )
        )
    if free:
        parents = ", ".join(_parents(table))
        found.append(
            info(
                "keys-first",
                f"The foreign keys to {parents} go first, each in a transaction of its own.",
                why=f"DROP TABLE would lock {parents} completely and at once, while their readers "
                "hold locks in another order: that is how deadlocks come about.",
                safer="On the way back they are added unproven, and proven while writes go on. Rows "
                "of theirs that are deleted meanwhile stop it.",
                reference="PostgreSQL manual, Explicit Locking, Deadlocks",
            )
        )
    if archive != "table":
        found.append(_not_restored(table, context))
    return tuple(found)


def _not_restored(table: Table, context: Context) -> Finding:
    """Say what the way back of the drop does not know."""
    lost = ["privileges", "the owner", "storage options"]
    lost += [
        f"{one.kind} {one.name}"
        for one in goes_along(table)
        if context.dialect.supports(CreateDependent(table=table.name, dependent=one)) is not None
    ]
    return info(
        "table-comes-back-bare",
        f"The way back of the drop makes {table.name} with its columns, defaults, constraints, "
        f"indexes, triggers and comments, empty. It does not bring back {', '.join(lost)}.",
        why="They are no part of the table's definition, or could not be read.",
        safer="Keep a dump of the schema from before: pg_dump --schema-only or its like."
        if len(lost) > 3
        else "Grant again what the application needs, should you ever take the drop back.",
    )


def summary(values: Mapping[str, Value]) -> str:
    """Name the change."""
    return f"drop {values.get('table', '…')}"


OPERATION = Operation(
    kind="drop_table",
    group="Table",
    label="Drop a table",
    verb="drop",
    questions=QUESTIONS,
    read=read,
    plan=plan,
    summary=summary,
)
