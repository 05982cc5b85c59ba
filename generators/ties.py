"""What else names a migration's file, and would break without it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """A file, absolute, that names the migration ``on``.

    ``instead`` is what it has to name when that one is not there: "" where its lines are simply
    taken out, as from a list of all migrations.
    """

    path: Path
    on: str
    instead: str = ""


def instead_of(name: str, parents: Mapping[str, Sequence[str]], gone: frozenset[str]) -> str:
    """Return what stands before a migration once some are gone, "None" where nothing does."""
    waiting, found = [name], dict[str, None]()
    seen = set[str]()
    for one in waiting:
        if one in seen:
            continue
        seen.add(one)
        if one in gone:
            waiting += parents.get(one, ())
        else:
            found[one] = None
    return ", ".join(found) or "None"
