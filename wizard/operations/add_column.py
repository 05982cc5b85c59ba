"""Add a column.

What it does
    Adds a column, optionally with a default, a foreign key and a unique index, and optionally
    required.

Why it is dangerous
    Some columns cost nothing to add and some rewrite the whole table while nobody can read it:
    what decides is the default. A required column without a truthful default breaks every INSERT
    of the code that does not know it yet.

How migwiz does it
    A column without default, or with a constant or stable one, is added at once under a short lock
    budget. A volatile default (random, uuid, clock) is set after the column was added, and old
    rows are filled in batches. A required column without default is added as optional, filled when
    all code writes it, and then proven and required without a scan under a strong lock. A foreign
    key and a unique index follow as steps of their own.

Reference
    PostgreSQL manual, ALTER TABLE, Notes; safety.md PG-1, PG-2, PG-3, PG-9, PG-12, SL-1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from wizard.dialects.base import DefaultKind
from wizard.model.answers import Value
from wizard.model.errors import AnswerError
from wizard.model.findings import Finding, danger, info, warning
from wizard.model.inverse import change
from wizard.model.names import TableName, slugify
from wizard.model.plan import Gate, Migration, Naive, Plan
from wizard.model.schema import Column, Generated, Index, IndexPart, Schema, Table
from wizard.model.simulate import apply_all
from wizard.model.steps import AddColumn, Assignment, RebuildTable, SetDefault
from wizard.operations import add_foreign_key, foreign_key_request
from wizard.operations.base import Context, Operation
from wizard.operations.blocks import (
    backfill_migration,
    ddl,
    index_migration,
    nulls,
    require_value,
)
from wizard.operations.common import (
    choice,
    expression_check,
    flag_value,
    new_name_check,
    object_name,
    read_default,
    read_table,
    require,
    table_question,
    text,
    type_check,
)
from wizard.operations.foreign_key_findings import key_findings
from wizard.operations.phases import Part, Refusal, additive, everywhere, phases
from wizard.questions import Choice, Kind, Question


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was asked for, checked against the table. ``key`` is the foreign key that follows."""

    table: Table
    column: Column
    fill: str | None
    unique: bool
    kind: DefaultKind
    key: foreign_key_request.Request | None


QUESTIONS = (
    table_question("Table", "The table that gets the column."),
    Question(
        key="column",
        kind=Kind.NAME,
        prompt="Name",
        help="The new column's name.",
        example="currency",
        required=True,
        check=new_name_check,
    ),
    Question(
        key="type",
        kind=Kind.TYPE,
        prompt="Type",
        help="A type of your database, such as text, integer, numeric(10,2) or timestamptz.",
        example="varchar(3)",
        required=True,
        check=type_check,
    ),
    Question(
        key="nullable",
        kind=Kind.BOOLEAN,
        prompt="May be NULL",
        help="A column that may be NULL never breaks running code. A required one needs a default, "
        "or a value for the rows that exist and code that always writes it.",
        example="true",
        default=lambda _: True,
    ),
    Question(
        key="default",
        kind=Kind.EXPRESSION,
        prompt="Default",
        help="A SQL expression for rows that do not name the column. Text goes in quotes: 'EUR'.",
        example="'EUR'",
        check=expression_check,
    ),
    Question(
        key="fill",
        kind=Kind.EXPRESSION,
        prompt="Fill old rows with",
        help="A SQL expression for the rows that exist already, when the column is required and "
        "has no default. It may use other columns.",
        example="'EUR'",
        when=lambda one: one.values.get("nullable") is False and not one.values.get("default"),
        check=expression_check,
    ),
    Question(
        key="references",
        kind=Kind.REFERENCE,
        prompt="Points to",
        help="Another table whose key the column holds: a foreign key. It is added and proven as "
        "steps of its own.",
        example="customers(id)",
        advanced=True,
    ),
    Question(
        key="unique",
        kind=Kind.BOOLEAN,
        prompt="Unique",
        help="Build a unique index on the column.",
        example="false",
        advanced=True,
        default=lambda _: False,
    ),
    Question(
        key="identity",
        kind=Kind.CHOICE,
        prompt="Identity",
        help="Let the database count up. Rewrites the table, so only for small ones.",
        example="by default",
        advanced=True,
        choices=lambda _: (
            Choice(value="always", label="always", hint="nobody may write it"),
            Choice(value="by default", label="by default", hint="a written value wins"),
        ),
        when=lambda one: one.dialect is None or one.dialect.capabilities.add_identity,
    ),
    Question(
        key="generated",
        kind=Kind.EXPRESSION,
        prompt="Computed as",
        help="An expression over other columns of the row: a generated column.",
        example="price * quantity",
        advanced=True,
        check=expression_check,
    ),
    Question(
        key="stored",
        kind=Kind.BOOLEAN,
        prompt="Stored",
        help="Keep the computed value on disk; otherwise it is computed at each read.",
        example="true",
        advanced=True,
        default=lambda _: True,
        when=lambda one: bool(one.values.get("generated")),
    ),
    Question(
        key="comment",
        kind=Kind.TEXT,
        prompt="Comment",
        help="A sentence about the column, kept in the database.",
        example="ISO 4217 code",
        advanced=True,
    ),
)


