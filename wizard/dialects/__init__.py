"""Dialects, found by discovery: every module here that holds a ``dialect(version)`` function."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType

from wizard.dialects.base import Dialect
from wizard.model.errors import AnswerError

Factory = Callable[[tuple[int, ...]], Dialect]


@cache
def dialects() -> Mapping[str, Factory]:
    """Return, by name, the function that makes each dialect for a server version."""
    found: dict[str, Factory] = {}
    for info in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{info.name}")
        factory = getattr(module, "dialect", None)
        if factory is not None:
            found[info.name] = factory
    return MappingProxyType(found)


def dialect(name: str, version: tuple[int, ...]) -> Dialect:
    """Return a dialect at a version; raises AnswerError for an unknown name or an old version."""
    try:
        factory = dialects()[name]
    except KeyError:
        raise AnswerError(
            "unknown-dialect",
            f"migwiz does not know the dialect {name!r}",
            next_actions=(f"use one of: {', '.join(dialects())}",),
            flag="--dialect",
        ) from None
    return factory(version)
