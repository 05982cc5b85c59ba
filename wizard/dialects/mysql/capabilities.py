"""What MySQL can do, by version. Facts: safety.md §1.4, measured on 9.7."""

from __future__ import annotations

from wizard.dialects.base import Capabilities
from wizard.dialects.mysql_family.capabilities import family_capabilities


def capabilities(version: tuple[int, ...]) -> Capabilities:
    """Return the capabilities of a server version from 8.0 on.

    A view that shows one column under two names takes UPDATE and DELETE, but no INSERT (measured):
    it cannot stand in for a table.
    """
    return family_capabilities(
        writable_view=False,
        rename_checked_column=False,
        index_expressions=version >= (8, 0, 13),
        online_copy=False,
    )
