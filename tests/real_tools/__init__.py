"""Drivers of the real tools, found by discovery: every module here that holds a ``DRIVER``."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from generators.base import FileEdit, Project

from .places import Place

__all__ = ("Driver", "Place", "drivers")


class Driver(Protocol):
    """How one layout's own tool runs the files of a project against a database.

    ``layout`` is the layout's name. ``engines`` are those that the tool is run on here, out of
    postgresql, mysql, mariadb and sqlite. One that takes a second or more to start may say ``slow``,
    and runs fewer plans.
    """

    layout: str
    engines: tuple[str, ...]

    def bring(self) -> None:
        """Fetch or build the tool into the cache; skips the test, with the reason, where it cannot."""

    def prepare(self, project: Project, place: Place) -> None:
        """Make in an empty folder what the tool wants there besides migrations: configuration, a plan."""

    def up(self, project: Project, place: Place) -> str:
        """Apply all that is pending and return what was printed; raises CalledProcessError."""

    def down(self, project: Project, place: Place, edits: Sequence[FileEdit]) -> str:
        """Take back exactly these files, the newest first; raises CalledProcessError.

        Where the tool knows no downgrade: what the files' own headers say, by hand.
        """


@cache
def drivers() -> Mapping[str, Driver]:
    """Return all drivers by the name of their layout."""
    found: dict[str, Driver] = {}
    for info in pkgutil.iter_modules([str(Path(__file__).parent)]):
        driver = getattr(importlib.import_module(f"{__name__}.{info.name}"), "DRIVER", None)
        if driver is not None:
            found[driver.layout] = driver
    return MappingProxyType(found)
