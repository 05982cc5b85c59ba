"""Add a foreign key.

What it does
    Makes every row of a table name an existing row of another one, and builds the index that
    deletes in the other table need.

Why it is dangerous
    A plain ADD FOREIGN KEY locks both tables against writes while it looks up every row. Without
    an index on the referencing columns, each later delete in the other table scans this one. And
    taking the key away again locks both tables completely, reads too.

How migwiz does it
    Builds the index concurrently. Adds the key without looking at the existing rows, under a short
    lock on both tables that is taken up front in one fixed order, so that two lockers cannot
    deadlock. From then on new rows are checked. Deals with rows that point nowhere as you say, and
    proves the old rows in a transaction of its own, under a lock that lets reads and writes go on.
    The downgrade has the same lock budget: it needs the stronger lock. Where a partitioned table
    cannot have an unproven key, each partition gets and proves its own first.

Reference
    PostgreSQL manual, ALTER TABLE, ADD table_constraint NOT VALID; safety.md PG-9, conclusions 2, 15.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, cast

from wizard.model.answers import Value
from wizard.model.errors import AnswerError
from wizard.model.findings import Finding, danger, info, warning
from wizard.model.inverse import change
from wizard.model.names import slugify
from wizard.model.plan import Change, Gate, Migration, Naive, Plan, Preflight
from wizard.model.schema import ForeignKey, Index, IndexPart, Table
from wizard.model.steps import (
    AddForeignKey,
    Assignment,
    LockTables,
    RebuildTable,
    Require,
)
from wizard.operations.base import Context, Operation
from wizard.operations.blocks import (
    backfill_migration,
    ddl,
    delete_migration,
    index_migration,
    validate_migration,
)
from wizard.operations.common import (
    choice,
    column_choices,
    flag_value,
    object_name,
    read_action,
    read_column,
    read_names,
    read_table,
    size_hint,
    table_question,
    text,
)
from wizard.operations.constraints import key_migrations_by_parts, orphans, proven_at_once
from wizard.operations.partition_keys import key_by_parts, own_keys_again
from wizard.operations.phases import Part, Refusal, phases
from wizard.questions import Choice, Kind, Question, Situation

Orphans = Literal["fail", "delete", "null"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was asked for, checked against both tables."""

    table: Table
    parent: Table
    key: ForeignKey
    orphans: Orphans


def _ref_columns(situation: Situation) -> tuple[Choice, ...]:
    if situation.ref_table is None:
        return ()
    return tuple(
        Choice(value=one.name, label=one.name, hint=one.type) for one in situation.ref_table.columns
    )


_ACTIONS = (
    Choice(value="no action", label="refuse", hint="the delete fails while rows point there"),
    Choice(value="cascade", label="delete them too", hint="cascade: deletes travel on"),
    Choice(value="set null", label="set to NULL", hint="the rows stay without a target"),
    Choice(value="restrict", label="refuse at once", hint="restrict: not even deferred"),
)

QUESTIONS = (
    table_question("Table", "The table whose rows point somewhere."),
    Question(
        key="columns",
        kind=Kind.COLUMNS,
        prompt="Columns",
        help="The columns that hold the other row's key.",
        example="customer_id",
        required=True,
        choices=column_choices,
    ),
    Question(
        key="ref_table",
        kind=Kind.TABLE,
        prompt="Points to table",
        help="The table whose rows are named.",
        example="customers",
        required=True,
        choices=lambda situation: tuple(
            Choice(value=str(one.name), label=str(one.name), hint=size_hint(one.rows, one.bytes))
            for one in situation.tables
        ),
    ),
    Question(
        key="ref_columns",
        kind=Kind.COLUMNS,
        prompt="Points to columns",
        help="Left empty, the primary key of that table. Otherwise columns that are unique there.",
        example="id",
        choices=_ref_columns,
    ),
    Question(
        key="orphans",
        kind=Kind.CHOICE,
        prompt="Rows that point nowhere",
        help="What to do with existing rows whose target does not exist. Deleting them, or "
        "clearing the pointer, cannot be undone.",
        example="fail",
        default=lambda _: "fail",
        choices=lambda _: (
            Choice(
                value="fail", label="stop and let me look", hint="the proof fails, nothing lost"
            ),
            Choice(value="null", label="clear the pointer", hint="sets the columns to NULL"),
            Choice(value="delete", label="delete the rows", hint="for good"),
        ),
    ),
    Question(
        key="on_delete",
        kind=Kind.CHOICE,
        prompt="When the target is deleted",
        help="What happens to these rows when the row they point to is deleted.",
        example="cascade",
        default=lambda _: "no action",
        choices=lambda _: _ACTIONS,
    ),
    Question(
        key="on_update",
        kind=Kind.CHOICE,
        prompt="When the target's key changes",
        help="What happens to these rows when the key they point to changes. Keys rarely do.",
        example="no action",
        advanced=True,
        default=lambda _: "no action",
        choices=lambda _: _ACTIONS,
    ),
    Question(
        key="deferrable",
        kind=Kind.BOOLEAN,
        prompt="Deferrable",
        help="Let a transaction check the key only when it commits.",
        example="false",
        advanced=True,
        default=lambda _: False,
        when=lambda one: one.dialect is None or one.dialect.capabilities.deferrable_key,
    ),
    Question(
        key="name",
        kind=Kind.NAME,
        prompt="Name",
        help="The constraint's name. Left empty, it follows the names of the table's other keys.",
        example="orders_customer_id_fkey",
        advanced=True,
    ),
)


