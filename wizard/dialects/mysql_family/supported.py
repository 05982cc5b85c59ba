"""Which steps MySQL and MariaDB have no statement for, and what to do instead."""

from __future__ import annotations

from wizard.dialects.base import DefaultKind
from wizard.dialects.mysql_family.expressions import default_kind, is_literal, is_now
from wizard.dialects.mysql_family.ways import Ways
from wizard.model.schema import Check, Column, Exclusion, Index, NotNull
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
    ChangeType,
    CreateDependent,
    CreateEnum,
    CreateShadowView,
    DropConstraint,
    DropDependent,
    DropEnum,
    DropShadowView,
    MoveNumbering,
    RebuildTable,
    RenameConstraint,
    RenameEnum,
    RenameEnumValue,
    ReplaceView,
    SetDefault,
    SetIdentity,
    Step,
    SwapColumns,
    ValidateConstraint,
)

_ENUMS = "an enumerated type belongs to its column here: change the column's type instead"
_LATER = "a rule cannot be added now and proven later here: it is proven when it is added"
_NEVER: dict[type, str] = {
    AddNotNull: _LATER,
    AddExclusion: "neither MySQL nor MariaDB has exclusion constraints",
    RenameConstraint: "a constraint cannot be renamed here: drop it and add it again",
    CreateEnum: _ENUMS,
    DropEnum: _ENUMS,
    AddEnumValue: _ENUMS,
    RenameEnumValue: _ENUMS,
    RenameEnum: _ENUMS,
    MoveNumbering: "a column is numbered by the table itself here, and moves with its definition",
    ReplaceView: "a view is dropped and made again here",
    SwapColumns: "a table is copied to change a type here, by the server or by an online tool",
    RebuildTable: "MySQL and MariaDB alter tables themselves: no plan rebuilds one",
}
_INSERTS = "a view of MySQL that shows one column under two names takes no INSERT"

#: MySQL's first versions with checks that are enforced, expressions as defaults, hidden columns.
_CHECKS, _EXPRESSIONS, _HIDDEN = (8, 0, 16), (8, 0, 13), (8, 0, 23)


def unsupported(step: Step | type, ways: Ways) -> str | None:
    """Return why there is no SQL for a step, None where there is."""
    kind = step if isinstance(step, type) else type(step)
    if kind in _NEVER:
        return _NEVER[kind]
    if kind in (CreateShadowView, DropShadowView) and not ways.maria:
        return _INSERTS
    if kind is AddCheck and _older(ways, _CHECKS):
        return "MySQL reads checks before 8.0.16, and does not keep them"
    match step:
        case AddColumn(column=column):
            return _column(column, ways)
        case ChangeType(using=using) if using is not None:
            return "the server converts by its own rules: another way needs a column of its own"
        case SetIdentity(identity="always"):
            return "AUTO_INCREMENT takes a number that is written, too: it is no GENERATED ALWAYS"
        case SetDefault(default=default):
            return _default(default, ways)
        case AddIndex(index=index):
            return _index(index, ways)
        case AddUnique(using=using) | AddPrimaryKey(using=using) if using is not None:
            return "a constraint cannot take an index over here: a unique index is the constraint"
        case DropConstraint(leaves=leaves) if leaves is not None:
            return "a unique constraint is its index here: none is left behind"
        case AddForeignKey(constraint=key) if key.deferrable:
            return "a foreign key is checked at once here, and cannot wait for the commit"
        case ValidateConstraint(constraint=Check() | NotNull()):
            return _LATER
        case DropConstraint(constraint=NotNull() | Exclusion()):
            return "neither MySQL nor MariaDB has such a constraint"
        case DropDependent(dependent=one) | CreateDependent(dependent=one):
            if one.kind not in ("view", "trigger") or not one.definition:
                return f"the {one.kind} {one.name} cannot be dropped and made again"
        case _:
            pass
    return None


def _older(ways: Ways, version: tuple[int, ...]) -> bool:
    return not ways.maria and ways.version < version


def _column(column: Column, ways: Ways) -> str | None:
    if column.identity is not None:
        return "a numbered column must be a key from the start: add it with its key by hand"
    if column.invisible and _older(ways, _HIDDEN):
        return "MySQL has invisible columns from 8.0.23 on"
    if column.generated is not None:
        return None
    if default_kind(column.default, ways.engine) is DefaultKind.VOLATILE:
        # MySQL refuses it as unsafe for replicas; MariaDB gives old rows one and the same rand().
        return "a default that differs from row to row is set after the column was added"
    return _default(column.default, ways)


def _index(index: Index, ways: Ways) -> str | None:
    for given, what in (
        (index.where, "partial indexes: add one without a condition"),
        (index.include, "included columns: add them behind the keys"),
        (index.nulls_not_distinct, "unique indexes in which NULLs are equal"),
        (any(one.opclass or one.collation for one in index.parts), "operator classes in indexes"),
    ):
        if given:
            return f"neither MySQL nor MariaDB has {what}"
    for one in index.parts:
        # NULL is the smallest value: first going up, last going down.
        if one.nulls not in (None, "first" if one.order == "asc" else "last"):
            return "NULL is always the smallest value of an index here"
        if one.expression is not None and (ways.maria or _older(ways, _EXPRESSIONS)):
            return "this server indexes columns, not expressions: index a generated column instead"
    return None


def _default(default: str | None, ways: Ways) -> str | None:
    if default is None or not _older(ways, _EXPRESSIONS):
        return None
    if is_literal(default, ways.engine) or is_now(default, ways.engine):
        return None
    return "MySQL takes an expression as a default from 8.0.13 on"
