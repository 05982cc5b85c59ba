"""From answers to the definition of a new table: columns, constraints and indexes, checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from wizard.model.answers import Value
from wizard.model.errors import AnswerError
from wizard.model.names import TableName, fit_name
from wizard.model.schema import (
    Check,
    ForeignKey,
    Index,
    IndexPart,
    PrimaryKey,
    Table,
    Unique,
)
from wizard.operations import add_check, add_index, foreign_key_request, unique_request
from wizard.operations.base import Context
from wizard.operations.common import flag_value, object_name, require, text
from wizard.operations.definitions import (
    Entry,
    column_entries,
    constraint_entries,
    index_entries,
)
from wizard.operations.new_columns import flagged, new_column, primary_key

_COLUMN = frozenset(
    [
        "name",
        "type",
        "nullable",
        "default",
        "identity",
        "generated",
        "stored",
        "unique",
        "primary_key",
        "references",
        "check",
        "comment",
    ]
)
_CONSTRAINT = frozenset(
    [
        "name",
        "unique",
        "check",
        "columns",
        "references",
        "nulls_not_distinct",
        "deferrable",
        "initially",
    ]
)
_INDEX = frozenset(
    ["name", "columns", "unique", "method", "where", "include", "nulls_not_distinct"]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTable:
    """A table to be. ``table`` has all of it but its ``keys`` to other tables.

    ``keys`` are as `add_foreign_key` would add them; ``served`` are indexes that nobody asked for,
    but deletes in the tables that the keys point to.
    """

    table: Table
    keys: tuple[foreign_key_request.Request, ...]
    served: tuple[Index, ...]


def read_new_table(name: TableName, values: Mapping[str, Value], context: Context) -> NewTable:
    """Return the table that the answers describe; raises AnswerError that names the flag."""
    engine = context.dialect.name
    columns = _entries(values, "columns", lambda one: column_entries(one, engine), _COLUMN)
    if not columns:
        raise AnswerError(
            "missing-answer",
            "columns is missing",
            next_actions=('say them with --columns "id bigint identity, name text required"',),
            flag="--columns",
        )
    builder = _Builder(name, columns, values, context)
    for entry in (
        *_inline(columns),
        *_entries(values, "constraints", lambda one: constraint_entries(one, engine), _CONSTRAINT),
    ):
        builder.constrain(entry)
    for entry in _entries(values, "indexes", lambda one: index_entries(one, engine), _INDEX):
        builder.index(entry)
    served = builder.serve_keys()
    return NewTable(table=builder.table, keys=tuple(builder.keys), served=served)


def _entries(
    values: Mapping[str, Value],
    key: str,
    parse: Callable[[str], tuple[Entry, ...]],
    known: frozenset[str],
) -> tuple[Entry, ...]:
    """Return a list of definitions, each given as a table of values or as a text."""
    value, flag = values.get(key), f"--{key}"
    if value is None or value == "":
        return ()
    given = (value,) if isinstance(value, str | Mapping) else value
    if not isinstance(given, tuple):
        raise AnswerError("bad-answer", f"{key} must be a list", flag=flag)
    found: list[Entry] = []
    for one in given:
        if isinstance(one, str):
            found += parse(one)
        elif isinstance(one, Mapping):
            found.append(one)
        else:
            raise AnswerError("bad-answer", f"{one!r} is no entry of {key}", flag=flag)
    for entry in found:
        strange = sorted(set(entry) - known)
        if strange:
            raise AnswerError(
                "unknown-answer",
                f"an entry of {key} has no {strange[0]!r}",
                next_actions=(f"use one of: {', '.join(sorted(known))}",),
                flag=flag,
            )
    return tuple(found)


def _inline(columns: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Return the constraints that stand with a column, as those of the table."""
    found: list[Entry] = []
    for entry in columns:
        name = require(entry, "name")
        if flag_value(entry, "unique", default=False):
            found.append({"unique": (name,)})
        if entry.get("check") is not None:
            found.append({"check": entry["check"]})
        if entry.get("references") is not None:
            found.append({"columns": (name,), "references": entry["references"]})
    return tuple(found)


