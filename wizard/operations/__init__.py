"""Operations, found by discovery: every module here that holds an ``OPERATION``."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from types import MappingProxyType

from wizard.model.errors import AnswerError
from wizard.operations.base import Operation


@cache
def operations() -> Mapping[str, Operation]:
    """Return all operations by kind; raises RuntimeError for a kind used twice."""
    found: dict[str, Operation] = {}
    for info in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{info.name}")
        operation = getattr(module, "OPERATION", None)
        if operation is None:
            continue
        if operation.kind in found:
            raise RuntimeError(f"two operations are called {operation.kind}")
        found[operation.kind] = replace(operation, doc=module.__doc__ or "")
    return MappingProxyType(found)


def operation(kind: str) -> Operation:
    """Return the operation of that kind; raises AnswerError naming what there is."""
    try:
        return operations()[kind]
    except KeyError:
        raise AnswerError(
            "unknown-operation",
            f"there is no operation {kind!r}",
            next_actions=(f"use one of: {', '.join(operations())}",),
        ) from None
