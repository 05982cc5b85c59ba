"""Layouts, found by discovery: every module here that holds a ``LAYOUT``."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import cast

from generators.sql.layout import Layout


@cache
def layouts() -> Mapping[str, Layout]:
    """Return all layouts by name; raises RuntimeError for a name used twice."""
    found: dict[str, Layout] = {}
    for info in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{info.name}")
        layout = cast("Layout | None", getattr(module, "LAYOUT", None))
        if layout is None:
            continue
        if layout.name in found:
            raise RuntimeError(f"two layouts are called {layout.name}")
        found[layout.name] = layout
    return MappingProxyType(found)
