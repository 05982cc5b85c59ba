"""Steps as sea-query's own statements; None where it has none that says all of a step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from generators.seaorm.columns import column_def, default_of
from generators.seaorm.rust import Call, Chain, Node, call, chain, raw, string
from generators.seaorm.words import Writer, plain
from wizard.dialects.flavours import in_own_words
from wizard.model.names import TableName
from wizard.model.schema import Action, ForeignKey, Index, PrimaryKey, Table, Unique
from wizard.model.steps import (
    AddColumn,
    AddEnumValue,
    AddForeignKey,
    AddIndex,
    CreateEnum,
    CreateTable,
    DropColumn,
    DropConstraint,
    DropEnum,
    DropIndex,
    DropNotNull,
    DropTable,
    RenameColumn,
    RenameEnumValue,
    RenameTable,
    SetDefault,
    SetNotNull,
    Step,
)

_ACTIONS: dict[Action, str] = {
    "restrict": "Restrict",
    "cascade": "Cascade",
    "set null": "SetNull",
    "set default": "SetDefault",
}
_DONE = call("to_owned")


def native(step: Step, writer: Writer) -> tuple[Chain, ...] | None:
    """Return calls of the manager that do exactly what the dialect's SQL does, or None.

    sea-query knows no ALGORITHM and LOCK, no NOT VALID, and of a concurrent build only the word.
    """
    if writer.dialect.capabilities.online_ddl or in_own_words(writer.dialect, step):
        return None
    if not isinstance(step, CreateTable) and len(writer.dialect.sql(step)) != 1:
        return None
    return _of_step(step, writer)


def _of_step(step: Step, writer: Writer) -> tuple[Chain, ...] | None:
    postgresql = writer.dialect.name == "postgresql"
    match step:
        case CreateTable(table=made):
            return _create_table(made, writer) if postgresql else None
        case DropTable(table=gone) if _named(gone.name):
            return _one("drop_table", "Table::drop", writer, gone.name)
        case AddColumn(table=table, column=column) if _named(table):
            node = column_def(table, column, writer)
            return None if node is None else _alter(table, call("add_column", node), writer)
        case DropColumn(table=table, column=column) if _named(table, column.name):
            return _alter(table, call("drop_column", writer.column(table, column.name)), writer)
        case RenameColumn(table=table, old=old, new=new) if _named(table, old, new):
            names = (writer.column(table, old), writer.column(table, new))
            return _alter(table, call("rename_column", *names), writer)
        case RenameTable(table=table, new=new) if not table.schema and _named(table, new):
            names = (writer.table(table), writer.table(TableName(new)))
            renamed = chain("Table::rename()", call("table", *names), _DONE)
            return (_managed("rename_table", renamed),)
        case SetDefault(table=table, column=column, default=str(default)) if postgresql and _named(
            table, column.name
        ):
            return _modify(table, column.name, call("default", default_of(default, writer)), writer)
        case SetNotNull(table=table, column=column) if postgresql and _named(table, column.name):
            return _modify(table, column.name, call("not_null"), writer)
        case DropNotNull(table=table, column=column) if postgresql and _named(table, column.name):
            return _modify(table, column.name, call("null"), writer)
        case AddIndex(table=table, index=index, ready=()):
            return _create_index(table, index, writer, concurrently=step.concurrently)
        case DropIndex(table=table, index=index, concurrently=False) if _named(table, index.name):
            links = (call("name", string(index.name)), call("table", writer.table(table)))
            return (_managed("drop_index", chain("Index::drop()", *links, _DONE)),)
        case AddForeignKey(table=table, constraint=key, ready=()) if postgresql and key.validated:
            made_key = _foreign_key(table, key, writer)
            return None if made_key is None else (_managed("create_foreign_key", made_key),)
        case DropConstraint(table=table, constraint=ForeignKey(name=str(name)), leaves=None) if (
            postgresql and _named(table, name)
        ):
            links = (call("name", string(name)), call("table", writer.table(table)))
            return (_managed("drop_foreign_key", chain("ForeignKey::drop()", *links, _DONE)),)
        case CreateEnum() | DropEnum() | AddEnumValue() | RenameEnumValue():
            return _enum(step, writer)
        case _:
            return None


def _enum(
    step: CreateEnum | DropEnum | AddEnumValue | RenameEnumValue, writer: Writer
) -> tuple[Chain, ...] | None:
    name = step.enum.name
    if name.schema or not plain(name.name, *step.enum.labels):
        return None
    kind = writer.name(name.name)
    match step:
        case CreateEnum():
            labels = ", ".join(map(writer.name, step.enum.labels))
            made = chain(
                "Type::create()", call("as_enum", kind), call("values", f"[{labels}]"), _DONE
            )
            return (_managed("create_type", made),) if len(labels) < 60 else None
        case DropEnum():
            return (_managed("drop_type", chain("Type::drop()", call("name", kind), _DONE)),)
        case AddEnumValue(value=value, before=before, after=after):
            if not plain(value):
                return None
            links = [call("name", kind), call("add_value", writer.name(value))]
            if before is not None:
                links.append(call("before", writer.name(before)))
            elif after is not None:
                links.append(call("after", writer.name(after)))
            return (_managed("alter_type", chain("Type::alter()", *links)),)
        case RenameEnumValue(old=old, new=new):
            if not plain(old, new):
                return None
            renamed = call("rename_value", writer.name(old), writer.name(new))
            return (_managed("alter_type", chain("Type::alter()", call("name", kind), renamed)),)


def _create_table(table: Table, writer: Writer) -> tuple[Chain, ...] | None:
    """Return the table with its keys, then its indexes."""
    indexes = [one for one in table.indexes if not one.constraint]
    statements = writer.dialect.sql(CreateTable(table=table))
    if len(statements) != 1 + len(indexes) or not _named(table.name) or table.kind != "table":
        return None
    links: list[Call | str] = [call("table", writer.table(table.name))]
    for column in table.columns:
        node = column_def(table.name, column, writer)
        if node is None:
            return None
        links.append(call("col", node))
    for constraint in table.constraints:
        link = _constraint(table.name, constraint, writer)
        if link is None:
            return None
        links.append(link)
    found = [_managed("create_table", chain("Table::create()", *links, _DONE))]
    for index in indexes:
        made = _create_index(table.name, index, writer, concurrently=False)
        if made is None:
            return None
        found += made
    return tuple(found)


def _constraint(table: TableName, constraint: object, writer: Writer) -> Call | None:
    match constraint:
        case PrimaryKey(columns=columns, name=name) if plain(name, *columns):
            return call("primary_key", _key(table, columns, name, writer))
        case Unique(columns=columns, name=name, nulls_not_distinct=False, deferrable=False) if (
            plain(name, *columns)
        ):
            return call("index", _key(table, columns, name, writer, call("unique")))
        case ForeignKey(validated=True):
            key = _foreign_key(table, constraint, writer)
            # Inside of a table's definition the statement itself is taken, not a copy.
            inner = None if key is None else replace(key, links=key.links[:-1])
            return None if inner is None else call("foreign_key", inner)
        case _:
            return None


def _key(
    table: TableName, columns: Sequence[str], name: str | None, writer: Writer, *more: Call
) -> Chain:
    named = [] if name is None else [call("name", string(name))]
    cols = [call("col", writer.column(table, one)) for one in columns]
    return chain("Index::create()", *named, *more, *cols)


def _create_index(
    table: TableName, index: Index, writer: Writer, *, concurrently: bool
) -> tuple[Chain, ...] | None:
    if concurrently and not writer.modern:
        return None
    odd = index.method or index.where or index.include or index.nulls_not_distinct
    odd = odd or not index.visible or not _named(table, index.name, *index.columns)
    links: list[Call | str] = [
        call("name", string(index.name)),
        call("table", writer.table(table)),
    ]
    for part in index.parts:
        if part.column is None or part.nulls or part.opclass or part.collation or part.length:
            return None
        name = writer.column(table, part.column)
        links.append(call("col", name if part.order == "asc" else f"({name}, IndexOrder::Desc)"))
    if odd:
        return None
    if index.unique:
        links.append(call("unique"))
    if concurrently:
        links.append(call("concurrently"))
    return (_managed("create_index", chain("Index::create()", *links, _DONE)),)


def _foreign_key(table: TableName, key: ForeignKey, writer: Writer) -> Chain | None:
    names = (key.name, *key.columns, *key.ref_columns)
    if key.deferrable or key.name is None or not plain(*names) or not _named(table):
        return None
    if not _named(key.ref_table) or len(key.columns) > 3:
        return None

    def columns(of: TableName, named: Sequence[str]) -> str:
        listed = [writer.column(of, one) for one in named]
        return listed[0] if len(listed) == 1 else f"({', '.join(listed)})"

    links: list[Call | str] = [
        call("name", string(key.name)),
        call("from", writer.table(table), columns(table, key.columns)),
        call("to", writer.table(key.ref_table), columns(key.ref_table, key.ref_columns)),
    ]
    for method, action in (("on_delete", key.on_delete), ("on_update", key.on_update)):
        if action in _ACTIONS:
            links.append(call(method, f"ForeignKeyAction::{_ACTIONS[action]}"))
    return chain("ForeignKey::create()", *links, _DONE)


def _named(table: TableName, *names: str) -> bool:
    return plain(table.name, table.schema, *names)


def _managed(method: str, node: Node) -> Chain:
    return chain("manager", call(method, node), "await?")


def _one(method: str, start: str, writer: Writer, table: TableName) -> tuple[Chain, ...]:
    return (_managed(method, chain(f"{start}()", call("table", writer.table(table)), _DONE)),)


def _alter(table: TableName, change: Call, writer: Writer) -> tuple[Chain, ...]:
    altered = chain("Table::alter()", call("table", writer.table(table)), change, _DONE)
    return (_managed("alter_table", altered),)


def _modify(table: TableName, column: str, change: Call, writer: Writer) -> tuple[Chain, ...]:
    node = chain(call("ColumnDef::new", writer.column(table, column)), change)
    return _alter(table, call("modify_column", node), writer)


def script(sql: str, *, receiver: str = "db") -> Chain:
    """Return a call that sends SQL as it is; several statements go through one connection."""
    return chain(receiver, call("execute_unprepared", raw(sql)), "await?")
