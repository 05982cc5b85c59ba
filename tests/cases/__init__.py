"""What the tests need to know of each operation: one module for each, found by discovery."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hypothesis import strategies as st

    from wizard.model.schema import Table

Values = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """How to ask for the operation in the wizard; ``values`` are the answers that come of it.

    ``steps`` gets the `Driver` of tests/screens/pilot_kit.py and ends on the rollout step.
    ``before`` is SQL that gives the screens' shop what has to be there.
    """

    values: Values
    steps: Callable[[Any], Awaitable[None]]
    before: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An operation for the tests.

    ``example`` are natural answers in the shop of tests/shop.py, from which golden files are made;
    ``engines`` replaces it where an engine needs another one. ``postgresql``, ``sqlite`` and
    ``mariadb`` are changes that run for real on such servers, by a name of their own: see
    tests/roundtrip. Those named in ``tiny`` and ``stopped`` run for small tables, and in a
    maintenance window, too; those named in ``direct`` only there, for they are refused for large
    tables in use; ``window`` are others, by engine, that run only in a maintenance window.
    ``refused`` says that no engine ever plans it. ``draw`` makes random answers for a random table.
    """

    example: Values
    engines: Mapping[str, Values] = field(default_factory=dict)
    postgresql: Mapping[str, Values] = field(default_factory=dict)
    sqlite: Mapping[str, Values] = field(default_factory=dict)
    mariadb: Mapping[str, Values] = field(default_factory=dict)
    tiny: tuple[str, ...] = ()
    stopped: tuple[str, ...] = ()
    window: Mapping[str, Mapping[str, Values]] = field(default_factory=dict)
    direct: tuple[str, ...] = ()
    refused: bool = False
    walk: Walk | None = None
    draw: Callable[[st.DrawFn, Table], dict[str, object]] | None = None


def _found() -> dict[str, Case]:
    modules = (
        importlib.import_module(f"{__name__}.{one.name}") for one in pkgutil.iter_modules(__path__)
    )
    return {module.__name__.rpartition(".")[2]: module.CASE for module in modules}


CASES: Mapping[str, Case] = _found()


def named(engine: str) -> dict[str, dict[str, object]]:
    """Return all changes that run for real on an engine, by operation and name."""
    return {
        f"{kind} {name}".strip(): {"kind": kind, **values}
        for kind, case in CASES.items()
        for name, values in getattr(case, engine).items()
    }


def windowed(engine: str) -> dict[str, dict[str, object]]:
    """Return all changes that run for real in a maintenance window only."""
    return {
        f"{kind} {name}".strip(): {"kind": kind, **values}
        for kind, case in CASES.items()
        for name, values in case.window.get(engine, {}).items()
    }
