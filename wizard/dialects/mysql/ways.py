"""How MySQL makes each kind of change, by version.

Measured on 9.7: tests/rehearsal/test_mysql_truth.py. For earlier versions: MySQL 8.0 manual, "Online
DDL Operations" (instant columns from 8.0.12, at any place and dropped from 8.0.29) and the release
notes of 8.0.30 to 8.0.32, which mend tables that 8.0.29 had damaged; 9.1's raise the limit of
instant changes.
"""

from __future__ import annotations

from wizard.dialects.mysql_family.ways import COPY, INSTANT, METADATA, REBUILD, Way, Ways

_INSTANT_COLUMNS = (8, 0, 12)
_INSTANT_DROP = (8, 0, 29)
#: From 8.0.29 up to here instant columns could damage tables and backups.
_MENDED = (8, 0, 32)


def ways(version: tuple[int, ...]) -> Ways:
    """Return the best ways of a server version from 8.0 on."""
    damaged = _INSTANT_DROP <= version < _MENDED
    adds = version >= _INSTANT_COLUMNS and not damaged
    drops = version >= _INSTANT_DROP and not damaged
    return Ways(
        engine="mysql",
        version=version,
        add_column=INSTANT if adds else REBUILD,
        drop_column=INSTANT if drops else REBUILD,
        drop_indexed_column=REBUILD,
        # INSTANT from 8.0.28 on, but refused where a foreign key points to the column; this costs
        # no more and always works.
        rename_column=METADATA,
        build=Way("INPLACE", "NONE", "build"),
        build_text=Way("INPLACE", "SHARED", "rewrite"),
        build_space=Way("INPLACE", "SHARED", "build"),
        build_expression=Way("INPLACE", "SHARED", "build"),
        drop_index=METADATA,
        rename_index=METADATA,
        hide_index=METADATA,
        add_key=METADATA,
        drop_key=METADATA,
        drop_check=INSTANT,
        widen=METADATA,
        recollate=METADATA,
        recollate_indexed=COPY,
        short_text=0,
        unnumber=COPY,
        copy=COPY,
        full_text=COPY,
        locks_parents=True,
        row_versions=(255 if version >= (9, 1) else 64) if drops else None,
        message_length=128,
    )
