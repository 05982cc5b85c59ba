"""Add an index.

What it does
    Builds an index over columns or expressions: unique, partial, with included columns.

Why it is dangerous
    A plain CREATE INDEX lets nobody write to the table until the index is finished, which takes
    minutes on a large table. Every write waits, then every connection of the pool waits, then the
    site is down.

How migwiz does it
    Builds it concurrently where the engine can: reads and writes go on. Such a build runs outside
    any transaction and, when it is interrupted, leaves an INVALID index behind, so the file looks
    first: a finished index of this definition is kept, a broken one is dropped and built again,
    another one of the same name stops the migration. No lock timeout is set, because it would cut
    the build short. A unique index is preceded by a look for rows that would break it. On a
    partitioned table each partition gets its index on its own, and the parent takes them in.

Reference
    PostgreSQL manual, CREATE INDEX, "Building Indexes Concurrently"; safety.md PG-12, PG-13.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from wizard.model.answers import Value
from wizard.model.errors import AnswerError
from wizard.model.findings import Finding, danger, info, warning
from wizard.model.inverse import inverse
from wizard.model.names import slugify
from wizard.model.plan import Naive, Plan
from wizard.model.schema import Index, IndexPart, Table
from wizard.model.steps import AddIndex
from wizard.operations.base import Context, Operation
from wizard.operations.blocks import duplicates, index_migration
from wizard.operations.common import (
    choice,
    column_choices,
    expression_check,
    flag_value,
    object_name,
    read_column,
    read_names,
    read_parts,
    read_table,
    table_question,
    text,
)
from wizard.operations.partitions import one_by_one, partition_findings
from wizard.operations.phases import Part, Refusal, phases
from wizard.questions import Choice, Kind, Question, Situation


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was asked for, checked against the table."""

    table: Table
    index: Index


def _methods(situation: Situation) -> tuple[Choice, ...]:
    if situation.dialect is None:
        return ()
    return tuple(
        Choice(value=one, label=one) for one in situation.dialect.capabilities.index_methods
    )


QUESTIONS = (
    table_question("Table", "The table to index."),
    Question(
        key="columns",
        kind=Kind.PARTS,
        prompt="Columns",
        help="The keys of the index, in order: columns, or expressions such as lower(email). "
        "Put the column that every query compares with = first.",
        example="status, created_at desc",
        required=True,
        choices=column_choices,
    ),
    Question(
        key="unique",
        kind=Kind.BOOLEAN,
        prompt="Unique",
        help="Refuse two rows with the same values. Running code that writes doubles will fail.",
        example="false",
        default=lambda _: False,
    ),
    Question(
        key="where",
        kind=Kind.EXPRESSION,
        prompt="Only rows where",
        help="A partial index holds only the rows that match: smaller, and faster to build.",
        example="status = 'open'",
        check=expression_check,
        when=lambda one: one.dialect is None or one.dialect.capabilities.index_where,
    ),
    Question(
        key="include",
        kind=Kind.COLUMNS,
        prompt="Included columns",
        help="Columns stored in the index but not searched, so that queries need not visit the "
        "table.",
        example="total",
        advanced=True,
        choices=column_choices,
        when=lambda one: one.dialect is None or one.dialect.capabilities.index_include,
    ),
    Question(
        key="method",
        kind=Kind.CHOICE,
        prompt="Method",
        help="The kind of index. btree serves =, <, > and sorting; gin serves jsonb and arrays.",
        example="btree",
        advanced=True,
        choices=_methods,
        when=lambda one: len(_methods(one)) > 1,
    ),
    Question(
        key="nulls_not_distinct",
        kind=Kind.BOOLEAN,
        prompt="NULLs are equal",
        help="Let a unique index allow one NULL only.",
        example="false",
        advanced=True,
        default=lambda _: False,
        when=lambda one: (
            one.values.get("unique") is True
            and (one.dialect is None or one.dialect.capabilities.index_nulls_not_distinct)
        ),
    ),
    Question(
        key="name",
        kind=Kind.NAME,
        prompt="Name",
        help="The index's name. Left empty, it follows the names of the table's other indexes.",
        example="ix_orders_status",
        advanced=True,
    ),
)


