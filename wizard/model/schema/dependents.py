"""What stands on a table, or reads it: triggers, views, policies and rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from wizard.model.names import TableName


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """A trigger; ``definition`` is the statement that creates it, ``function`` what it calls."""

    name: str
    definition: str
    function: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependent:
    """An object outside the table that would break with it, or with the named columns of it.

    A table lists them in an order in which they can be created; they are dropped in reverse.
    ``on`` is the relation on which a policy, trigger or rule stands, None for the table itself.
    ``definition`` are the statements that create it again as it is: the object, then its comment,
    indexes and rules. Empty where it cannot be dropped and brought back; ``obstacle`` says why.
    ``privileges`` are the statements that give it the owner and the grants which it has in the
    database that was read; in others they may differ.
    """

    kind: Literal[
        "view", "materialized view", "policy", "trigger", "rule", "publication", "function"
    ]
    name: str
    columns: tuple[str, ...] = ()
    definition: tuple[str, ...] = ()
    privileges: tuple[str, ...] = ()
    on: TableName | None = None
    obstacle: str = ""

    def __str__(self) -> str:
        return f"{self.kind} {self.name}" + (f" on {self.on}" if self.on else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A view and the query behind it."""

    name: TableName
    definition: str
    materialized: bool = False
