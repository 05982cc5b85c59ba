"""What CockroachDB cannot do, why, and what to do instead.

Facts: "Known Limitations" and the SQL grammar of each version; the sentences name the page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wizard.dialects.flavours.subjects import tables_of
from wizard.model.findings import Finding
from wizard.model.schema import ForeignKey, NotNull, PrimaryKey, Table, Unique
from wizard.model.steps import (
    AddColumn,
    AddExclusion,
    AddForeignKey,
    AddIndex,
    AddNotNull,
    AddPrimaryKey,
    AddUnique,
    ChangeType,
    CreateDependent,
    CreateShadowView,
    CreateSync,
    CreateTable,
    CreateTableView,
    DropColumn,
    DropConstraint,
    DropDependent,
    DropShadowView,
    DropSync,
    DropTableView,
    MoveNumbering,
    RenameColumn,
    RenameTable,
    Step,
    SwapColumns,
    SwapTableView,
)

if TYPE_CHECKING:
    from wizard.dialects.flavours.base import Flavoured, Situation

#: From here on ALTER COLUMN … TYPE is no preview behind a session variable ("ALTER TABLE").
TYPES_ALTERED = (25, 1)

_KINDS: dict[type, str] = {
    AddExclusion: "it has no exclusion constraints",
    AddNotNull: "a NOT NULL cannot be added without a look at the rows, and need not be",
    AddPrimaryKey: "a table always has a primary key, which only ALTER PRIMARY KEY changes",
    CreateShadowView: "no view takes writes",
    DropShadowView: "no view takes writes",
    CreateTableView: "no view takes writes",
    SwapTableView: "no view takes writes",
    DropTableView: "no view takes writes",
    CreateSync: "its triggers are a preview from 24.3 on, whose PL/pgSQL is not PostgreSQL's",
    DropSync: "its triggers are a preview from 24.3 on, whose PL/pgSQL is not PostgreSQL's",
    SwapColumns: "its triggers are a preview from 24.3 on, whose PL/pgSQL is not PostgreSQL's",
    MoveNumbering: "migwiz knows no way to let another column number its rows",
}


def unsupported(step: Step | type, own: tuple[int, ...]) -> str | None:
    """Return why there is no statement for a step or a kind of step, None where there is."""
    kind = step if isinstance(step, type) else type(step)
    if kind in _KINDS:
        return _KINDS[kind]
    if kind is ChangeType and own < TYPES_ALTERED:
        return "before 25.1 the type of a column is changed only behind an experimental setting"
    match step:
        case AddColumn(column=column):
            if column.identity is not None or "nextval(" in (column.default or "").lower():
                return "a column that numbers itself cannot be added to a table with rows"
        case CreateTable(table=made):
            return _table(made)
        case AddIndex(index=index, ready=ready):
            if ready:
                return "it has no partitions that are tables of their own"
            if any(part.nulls or part.collation for part in index.parts):
                return "an index sorts NULLs first, and by the column's own collation, always"
        case AddForeignKey(constraint=key):
            if key.deferrable:
                return "a foreign key is checked at once, always"
        case AddUnique(constraint=unique, using=using):
            if using is not None:
                return "a unique constraint cannot take over an index"
            if unique.deferrable:
                return "uniqueness is checked at once, always"
            if unique.nulls_not_distinct:
                return "NULLs are always different from each other"
        case DropConstraint(constraint=PrimaryKey()):
            return "a table always has a primary key, which only ALTER PRIMARY KEY changes"
        case DropConstraint(constraint=NotNull()):
            return "a NOT NULL has no name by which it could be dropped"
        case DropDependent(dependent=dependent) | CreateDependent(dependent=dependent):
            if not dependent.kind.endswith("view"):
                return f"a {dependent.kind} cannot be dropped and made again as on PostgreSQL"
        case _:
            pass
    return None


def _table(made: Table) -> str | None:
    if made.partition_key is not None or made.partition_of is not None:
        return "it has no partitions that are tables of their own"
    if any(isinstance(one, ForeignKey | Unique) and one.deferrable for one in made.constraints):
        return "constraints are checked at once, always"
    return None


def instead(step: Step) -> str:
    """Say what to do instead of a step that is not supported."""
    match step:
        case (
            CreateSync()
            | DropSync()
            | SwapColumns()
            | CreateShadowView()
            | DropShadowView()
            | CreateTableView()
            | SwapTableView()
            | DropTableView()
        ):
            return (
                "Map the new name in the application (--how map), or let the application write "
                "both columns for a release; in a maintenance window the plain rename will do."
            )
        case AddPrimaryKey() | DropConstraint(constraint=PrimaryKey()):
            return "Use ALTER TABLE … ALTER PRIMARY KEY USING COLUMNS, in a migration of its own."
        case ChangeType():
            return (
                "Add a column of the new type, fill it, let the application use it, and drop the "
                "old one; or upgrade to 25.1 and drop what depends on the column first."
            )
        case AddColumn():
            return (
                "Add a plain column, fill it from a sequence or with gen_random_uuid(), and set its "
                "default afterwards."
            )
        case AddExclusion():
            return "Check for overlaps in the application, in the transaction that writes."
        case _:
            return (
                "Leave the option out, or make this change by hand as CockroachDB's documentation "
                "describes it."
            )


def in_the_way(dialect: Flavoured, step: Step, situation: Situation) -> Finding | None:
    """Return why a step cannot be planned: the statement itself, or what depends on its table."""
    reason = dialect.supports(step)
    if reason is None:
        tables = {one.name: one for one in situation.tables(step)}
        named = tables_of(step)
        table = tables.get(named[0]) if named else None
        reason = None if table is None else _depending(step, table, dialect)
    if reason is None:
        return None
    reference = "CockroachDB documentation, Known Limitations; ALTER TABLE"
    return dialect.cannot(reason, safer=dialect.instead(step), reference=reference)


def _depending(step: Step, table: Table, dialect: Flavoured) -> str | None:
    match step:
        case RenameTable():
            views = [one.name for one in table.dependents if one.kind.endswith("view")]
            if views:
                return f"{table.name} cannot be renamed while {', '.join(views)} reads it"
        case RenameColumn(old=old):
            views = _views(table, old)
            if views:
                return f"{table.name}.{old} cannot be renamed while {', '.join(views)} reads it"
        case DropColumn(column=column):
            partial = [
                one.name
                for one in table.indexes
                if one.where and column.name in dialect.columns_in(one.where)
            ]
            if partial:
                return (
                    f"{table.name}.{column.name} cannot be dropped while the condition of "
                    f"{', '.join(partial)} reads it"
                )
        case ChangeType(column=column):
            users = [
                *(one.name for one in table.indexes if column.name in one.columns),
                *(one.name or "a check" for one in table.checks if column.name in one.columns),
                *_views(table, column.name),
            ]
            if column.identity is not None:
                users.append("its own numbering")
            if users:
                return (
                    f"the type of {table.name}.{column.name} cannot be changed while "
                    f"{', '.join(dict.fromkeys(users))} depends on it"
                )
        case _:
            pass
    return None


def _views(table: Table, column: str) -> list[str]:
    return [
        one.name for one in table.dependents if one.kind.endswith("view") and column in one.columns
    ]