def read(values: Mapping[str, Value], context: Context) -> Request:
    """Return the request; raises AnswerError for what is missing or does not fit the table."""
    table, dialect = read_table(values, context), context.dialect
    capabilities = dialect.capabilities
    parts = read_parts(values, table, context)
    where = text(values, "where")
    include = read_names(values, "include")
    for name in include:
        read_column(table, name, flag="--include")
    method = choice(values, "method", capabilities.index_methods, None)
    unique = flag_value(values, "unique", default=False)
    nulls_not_distinct = flag_value(values, "nulls_not_distinct", default=False)
    if include and not capabilities.index_include:
        raise AnswerError(
            "unsupported", f"{dialect.label} has no included columns", flag="--include"
        )
    if where is not None and not capabilities.index_where:
        raise AnswerError(
            "unsupported",
            f"{dialect.label} has no partial indexes",
            next_actions=("leave --where out: the index then holds every row",),
            flag="--where",
        )
    whole = method in ("fulltext", "spatial")
    _require_lengths(parts, table, context, whole=whole)
    if nulls_not_distinct and not capabilities.index_nulls_not_distinct:
        raise AnswerError(
            "unsupported",
            f"{dialect.label} cannot treat NULLs as equal in an index",
            flag="--nulls-not-distinct",
        )
    if method in ("fulltext", "spatial") and any(one.length is not None for one in parts):
        raise AnswerError("unsupported", f"a {method} index holds whole columns", flag="--columns")
    if unique and method not in (None, "btree"):
        raise AnswerError(
            "unsupported", f"a {method} index cannot be unique; use btree", flag="--method"
        )
    named = tuple(part.column or "expr" for part in parts)
    name = text(values, "name") or object_name(
        table, named, kind="key" if unique else "idx", limit=capabilities.name_bytes
    )
    index = Index(
        name=dialect.check_name(name, flag="--name"),
        parts=parts,
        unique=unique,
        method=None if method == "btree" else method,
        where=None if where is None else dialect.check_expression(where, flag="--where"),
        include=include,
        nulls_not_distinct=nulls_not_distinct,
    )
    taken = table.index(index.name)
    if taken is not None and taken.valid:
        raise AnswerError(
            "name-taken",
            f"{table.name} has an index {index.name} already",
            next_actions=("choose another name with --name",),
            flag="--name",
        )
    return Request(table=table, index=index)


def _require_lengths(
    parts: tuple[IndexPart, ...], table: Table, context: Context, *, whole: bool
) -> None:
    """Raise AnswerError for a long column of which only the beginning can be indexed."""
    long = context.dialect.capabilities.index_prefix_types
    for part in parts:
        column = table.column(part.column or "")
        if column is None or part.length is not None or whole:
            continue
        if column.type.split("(", maxsplit=1)[0] in long:
            raise AnswerError(
                "unsupported",
                f"{column.name} is {column.type}: only its beginning can be indexed",
                next_actions=(f"say how much of it: --columns '{column.name}(100)'",),
                flag="--columns",
            )


def plan(request: Request, context: Context) -> Plan:
    """Return the plan: one file, at any time."""
    table, index = request.table, request.index
    same = _same(table, index)
    if same is not None:
        raise Refusal(
            info(
                "index-exists",
                f"{same.name} on {table.name} already is this index.",
                why="A second one would cost writes and disk, and serve no query better.",
                safer="Nothing to do.",
            )
        )
    reason = context.dialect.supports(AddIndex(table=table.name, index=index))
    if reason is not None:
        raise Refusal(
            danger(
                "engine-cannot",
                f"{context.dialect.label} cannot build this index on {table.name}: {reason}.",
                safer="Leave that part out, or index a column that holds what you search for.",
            )
        )
    what = ", ".join(part.column or part.expression or "" for part in index.parts)
    title = f"add {'unique ' if index.unique else ''}index on {table.name} ({what})"
    migration = index_migration(context, table, index, title=title)
    migration = replace(migration, slug=slugify(f"add {index.name}"))
    naive = AddIndex(table=table.name, index=index, concurrently=False)
    lock = context.dialect.lock(naive, context.size(table))
    return Plan(
        title=title,
        slug=slugify(title, separator="-"),
        phases=phases(
            context.rollout,
            Part(
                phase="expand",
                migrations=(migration,),
                when="at any time",
                application="need not change"
                if not index.unique
                else "must not write two rows with the same values",
            ),
        ),
        findings=_findings(request, context),
        preflights=(duplicates(context, table, index),) if index.unique else (),
        naive=Naive(
            up=(naive,),
            lock=lock,
            effect=f"every write to {table.name} waits until the index is built"
            if "writes" in lock.blocks
            else f"without a lock budget, every query on {table.name} queues behind the wait",
        ),
    )


