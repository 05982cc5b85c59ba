"""What PostgreSQL can do, by version. Facts: safety.md §1.1, verified on 12 to 18."""

from __future__ import annotations

from wizard.dialects.base import Capabilities
from wizard.dialects.postgresql.words import NAME_BYTES


def capabilities(version: tuple[int, ...]) -> Capabilities:
    """Return the capabilities of a server version from 12 on."""
    return Capabilities(
        transactional_ddl=True,
        prepared_keep_types=True,
        concurrent_index=True,
        online_index=False,
        online_ddl=False,
        online_copy=False,
        not_valid=True,
        not_valid_key=True,
        not_null_not_valid=version >= (18,),
        not_null_from_check=True,
        alter_nullability=True,
        add_constraint=True,
        unique_using_index=True,
        upsert_names_index=True,
        add_constant_default=True,
        add_stable_default=True,
        partitioned_not_valid_key=version >= (18,),
        deferrable_key=True,
        partitioned_key=True,
        partitions_are_tables=True,
        lock_tables=True,
        sync_fills_required=True,
        sync_partitioned=version >= (13,),
        writable_view=True,
        rename_checked_column=True,
        hide_index=False,
        keeps_index_of_key=False,
        dependents_hold_columns=True,
        views_follow_renames=True,
        index_methods=("btree", "hash", "gin", "gist", "spgist", "brin"),
        index_prefix_types=frozenset(),
        index_where=True,
        index_expressions=True,
        index_include=True,
        index_nulls_order=True,
        index_nulls_not_distinct=version >= (15,),
        name_bytes=NAME_BYTES,
        identity=True,
        add_identity=True,
        stored_generated_in_place=False,
        virtual_generated=version >= (18,),
        # From 15 on a view has the rights of its caller, who then needs SELECT on every column.
        view_keeps_column_grants=version < (15,),
        view_keeps_row_security=version >= (15,),
        keeps_old=True,
        keeps_written=True,
    )
