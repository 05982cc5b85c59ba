"""The migrations that drop a column, and those before them that let rows do without it."""

from __future__ import annotations

from dataclasses import replace

from wizard.dialects.base import DefaultKind
from wizard.model.findings import danger
from wizard.model.inverse import change, inverse
from wizard.model.names import slugify
from wizard.model.plan import LOSSLESS, Change, Grade, Migration, Reversibility
from wizard.model.rollout import SizeClass
from wizard.model.schema import Check, Column, Exclusion, Index, Schema, Table
from wizard.model.simulate import apply, apply_all
from wizard.model.steps import (
    AddCheck,
    AddColumn,
    Assignment,
    Backfill,
    DropColumn,
    DropConstraint,
    DropNotNull,
    Nothing,
    RebuildTable,
    Require,
    SetDefault,
    SetIdentity,
    SetNotNull,
    Step,
    ValidateConstraint,
)
from wizard.operations.base import Context
from wizard.operations.blocks import (
    ddl,
    drop_index_migration,
    index_migration,
    not_null_check,
    rebuild_migration,
    walk_key,
    with_column,
)
from wizard.operations.column_archive import agreeing, archive_of, filling
from wizard.operations.column_uses import indexes_on, keys_on, rules_on
from wizard.operations.common import object_name
from wizard.operations.constraints import drop_constraint
from wizard.operations.needs import losing, serves
from wizard.operations.phases import Refusal
from wizard.operations.releases import release


def after(table: Table, migrations: tuple[Migration, ...] | list[Migration]) -> Table:
    """Return the table as migrations leave it."""
    steps = [step for one in migrations for step in one.up]
    found = apply_all(Schema(tables=(table,)), steps).table(table.name)
    assert found is not None
    return found


def column_of(table: Table, name: str) -> Column:
    """Return a column that is known to be there."""
    found = table.column(name)
    assert found is not None
    return found


def loosened(context: Context, table: Table, column: Column) -> tuple[Migration, ...]:
    """Return what lets rows be written without the column, nothing where they can be."""
    if column.generated is not None or column.identity is not None or column.default is not None:
        return ()
    name = f"{table.name}.{column.name}"
    proves = context.dialect.proves_not_null
    checks = tuple(
        one
        for one in table.checks
        if column.name in one.columns and proves(one.expression, column.name)
    )
    if column.nullable and not checks:
        return ()
    if context.dialect.supports(DropConstraint) is not None:
        left = tuple(one for one in table.constraints if one not in checks)
        loose = with_column(replace(table, constraints=left), replace(column, nullable=True))
        step = RebuildTable(before=table, after=loose)
        return (rebuild_migration(f"no longer require {name}", step),)
    required = () if column.nullable else (column,)
    # A default would point nowhere, or stand twice where nothing may.
    bound = bool(keys_on(table, column.name) or rules_on(table, column.name))
    return release(
        context, table, name=name, required=required, checks=checks, exact=False, bare=bound
    )


def dropped(
    context: Context, table: Table, column: Column, *, archive: bool
) -> tuple[Migration, ...]:
    """Return the removal of the column and of all that stands on it, each in its own file."""
    found: list[Migration] = []

    def add(*migrations: Migration) -> None:
        found.extend(migrations)

    in_place = context.dialect.supports(DropConstraint) is None
    if in_place:
        for key in keys_on(table, column.name):
            add(*drop_constraint(context, table, key))
    for index in indexes_on(table, column.name, context):
        add(*_index(context, after(table, found), index, column))
    if in_place:
        add(*_rules(context, after(table, found), column))
    name = f"{table.name}.{column.name}"
    kept = archive_of(context, table, column) if archive else None
    if archive and kept is None:
        raise Refusal(
            danger(
                "no-archive",
                f"The values of {name} cannot be kept: the rows of {table.name} have no key.",
                why="The way back has to tell which value belongs to which row.",
                safer="Add a primary key first, or choose --archive tombstone or none.",
            )
        )
    rest = _rest(context, column)
    if (kept is not None and _odd(context, column)) or (rest and not column.nullable):
        add(*_bare(context, after(table, found), column))
    left = column_of(after(table, found), column.name)
    if left != column and column.default is not None:
        add(_filled_again(context, after(table, found), left, column.default))
    grade = _grade(context, column)
    if kept is not None:
        kept = replace(kept, column=left)
        add(*filling(kept, context), agreeing(kept, context))
        grade = Reversibility(
            grade=Grade.LOSSLESS_UNTIL,
            until=f"{kept.kept.name} is dropped",
            reason=f"the values of {name} are in {kept.kept.name}",
        )
    add(_last(context, after(table, found), left, grade))
    return tuple(found)