def read(values: Mapping[str, Value], context: Context) -> Request:
    """Return the request; raises AnswerError for what is missing or does not fit the tables."""
    table = read_table(values, context)
    columns = read_names(values, "columns")
    if not columns:
        raise AnswerError(
            "missing-answer",
            "columns is missing",
            next_actions=("say the columns with --columns customer_id",),
            flag="--columns",
        )
    for name in columns:
        read_column(table, name, flag="--columns")
    parent = read_table(values, context, "ref_table")
    ref_columns = read_names(values, "ref_columns") or parent.primary_key
    for name in ref_columns:
        read_column(parent, name, flag="--ref-columns")
    if len(columns) != len(ref_columns):
        raise AnswerError(
            "bad-answer",
            f"{len(columns)} columns cannot point to {len(ref_columns)} columns of {parent.name}",
            next_actions=("name as many columns on both sides",),
            flag="--ref-columns",
        )
    if not _is_unique(parent, ref_columns):
        raise AnswerError(
            "not-unique",
            f"({', '.join(ref_columns)}) is not unique in {parent.name}, so nothing can point to it",
            next_actions=(
                f"add a unique index on {parent.name} first, or point to its primary key",
            ),
            flag="--ref-columns",
        )
    limit = context.dialect.capabilities.name_bytes
    deferrable = flag_value(values, "deferrable", default=False)
    if deferrable and not context.dialect.capabilities.deferrable_key:
        raise AnswerError(
            "unsupported",
            f"{context.dialect.label} checks a foreign key at once, always",
            flag="--deferrable",
        )
    name = text(values, "name") or object_name(table, columns, kind="fkey", limit=limit)
    if table.constraint(name) is not None:
        raise AnswerError(
            "name-taken", f"{table.name} has a constraint {name} already", flag="--name"
        )
    key = ForeignKey(
        name=context.dialect.check_name(name, flag="--name"),
        columns=columns,
        ref_table=parent.name,
        ref_columns=ref_columns,
        on_delete=read_action(values, "on_delete"),
        on_update=read_action(values, "on_update"),
        deferrable=deferrable,
    )
    orphans = choice(values, "orphans", ("fail", "delete", "null"), "fail")
    nullable = all((one := table.column(name)) is not None and one.nullable for name in columns)
    if orphans == "null" and not nullable:
        raise AnswerError(
            "not-nullable",
            f"{', '.join(columns)} cannot be NULL, so the pointer cannot be cleared",
            next_actions=("use --orphans fail or --orphans delete",),
            flag="--orphans",
        )
    return Request(table=table, parent=parent, key=key, orphans=cast("Orphans", orphans))


def _is_unique(parent: Table, columns: tuple[str, ...]) -> bool:
    if set(parent.primary_key) == set(columns):
        return True
    return any(
        index.unique and index.valid and not index.where and set(index.columns) == set(columns)
        for index in parent.indexes
        if len(index.parts) == len(columns)
    )


