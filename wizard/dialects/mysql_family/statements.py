"""From a Step to the statements that do it on MySQL and MariaDB."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from wizard.dialects.base import DefaultKind
from wizard.dialects.mysql_family import batches, guards, triggers
from wizard.dialects.mysql_family.choosing import Alter, way
from wizard.dialects.mysql_family.definitions import column, constraint, create_table, index
from wizard.dialects.mysql_family.expressions import default_kind, is_literal
from wizard.dialects.mysql_family.supported import unsupported
from wizard.dialects.mysql_family.types import is_blob
from wizard.dialects.mysql_family.ways import Ways
from wizard.dialects.mysql_family.words import quote, table
from wizard.model.errors import AnswerError
from wizard.model.names import TableName, parse_table_name
from wizard.model.schema import Check, Column, ForeignKey, PrimaryKey, Unique
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


def statements(step: Step, ways: Ways) -> tuple[str, ...]:
    """Return the statements of a step, without closing semicolons.

    Raises AnswerError (`unsupported`) for what this version cannot do.
    """
    reason = unsupported(step, ways)
    if reason is not None:
        raise AnswerError("unsupported", reason)
    engine = ways.engine
    match step:
        case CreateTable(table=made):
            made_by = tuple(one.definition for one in made.triggers if one.definition)
            return (create_table(made, engine), *made_by)
        case DropTable(table=gone):
            return (f"DROP TABLE {table(gone.name)}",)
        case AddColumn():
            return (_alter(step, f"ADD COLUMN {column(step.column, engine)}", ways),)
        case DropColumn():
            return (_alter(step, f"DROP COLUMN {quote(step.column.name)}", ways),)
        case ChangeType(to=to):
            return guards.strictly(_alter(step, _modify(to, engine), ways), ways)
        case SetIdentity(identity=identity):
            after = replace(step.column, identity=identity, default=None)
            return (_alter(step, _modify(after, engine), ways),)
        case SetDefault():
            return (_alter(step, _default(step, engine), ways),)
        case SetNotNull():
            after = replace(step.column, nullable=False)
            return guards.strictly(_alter(step, _modify(after, engine), ways), ways)
        case DropNotNull():
            return (_alter(step, _modify(replace(step.column, nullable=True), engine), ways),)
        case RenameColumn(old=old, new=new):
            return (_alter(step, f"RENAME COLUMN {quote(old)} TO {quote(new)}", ways),)
        case RenameTable(new=new):
            target = table(TableName(new, step.table.schema))
            return (f"RENAME TABLE {table(step.table)} TO {target}",)
        case RenameIndex(old=old, new=new):
            return (_alter(step, f"RENAME INDEX {quote(old)} TO {quote(new)}", ways),)
        case AddIndex():
            return (_alter(step, f"ADD {index(step.index, engine)}", ways),)
        case DropIndex():
            return (_alter(step, f"DROP INDEX {quote(step.index.name)}", ways),)
        case SetVisible(visible=visible):
            shown = ("IGNORED", "NOT IGNORED") if ways.maria else ("INVISIBLE", "VISIBLE")
            return (_alter(step, f"ALTER INDEX {quote(step.index.name)} {shown[visible]}", ways),)
        case AddForeignKey(constraint=key):
            alter = _alter(step, f"ADD {constraint(key, engine)}", ways)
            return (alter,) if key.validated else guards.without_key_checks(alter, ways)
        case AddCheck() | AddUnique():
            return (_alter(step, f"ADD {constraint(step.constraint, engine)}", ways),)
        case AddPrimaryKey():
            alter = _alter(step, f"ADD {constraint(step.constraint, engine)}", ways)
            return guards.strictly(alter, ways)
        case DropConstraint():
            return (_alter(step, _drop(step, ways), ways),)
        case ValidateConstraint(constraint=key):
            assert isinstance(key, ForeignKey)
            return (guards.prove_key(step.table, key, ways),)
        case CreateSync(sync=sync):
            return triggers.create_sync(sync, engine)
        case DropSync(sync=sync):
            return triggers.drop_sync(sync)
        case CreateShadowView(view=view):
            return triggers.create_view(view)
        case DropShadowView(view=view):
            return triggers.drop_view(view)
        case CreateTableView(view=whole):
            return (triggers.show_table(whole),)
        case SwapTableView(view=whole):
            return triggers.swap_table(whole)
        case DropTableView(view=whole):
            return (f"DROP VIEW {table(whole.shown)}",)
        case DropDependent(dependent=dependent):
            name = parse_table_name(dependent.name)
            if dependent.kind == "trigger" and name.schema is None:
                name = TableName(name.name, step.table.schema)
            return (f"DROP {dependent.kind.upper()} {table(name)}",)
        case CreateDependent(dependent=dependent):
            return dependent.definition
        case Backfill() | DeleteRows() | CopyRows():
            return batches.whole(step, engine)
        case Require():
            return (guards.require(step, ways),)
        case Impossible(reason=why):
            return (guards.impossible(why, ways),)
        case LockTables() | Nothing():
            # LOCK TABLES would end the transaction, and let nobody else in until the very end.
            return ()
        case (
            AddNotNull()
            | AddExclusion()
            | RenameConstraint()
            | CreateEnum()
            | DropEnum()
            | AddEnumValue()
            | RenameEnumValue()
            | RenameEnum()
            | MoveNumbering()
            | SwapColumns()
            | ReplaceView()
            | RebuildTable()
        ):
            raise AnswerError("unsupported", f"no statement for {type(step).__name__}")
        case _:
            assert_never(step)


def alteration(step: Step, ways: Ways) -> str | None:
    """Return what stands behind ALTER TABLE without the way, None for what is no such statement."""
    if not isinstance(step, Alter) or unsupported(step, ways) is not None:
        return None
    begin = f"ALTER TABLE {table(step.table)} "
    for statement in statements(step, ways):
        # Settings of the session stand before it, in the same statement on MariaDB.
        _, found, action = statement.partition(begin)
        if found:
            return action.removesuffix(way(step, ways).clause)
    return None


def _alter(step: Alter, action: str, ways: Ways) -> str:
    return f"ALTER TABLE {table(step.table)} {action}{way(step, ways).clause}"


def _modify(after: Column, engine: str) -> str:
    return f"MODIFY COLUMN {column(after, engine)}"


def _default(step: SetDefault, engine: str) -> str:
    """Return the change of a default that leaves all else of the column alone.

    ALTER COLUMN touches nothing else, with three exceptions (measured): MariaDB drops ON UPDATE
    along with a default; MySQL takes no default for a text there; and DROP DEFAULT leaves a column
    of MySQL that may be NULL without any, so that an INSERT which leaves it out fails.
    """
    before, default = step.column, step.default
    name = f"ALTER COLUMN {quote(before.name)}"
    none = default_kind(default, engine) is DefaultKind.NONE
    simple = none or is_literal(default or "", engine)
    if not simple or before.on_update is not None or (engine == "mysql" and is_blob(before.type)):
        return _modify(replace(before, default=None if none else default), engine)
    if none:
        return f"{name} SET DEFAULT NULL" if before.nullable else f"{name} DROP DEFAULT"
    return f"{name} SET DEFAULT {(default or '').strip()}"


def _drop(step: DropConstraint, ways: Ways) -> str:
    gone = step.constraint
    name = quote(gone.name or "") if gone.name else ""
    match gone:
        case PrimaryKey():
            return "DROP PRIMARY KEY"
        case Unique():
            return f"DROP INDEX {name}"
        case ForeignKey():
            return f"DROP FOREIGN KEY {name}"
        case Check():
            return f"DROP {'CONSTRAINT' if ways.maria else 'CHECK'} {name}"
        case _:
            raise AnswerError("unsupported", f"there is no constraint such as {gone.name} here")