def _odd(context: Context, column: Column) -> bool:
    """Tell whether nobody can say which value a row gets by itself."""
    known = (DefaultKind.NONE, DefaultKind.CONSTANT)
    return column.identity is not None or context.dialect.default_kind(column.default) not in known


def _grade(context: Context, column: Column) -> Reversibility | None:
    """Return how much of the values comes back; None for what a dropped column usually means."""
    empty = context.rollout.size is SizeClass.EMPTY
    return LOSSLESS if column.generated is not None or empty else None


def _index(context: Context, table: Table, index: Index, column: Column) -> tuple[Migration, ...]:
    """Drop an index; where a foreign key needs what is left of it, build that first."""
    found = [drop_index_migration(context, table, index)]
    needed = [key for key in losing(table, index) if column.name not in key.columns]
    parts = tuple(one for one in index.parts if one.column not in (None, column.name))
    if (
        not needed
        or not parts
        or not any(serves(replace(index, parts=parts), key.columns) for key in needed)
    ):
        return tuple(found)
    limit = context.dialect.capabilities.name_bytes
    columns = tuple(one.column or "" for one in parts)
    name = object_name(table, columns, kind="idx", limit=limit)
    left = Index(name=name, parts=parts, method=index.method)
    title = f"index {table.name.name} {' '.join(columns)}"
    build = index_migration(context, table, left, title=title)
    return (replace(build, slug=slugify(f"add {name}")), *found)


def _rules(context: Context, table: Table, column: Column) -> tuple[Migration, ...]:
    found: list[Migration] = []
    checks: list[Check] = []
    for rule in rules_on(table, column.name):
        if isinstance(rule, Check):
            checks.append(rule)
        elif isinstance(rule, Exclusion):
            step = DropConstraint(table=table.name, constraint=rule)
            found.append(ddl(context, f"drop {rule.name} from {table.name}", change(step)))
        else:
            found.extend(drop_constraint(context, table, rule))
    name = f"{table.name}.{column.name}"
    released = release(context, table, name=name, required=(), checks=tuple(checks))
    return (*found, *released)


def _rest(context: Context, column: Column) -> str | None:
    """Return a default with which the column would come back only by a rewrite of the table."""
    volatile = context.dialect.default_kind(column.default) is DefaultKind.VOLATILE
    return column.default if volatile and not context.rollout.direct else None


def _bare(context: Context, table: Table, column: Column) -> tuple[Migration, ...]:
    """Take numbering, default and NOT NULL off the column, so that it can come back without them."""
    name = f"{table.name}.{column.name}"
    bare = replace(column, default=None, nullable=True, identity=None)
    if column == bare:
        return ()
    if context.dialect.supports(SetDefault) is not None:
        step = RebuildTable(before=table, after=with_column(table, bare))
        return (rebuild_migration(f"no longer require {name}", step),)
    if column.identity is not None:
        return (_unnumbered(context, table, column),)
    free = replace(column, nullable=True)
    drop = change(SetDefault(table=table.name, column=free, default=None))
    if column.nullable:
        return (ddl(context, f"drop the default of {name}", drop),)
    # Rows that came while the column was gone are filled by its default, where it has one.
    exact = column.default is not None
    *first, last = release(
        context, table, name=name, required=(column,), checks=(), exact=exact, bare=True
    )
    if column.default is None:
        return (*first, last)
    # The default goes last: without it and while NULL is still forbidden no row could be written.
    return (*first, replace(last, changes=(*last.changes, drop)))


