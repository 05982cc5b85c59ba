"""Engines that batches are written to, found by discovery: modules with an ``ENGINE``."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from wizard.backfilling.engines.base import Engine


@cache
def engines() -> Mapping[str, Engine]:
    """Return the engines by the names of their dialects."""
    found: dict[str, Engine] = {}
    for info in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{info.name}")
        one = getattr(module, "ENGINE", None)
        if one is not None:
            found[info.name] = one
    return MappingProxyType(found)