def plan(request: Request, context: Context) -> Plan:
    """Return the plan: index, key, orphans, proof."""
    table, parent, key = request.table, request.parent, request.key
    rollout, dialect = context.rollout, context.dialect
    same = next(
        (
            one
            for one in table.foreign_keys
            if (one.columns, one.ref_table, one.ref_columns)
            == (key.columns, key.ref_table, key.ref_columns)
        ),
        None,
    )
    if same is not None:
        raise Refusal(
            info(
                "key-exists",
                f"{same.name} already is this key"
                + ("." if same.validated else ", but it is not validated yet."),
                safer="Nothing to do."
                if same.validated
                else f"migwiz validate-constraint --table {table.name} --name {same.name}",
            )
        )
    if not dialect.capabilities.partitioned_key and "partitioned" in (table.kind, parent.kind):
        raise Refusal(
            danger(
                "partitioned-key",
                f"{table.name if table.kind == 'partitioned' else parent.name} is partitioned, and "
                f"{dialect.label} has no foreign keys from or to such tables.",
                safer="Check it in the application.",
            )
        )
    what = f"{table.name} ({', '.join(key.columns)})"
    title = f"add foreign key from {what} to {parent.name}"
    orphan = orphans(context, table, key)
    repairs = _repairs(request, context)
    expand, validate = _migrations(request, context, orphan)
    if proven_at_once(context, key) and rollout.direct:
        expand, repairs = (*repairs, *expand), ()
    gate = Gate(
        text=f"every row of {table.name} points to an existing row of {parent.name}",
        query=orphan.query,
        people=False,
    )
    naive = AddForeignKey(table=table.name, constraint=key)
    return Plan(
        title=title,
        slug=slugify(f"add foreign key {table.name} {parent.name}", separator="-"),
        phases=phases(
            rollout,
            Part(
                phase="expand",
                migrations=expand,
                when="at any time",
                application=f"must write only {', '.join(key.columns)} that exist in {parent.name} "
                "from now on, old code too",
            ),
            Part(
                phase="backfill",
                migrations=repairs,
                when="after expand",
                application="need not change",
            ),
            Part(
                phase="validate",
                migrations=validate,
                when="after the repair" if repairs else "after expand",
                application="need not change",
                gate=gate,
            ),
        ),
        findings=key_findings(request, context),
        preflights=(orphan,) if request.orphans == "fail" else (),
        naive=Naive(
            up=(naive,),
            lock=dialect.lock(naive, context.size(table)),
            effect=f"writes to {table.name} and {parent.name} wait while every row is looked up",
        ),
    )


def _migrations(
    request: Request, context: Context, orphan: Preflight
) -> tuple[tuple[Migration, ...], tuple[Migration, ...]]:
    """Return what to run at once, and what proves the old rows afterwards."""
    table, parent, key = request.table, request.parent, request.key
    capabilities = context.dialect.capabilities
    found: list[Migration] = []
    target = table
    if not indexed(table, key.columns):
        name = object_name(table, key.columns, kind="idx", limit=capabilities.name_bytes)
        index = Index(name=name, parts=tuple(IndexPart(column=one) for one in key.columns))
        found.append(
            index_migration(
                context,
                table,
                index,
                title=f"index {table.name} ({', '.join(key.columns)})",
            )
        )
        target = replace(table, indexes=(*table.indexes, index))
    title = f"add foreign key {table.name} {' '.join(key.columns)}"
    require = Require(query=orphan.query, message=orphan.problem, table=table.name)
    if not capabilities.add_constraint:
        after = replace(target, constraints=(*target.constraints, key))
        rebuild = change(RebuildTable(before=target, after=after))
        found.append(
            Migration(
                slug=slugify(title),
                title=title,
                changes=(change(require), rebuild),
                transactional=False,
            )
        )
        return tuple(found), ()
    if key_by_parts(context, table):
        first, *later = key_migrations_by_parts(context, table, key, title=title)
        return (*found, first), tuple(later)
    direct = proven_at_once(context, key)
    pending = key if direct else replace(key, validated=False)
    both = tuple(dict.fromkeys((parent.name, table.name)))
    add = AddForeignKey(table=table.name, constraint=pending)
    changes: list[Change] = [change(require)] if direct else []
    if capabilities.lock_tables:
        changes.append(change(LockTables(tables=both, mode="share row exclusive")))
        usual = change(add)
        undo = (LockTables(tables=both, mode="access exclusive"), *usual.undo)
        again = own_keys_again(context, table, key)
        changes.append(replace(usual, undo=(*undo, *again)))
    else:
        changes.append(change(add))
    found.append(ddl(context, title, *changes))
    if direct:
        return tuple(found), ()
    proof = validate_migration(table, pending, title=f"validate {key.name}")
    return tuple(found), (proof,)


def indexed(table: Table, columns: tuple[str, ...]) -> bool:
    """Tell whether an index begins with the columns, in any order."""
    wanted = set(columns)
    if set(table.primary_key[: len(columns)]) == wanted:
        return True
    return any(
        index.valid
        and not index.where
        and {part.column for part in index.parts[: len(columns)]} == wanted
        for index in table.indexes
    )