class _Builder:
    """The table so far; what comes later may name what came before."""

    def __init__(
        self,
        name: TableName,
        columns: tuple[Entry, ...],
        values: Mapping[str, Value],
        context: Context,
    ) -> None:
        self._outer = context
        self._context = replace(context, tables=self._look_up)
        self.keys: list[foreign_key_request.Request] = []
        key = primary_key(columns, values)
        made = tuple(
            flagged("--columns", partial(new_column, one, key, context)) for one in columns
        )
        names = [one.name for one in made]
        double = next((one for one in names if names.count(one) > 1), None)
        if double is not None:
            raise AnswerError("bad-answer", f"there are two columns {double}", flag="--columns")
        for one in key:
            if one not in names:
                raise AnswerError(
                    "unknown-column",
                    f"{name} has no column {one}",
                    next_actions=(f"its columns are {', '.join(names)}",),
                    flag="--primary-key",
                )
        comment = text(values, "comment")
        self.table = Table(name=name, columns=made, comment=comment, rows=0, bytes=0)
        if key:
            limit = context.dialect.capabilities.name_bytes
            primary = PrimaryKey(columns=key, name=fit_name(f"{name.name}_pkey", limit=limit))
            self._own(primary, primary.name or "", key)

    def _look_up(self, name: TableName) -> Table:
        return self.table if name == self.table.name else self._outer.tables(name)

    def _own(self, constraint: PrimaryKey | Unique, name: str, columns: tuple[str, ...]) -> None:
        """Add a constraint with the index that the engine makes for it."""
        index = Index(
            name=name,
            parts=tuple(IndexPart(column=one) for one in columns),
            unique=True,
            constraint=True,
            nulls_not_distinct=isinstance(constraint, Unique) and constraint.nulls_not_distinct,
        )
        self.table = replace(
            self.table,
            constraints=(*self.table.constraints, constraint),
            indexes=(*self.table.indexes, index),
        )

    def constrain(self, entry: Entry) -> None:
        """Add a unique constraint, a check or a foreign key."""
        table: dict[str, Value] = {"table": str(self.table.name), "name": entry.get("name")}
        kinds = [one for one in ("unique", "check", "references") if entry.get(one) is not None]
        if len(kinds) != 1:
            raise AnswerError(
                "bad-answer",
                "a constraint has one of unique, check, and columns with references",
                flag="--constraints",
            )
        if kinds == ["check"]:
            asked = {**table, "expression": entry["check"]}
            check: Check = flagged(
                "--constraints", lambda: add_check.read(asked, self._context)
            ).check
            self.table = replace(self.table, constraints=(*self.table.constraints, check))
            return
        rest = {
            key: entry[key]
            for key in ("nulls_not_distinct", "deferrable", "initially")
            if entry.get(key) is not None
        }
        if kinds == ["unique"]:
            asked = {**table, **rest, "columns": entry["unique"]}
            unique = flagged(
                "--constraints", lambda: unique_request.read(asked, self._context)
            ).unique
            self._own(unique, unique.name or "", unique.columns)
            return
        self._refer(entry, {**table, **rest, **_reference(entry["references"])})

    def _refer(self, entry: Entry, asked: Mapping[str, Value]) -> None:
        wanted = {**asked, "columns": entry.get("columns")}
        wanted.pop("initially", None)
        request = flagged("--constraints", lambda: foreign_key_request.read(wanted, self._context))
        key = request.key
        if entry.get("initially") == "deferred":
            key = replace(key, initially_deferred=True)
        taken = {one.key.name for one in self.keys}
        if key.name in taken or self.table.constraint(key.name or "") is not None:
            raise AnswerError(
                "name-taken",
                f"two constraints are called {key.name}",
                next_actions=("give one of them a name",),
                flag="--constraints",
            )
        if key.ref_table == self.table.name:
            self.table = replace(self.table, constraints=(*self.table.constraints, key))
        else:
            self.keys.append(replace(request, key=key))

    def index(self, entry: Entry) -> None:
        """Add an index."""
        asked = {**entry, "table": str(self.table.name)}
        found = flagged("--indexes", lambda: add_index.read(asked, self._context)).index
        self.table = replace(self.table, indexes=(*self.table.indexes, found))

    def serve_keys(self) -> tuple[Index, ...]:
        """Add the indexes that the foreign keys need and do not have, and return them."""
        limit = self._outer.dialect.capabilities.name_bytes
        found: list[Index] = []
        own = [one for one in self.table.constraints if isinstance(one, ForeignKey)]
        for key in (*own, *(one.key for one in self.keys)):
            if foreign_key_request.indexed(self.table, key.columns):
                continue
            name = object_name(self.table, key.columns, kind="idx", limit=limit)
            index = Index(name=name, parts=tuple(IndexPart(column=one) for one in key.columns))
            self.table = replace(self.table, indexes=(*self.table.indexes, index))
            found.append(index)
        return tuple(found)


def _reference(value: Value) -> Mapping[str, Value]:
    """Return where a reference leads, also for the text ``table(column)``."""
    if isinstance(value, str):
        table, bracket, rest = value.partition("(")
        value = {"table": table.strip(), **({"columns": rest.rstrip(") ")} if bracket else {})}
    if not isinstance(value, Mapping):
        raise AnswerError("bad-answer", "references reads table(column)", flag="--constraints")
    return {
        "ref_table": value.get("table"),
        "ref_columns": value.get("columns"),
        "on_delete": value.get("on_delete"),
        "on_update": value.get("on_update"),
    }
