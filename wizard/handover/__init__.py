"""Tools that copy a table beside the application, found by discovery: modules that hold a ``TOOL``."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from wizard.handover.base import Tool


@cache
def tools() -> Mapping[str, Tool]:
    """Return all tools by name; raises RuntimeError for a name used twice."""
    found: dict[str, Tool] = {}
    for info in pkgutil.iter_modules(__path__):
        tool = getattr(importlib.import_module(f"{__name__}.{info.name}"), "TOOL", None)
        if tool is None:
            continue
        if tool.name in found:
            raise RuntimeError(f"two tools are called {tool.name}")
        found[tool.name] = tool
    return MappingProxyType(found)
