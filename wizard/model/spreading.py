"""What a step on a partitioned table does to its partitions.

Facts: ALTER TABLE and CREATE INDEX in the PostgreSQL manual; tests/roundtrip compares with servers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from wizard.model.names import object_name
from wizard.model.schema import (
    Check,
    Constraint,
    ForeignKey,
    Index,
    NotNull,
    PrimaryKey,
    Table,
    Unique,
)
from wizard.model.steps import (
    AddCheck,
    AddColumn,
    AddForeignKey,
    AddIndex,
    AddNotNull,
    AddPrimaryKey,
    AddUnique,
    ChangeType,
    DropColumn,
    DropConstraint,
    DropNotNull,
    RenameColumn,
    RenameConstraint,
    SetDefault,
    SetIdentity,
    SetNotNull,
    Step,
    ValidateConstraint,
)


def spread(step: Step, parent: Table, child: Table) -> Step | None:
    """Return what a step on a parent does to one of its partitions, None for nothing.

    ``parent`` and ``child`` are as they were before the step.
    """
    match step:
        case (
            AddColumn()
            | DropColumn()
            | ChangeType()
            | RenameColumn()
            | SetDefault()
            | SetNotNull()
            | DropNotNull()
            | SetIdentity()
        ):
            return replace(step, table=child.name)
        case AddCheck(constraint=constraint) | AddNotNull(constraint=constraint):
            known = child.constraint(constraint.name or "")
            return None if known is not None else replace(step, table=child.name)
        case AddForeignKey(constraint=key):
            known = _twin(key, child.foreign_keys)
            return None if known is not None else replace(step, table=child.name, ready=())
        case RenameConstraint(old=old):
            found = parent.constraint(old)
            same = child.constraint(old) is not None and isinstance(found, Check | NotNull)
            return replace(step, table=child.name) if same else None
        case ValidateConstraint(constraint=constraint):
            own = own_constraint(child, constraint)
            if isinstance(own, ForeignKey | Check | NotNull) and not own.validated:
                return replace(step, table=child.name, constraint=own)
            return None
        case DropConstraint(constraint=NotNull()):
            return replace(step, table=child.name)
        case DropConstraint(constraint=constraint):
            own = own_constraint(child, constraint)
            if own is None:
                return None
            return DropConstraint(table=child.name, constraint=own)
        case AddUnique(constraint=unique):
            if part_of(step, child) is not None:
                return None
            made = replace(unique, name=_key_name(child, "_".join(unique.columns), "key"))
            return AddUnique(table=child.name, constraint=made)
        case AddPrimaryKey(constraint=key, columns=columns):
            if part_of(step, child) is not None:
                return None
            named = replace(key, name=_key_name(child, "", "pkey"))
            return AddPrimaryKey(table=child.name, constraint=named, columns=columns)
        case AddIndex(index=index):
            if part_of(step, child) is not None:
                return None
            return AddIndex(table=child.name, index=replace(index, name=_index_name(child, index)))
        case _:
            return None


def part_of(step: Step, child: Table) -> str | None:
    """Return the partition's index that becomes a part of the one which the step makes."""
    match step:
        case AddIndex(index=index):
            return next((one.name for one in child.indexes if _alike(one, index)), None)
        case AddUnique(constraint=unique):
            return _key(unique, child)
        case AddPrimaryKey(constraint=key):
            return _key(key, child)
        case _:
            return None


def _alike(one: Index, other: Index) -> bool:
    free = one.inherits is None and one.valid and not one.constraint
    return free and replace(one, name="") == replace(other, name="", valid=True)


def _key(wanted: Unique | PrimaryKey, child: Table) -> str | None:
    for one in child.constraints:
        if type(one) is not type(wanted) or replace(one, name="") != replace(wanted, name=""):
            continue
        index = child.index(one.name or "")
        if index is not None and index.inherits is None:
            return index.name
    return None


def own_constraint(child: Table, constraint: Constraint) -> Constraint | None:
    """Return the partition's own part of a parent's constraint."""
    match constraint:
        case Check() | NotNull():
            return child.constraint(constraint.name or "")
        case ForeignKey():
            return _twin(constraint, child.foreign_keys)
        case _:
            index = next((one for one in child.indexes if one.inherits == constraint.name), None)
            return None if index is None else child.constraint(index.name)


def _twin(key: ForeignKey, keys: Iterable[ForeignKey]) -> ForeignKey | None:
    wanted = replace(key, name=None, validated=True)
    return next((one for one in keys if replace(one, name=None, validated=True) == wanted), None)


def _taken(child: Table) -> set[str]:
    names = {one.name for one in child.indexes}
    return names | {one.name for one in child.constraints if one.name}


def _key_name(child: Table, columns: str, suffix: str) -> str:
    return object_name(child.name.name, columns, suffix, _taken(child))


def _index_name(child: Table, index: Index) -> str:
    keys = [one.column or _called(one.expression or "") for one in index.parts]
    return _key_name(child, "_".join([*keys, *index.include]), "idx")


def _called(expression: str) -> str:
    """Return how the server names a column that is an expression: a call by its function."""
    name, bracket, _ = expression.partition("(")
    return name.strip() if bracket and name.strip().isidentifier() else "expr"
