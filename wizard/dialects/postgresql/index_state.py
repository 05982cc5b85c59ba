"""Is an index there, whole, and the one that was wanted: a guard for builds that may be repeated.

IF NOT EXISTS is no such guard: it passes over an INVALID index and over one with another
definition (safety.md, conclusion 5).
"""

from __future__ import annotations

from wizard.dialects.postgresql.words import literal, table
from wizard.model.names import TableName
from wizard.model.schema import Index, IndexPart
from wizard.model.steps import AddIndex


def index_state(step: AddIndex, version: tuple[int, ...]) -> str:
    """Return a query of one row: ``absent``, ``invalid``, ``valid`` or ``different``.

    Compares table, uniqueness, method, columns, order and whether there is a predicate. The text
    of expressions and predicates is not compared: the server writes it in its own way.
    """
    index = step.index
    owner = f"to_regclass({literal(table(step.table))})"
    wanted = [
        f"i.indrelid = {owner}",
        f"i.indisunique = {_truth(index.unique)}",
        f"m.amname = {literal(index.method or 'btree')}",
        f"i.indnkeyatts = {len(index.parts)}",
        f"(i.indpred IS NOT NULL) = {_truth(index.where is not None)}",
        "ARRAY(\n"
        "                SELECT a.attname::text\n"
        "                FROM unnest(i.indkey) WITH ORDINALITY AS k (number, place)\n"
        "                LEFT JOIN pg_attribute a\n"
        "                    ON a.attrelid = i.indrelid AND a.attnum = k.number AND k.number <> 0\n"
        "                ORDER BY k.place\n"
        f"            ) = {_columns(index)}",
    ]
    if index.method in (None, "btree"):
        options = " ".join(str(_option(one)) for one in index.parts)
        # Included columns have no option.
        wanted.append(f"i.indoption::text = {literal(options)}")
    if version >= (15,):
        wanted.append(f"i.indnullsnotdistinct = {_truth(index.nulls_not_distinct)}")
    matches = "\n            AND ".join(wanted)
    return f"""SELECT coalesce((
    SELECT CASE
        WHEN (
            {matches}
        ) IS NOT TRUE THEN 'different'
        WHEN i.indisvalid AND i.indisready AND i.indislive THEN 'valid'
        ELSE 'invalid'
    END
    FROM pg_class c
    LEFT JOIN pg_index i ON i.indexrelid = c.oid
    LEFT JOIN pg_am m ON m.oid = c.relam
    WHERE c.relname = {literal(index.name)}
        AND c.relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = {owner})
), 'absent')"""


def unknown_partitions(name: TableName, known: tuple[TableName, ...], *, over_bytes: int) -> str:
    """Return a query for the partitions with rows of their own that are not known, if large."""
    listed = ", ".join(literal(table(one)) for one in known)
    others = f"\n    AND p.relid <> ALL (ARRAY[{listed}]::regclass[])" if known else ""
    return (
        f"SELECT p.relid::regclass::text\nFROM pg_partition_tree({literal(table(name))}) p\n"
        f"WHERE p.isleaf{others}\n    AND pg_table_size(p.relid) > {over_bytes}"
    )


def _truth(value: bool) -> str:
    return "true" if value else "false"


def _columns(index: Index) -> str:
    keys = [None if one.expression is not None else one.column for one in index.parts]
    items = ["NULL" if one is None else literal(one) for one in (*keys, *index.include)]
    return f"ARRAY[{', '.join(items)}]::text[]"


def _option(part: IndexPart) -> int:
    """Return pg_index.indoption of a key: 1 for descending, 2 for NULLs first."""
    descending = part.order == "desc"
    first = part.nulls == "first" or (part.nulls is None and descending)
    return (1 if descending else 0) + (2 if first else 0)
