"""Model data as plain documents and back, for the plan file. Defaults are left out."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
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
_PLAIN: Mapping[str, type] = {"str": str, "int": int, "bool": bool, "tuple": list}
_PLAIN_WORDS = {
    "str": "a text",
    "int": "a whole number",
    "bool": "true or false",
    "tuple": "a list",
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
            near = difflib.get_close_matches(key, known, n=1)
            hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}"
            raise ValueError(f"{key}: there is no such key; {hint}")
        try:
            values[key] = _field(kind, known[key], value)
        except KeyError as error:
            raise ValueError(f"{key}: {error} is missing or unknown") from None
    missing = [
        name
        for name, one in known.items()
        if name not in values and one.default is MISSING and one.default_factory is MISSING
    ]
    if missing:
        raise ValueError(f"{missing[0]}: is missing")
    return kind(**values)


def _field(kind: type, one: Field[Any], value: Any) -> Any:
    _check(one, value)
    if one.name in _NAMES and "TableName" in str(one.type):
        if isinstance(value, list):
            return tuple(parse_table_name(each) for each in value)
        return parse_table_name(value)
    if one.name == "constraints":
        return _members(one.name, value, lambda each: _decode(_CONSTRAINTS[each["kind"]], each))
    nested = _NESTED.get(one.name)
    if one.name == "columns" and kind is not Table:
        nested = None
    if nested is not None:
        if isinstance(value, list):
            return _members(one.name, value, lambda each: _decode(nested, each))
        return _decode(nested, value)
    return tuple(value) if isinstance(value, list) else value


def _members(name: str, values: list[Any], decode: Callable[[Any], T]) -> tuple[T, ...]:
    """Return a list's members; what is wrong with one is said with its place."""
    found = []
    for number, each in enumerate(values, start=1):
        try:
            found.append(decode(each))
        except KeyError as error:
            raise ValueError(f"{name} {number}: {error} is missing or unknown") from None
        except ValueError as error:
            raise ValueError(f"{name} {number}, {error}") from None
    return tuple(found)


def _check(one: Field[Any], value: Any) -> None:
    """Raise ValueError where a text, number, truth value or list stands for another."""
    told = str(one.type).removesuffix(" | None")
    wanted = "tuple" if told.startswith("tuple[") else told
    if wanted in _PLAIN and type(value) is not _PLAIN[wanted]:
        raise ValueError(f"{one.name}: expected {_PLAIN_WORDS[wanted]}, found {value!r}")
