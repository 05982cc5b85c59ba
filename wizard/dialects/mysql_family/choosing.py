"""Which way each ALTER takes, for its SQL and for its lock fact alike."""

from __future__ import annotations

from typing import assert_never

from wizard.dialects.base import DefaultKind
from wizard.dialects.mysql_family.expressions import default_kind, is_literal, is_now
from wizard.dialects.mysql_family.type_changes import type_change
from wizard.dialects.mysql_family.types import is_blob, parts
from wizard.dialects.mysql_family.ways import COPY, INSTANT, REBUILD, Way, Ways
from wizard.model.schema import (
    Check,
    Column,
    Exclusion,
    ForeignKey,
    Index,
    NotNull,
    PrimaryKey,
    Unique,
)
from wizard.model.steps import (
    AddCheck,
    AddColumn,
    AddForeignKey,
    AddIndex,
    AddPrimaryKey,
    AddUnique,
    ChangeType,
    DropColumn,
    DropConstraint,
    DropIndex,
    DropNotNull,
    Rebuild,
    RenameColumn,
    RenameIndex,
    SetDefault,
    SetIdentity,
    SetNotNull,
    SetVisible,
)

Alter = (
    AddColumn
    | DropColumn
    | ChangeType
    | SetIdentity
    | SetDefault
    | SetNotNull
    | DropNotNull
    | RenameColumn
    | RenameIndex
    | SetVisible
    | AddIndex
    | DropIndex
    | AddForeignKey
    | AddCheck
    | AddUnique
    | AddPrimaryKey
    | DropConstraint
)


def way(step: Alter, ways: Ways) -> Way:
    """Return the best way that the server accepts for the step."""
    match step:
        case AddColumn():
            return _rebuilt(step.rebuild, adding(step.column, ways))
        case DropColumn():
            return _rebuilt(step.rebuild, ways.drop_column)
        case ChangeType():
            # All goes through the server's own conversion: see `statements.unsupported`.
            return _rebuilt(step.rebuild, type_change(step.column, step.to, ways))
        case SetNotNull(column=column):
            # MariaDB may fill a timestamp with the time, which it cannot do in place.
            stamp = ways.maria and parts(column.type).base == "timestamp"
            return _rebuilt(step.rebuild, ways.copy if stamp else REBUILD)
        case DropNotNull():
            return _rebuilt(step.rebuild, REBUILD)
        case SetIdentity(identity=identity):
            return ways.unnumber if identity is None else COPY
        case SetDefault():
            return INSTANT
        case RenameColumn():
            return ways.rename_column
        case RenameIndex():
            return ways.rename_index
        case SetVisible():
            return ways.hide_index
        case AddIndex(index=index):
            return _rebuilt(step.rebuild, building(index, ways))
        case DropIndex():
            return _rebuilt(step.rebuild, ways.drop_index)
        case AddForeignKey(constraint=key):
            # The other table's writers wait while its rows are looked up, even where a copy of this
            # one would let writes go on.
            return COPY if key.validated else ways.add_key
        case AddCheck():
            return _rebuilt(step.rebuild, ways.copy)
        case AddUnique():
            return _rebuilt(step.rebuild, ways.build)
        case AddPrimaryKey():
            return REBUILD
        case DropConstraint(constraint=constraint):
            match constraint:
                case PrimaryKey():
                    return ways.copy
                case Unique():
                    return _rebuilt(step.rebuild, ways.drop_index)
                case ForeignKey():
                    return ways.drop_key
                case Check():
                    return ways.drop_check
                case NotNull() | Exclusion():
                    return INSTANT
                case _:
                    assert_never(constraint)
        case _:
            assert_never(step)


#: The ways of a step which the table does not take the usual one for.
_REBUILDS: dict[Rebuild, Way] = {
    "index": Way("NOCOPY"),
    "online": REBUILD,
    "locked": Way("INPLACE", "SHARED", "rewrite"),
    "copy": COPY,
}


def _rebuilt(rebuild: Rebuild | None, usual: Way) -> Way:
    return usual if rebuild is None else _REBUILDS[rebuild]


def adding(column: Column, ways: Ways) -> Way:
    """Return how a column is added: a value worked out for each row is written into each."""
    if column.identity is not None:
        return COPY
    if column.generated is not None:
        return ways.copy if column.generated.stored else INSTANT
    if column.check is not None and not ways.maria:
        return ways.copy
    return ways.add_column if _in_place_default(column, ways) else ways.copy


def _in_place_default(column: Column, ways: Ways) -> bool:
    """Tell whether old rows get the default without being written."""
    default = column.default
    kind = default_kind(default, ways.engine)
    if default is None or kind is DefaultKind.NONE:
        return True
    if ways.maria:
        return kind is not DefaultKind.VOLATILE
    if is_blob(column.type):
        # MySQL takes no literal here, only an expression.
        return False
    return is_literal(default, ways.engine) or is_now(default, ways.engine)


def building(index: Index, ways: Ways) -> Way:
    """Return how an index is built."""
    if index.method == "fulltext":
        return ways.build_text
    if index.method == "spatial":
        return ways.build_space
    if any(one.expression is not None for one in index.parts):
        return ways.build_expression
    return ways.build
