"""Create a table.

What it does
    Makes a new table with its columns, keys, constraints and indexes.

Why it is dangerous
    The new table itself troubles nobody: no one knows it yet. Its foreign keys do: each stops
    writes to the table that it points to, and a single CREATE TABLE with several of them locks all
    of these at once, in no particular order. The way back drops the table with whatever was written
    to it since.

How migwiz does it
    One file: the table is empty, so that nothing has to be built concurrently or proven later. Its
    foreign keys follow as short steps under the lock budget, one parent table in each transaction.
    They get the indexes that deletes in the parents need. The way back drops the table only while
    it is empty, and says so otherwise.

Reference
    safety.md PG-19, conclusions 2 and 15.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from wizard.dialects.base import Size
from wizard.model.answers import Value
from wizard.model.errors import AnswerError
from wizard.model.findings import Finding, info, warning
from wizard.model.inverse import change, inverse
from wizard.model.names import TableName, slugify
from wizard.model.plan import Migration, Naive, Plan
from wizard.model.schema import ForeignKey, Index, Table
from wizard.model.steps import (
    AddForeignKey,
    CreateTable,
    DropTable,
    LockTables,
    Require,
    Step,
)
from wizard.operations import foreign_key_request
from wizard.operations.base import Context, Operation
from wizard.operations.blocks import ddl
from wizard.operations.common import column_choices, read_table_name
from wizard.operations.constraints import constraint_locks
from wizard.operations.foreign_key_findings import key_findings
from wizard.operations.new_names import new_table_problem, refuse_taken
from wizard.operations.new_table import read_new_table
from wizard.operations.phases import Part, additive, phases
from wizard.questions import Kind, Question, Situation


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was asked for, checked. ``table`` has no keys to other tables yet."""

    table: Table
    keys: tuple[foreign_key_request.Request, ...]
    served: tuple[Index, ...]


def _free(value: Value, situation: Situation) -> str | None:
    try:
        name = read_table_name({"table": value})
    except AnswerError as error:
        return error.message
    return new_table_problem(name, situation)


QUESTIONS = (
    Question(
        key="table",
        kind=Kind.NAME,
        prompt="Name",
        help="The new table's name; schema.name for another schema than the usual one.",
        example="invoices",
        required=True,
        check=_free,
    ),
    Question(
        key="columns",
        kind=Kind.TEXT,
        prompt="Columns",
        help="Each column with its type, parted by commas. Behind the type: required, default 0, "
        "identity, unique, primary key, references customers, check (total > 0), "
        "generated (a + b), comment 'text'.",
        example="id bigint identity, name text required, price numeric(10,2) default 0",
        required=True,
    ),
    Question(
        key="primary_key",
        kind=Kind.COLUMNS,
        prompt="Primary key",
        help="The columns of the primary key. Left empty, those marked as such, else the one that "
        "numbers itself.",
        example="id",
        choices=column_choices,
    ),
    Question(
        key="constraints",
        kind=Kind.TEXT,
        prompt="Constraints",
        help="Rules over several columns, parted by commas: unique (a, b), check (a < b), "
        "foreign key (a, b) references t (x, y) on delete cascade.",
        example="unique (customer_id, number), check (paid_at >= sent_at)",
        advanced=True,
    ),
    Question(
        key="indexes",
        kind=Kind.TEXT,
        prompt="Indexes",
        help="Keys in parentheses, parted by commas; a name or unique may stand before them, and "
        "where … behind. Foreign keys get theirs without being asked.",
        example="(sent_at desc), unique (lower(number)) where paid_at is null",
    ),
    Question(
        key="comment",
        kind=Kind.TEXT,
        prompt="Comment",
        help="A comment that the database keeps with the table.",
        example="Invoices as they were sent",
        advanced=True,
    ),
)


def read(values: Mapping[str, Value], context: Context) -> Request:
    """Return the request; raises AnswerError for what is missing or does not fit."""
    given = read_table_name(values)
    name = TableName(context.dialect.check_name(given.name, flag="--table"), given.schema)
    refuse_taken(context, name, flag="--table")
    new = read_new_table(name, values, context)
    return Request(table=new.table, keys=new.keys, served=new.served)


def plan(request: Request, context: Context) -> Plan:
    """Return the plan: one file, and one more for each further table that is pointed to."""
    table, rollout = request.table, context.rollout
    whole = _whole(table, tuple(one.key for one in request.keys))
    naive = CreateTable(table=whole)
    title = f"create {table.name}"
    parents = _parents(request)
    return Plan(
        title=title,
        slug=slugify(f"create table {table.name}", separator="-"),
        phases=phases(
            rollout,
            Part(
                phase="expand",
                migrations=_migrations(request, context, title),
                when=additive(rollout, str(table.name)),
                application="need not change",
            ),
        ),
        findings=_findings(request, context),
        naive=Naive(
            up=(naive,),
            lock=context.dialect.lock(naive, context.size(table)),
            effect=f"writes to {' and '.join(map(str, parents))} wait while it waits for the locks "
            "on all of them"
            if len(parents) > 1
            else "much the same: nobody knows the table yet",
        ),
    )


def _whole(table: Table, keys: tuple[ForeignKey, ...]) -> Table:
    return replace(table, constraints=(*table.constraints, *keys))


def _unlooked(key: ForeignKey, context: Context) -> ForeignKey:
    """Return the key as it is added to an empty table: where a look costs a copy, without one.

    Such an engine keeps no mark of a key whose rows nobody has looked at.
    """
    capabilities = context.dialect.capabilities
    unmarked = capabilities.not_valid_key and not capabilities.not_valid
    return replace(key, validated=False) if unmarked else key


def _parents(request: Request) -> tuple[TableName, ...]:
    return tuple(dict.fromkeys(one.key.ref_table for one in request.keys))