def read(values: Mapping[str, Value], context: Context) -> Request:
    """Return the request; raises AnswerError for what is missing or does not fit the table."""
    table, dialect = read_table(values, context), context.dialect
    name = dialect.check_name(require(values, "column"), flag="--column")
    if table.column(name) is not None:
        raise AnswerError(
            "column-exists",
            f"{table.name} has a column {name} already",
            next_actions=("choose another name",),
            flag="--column",
        )
    default, fill = text(values, "default"), text(values, "fill")
    generated = text(values, "generated")
    identity = choice(values, "identity", ("always", "by default"), None)
    stored = flag_value(values, "stored", default=True)
    if sum(one is not None for one in (default, generated, identity)) > 1:
        raise AnswerError(
            "bad-answer",
            "default, identity and generated exclude each other",
            next_actions=("keep one of them",),
            flag="--default",
        )
    checked = read_default(values, context)
    column = Column(
        name=name,
        type=dialect.check_type(require(values, "type"), enums=context.enums, flag="--type"),
        nullable=flag_value(values, "nullable", default=True) and identity is None,
        default=None if checked is not None and checked.upper() == "NULL" else checked,
        identity="always" if identity == "always" else "by default" if identity else None,
        generated=None
        if generated is None
        else Generated(
            expression=dialect.check_expression(generated, flag="--generated"), stored=stored
        ),
        comment=text(values, "comment"),
    )
    return Request(
        table=table,
        column=column,
        fill=None if fill is None else dialect.check_expression(fill, flag="--fill"),
        unique=flag_value(values, "unique", default=False),
        kind=dialect.default_kind(column.default),
        key=_read_reference(values.get("references"), table, column, context),
    )


def _read_reference(
    value: Value, table: Table, column: Column, context: Context
) -> foreign_key_request.Request | None:
    if value is None or value == "":
        return None
    if isinstance(value, str):
        name, bracket, rest = value.partition("(")
        value = {"table": name.strip()}
        if bracket:
            value["columns"] = rest.rstrip(") ")
    if not isinstance(value, Mapping):
        raise AnswerError("bad-answer", "references reads table(column)", flag="--references")
    answers: dict[str, Value] = {
        "table": str(table.name),
        "columns": (column.name,),
        "ref_table": value.get("table"),
        "ref_columns": value.get("columns"),
        "on_delete": value.get("on_delete"),
    }
    wider = replace(table, columns=(*table.columns, column))

    def tables(name: TableName) -> Table:
        return wider if name == table.name else context.tables(name)

    return foreign_key_request.read(answers, replace(context, tables=tables))


