"""Where a project begins, for a user who stands somewhere inside it."""

from __future__ import annotations

from pathlib import Path

from generators import generators


def project_root(start: Path) -> Path:
    """Return the nearest folder, from ``start`` upwards, below which there are migrations.

    It looks no higher than the top of the repository that ``start`` is in, and not at all outside
    of one: a home folder may hold many projects. ``start`` itself where there is nothing to find.
    """
    top = next((one for one in (start, *start.parents) if (one / ".git").exists()), start)
    if top == start:
        return start
    between = [start, *(one for one in start.parents if one.is_relative_to(top))]
    return next((one for one in between if _sure_of_migrations(one)), start)


def _sure_of_migrations(folder: Path) -> bool:
    """Tell whether more than the look of its files says that there are migrations."""
    found = (one for each in generators().values() for one in each.detect(folder))
    return any(one.confidence != "low" for one in found)
