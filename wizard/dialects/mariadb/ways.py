"""How MariaDB makes each kind of change, by version.

Measured on 10.11 and 11.8: tests/rehearsal/test_mariadb_truth.py. That copies let writes go on from
11.2 on is from that version's release notes; 11.8 was measured.
"""

from __future__ import annotations

from wizard.dialects.mysql_family.ways import COPY, INSTANT, ONLINE_COPY, REBUILD, Way, Ways

_ONLINE_COPY = (11, 2)


def ways(version: tuple[int, ...]) -> Ways:
    """Return the best ways of a server version from 10.6 on."""
    return Ways(
        engine="mariadb",
        version=version,
        add_column=INSTANT,
        drop_column=INSTANT,
        drop_indexed_column=Way("NOCOPY"),
        rename_column=INSTANT,
        build=Way("NOCOPY", "NONE", "build"),
        build_text=Way("INPLACE", "SHARED", "rewrite"),
        build_space=Way("NOCOPY", "SHARED", "build"),
        build_expression=REBUILD,
        drop_index=Way("NOCOPY"),
        rename_index=INSTANT,
        hide_index=INSTANT,
        add_key=INSTANT,
        drop_key=INSTANT,
        drop_check=INSTANT,
        widen=INSTANT,
        recollate=INSTANT,
        recollate_indexed=Way("NOCOPY", "NONE", "build"),
        short_text=127,
        unnumber=INSTANT,
        copy=ONLINE_COPY if version >= _ONLINE_COPY else COPY,
        full_text=Way("INPLACE", "SHARED", "rewrite"),
        locks_parents=False,
        row_versions=None,
        message_length=500,
    )
