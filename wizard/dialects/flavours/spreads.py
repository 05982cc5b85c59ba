"""What engines that spread a table's rows have in common: keys, versions, and what is not known."""

from __future__ import annotations

import re
from collections.abc import Sequence

from wizard.dialects.flavours.base import Signs, Situation, Version
from wizard.dialects.flavours.subjects import is_ddl, tables_of
from wizard.model.findings import Finding, info
from wizard.model.schema import Exclusion, Spread
from wizard.model.steps import AddExclusion, AddIndex, AddPrimaryKey, AddUnique, Step

_NUMBERS = re.compile(r"\d+(?:\.\d+)*")


def extension_version(signs: Signs, name: str) -> Version | None:
    """Return the version of an extension of PostgreSQL, None where it is not installed."""
    found = signs.extensions.get(name)
    if found is None:
        return None
    match = _NUMBERS.match(found)
    return tuple(int(part) for part in match[0].split(".")) if match else ()


def missing_columns(step: Step, spread: Spread) -> tuple[str, ...]:
    """Return the columns by which rows are spread that a new unique key lacks."""
    match step:
        case AddUnique(constraint=unique):
            held: tuple[str, ...] = unique.columns
        case AddPrimaryKey(constraint=key):
            held = key.columns
        case AddExclusion(constraint=Exclusion(columns=columns)):
            held = columns
        case AddIndex(index=index) if index.unique:
            held = index.columns
        case _:
            return ()
    return tuple(one for one in spread.columns if one not in held)


def unknown_spread(
    engine: str, what: str, steps: Sequence[Step], situation: Situation
) -> tuple[Finding, ...]:
    """Return a finding for tables of which it is not known whether they are spread."""
    tables = {
        table.name: table
        for step in steps
        if is_ddl(step)
        for name in tables_of(step)
        if (table := situation.table(name)) is not None and table.spread is None
    }
    if not tables:
        return ()
    listed = ", ".join(map(str, tables))
    return (
        info(
            "engine-spread-unknown",
            f"It is not known whether {listed} is {what} of {engine}, which would change this plan.",
            why="A DDL file does not tell it.",
            safer="Plan with a connection: --url.",
        ),
    )
