"""The steps: each is in the union of its module, and so in the one of all."""

from __future__ import annotations

import pkgutil
from dataclasses import is_dataclass
from importlib import import_module

from wizard.model import steps
from wizard.model.steps import STEP_TYPES, Assignment, ShadowView, Sync, TableView


def test_no_step_is_left_out_of_the_union() -> None:
    modules = [
        import_module(f"{steps.__name__}.{one.name}")
        for one in pkgutil.iter_modules(steps.__path__)
    ]
    defined = {
        one
        for module in modules
        for one in vars(module).values()
        if isinstance(one, type) and is_dataclass(one) and one.__module__ == module.__name__
    }
    assert defined - {Assignment, ShadowView, Sync, TableView} == set(STEP_TYPES)
    assert all(getattr(steps, one.__name__) is one for one in defined)