def _migrations(request: Request, context: Context, title: str) -> tuple[Migration, ...]:
    table, capabilities = request.table, context.dialect.capabilities
    keys = tuple(one.key for one in request.keys)
    parents = _parents(request)
    if _in_one(_whole(table, keys), parents, context):
        return (_create(_whole(table, keys), context, title),)
    together = capabilities.transactional_ddl and (len(parents) == 1 or context.rollout.stopped)
    if together:
        # Last, so that the parent is held for the shortest time.
        return (_create(table, context, title, keys),)
    by_parent = [tuple(key for key in keys if key.ref_table == one) for one in parents]
    if not capabilities.transactional_ddl:
        by_parent = [(_unlooked(key, context),) for key in keys]
    return (
        _create(table, context, title),
        *(_add_keys(table, context, one) for one in by_parent),
    )


def _in_one(whole: Table, parents: tuple[TableName, ...], context: Context) -> bool:
    """Tell whether CREATE TABLE brings the keys too: it must, or it holds one parent at most."""
    capabilities = context.dialect.capabilities
    if not capabilities.add_constraint:
        return True
    if capabilities.transactional_ddl:
        return False
    lock = context.dialect.lock(CreateTable(table=whole), Size(rows=0, bytes=0))
    return len(parents) < 2 or not lock.blocks


def _create(
    table: Table, context: Context, title: str, keys: tuple[ForeignKey, ...] = ()
) -> Migration:
    """Return the file that makes the table; its way back drops all of it at once."""
    step = CreateTable(table=table)
    whole = _whole(table, keys)
    lock: tuple[Step, ...] = ()
    if context.dialect.capabilities.lock_tables:
        # Nobody can write between the look and the drop.
        lock = (LockTables(tables=(table.name,), mode="access exclusive"),)
    back = (*lock, _empty(table, context), DropTable(table=whole))
    adding = (change(AddForeignKey(table=table.name, constraint=key), undo=()) for key in keys)
    return ddl(context, title, change(step, undo=back), *adding)


def _add_keys(table: Table, context: Context, keys: tuple[ForeignKey, ...]) -> Migration:
    """Return the file that points to one parent; nothing has to be proven: there are no rows."""
    first = keys[0]
    title = f"point {table.name} to {first.ref_table}"
    taking = constraint_locks(context, table, first, "share row exclusive")
    leaving = constraint_locks(context, table, first, "access exclusive")
    changes = [change(one) for one in taking]
    for key in keys:
        step = AddForeignKey(table=table.name, constraint=key)
        # Looks first: a table with rows keeps its keys, too.
        before: tuple[Step, ...] = ()
        if key is keys[-1]:
            before = (_empty(table, context), *leaving)
        changes.append(change(step, undo=(*before, *inverse(step)[0])))
    return ddl(context, title, *changes)


def _empty(table: Table, context: Context) -> Require:
    name = table.name
    return Require(
        query=f"SELECT 1 FROM {context.dialect.table(name)} LIMIT 1",
        message=f"{name} holds rows, which the way back would lose: delete them first if they may go",
        table=name,
    )


def _findings(request: Request, context: Context) -> tuple[Finding, ...]:
    table = request.table
    found: list[Finding] = []
    if not table.primary_key:
        found.append(
            warning(
                "no-primary-key",
                f"{table.name} has no primary key.",
                why="Its rows cannot be told apart: batches cannot walk it, replicas cannot follow "
                "updates of it, and most ORMs refuse it.",
                safer="Give it one, such as id bigint identity.",
            )
        )
    found += _parents_locked(request, context)
    if request.served:
        names = ", ".join(one.name for one in request.served)
        found.append(
            info(
                "key-indexed",
                f"{names} is added for the foreign key{'s' if len(request.served) > 1 else ''}.",
                why="Without it each delete in the table that is pointed to, and each change of a "
                f"key there, would scan {table.name} while it holds locks.",
            )
        )
    quiet = replace(context, rollout=replace(context.rollout, rows=0, bytes=0))
    for one in request.keys:
        own = replace(one, table=_whole(table, (one.key,)))
        found += key_findings(own, quiet)
    return tuple(dict.fromkeys(found))


def _parents_locked(request: Request, context: Context) -> list[Finding]:
    """Say whom the foreign keys let wait."""
    table, dialect = request.table, context.dialect
    if context.rollout.stopped or not dialect.capabilities.add_constraint:
        return []
    locked: dict[TableName, str] = {}
    for one in request.keys:
        step = AddForeignKey(table=table.name, constraint=_unlooked(one.key, context))
        lock = dialect.lock(step, Size(rows=0, bytes=0))
        if one.key.ref_table in lock.on and lock.blocks:
            locked[one.key.ref_table] = " and ".join(lock.blocks)
    if not locked:
        return []
    listed = ", ".join(map(str, locked))
    return [
        info(
            "parents-locked",
            f"Each foreign key locks the table it points to for an instant: "
            f"{next(iter(locked.values()))} on {listed} wait behind it, at most "
            f"{context.rollout.lock_budget_ms} ms.",
            why="A key watches deletes there, and the server has to set that up."
            if len(locked) == 1
            else "A key watches deletes there. In one transaction the locks on all of them would "
            "be held together.",
            safer="It can be run again when it gives up. Run it when there are no long "
            "transactions.",
        )
    ]


def summary(values: Mapping[str, Value]) -> str:
    """Name the change."""
    return f"create {values.get('table', '…')}"


OPERATION = Operation(
    kind="create_table",
    group="Table",
    label="Create a table",
    verb="create",
    questions=QUESTIONS,
    read=read,
    plan=plan,
    summary=summary,
    sized=False,
)
