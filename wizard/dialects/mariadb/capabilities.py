"""What MariaDB can do, by version. Facts: safety.md §1.4, measured on 10.11 and 11.8."""

from __future__ import annotations

from wizard.dialects.base import Capabilities
from wizard.dialects.mysql_family.capabilities import family_capabilities


def capabilities(version: tuple[int, ...]) -> Capabilities:
    """Return the capabilities of a server version from 10.6 on."""
    return family_capabilities(
        writable_view=True,
        rename_checked_column=True,
        index_expressions=False,
        online_copy=version >= (11, 2),
    )