def plan(request: Request, context: Context) -> Plan:
    """Return the plan for this kind of column."""
    table, column, rollout = request.table, request.column, context.rollout
    name = f"{table.name}.{column.name}"
    _refuse(request, context)
    expand, backfill, validate = _column(request, context)
    wider = _after(table, (*expand, *backfill, *validate))
    if request.key is not None:
        inner = add_foreign_key.plan(replace(request.key, table=wider), context)
        proofs = tuple(
            one for phase in inner.phases if phase.name == "validate" for one in phase.migrations
        )
        keys = tuple(one for one in inner.migrations if one not in proofs)
        # A rebuild copies the table as it is by then, so it comes after what it must copy.
        late = backfill and not context.dialect.capabilities.add_constraint
        expand = expand if late else (*expand, *keys)
        validate = (*validate, *(keys if late else ()), *proofs)
        wider = _after(wider, (*keys, *proofs))
    if request.unique:
        build = _unique(request, context, wider)
        validate = (*validate, build) if backfill else validate
        expand = expand if backfill else (*expand, build)
    writes = everywhere(rollout, f"always writes {name}")
    waits = request.fill is not None and not column.nullable and column.default is None
    preflight = nulls(context, wider, column.name)
    merge = rollout.small and not rollout.stopped
    if merge:
        # Nothing takes long, so only a deploy separates phases.
        if waits:
            backfill, validate = (), (*backfill, *validate)
        else:
            expand, backfill, validate = (*expand, *backfill, *validate), (), ()
    parts = [
        Part(
            phase="expand",
            migrations=expand,
            when=additive(rollout, name),
            application="need not change",
        ),
        Part(
            phase="backfill",
            migrations=backfill,
            when=f"after the deploy whose code always writes {name}" if waits else "after expand",
            application=f"always writes {column.name}" if waits else "need not change",
            gate=Gate(text=writes) if waits else None,
        ),
        Part(
            phase="validate",
            migrations=validate,
            when="when the fill is done" if backfill else "after expand",
            application=f"always writes {column.name}" if waits else "need not change",
            gate=Gate(
                text=f"no row of {table.name} holds NULL in {column.name}",
                query=preflight.query,
                people=False,
            )
            if backfill and not column.nullable
            else Gate(text=writes)
            if waits
            else None,
        ),
    ]
    naive = AddColumn(table=table.name, column=column)
    lock = context.dialect.lock(naive, context.size(table))
    return Plan(
        title=f"add {column.name} to {table.name}",
        slug=slugify(f"add {column.name} to {table.name}", separator="-"),
        phases=phases(rollout, *parts),
        findings=_findings(request, context),
        naive=Naive(
            up=(naive,),
            lock=lock,
            effect=f"nobody can {'read or write' if 'reads' in lock.blocks else 'write to'} "
            f"{table.name} while it is rewritten"
            if lock.work == "rewrite" and lock.blocks
            else f"without a lock budget, every query on {table.name} queues behind the wait",
        ),
    )


def _after(table: Table, migrations: tuple[Migration, ...]) -> Table:
    """Return the table as some migrations leave it."""
    steps = [step for one in migrations for step in one.up]
    changed = apply_all(Schema(tables=(table,)), steps).table(table.name)
    assert changed is not None
    return changed


def _unique(request: Request, context: Context, table: Table) -> Migration:
    name = object_name(
        table,
        (request.column.name,),
        kind="key",
        limit=context.dialect.capabilities.name_bytes,
    )
    index = Index(name=name, parts=(IndexPart(column=request.column.name),), unique=True)
    title = f"make {table.name}.{request.column.name} unique"
    return index_migration(context, table, index, title=title)


Three = tuple[tuple[Migration, ...], tuple[Migration, ...], tuple[Migration, ...]]


