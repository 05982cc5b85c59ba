"""What PostgreSQL can do, by version. Facts: safety.md §1.1, verified on 12 to 18."""

from __future__ import annotations

from wizard.dialects.base import Capabilities
from wizard.dialects.postgresql.words import NAME_BYTES


def capabilities(version: tuple[int, ...]) -> Capabilities:
    """Return the capabilities of a server version from 12 on."""
    return Capabilities(
        transactional_ddl=True,
        concurrent_index=True,
        not_valid=True,
        not_null_not_valid=version >= (18,),
        not_null_from_check=True,
        alter_nullability=True,
        add_constraint=True,
        unique_using_index=True,
        add_constant_default=True,
        add_stable_default=True,
        partitioned_not_valid_key=version >= (18,),
        lock_tables=True,
        sync_fills_required=True,
        sync_partitioned=version >= (13,),
        writable_view=True,
        index_methods=("btree", "hash", "gin", "gist", "spgist", "brin"),
        index_include=True,
        index_nulls_order=True,
        index_nulls_not_distinct=version >= (15,),
        name_bytes=NAME_BYTES,
        identity=True,
        stored_generated_in_place=False,
        virtual_generated=version >= (18,),
    )
