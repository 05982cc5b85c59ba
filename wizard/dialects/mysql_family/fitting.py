"""Steps in the form which one table takes: what its row format, indexes and keys rule out.

Measured on MySQL 9.7, MariaDB 10.11 and 11.8: ROW_FORMAT=COMPRESSED and a FULLTEXT index refuse
instant columns; a table with a FULLTEXT index is rebuilt while writes wait (MariaDB) or copied
(MySQL); a column in an index cannot go in an instant; a column in an index changes its collation
only with that index (MariaDB) or by a copy (MySQL); MariaDB copies online from 11.2 on, but not a
table whose foreign keys change its rows by themselves.
"""

from __future__ import annotations

from dataclasses import replace

from wizard.dialects.mysql_family.choosing import way
from wizard.dialects.mysql_family.ways import INSTANT, Ways
from wizard.model.schema import Index, PrimaryKey, Table, Unique
from wizard.model.steps import (
    AddCheck,
    AddColumn,
    AddIndex,
    AddUnique,
    ChangeType,
    DropColumn,
    DropConstraint,
    DropIndex,
    DropNotNull,
    Rebuild,
    SetDefault,
    SetIdentity,
    SetNotNull,
    Step,
)

Fitted = (
    AddColumn
    | DropColumn
    | ChangeType
    | SetNotNull
    | DropNotNull
    | AddCheck
    | AddIndex
    | DropIndex
    | AddUnique
    | DropConstraint
)

#: The steps that write a column's definition anew, or take it away.
Defining = DropColumn | ChangeType | SetNotNull | DropNotNull | SetDefault | SetIdentity


def fit(step: Step, table: Table, ways: Ways) -> Step:
    """Return the step with what the table makes of it; the same step where it is as usual."""
    step = _with_rule(step, table)
    if not isinstance(step, Fitted) or step.rebuild is not None:
        return step
    found = _rebuild(step, table, ways)
    return step if found is None else replace(step, rebuild=found)


def _with_rule(step: Step, table: Table) -> Step:
    """Return the step with the check that MariaDB keeps in the column's own definition.

    It has no name, so that nothing but a new definition reaches it, and a definition without it
    drops it in an instant and without a word (measured).
    """
    if not isinstance(step, Defining) or step.column.check is not None:
        return step
    rules = [
        one.expression
        for one in table.checks
        if one.name is None and one.columns == (step.column.name,)
    ]
    if not rules:
        return step
    rule = rules[0] if len(rules) == 1 else " AND ".join(f"({one})" for one in rules)
    step = replace(step, column=replace(step.column, check=rule))
    return replace(step, to=replace(step.to, check=rule)) if isinstance(step, ChangeType) else step


def _rebuild(step: Fitted, table: Table, ways: Ways) -> Rebuild | None:
    usual = way(step, ways)
    if usual.algorithm == "COPY":
        # An online copy is refused where foreign keys change or delete rows here by themselves.
        return "copy" if usual.lock == "NONE" and _acts(table) else None
    if isinstance(step, AddIndex | AddUnique | DropIndex | DropConstraint):
        return _of_key(step, table, ways)
    full_text = any(one.method == "fulltext" for one in table.indexes)
    if isinstance(step, DropNotNull) and _clustered_by(table, step.column.name):
        return "copy"
    if isinstance(step, SetNotNull | DropNotNull):
        return _full_text(ways) if full_text else None
    if isinstance(step, ChangeType):
        recollated = usual == ways.recollate and step.column.collation != step.to.collation
        if not recollated or not _indexes_of(table, step.column.name):
            return None
        return "index" if ways.recollate_indexed.algorithm == "NOCOPY" else "copy"
    if not isinstance(step, AddColumn | DropColumn):
        return None
    virtual = step.column.generated is not None and not step.column.generated.stored
    if virtual:
        return None
    if full_text:
        return _full_text(ways)
    if isinstance(step, DropColumn) and (held := _indexes_of(table, step.column.name)):
        alone = all(len(one) == 1 for one in held)
        return "index" if alone and ways.drop_indexed_column.algorithm == "NOCOPY" else "online"
    format_ = table.storage.row_format if table.storage is not None else None
    if usual == INSTANT and (format_ or "").upper() == "COMPRESSED":
        return "online"
    return None


def _of_key(
    step: AddIndex | AddUnique | DropIndex | DropConstraint, table: Table, ways: Ways
) -> Rebuild | None:
    """Return what it takes to change the index by which rows may be stored."""
    keys = _keys(table)
    match step:
        case AddIndex(index=index) if not index.unique:
            return None
        case AddIndex() | AddUnique():
            columns = step.index.columns if isinstance(step, AddIndex) else step.constraint.columns
            made = not (table.primary_key or keys) and _required(table, columns)
            return "online" if made else None
        case DropIndex(index=Index(name=name)) | DropConstraint(constraint=Unique(name=name)):
            if name not in keys:
                return None
            return "online" if ways.maria and len(keys) > 1 else "copy"
        case _:
            return None


def _keys(table: Table) -> list[str]:
    """Return the unique indexes by one of which rows are stored, none where there is a primary key.

    Without one InnoDB takes the first unique index without NULLs in its place. Dropping the last of
    them, or allowing NULL in it, is what dropping a primary key is, which no server does in place;
    MariaDB 10.11 goes over to another one in place, MySQL 9.7 does not. Adding the first writes the
    table anew, while reads and writes go on. Measured by tests/rehearsal/test_rows_stored_by_key.py.
    """
    if table.primary_key:
        return []
    return [one.name for one in table.indexes if one.unique and _required(table, one.columns)]


def _required(table: Table, columns: tuple[str, ...]) -> bool:
    found = [table.column(one) for one in columns]
    return bool(found) and all(one is not None and not one.nullable for one in found)


def _clustered_by(table: Table, column: str) -> bool:
    """Tell whether the rows may be stored by a unique index that holds the column."""
    columns = tuple(
        replace(one, nullable=False) if one.name == column else one for one in table.columns
    )
    keys = _keys(replace(table, columns=columns))
    return any(column in one.columns for one in table.indexes if one.name in keys)


def _full_text(ways: Ways) -> Rebuild:
    return "copy" if ways.full_text.algorithm == "COPY" else "locked"


def _acts(table: Table) -> bool:
    """Tell whether a foreign key of the table changes its rows when others change."""
    acting = ("cascade", "set null")
    return any(one.on_delete in acting or one.on_update in acting for one in table.foreign_keys)


def _indexes_of(table: Table, column: str) -> list[tuple[str, ...]]:
    """Return the columns of each index that holds the column."""
    found = [one.columns for one in table.indexes if column in one.columns]
    found += [
        one.columns
        for one in table.constraints
        if isinstance(one, Unique | PrimaryKey) and column in one.columns
    ]
    return found