def _unnumbered(context: Context, table: Table, column: Column) -> Migration:
    """Let rows do without a number: an identity column cannot be NULL before it is none."""
    name = f"{table.name}.{column.name}"
    plain = replace(column, identity=None)
    stop = change(SetIdentity(table=table.name, column=column, identity=None))
    lift = DropNotNull(table=table.name, column=plain)
    require = SetNotNull(table=table.name, column=replace(plain, nullable=True))
    back: tuple[Step, ...] = (require,)
    if not context.rollout.direct and context.dialect.capabilities.not_valid:
        check = not_null_check(context, table, column.name)
        back = (
            AddCheck(table=table.name, constraint=check),
            ValidateConstraint(table=table.name, constraint=check),
            replace(require, proof=check.name),
            DropConstraint(table=table.name, constraint=replace(check, validated=True)),
        )
    grade = inverse(lift)[1]
    return ddl(
        context,
        f"no longer number {name}",
        stop,
        change(lift, undo=back, reversibility=grade),
    )


def _filled_again(context: Context, table: Table, column: Column, value: str) -> Migration:
    """Return the file whose downgrade gives each row a value anew, when the column is back."""
    key = walk_key(context, table)
    refill = Backfill(
        table=table.name,
        assignments=(Assignment(column=column.name, expression=value),),
        needed=f"{context.dialect.quote(column.name)} IS NULL",
        key=tuple(one.name for one in key),
        key_types=tuple(one.type for one in key),
    )
    title = f"fill {table.name}.{column.name} on the way back"
    reason = "only the downgrade has work to do: it gives each row a value"
    return Migration(
        slug=slugify(title),
        title=title,
        kind="data",
        transactional=not key,
        changes=(change(Nothing(reason=reason), undo=(refill,)),),
    )


def _last(context: Context, table: Table, column: Column, grade: Reversibility | None) -> Migration:
    """Return the drop itself, or the copy without the column where the engine cannot."""
    title = f"drop {column.name} from {table.name}"
    add = AddColumn(table=table.name, column=column)
    bound = rules_on(table, column.name) or keys_on(table, column.name)
    guard = _empty(context, table, column) if context.rollout.size is SizeClass.EMPTY else ()
    if bound or context.dialect.supports(add) is not None:
        drop = DropColumn(table=table.name, column=column)
        without = apply(Schema(tables=(table,)), drop).table(table.name)
        assert without is not None
        step = RebuildTable(before=table, after=without)
        return rebuild_migration(title, step, guard=guard, reversibility=grade)
    undo: tuple[Step, ...] = (add,)
    if _rest(context, column) is not None:
        free = replace(column, default=None)
        undo = (
            AddColumn(table=table.name, column=free),
            SetDefault(table=table.name, column=free, default=column.default),
        )
    step_ = DropColumn(table=table.name, column=column)
    usual = inverse(step_)[1]
    last: Change = change(step_, undo=undo, reversibility=grade or usual)
    return ddl(context, title, *(change(one) for one in guard), last)


def _empty(context: Context, table: Table, column: Column) -> tuple[Step, ...]:
    """Stop at a value that was not expected in an empty table."""
    if column.generated is not None:
        return ()
    dialect = context.dialect
    key = ", ".join(dialect.quote(one) for one in table.primary_key) or "1"
    query = (
        f"SELECT {key} FROM {dialect.table(table.name)} "
        f"WHERE {dialect.quote(column.name)} IS NOT NULL LIMIT 5"
    )
    message = f"{table.name}.{column.name} holds values after all: plan it with --archive"
    return (Require(query=query, message=message, table=table.name),)
