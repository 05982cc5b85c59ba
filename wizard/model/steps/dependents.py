"""Steps that take what stands on a table out of the way, and bring it back."""

from __future__ import annotations

from dataclasses import dataclass

from wizard.model.names import TableName
from wizard.model.schema import Dependent


@dataclass(frozen=True, slots=True, kw_only=True)
class DropDependent:
    """Drop a view, policy, trigger or rule that stands in the way; `CreateDependent` brings it back."""

    table: TableName
    dependent: Dependent


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateDependent:
    """Create a view, policy, trigger or rule as its ``definition`` says, privileges included."""

    table: TableName
    dependent: Dependent


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplaceView:
    """Give a view another query in place: who may use it, and what reads it, stays as it is.

    ``before`` and ``after`` differ in columns and definition only, and show the same columns.
    """

    table: TableName
    before: Dependent
    after: Dependent


DependentStep = DropDependent | CreateDependent | ReplaceView