def _column(request: Request, context: Context) -> Three:
    """Return the migrations that expand, backfill and validate, for the column itself."""
    table, column, dialect = request.table, request.column, context.dialect
    title = f"add {column.name} to {table.name}"
    if _needs_rebuild(request, context):
        after = replace(table, columns=(*table.columns, column))
        rebuild = Migration(
            slug=slugify(title),
            title=title,
            transactional=False,
            changes=(change(RebuildTable(before=table, after=after)),),
        )
        return (rebuild,), (), ()
    late_default = _is_late(request, context)
    needs_fill = late_default or (
        not column.nullable
        and column.default is None
        and column.identity is None
        and column.generated is None
        and request.fill is not None
    )
    first = replace(column, default=None if late_default else column.default)
    if needs_fill:
        first = replace(first, nullable=True)
    add = change(AddColumn(table=table.name, column=first))
    if not late_default and not needs_fill:
        return (ddl(context, title, add),), (), ()
    steps = [add]
    if late_default:
        steps.append(
            change(
                SetDefault(table=table.name, column=first, default=column.default),
                note="set after the column was added, so that the table is not rewritten",
            )
        )
    value = column.default if late_default else request.fill
    filled = replace(table, columns=(*table.columns, replace(first, default=column.default)))
    fill = backfill_migration(
        context,
        filled,
        (Assignment(column=column.name, expression=value or "NULL"),),
        needed=f"{dialect.quote(column.name)} IS NULL",
        title=f"fill {table.name}.{column.name}",
        undo=f"dropping {column.name} takes the values with it: nothing to undo",
    )
    validate: tuple[Migration, ...] = ()
    if not column.nullable:
        validate = require_value(
            context, filled, replace(column, nullable=True, default=column.default)
        )
    return (ddl(context, title, *steps),), (fill,), validate


def _is_late(request: Request, context: Context) -> bool:
    """Tell whether the default is set after the column is there: adding both would stop writes."""
    table, column, dialect = request.table, request.column, context.dialect
    if column.default is None or column.generated is not None:
        return False
    add = AddColumn(table=table.name, column=column)
    if dialect.supports(add) is not None:
        return dialect.supports(replace(add, column=replace(column, default=None))) is None
    plain = replace(add, column=replace(column, default=None))
    works = [dialect.lock(one, context.size(table)).work == "rewrite" for one in (add, plain)]
    online = dialect.capabilities.add_volatile_default
    return works == [True, False] and not (context.rollout.direct or online)


def _needs_rebuild(request: Request, context: Context) -> bool:
    """Tell whether the engine can add such a column only by copying the table."""
    capabilities, column = context.dialect.capabilities, request.column
    if request.kind is DefaultKind.VOLATILE or (
        request.kind is DefaultKind.STABLE and not capabilities.add_stable_default
    ):
        return not capabilities.add_constraint
    stored = column.generated is not None and column.generated.stored
    return stored and not capabilities.add_constraint


