"""From a Step to the statements that do it on PostgreSQL 12 and later."""

from __future__ import annotations

from typing import assert_never

from wizard.dialects.postgresql import (
    batches,
    numbering,
    objects,
    triggers,
    views,
    whole_tables,
)
from wizard.dialects.postgresql.definitions import (
    column,
    constraint,
    create_index,
    deferral,
    grants,
    rename_column,
)
from wizard.dialects.postgresql.words import literal, quote, table
from wizard.dialects.sqltext import grouped
from wizard.model.errors import AnswerError
from wizard.model.names import TableName
from wizard.model.schema import NotNull
from wizard.model.steps import (
    AddCheck,
    AddColumn,
    AddEnumValue,
    AddExclusion,
    AddForeignKey,
    AddIndex,
    AddNotNull,
    AddPrimaryKey,
    AddUnique,
    Backfill,
    ChangeType,
    CopyRows,
    CreateDependent,
    CreateEnum,
    CreateShadowView,
    CreateSync,
    CreateTable,
    CreateTableView,
    DeleteRows,
    DropColumn,
    DropConstraint,
    DropDependent,
    DropEnum,
    DropIndex,
    DropNotNull,
    DropShadowView,
    DropSync,
    DropTable,
    DropTableView,
    Impossible,
    LockTables,
    MoveNumbering,
    Nothing,
    RebuildTable,
    RenameColumn,
    RenameConstraint,
    RenameEnum,
    RenameEnumValue,
    RenameIndex,
    RenameTable,
    ReplaceView,
    Require,
    SetDefault,
    SetIdentity,
    SetNotNull,
    SetVisible,
    Step,
    SwapColumns,
    SwapTableView,
    ValidateConstraint,
)

_MODES = ("share row exclusive", "access exclusive", "share update exclusive", "exclusive", "share")


def unsupported(step: Step | type, version: tuple[int, ...]) -> str | None:
    """Return why there is no SQL for a step, None where there is."""
    kind = step if isinstance(step, type) else type(step)
    if kind is RebuildTable:
        return "PostgreSQL alters tables in place: no plan rebuilds one"
    if kind is SetVisible:
        return "PostgreSQL cannot hide an index from queries"
    if isinstance(step, DropDependent | CreateDependent):
        one = step.dependent
        if one.kind not in objects.REMAKABLE or not one.definition:
            why = f": {one.obstacle}" if one.obstacle else ""
            return f"the {one} cannot be dropped and made again{why}"
    if isinstance(step, ReplaceView) and (step.after.kind != "view" or not step.after.definition):
        return f"the {step.after} takes no other query in place"
    later = kind is AddNotNull or (
        isinstance(step, ValidateConstraint | DropConstraint)
        and isinstance(step.constraint, NotNull)
    )
    if later and version < (18,):
        return "a NOT NULL that is validated later came with PostgreSQL 18"
    return None


