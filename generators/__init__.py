"""Generators, found by discovery: every module here that holds a ``GENERATOR``."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import cast

from generators.base import Generator


@cache
def generators() -> Mapping[str, Generator]:
    """Return all generators by framework name; raises RuntimeError for a name used twice."""
    found: dict[str, Generator] = {}
    for info in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{info.name}")
        generator = cast("Generator | None", getattr(module, "GENERATOR", None))
        if generator is None:
            continue
        if generator.framework in found:
            raise RuntimeError(f"two generators are called {generator.framework}")
        found[generator.framework] = generator
    return MappingProxyType(found)
