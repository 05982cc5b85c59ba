"""What SQLite can do, by version. Facts: safety.md §1.5, verified on 3.40 and 3.54."""

from __future__ import annotations

from wizard.dialects.base import Capabilities
from wizard.dialects.sqlite.words import NAME_BYTES

#: From here on ALTER TABLE sets and drops NOT NULL, and adds and drops checks.
ALTERS_CONSTRAINTS = (3, 53)


def capabilities(version: tuple[int, ...]) -> Capabilities:
    """Return the capabilities of a library version from 3.35 on."""
    return Capabilities(
        transactional_ddl=True,
        concurrent_index=False,
        online_index=False,
        online_ddl=False,
        online_copy=False,
        not_valid=False,
        not_valid_key=False,
        not_null_not_valid=False,
        not_null_from_check=False,
        alter_nullability=version >= ALTERS_CONSTRAINTS,
        add_constraint=False,
        unique_using_index=False,
        add_constant_default=True,
        add_stable_default=False,
        partitioned_not_valid_key=False,
        deferrable_key=True,
        partitioned_key=True,
        partitions_are_tables=False,
        lock_tables=False,
        sync_fills_required=False,
        sync_partitioned=False,
        writable_view=False,
        rename_checked_column=True,
        hide_index=False,
        keeps_index_of_key=False,
        dependents_hold_columns=False,
        views_follow_renames=True,
        index_methods=("btree",),
        index_prefix_types=frozenset(),
        index_where=True,
        index_expressions=True,
        index_include=False,
        index_nulls_order=False,
        index_nulls_not_distinct=False,
        name_bytes=NAME_BYTES,
        identity=False,
        add_identity=False,
        stored_generated_in_place=False,
        virtual_generated=True,
        keeps_old=True,
        # Else a reader that becomes a writer fails where it would have to wait.
        begin_writing="BEGIN IMMEDIATE",
    )
