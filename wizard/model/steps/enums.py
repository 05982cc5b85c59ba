"""Steps that change an enumerated type."""

from __future__ import annotations

from dataclasses import dataclass

from wizard.model.schema import Enum


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateEnum:
    """Create an enumerated type."""

    enum: Enum


@dataclass(frozen=True, slots=True, kw_only=True)
class DropEnum:
    """Drop an enumerated type; ``enum`` is its full definition."""

    enum: Enum


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameEnum:
    """Rename an enumerated type in place; its schema stays, and columns that hold it follow."""

    enum: Enum
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddEnumValue:
    """Add a label to an enumerated type; at the end when neither ``before`` nor ``after`` is given.

    ``enum`` is the definition before the step. The label can be used from the next transaction on.
    """

    enum: Enum
    value: str
    before: str | None = None
    after: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameEnumValue:
    """Rename a label of an enumerated type; ``enum`` is the definition before the step."""

    enum: Enum
    old: str
    new: str


EnumStep = CreateEnum | DropEnum | RenameEnum | AddEnumValue | RenameEnumValue
