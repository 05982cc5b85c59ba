"""Model data as plain documents and back, for the plan file. Defaults are left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from typing import Any, TypeVar, cast

from wizard.model.errors import AnswerError
from wizard.model.names import TableName, parse_table_name
from wizard.model.schema import (
    Check,
    Column,
    Counter,
    Dependent,
    Enum,
    Exclusion,
    ForeignKey,
    Generated,
    Grant,
    Index,
    IndexPart,
    NotNull,
    PrimaryKey,
    Reference,
    Spread,
    Storage,
    Table,
    Trigger,
    TypeUse,
    Unique,
)

T = TypeVar("T")

_CONSTRAINTS: Mapping[str, type] = {
    "primary key": PrimaryKey,
    "unique": Unique,
    "foreign key": ForeignKey,
    "check": Check,
    "not null": NotNull,
    "exclusion": Exclusion,
}
_KINDS = {kind: name for name, kind in _CONSTRAINTS.items()}
#: What the members of a tuple, or a nested field, are made of, by field name.
_NESTED: Mapping[str, type] = {
    "generated": Generated,
    "parts": IndexPart,
    "foreign_key": ForeignKey,
    "columns": Column,
    "indexes": Index,
    "triggers": Trigger,
    "dependents": Dependent,
    "referenced_by": Reference,
    "storage": Storage,
    "spread": Spread,
    "used_by": TypeUse,
    "grants": Grant,
    "counter": Counter,
}
_NAMES = ("name", "ref_table", "table", "partition_of", "partitions", "on")


def encode(value: Any) -> Any:
    """Return a plain document: dicts, lists, texts, numbers."""
    if isinstance(value, TableName):
        return str(value)
    if is_dataclass(value) and not isinstance(value, type):
        found: dict[str, Any] = {}
        kind = _KINDS.get(type(value))
        if kind is not None:
            found["kind"] = kind
        for one in fields(value):
            content = getattr(value, one.name)
            if content is None or (one.default is not MISSING and content == one.default):
                continue
            found[one.name] = encode(content)
        return found
    if isinstance(value, tuple):
        return [encode(one) for one in value]
    return value


def decode_table(document: Mapping[str, Any]) -> Table:
    """Read a table back; raises AnswerError (`plan-file-broken`) for what is no table."""
    return _decoded(Table, "a table", document)


def decode_enum(document: Mapping[str, Any]) -> Enum:
    """Read a type back; raises AnswerError (`plan-file-broken`) for what is no type."""
    return _decoded(Enum, "a type", document)


def _decoded(kind: type[T], what: str, document: Mapping[str, Any]) -> T:
    try:
        return _decode(kind, document)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise AnswerError(
            "plan-file-broken",
            f"{what} in the plan file does not read",
            why=str(error),
            next_actions=("take the file back from version control",),
        ) from None


def _decode(kind: type[T], document: Mapping[str, Any]) -> T:
    known = {one.name: one for one in fields(cast("Any", kind))}
    values: dict[str, Any] = {}
    for key, value in document.items():
        if key == "kind" and kind is not Table and kind in _KINDS:
            continue
        if key not in known:
            raise ValueError(f"{kind.__name__} has no {key!r}")
        values[key] = _field(kind, known[key], value)
    return kind(**values)


def _field(kind: type, one: Field[Any], value: Any) -> Any:
    if one.name in _NAMES and "TableName" in str(one.type):
        if isinstance(value, list):
            return tuple(parse_table_name(each) for each in value)
        return parse_table_name(value)
    if one.name == "constraints":
        return tuple(_decode(_CONSTRAINTS[each["kind"]], each) for each in value)
    nested = _NESTED.get(one.name)
    if one.name == "columns" and kind is not Table:
        nested = None
    if nested is not None:
        if isinstance(value, list):
            return tuple(_decode(nested, each) for each in value)
        return _decode(nested, value)
    return tuple(value) if isinstance(value, list) else value