def statements(step: Step, version: tuple[int, ...]) -> tuple[str, ...]:
    """Return the statements of a step, without closing semicolons.

    Raises AnswerError (`unsupported`) for what this version cannot do.
    """
    reason = unsupported(step, version)
    if reason is not None:
        raise AnswerError("unsupported", reason)
    match step:
        case CreateTable(table=made):
            return whole_tables.create_table(made, version)
        case DropTable(table=gone):
            return (f"DROP TABLE {table(gone.name)}",)
        case ChangeType():
            return whole_tables.change_type(step)
        case SetIdentity():
            return numbering.set_identity(step)
        case MoveNumbering():
            return numbering.move_numbering(step)
        case AddColumn():
            alter = f"ALTER TABLE {table(step.table)} ADD COLUMN {column(step.column, version)}"
            return (alter, *_comment(step), *grants(step.table, step.column))
        case DropColumn():
            return (f"ALTER TABLE {table(step.table)} DROP COLUMN {quote(step.column.name)}",)
        case SetDefault(default=default):
            action = (
                "DROP DEFAULT"
                if default is None
                else f"SET DEFAULT {grouped(default, 'postgresql')}"
            )
            return (_alter(step.table, step.column.name, action),)
        case SetNotNull():
            return (_alter(step.table, step.column.name, "SET NOT NULL"),)
        case DropNotNull():
            return (_alter(step.table, step.column.name, "DROP NOT NULL"),)
        case RenameColumn(old=old, new=new):
            return (rename_column(step.table, old, new),)
        case RenameTable(new=new):
            return (f"ALTER TABLE {table(step.table)} RENAME TO {quote(new)}",)
        case RenameIndex(old=old, new=new):
            index = table(TableName(old, step.table.schema))
            return (f"ALTER INDEX {index} RENAME TO {quote(new)}",)
        case RenameConstraint(old=old, new=new):
            names = f"{quote(old)} TO {quote(new)}"
            return (f"ALTER TABLE {table(step.table)} RENAME CONSTRAINT {names}",)
        case AddIndex():
            on = table(step.table)
            return (create_index(on, step.index, version, concurrently=step.concurrently),)
        case DropIndex():
            how = "INDEX CONCURRENTLY" if step.concurrently else "INDEX"
            return (f"DROP {how} {table(TableName(step.index.name, step.table.schema))}",)
        case AddForeignKey() | AddCheck() | AddNotNull() | AddExclusion():
            return (f"ALTER TABLE {table(step.table)} ADD {constraint(step.constraint, version)}",)
        case AddUnique():
            return (_add_unique(step, version),)
        case AddPrimaryKey():
            return (whole_tables.add_primary_key(step, version),)
        case ValidateConstraint():
            name = quote(step.constraint.name or "")
            return (f"ALTER TABLE {table(step.table)} VALIDATE CONSTRAINT {name}",)
        case DropConstraint():
            return _drop_constraint(step, version)
        case CreateSync(sync=sync):
            return triggers.create_sync(sync)
        case DropSync(sync=sync):
            return triggers.drop_sync(sync)
        case SwapColumns():
            return triggers.swap_columns(step)
        case CreateShadowView(view=view):
            return views.create_shadow(view, version)
        case DropShadowView(view=view):
            return views.drop_shadow(view)
        case CreateTableView(view=whole):
            return views.create(whole, version)
        case DropTableView(view=whole):
            return (f"DROP VIEW {table(whole.shown)}",)
        case SwapTableView(view=whole):
            return views.swap(whole, version)
        case DropDependent():
            return objects.drop_dependent(step)
        case CreateDependent():
            return objects.create_dependent(step)
        case ReplaceView():
            return (objects.replace_view(step),)
        case CreateEnum(enum=enum):
            return (objects.create_enum(enum),)
        case DropEnum(enum=enum):
            return (f"DROP TYPE {table(enum.name)}",)
        case RenameEnum(enum=enum, new=new):
            return (f"ALTER TYPE {table(enum.name)} RENAME TO {quote(new)}",)
        case AddEnumValue():
            return (objects.add_value(step),)
        case RenameEnumValue():
            return (objects.rename_value(step),)
        case Backfill() | DeleteRows() | CopyRows():
            return (batches.whole(step),)
        case Require():
            return (triggers.require(step),)
        case LockTables(tables=tables, mode=mode):
            if mode.lower() not in _MODES:
                raise ValueError(f"{mode!r} is no mode of a table lock")
            return (f"LOCK TABLE {', '.join(map(table, tables))} IN {mode.upper()} MODE",)
        case Impossible(reason=why):
            return (triggers.impossible(why),)
        case Nothing() | RebuildTable() | SetVisible():
            return ()
        case _:
            assert_never(step)


def _alter(name: TableName, column_name: str, action: str) -> str:
    return f"ALTER TABLE {table(name)} ALTER COLUMN {quote(column_name)} {action}"


def _comment(step: AddColumn) -> tuple[str, ...]:
    if not step.column.comment:
        return ()
    target = f"{table(step.table)}.{quote(step.column.name)}"
    return (f"COMMENT ON COLUMN {target} IS {literal(step.column.comment)}",)


def _add_unique(step: AddUnique, version: tuple[int, ...]) -> str:
    if step.using is None:
        return f"ALTER TABLE {table(step.table)} ADD {constraint(step.constraint, version)}"
    name = quote(step.constraint.name or step.using.name)
    return (
        f"ALTER TABLE {table(step.table)} ADD CONSTRAINT {name} "
        f"UNIQUE USING INDEX {quote(step.using.name)}{deferral(step.constraint)}"
    )


def _drop_constraint(step: DropConstraint, version: tuple[int, ...]) -> tuple[str, ...]:
    """Drop a constraint; the index that it took over is built again, and first where it can be.

    Built first, it is built under a lock that lets reads go on, and uniqueness has no gap.
    """
    name = step.constraint.name or ""
    drop = f"ALTER TABLE {table(step.table)} DROP CONSTRAINT {quote(name)}"
    if step.leaves is None:
        return (drop,)
    build = create_index(table(step.table), step.leaves, version, concurrently=False)
    return (drop, build) if step.leaves.name == name else (build, drop)
