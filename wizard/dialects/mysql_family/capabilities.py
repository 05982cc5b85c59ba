"""What MySQL and MariaDB can both do; see `wizard.dialects.base.Capabilities` for each word."""

from __future__ import annotations

from wizard.dialects.base import Capabilities
from wizard.dialects.lexing import word_set
from wizard.dialects.mysql_family.words import NAME_LENGTH

#: Types of which an index takes only the beginning, so many characters of it.
PREFIX_TYPES = word_set("tinytext text mediumtext longtext tinyblob blob mediumblob longblob json")


def family_capabilities(
    *, writable_view: bool, rename_checked_column: bool, index_expressions: bool, online_copy: bool
) -> Capabilities:
    """Return the capabilities of both, and those in which they differ."""
    return Capabilities(
        transactional_ddl=False,
        concurrent_index=False,
        online_index=True,
        online_ddl=True,
        online_copy=online_copy,
        not_valid=False,
        not_valid_key=True,
        not_null_not_valid=False,
        not_null_from_check=False,
        alter_nullability=True,
        add_constraint=True,
        unique_using_index=False,
        add_constant_default=True,
        add_stable_default=True,
        partitioned_not_valid_key=True,
        deferrable_key=False,
        partitioned_key=False,
        partitions_are_tables=False,
        lock_tables=False,
        sync_fills_required=True,
        sync_partitioned=True,
        writable_view=writable_view,
        rename_checked_column=rename_checked_column,
        hide_index=True,
        keeps_index_of_key=True,
        dependents_hold_columns=False,
        views_follow_renames=False,
        index_methods=("btree", "fulltext", "spatial"),
        index_prefix_types=PREFIX_TYPES,
        index_where=False,
        index_expressions=index_expressions,
        index_include=False,
        index_nulls_order=False,
        index_nulls_not_distinct=False,
        name_bytes=NAME_LENGTH,
        identity=True,
        add_identity=False,
        stored_generated_in_place=False,
        virtual_generated=True,
        equal_key_types=True,
        rights_follow_rename=False,
        key_name="PRIMARY",
        numbering_needs_key=True,
        sync_forgives=False,
        keeps_old=True,
    )
