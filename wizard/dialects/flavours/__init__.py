"""Flavours, found by discovery: every module here that holds a ``FLAVOUR``.

The rest of migwiz sees three functions: `engine` makes the dialect of a server or of an offline
answer, `recognise` tells from a server's signs which engine it is, and `reviewed` makes a plan
one that the engine takes, or refuses it.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from wizard.dialects import dialect as plain
from wizard.dialects.base import Dialect
from wizard.dialects.flavours.base import Dump, Flavour, Flavoured, Signs, Version
from wizard.dialects.flavours.reviewing import reviewed
from wizard.model.errors import AnswerError
from wizard.model.rollout import Rollout
from wizard.model.steps import Step

__all__ = [
    "Dump",
    "Flavour",
    "Flavoured",
    "Signs",
    "dump_of",
    "engine",
    "flavour_of",
    "flavours",
    "in_own_words",
    "planned_for",
    "recognise",
    "reviewed",
    "spread_query",
    "told",
]

#: What to answer when a server is not to be taken for what it looks like.
NONE = "none"

_NAMED = re.compile(r"([a-z][a-z0-9-]*)(?:\s+v?(\d+(?:\.\d+)*))?")


@cache
def flavours() -> Mapping[str, Flavour]:
    """Return all flavours by name."""
    found: dict[str, Flavour] = {}
    for info in pkgutil.iter_modules(__path__):
        flavour = getattr(importlib.import_module(f"{__name__}.{info.name}"), "FLAVOUR", None)
        if flavour is not None:
            found[flavour.name] = flavour
    return MappingProxyType(dict(sorted(found.items())))


def recognise(signs: Signs, speaks: str) -> str:
    """Return the engine of a server with its own version, such as ``citus 12.1``; else empty.

    ``speaks`` is the dialect of the protocol over which the signs were read.
    """
    for one in flavours().values():
        if one.speaks == speaks:
            own = one.recognise(signs)
            if own is not None:
                return " ".join(filter(None, (one.name, ".".join(map(str, own)))))
    return ""


def named(text: str) -> tuple[Flavour, Version]:
    """Return an engine and its own version from ``cockroachdb 24.1``; the version may be absent.

    Raises AnswerError (`unknown-flavour`) for what is none.
    """
    match = _NAMED.fullmatch(text.strip().lower())
    found = flavours().get(match[1]) if match else None
    if match is None or found is None:
        raise AnswerError(
            "unknown-flavour",
            f"migwiz knows no engine {text!r} that speaks another one's language",
            next_actions=(
                f"use one of: {', '.join(flavours())}, with a version if you know it: "
                "cockroachdb 24.1",
                f"or {NONE}, for the plain engine",
            ),
            flag="--flavour",
        )
    return found, tuple(int(part) for part in (match[2] or "").split(".") if part)


def engine(name: str, version: Version, flavour: str = "") -> Dialect:
    """Return the dialect ``name`` at a version, as the engine ``flavour`` speaks it.

    Raises AnswerError for an unknown name, for one that is not what the engine speaks, and for
    versions that are too old to plan for.
    """
    if flavour.strip().lower() in ("", NONE):
        return plain(name, version)
    found, own = named(flavour)
    if found.speaks != name:
        raise AnswerError(
            "unknown-flavour",
            f"{found.label} speaks the language of {found.speaks}, not of {name}",
            next_actions=(f"use --dialect {found.speaks}",),
            flag="--flavour",
        )
    return found.make(version, own)


def dump_of(flavour: str) -> Dump | None:
    """Return how an engine tells its schema as text, None where its catalogue is the language's."""
    return None if flavour.strip().lower() in ("", NONE) else named(flavour)[0].dump


def spread_query(flavour: str) -> str | None:
    """Return the query for how an engine spreads a table, None where its kind does not."""
    return named(flavour)[0].spread_query if flavour else None


def flavour_of(one: Dialect) -> str:
    """Return the engine that speaks a dialect, with its own version; empty for the plain engine."""
    return one.flavour if isinstance(one, Flavoured) else ""


def told(one: Dialect) -> str:
    """Return what an engine is called where it is shown for the first time."""
    return one.told if isinstance(one, Flavoured) else one.label


def planned_for(one: Dialect, rollout: Rollout) -> Rollout:
    """Return the rollout that operations plan for on an engine."""
    return one.planned_for(rollout) if isinstance(one, Flavoured) else rollout


def in_own_words(one: Dialect, step: Step) -> bool:
    """Tell whether an engine does a step in a way that frameworks' own operations do not know."""
    return isinstance(one, Flavoured) and one.in_own_words(step)