def _same(table: Table, index: Index) -> Index | None:
    wanted = replace(index, name="", constraint=False)
    return next(
        (
            one
            for one in table.indexes
            if one.valid and replace(one, name="", constraint=False, inherits=None) == wanted
        ),
        None,
    )


def _findings(request: Request, context: Context) -> tuple[Finding, ...]:
    table, index = request.table, request.index
    found = []
    broken = table.index(index.name)
    if broken is not None:
        found.append(
            warning(
                "invalid-index",
                f"{index.name} exists but is INVALID: an earlier build was interrupted.",
                why="It serves no query, but every write still maintains it.",
                safer="The migration drops it and builds it again.",
            )
        )
    if index.unique and not context.rollout.stopped:
        found.append(
            warning(
                "unique-and-old-code",
                f"From the moment the build begins, code that writes a second row with the same "
                f"values into {table.name} fails, old code too.",
                why="A unique index is enforced for everybody, also while it is being built.",
                safer="Make sure that the running version handles the error, or never writes "
                "doubles.",
            )
        )
    prefix = next(
        (
            one
            for one in table.indexes
            if one.valid
            and not one.where
            and not index.unique
            and not index.where
            and len(one.parts) > len(index.parts)
            and one.parts[: len(index.parts)] == index.parts
        ),
        None,
    )
    if prefix is not None:
        found.append(
            info(
                "index-covered",
                f"{prefix.name} begins with the same columns and may serve the same queries.",
                why="An index on (a, b) also serves conditions on a alone.",
                safer=f"Look at your query's plan before adding one beside {prefix.name}.",
            )
        )
    if one_by_one(context, table):
        found += partition_findings(context, table, "index")
    step = AddIndex(
        table=table.name, index=index, concurrently=context.dialect.capabilities.concurrent_index
    )
    if step.concurrently and not context.rollout.stopped and not _at_once(context, table):
        undo = context.dialect.lock(inverse(step)[0][0], context.size(table))
        found.append(
            info(
                "concurrent-build-waits",
                f"The build waits for every transaction that is open in the database when it "
                f"starts, and takes {undo.mode} on {table.name}: reads and writes go on.",
                why="It must not miss a row that an older transaction still sees.",
                safer="End long transactions, dumps and idle sessions before you run it.",
                reference="PostgreSQL manual, CREATE INDEX, Building Indexes Concurrently",
            )
        )
    return tuple(found)


def _at_once(context: Context, table: Table) -> bool:
    """Tell whether all partitions of a small table are indexed in one step."""
    return table.kind == "partitioned" and not one_by_one(context, table)


def summary(values: Mapping[str, Value]) -> str:
    """Name the change."""
    return f"index {values.get('table', '…')} ({_shown(values.get('columns'))})"


def _shown(value: Value) -> str:
    if isinstance(value, tuple):
        return ", ".join(
            str(one.get("name") or one.get("expression")) if isinstance(one, Mapping) else str(one)
            for one in value
        )
    return "…" if value is None else str(value)


OPERATION = Operation(
    kind="add_index",
    group="Index",
    label="Add an index",
    verb="add",
    questions=QUESTIONS,
    read=read,
    plan=plan,
    summary=summary,
)