def _joined(request: Request, context: Context, child: str) -> str:
    quote = context.dialect.quote
    pairs = zip(request.key.columns, request.key.ref_columns, strict=True)
    return " AND ".join(f"parent.{quote(ref)} = {child}.{quote(own)}" for own, ref in pairs)


def _repairs(request: Request, context: Context) -> tuple[Migration, ...]:
    if request.orphans == "fail":
        return ()
    table, key, dialect = request.table, request.key, context.dialect
    own = dialect.table(table.name)
    present = " AND ".join(f"{own}.{dialect.quote(one)} IS NOT NULL" for one in key.columns)
    needed = (
        f"{present} AND NOT EXISTS (SELECT 1 FROM {dialect.table(request.parent.name)} AS parent "
        f"WHERE {_joined(request, context, own)})"
    )
    if request.orphans == "delete":
        title = f"delete rows of {table.name} without {request.parent.name}"
        return (delete_migration(context, table, needed=needed, title=title),)
    title = f"clear {table.name}.{', '.join(key.columns)} that point nowhere"
    cleared = tuple(Assignment(column=one, expression="NULL") for one in key.columns)
    return (
        backfill_migration(context, table, cleared, needed=needed, title=title, overwrites=True),
    )


def key_findings(request: Request, context: Context) -> tuple[Finding, ...]:
    """Return what to know about the key; also used where a new column carries one."""
    table, parent, key = request.table, request.parent, request.key
    found = []
    for own, ref in zip(key.columns, key.ref_columns, strict=True):
        mine, theirs = table.column(own), parent.column(ref)
        if mine is not None and theirs is not None and mine.type.lower() != theirs.type.lower():
            found.append(
                warning(
                    "key-types-differ",
                    f"{table.name}.{own} is {mine.type}, {parent.name}.{ref} is {theirs.type}.",
                    why="Each check must convert, and may not be able to use the index.",
                    safer="Give both the same type first.",
                )
            )
    if not context.rollout.direct and context.dialect.capabilities.not_valid:
        drop = change(AddForeignKey(table=table.name, constraint=key)).undo[0]
        lock = context.dialect.lock(drop, context.size(table))
        found.append(
            warning(
                "key-downgrade-locks",
                f"The way back takes {lock.mode} on {table.name} and {parent.name}: reads wait too.",
                why="Dropping a foreign key removes triggers from both tables.",
                safer=f"It waits at most {context.rollout.lock_budget_ms} ms for the lock and can "
                "be run again.",
            )
        )
    capabilities = context.dialect.capabilities
    if (
        capabilities.not_valid_key
        and not capabilities.not_valid
        and not proven_at_once(context, key)
    ):
        found.append(
            info(
                "key-proven-by-query",
                f"{context.dialect.title} does not look at the rows that exist: the last file does, "
                "and fails when one points nowhere.",
                why="The key is added with foreign_key_checks off, which spares a copy of "
                f"{table.name}. Rows written from then on are checked.",
                safer="Do not leave the last file out.",
            )
        )
    if key_by_parts(context, table):
        found.append(
            warning(
                "partitioned-key",
                f"{table.name} is partitioned: the key is added to each partition and proven there, "
                f"then to {table.name}, for which reads and writes of {parent.name} wait for a "
                "moment. The files name the partitions of this database.",
                why=f"{context.dialect.label} adds no unproven key to a partitioned table.",
                safer="Plan against the database on which it will run.",
                reference="PostgreSQL 18 release notes, ALTER TABLE",
            )
        )
    if key.on_delete == "cascade":
        found.append(
            info(
                "cascade",
                f"Deleting one row of {parent.name} deletes all rows of {table.name} that point "
                "to it, in the same transaction.",
                why="Many rows mean a long transaction that holds their locks.",
            )
        )
    if request.orphans != "fail":
        lost = "deleted" if request.orphans == "delete" else "cleared"
        found.append(
            danger(
                "orphans-lost",
                f"Rows of {table.name} that point nowhere are {lost} for good.",
                why="Nobody keeps the earlier values.",
                safer="Look at them first: the plan shows the query.",
            )
        )
    return tuple(found)


def summary(values: Mapping[str, Value]) -> str:
    """Name the change."""
    return f"foreign key from {values.get('table', '…')} to {values.get('ref_table', '…')}"


OPERATION = Operation(
    kind="add_foreign_key",
    group="Constraint",
    label="Add a foreign key",
    verb="foreign key",
    questions=QUESTIONS,
    read=read,
    plan=plan,
    summary=summary,
)