def _refuse(request: Request, context: Context) -> None:
    """Raise what cannot be planned, with what to do instead."""
    table, column, rollout = request.table, request.column, context.rollout
    capabilities = context.dialect.capabilities
    name = f"{table.name}.{column.name}"
    plain = column.identity is None and column.generated is None
    if (
        not column.nullable
        and plain
        and column.default is None
        and request.fill is None
        and context.size(table).rows != 0
    ):
        raise AnswerError(
            "required-without-value",
            f"{name} is required, but the rows that exist have no value for it",
            why="Adding it would fail at the first row.",
            next_actions=(
                "give a default with --default, or a value for the old rows with --fill",
            ),
            flag="--fill",
        )
    if request.unique and column.default is not None and request.kind is not DefaultKind.VOLATILE:
        raise AnswerError(
            "unique-default",
            f"{name} cannot be unique and have the same default in every row",
            next_actions=("leave --unique or --default out",),
            flag="--unique",
        )
    if column.identity is not None and not capabilities.add_identity:
        raise AnswerError(
            "unsupported",
            f"{context.dialect.label} adds no identity column to a table that exists",
            flag="--identity",
        )
    # A default and NOT NULL can come later; what the barest form lacks cannot.
    bare = replace(column, nullable=True, default=None)
    reason = context.dialect.supports(AddColumn(table=table.name, column=bare))
    if reason is not None and not _needs_rebuild(request, context):
        raise AnswerError(
            "unsupported",
            f"{context.dialect.label}: {reason}",
            next_actions=("add a plain column, fill it, and set its default afterwards",),
            flag="--identity" if column.identity is not None else "--default",
        )
    stored = column.generated is not None and column.generated.stored
    if column.generated is not None and not stored and not capabilities.virtual_generated:
        raise AnswerError(
            "unsupported",
            f"{context.dialect.label} computes generated columns only when they are written",
            next_actions=("use --stored",),
            flag="--stored",
        )
    rewrites = column.identity is not None or (
        stored and not capabilities.stored_generated_in_place
    )
    if rewrites and not rollout.direct:
        what = "an identity" if column.identity else "a stored generated"
        instead = (
            "Add a plain bigint column with a sequence as its default, then fill and require it."
            if column.identity
            else "Compute it when it is read (--no-stored where the server can), or add a plain "
            "column that the application fills."
        )
        raise Refusal(
            danger(
                "rewriting-column",
                f"Adding {what} column to {table.name} rewrites the whole table and all its "
                "indexes while nobody can read or write it.",
                why="Every row gets its own value at once.",
                safer=f"{instead} Or plan it for a maintenance window.",
                reference="PostgreSQL manual, ALTER TABLE, Notes; safety.md PG-4, PG-5",
            )
        )


def _findings(request: Request, context: Context) -> tuple[Finding, ...]:
    table, column, found = request.table, request.column, []
    if request.kind is DefaultKind.STABLE:
        found.append(
            warning(
                "default-stamps-old-rows",
                f"Every row that exists gets the value that {column.default} has when the "
                "migration runs.",
                why="A stable default is worked out once for all old rows. It does not rewrite "
                "the table.",
                safer="If old rows should say NULL instead, add the column without default and "
                "set the default afterwards.",
            )
        )
    if _is_late(request, context) and not _needs_rebuild(request, context):
        found.append(
            info(
                "volatile-default",
                f"{column.default} differs from row to row: adding it in one step would rewrite "
                f"{table.name} while nobody can read it."
                if request.kind is DefaultKind.VOLATILE
                else f"Adding {column.default} in one step would write every row of {table.name}.",
                why=f"{context.dialect.title} must write a value of its own into each row."
                if request.kind is DefaultKind.VOLATILE
                else f"{context.dialect.title} works such a default out for each row.",
                safer="The default is set after the column is there, and old rows are filled in "
                "batches.",
            )
        )
    if not column.nullable and column.default is not None and not context.rollout.stopped:
        found.append(
            info(
                "keep-default",
                f"Keep the default of {column.name} for at least one release.",
                why="Code that does not know the column inserts rows without it.",
            )
        )
    if not context.rollout.stopped:
        found.append(
            info(
                "select-star",
                f"Prepared SELECT * statements on {table.name} fail until they are prepared anew.",
                why="Their result has one column more than was planned.",
                safer="Name the columns, or let the driver prepare again.",
            )
        )
    if request.key is not None:
        found.extend(key_findings(request.key, context))
    return tuple(found)


def summary(values: Mapping[str, Value]) -> str:
    """Name the change."""
    return f"add {values.get('column', '…')} to {values.get('table', '…')}"


OPERATION = Operation(
    kind="add_column",
    group="Column",
    label="Add a column",
    verb="add",
    questions=QUESTIONS,
    read=read,
    plan=plan,
    summary=summary,
)
