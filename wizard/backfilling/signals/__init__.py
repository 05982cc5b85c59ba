"""The signs on which a long backfill waits, found by discovery: one module for each dialect.

Plain functions over a callable that runs a query, so that whoever watches polls them from a
connection of their own. What cannot be read says why, and never stops a run.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType

from wizard.backfilling.progress import Reading
from wizard.backfilling.signals.base import Found, Query, Refused, Signal, Watch, unread
from wizard.model.errors import AnswerError


@cache
def signals() -> Mapping[str, tuple[Signal, ...]]:
    """Return the signs of each dialect, by its name."""
    found: dict[str, tuple[Signal, ...]] = {}
    for info in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{info.name}")
        own = getattr(module, "SIGNALS", None)
        if own is not None:
            found[info.name] = own
    return MappingProxyType(found)


def read(dialect: str, query: Query, watch: Watch) -> tuple[Reading, ...]:
    """Return what all signs of a dialect say now; ``query`` should have a short time limit.

    Raises nothing that the database says: a sign that cannot be read has no value, and says why.
    """
    return tuple(_reading(one, query, watch) for one in signals()[dialect])


def _reading(signal: Signal, query: Query, watch: Watch) -> Reading:
    try:
        found: Found = signal.find(query, watch)
    except Refused as error:
        found = unread(str(error))
    limit = signal.limit if found.limit is None else found.limit
    return Reading(
        name=signal.name,
        label=found.label or signal.label,
        unit=signal.unit,
        value=found.value,
        limit=watch.limits.get(signal.name, limit),
        why=found.why,
    )


def limits_of(texts: Iterable[str], dialect: str) -> Mapping[str, float]:
    """Return the limits of ``NAME=VALUE``; raises AnswerError (`bad-answer`) for any other text."""
    known = {one.name: one for one in signals()[dialect]}
    found: dict[str, float] = {}
    for text in texts:
        name, sign, value = (part.strip() for part in text.partition("="))
        try:
            limit = float(value)
        except ValueError:
            limit = -1.0
        if name not in known or not sign or not 0 <= limit < float("inf"):
            raise AnswerError(
                "bad-answer",
                f"{text!r} is no limit of a sign",
                why="a limit reads NAME=VALUE, with a number of zero or more",
                next_actions=tuple(
                    f"{one.name}={one.limit:g}: {one.label}, in {one.unit}"
                    for one in known.values()
                ),
                flag="--limit",
            )
        found[name] = limit
    return found
