"""The catalogue queries for PostgreSQL 12 to 18, one round trip each.

Facts are from the chapter "System Catalogs" of each version's manual. No query takes a lock on a
user's table, save for the size and definition functions, which take ACCESS SHARE for an instant.
"""

from __future__ import annotations

# One round trip for what the server is: also the signs by which other engines are recognised. All of
# it is plain enough for them too.
SERVER = """
SELECT current_setting('server_version_num')::int, current_database(),
       coalesce((current_schemas(false))[1], 'public'), version(),
       ARRAY(SELECT extname::text || ' ' || extversion FROM pg_catalog.pg_extension),
       EXISTS (SELECT 1 FROM pg_catalog.pg_proc WHERE proname = 'aurora_version')
"""

# Rows: statistics of ANALYZE; where they are missing, the counters of inserted and deleted rows;
# 0 for a table without a page; else unknown. Before version 14 "never analysed" is 0, not -1.
_LEAF_ROWS = """
CASE WHEN {c}.relkind = 'f' AND {c}.reltuples <= 0 THEN NULL
     WHEN {c}.reltuples > 0 THEN {c}.reltuples
     WHEN pg_stat_get_live_tuples({c}.oid) > 0 THEN pg_stat_get_live_tuples({c}.oid)
     WHEN {c}.reltuples = 0 AND ({c}.relpages > 0 OR {analysed}) THEN 0
     WHEN {empty} THEN 0
END
"""
# Bytes: the heap, its TOAST table and the maps of both, without indexes: what a rewrite copies.
_EXACT_BYTES = "pg_table_size({c}.oid)"
# The same from statistics, for when another session keeps a table locked.
_ESTIMATED_BYTES = """
(({c}.relpages + coalesce((SELECT x.relpages FROM pg_class x WHERE x.oid = {c}.reltoastrelid), 0))
 ::bigint * current_setting('block_size')::int)
"""


def tables(version: tuple[int, ...], *, exact: bool = True) -> str:
    """Return the query of the table list; a partitioned table has the sums of its leaves."""
    rows, size = _sizes("c", version, exact)
    leaf_rows, leaf_size = _sizes("l", version, exact)
    return f"""
WITH RECURSIVE tree(root, leaf) AS (
    SELECT i.inhparent, i.inhrelid FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent
    WHERE p.relkind = 'p' AND NOT p.relispartition
    UNION ALL
    SELECT t.root, i.inhrelid FROM tree t JOIN pg_inherits i ON i.inhparent = t.leaf
), sums AS (
    SELECT t.root, CASE WHEN bool_and(s.rows IS NOT NULL) THEN sum(s.rows) END AS rows,
           sum(s.bytes) AS bytes
    FROM tree t JOIN pg_class l ON l.oid = t.leaf AND l.relkind <> 'p',
         LATERAL (SELECT {leaf_rows} AS rows, {leaf_size} AS bytes) s
    GROUP BY t.root
)
SELECT n.nspname, c.relname, c.relkind,
       (CASE WHEN c.relkind = 'p' THEN sums.rows ELSE {rows} END)::bigint,
       (CASE WHEN c.relkind = 'p' THEN sums.bytes ELSE {size} END)::bigint
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN sums ON sums.root = c.oid
WHERE c.relkind IN ('r', 'p', 'f') AND NOT c.relispartition AND c.relpersistence <> 't'
  AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass
                  AND d.objid = c.oid AND d.deptype = 'e')
"""


def relation(version: tuple[int, ...], *, exact: bool = True) -> str:
    """Return the query of one relation's own row, by schema and name."""
    rows, size = _sizes("c", version, exact)
    leaf_rows, leaf_size = _sizes("l", version, exact)
    return f"""
WITH RECURSIVE me AS (
    SELECT c.* , c.oid AS id FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = %s AND c.relname = %s AND c.relkind IN ('r', 'p', 'f', 'v', 'm')
), tree(leaf) AS (
    SELECT i.inhrelid FROM pg_inherits i JOIN me ON i.inhparent = me.id WHERE me.relkind = 'p'
    UNION ALL
    SELECT i.inhrelid FROM tree t JOIN pg_inherits i ON i.inhparent = t.leaf
), sums AS (
    SELECT CASE WHEN bool_and(s.rows IS NOT NULL) THEN sum(s.rows) END AS rows,
           sum(s.bytes) AS bytes
    FROM tree t JOIN pg_class l ON l.oid = t.leaf AND l.relkind <> 'p',
         LATERAL (SELECT {leaf_rows} AS rows, {leaf_size} AS bytes) s
)
SELECT c.oid::bigint, c.relkind, c.relispartition,
       CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END,
       obj_description(c.oid, 'pg_class'),
       (CASE WHEN c.relkind = 'p' THEN sums.rows WHEN c.relkind <> 'v' THEN {rows} END)::bigint,
       (CASE WHEN c.relkind = 'p' THEN sums.bytes WHEN c.relkind <> 'v' THEN {size} END)::bigint,
       pn.nspname, p.relname,
       (SELECT x.relname FROM pg_index y JOIN pg_class x ON x.oid = y.indexrelid
        WHERE y.indrelid = c.oid AND y.indisreplident)
FROM me JOIN pg_class c ON c.oid = me.id CROSS JOIN sums
LEFT JOIN pg_inherits i ON i.inhrelid = c.oid AND c.relispartition
LEFT JOIN pg_class p ON p.oid = i.inhparent
LEFT JOIN pg_namespace pn ON pn.oid = p.relnamespace
"""


NEAR_NAMES = """
SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'f') AND c.relpersistence <> 't'
  AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'
"""

PARTITIONS = """
SELECT n.nspname, c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE i.inhparent = %s::bigint::oid AND c.relispartition ORDER BY n.nspname, c.relname
"""

COLUMNS = """
SELECT a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
       pg_get_expr(d.adbin, d.adrelid), a.attidentity, a.attgenerated,
       CASE WHEN a.attcollation <> t.typcollation THEN co.collname END,
       col_description(a.attrelid, a.attnum)
FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
LEFT JOIN pg_collation co ON co.oid = a.attcollation
WHERE a.attrelid = %s::bigint::oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
"""

# Keys that point to a partitioned table are repeated for each of its partitions: those are hidden.
CONSTRAINTS = """
SELECT c.conrelid = %s::bigint::oid, c.conname, c.contype, c.condeferrable, c.condeferred,
       c.convalidated,
       (SELECT array_agg(a.attname::text ORDER BY k.n)
        FROM unnest(c.conkey) WITH ORDINALITY k(num, n)
        JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.num),
       on_.nspname, o.relname, rn.nspname, r.relname,
       (SELECT array_agg(a.attname::text ORDER BY k.n)
        FROM unnest(c.confkey) WITH ORDINALITY k(num, n)
        JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.num),
       c.confdeltype, c.confupdtype,
       pg_get_expr(c.conbin, c.conrelid), pg_get_constraintdef(c.oid), {nulls_not_distinct}
FROM pg_constraint c
JOIN pg_class o ON o.oid = c.conrelid JOIN pg_namespace on_ ON on_.oid = o.relnamespace
LEFT JOIN pg_class r ON r.oid = c.confrelid AND c.contype = 'f'
LEFT JOIN pg_namespace rn ON rn.oid = r.relnamespace
LEFT JOIN pg_index i ON i.indexrelid = c.conindid AND c.contype <> 'f'
LEFT JOIN pg_constraint parent ON parent.oid = c.conparentid
WHERE c.contype IN ('p', 'u', 'f', 'c', 'x', 'n')
  AND ((c.conrelid = %s::bigint::oid AND parent.conrelid IS DISTINCT FROM c.conrelid)
       OR (c.contype = 'f' AND c.confrelid = %s::bigint::oid AND c.conparentid = 0))
ORDER BY c.contype = 'p' DESC, c.conname, o.relname
"""


def constraints(version: tuple[int, ...]) -> str:
    """Return the query of the constraints of a table and of the foreign keys that point to it."""
    distinct = "coalesce(i.indnullsnotdistinct, false)" if version >= (15,) else "false"
    return CONSTRAINTS.replace("{nulls_not_distinct}", distinct)


def indexes(version: tuple[int, ...]) -> str:
    """Return the query of a table's indexes, one row for each key and included column."""
    distinct = "i.indnullsnotdistinct" if version >= (15,) else "false"
    return f"""
SELECT ic.relname, am.amname, i.indisunique, i.indisvalid AND i.indisready, {distinct},
       pg_get_expr(i.indpred, i.indrelid),
       EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid
               AND k.contype IN ('p', 'u', 'x')),
       n.n <= i.indnkeyatts, a.attname,
       CASE WHEN i.indkey[n.n - 1] = 0 THEN pg_get_indexdef(i.indexrelid, n.n, false) END,
       CASE WHEN am.amname = 'btree' THEN i.indoption[n.n - 1] ELSE 0 END,
       CASE WHEN NOT oc.opcdefault THEN oc.opcname END,
       CASE WHEN co.oid <> coalesce(a.attcollation, (
                SELECT t.typcollation FROM pg_attribute x JOIN pg_type t ON t.oid = x.atttypid
                WHERE x.attrelid = i.indexrelid AND x.attnum = n.n), 0)
            THEN co.collname END,
       (SELECT p.relname FROM pg_inherits h JOIN pg_class p ON p.oid = h.inhparent
        WHERE h.inhrelid = i.indexrelid)
FROM pg_index i
JOIN pg_class ic ON ic.oid = i.indexrelid JOIN pg_am am ON am.oid = ic.relam
CROSS JOIN LATERAL generate_series(1, i.indnatts) n(n)
LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[n.n - 1]
LEFT JOIN pg_opclass oc ON n.n <= i.indnkeyatts AND oc.oid = i.indclass[n.n - 1]
LEFT JOIN pg_collation co ON n.n <= i.indnkeyatts AND co.oid = i.indcollation[n.n - 1]
WHERE i.indrelid = %s::bigint::oid AND i.indislive
ORDER BY ic.relname, n.n
"""


def triggers(version: tuple[int, ...]) -> str:
    """Return the query of a table's own triggers; those cloned from a partitioned parent hide."""
    cloned = "AND tgparentid = 0" if version >= (13,) else ""
    return f"""
SELECT tgname, pg_get_triggerdef(oid), tgfoid::regproc::text,
       (SELECT array_agg(a.attname::text ORDER BY a.attnum) FROM pg_attribute a
        WHERE a.attrelid = tgrelid AND a.attnum = ANY (tgattr))
FROM pg_trigger WHERE tgrelid = %s::bigint::oid AND NOT tgisinternal {cloned} ORDER BY tgname
"""


ENUMS = """
SELECT n.nspname, t.typname,
       (SELECT array_agg(e.enumlabel::text ORDER BY e.enumsortorder) FROM pg_enum e
        WHERE e.enumtypid = t.oid)
FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
WHERE t.typtype = 'e' AND n.nspname <> 'pg_catalog' AND n.nspname !~ '^pg_temp'
ORDER BY n.nspname, t.typname
"""

# What the server ties to each enumerated type or to arrays of it: columns of tables (those of
# partitions are their parent's), and other objects. Expressions belong to tables, and are not here.
ENUM_USES = """
WITH held AS (
    SELECT t.oid AS enum, t.oid AS type, false AS several FROM pg_type t WHERE t.typtype = 'e'
    UNION ALL
    SELECT t.oid, t.typarray, true FROM pg_type t WHERE t.typtype = 'e' AND t.typarray <> 0
)
SELECT n.nspname, e.typname, c.relkind IN ('r', 'p'), cn.nspname, c.relname, a.attname,
       held.several, pg_describe_object(d.classid, d.objid, d.objsubid)
FROM held JOIN pg_type e ON e.oid = held.enum JOIN pg_namespace n ON n.oid = e.typnamespace
JOIN pg_depend d ON d.refclassid = 'pg_type'::regclass AND d.refobjid = held.type
    AND d.deptype = 'n'
LEFT JOIN pg_class c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid
LEFT JOIN pg_namespace cn ON cn.oid = c.relnamespace
LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.objsubid AND a.attnum > 0
WHERE (c.relkind IN ('r', 'p') AND a.attnum IS NOT NULL AND NOT c.relispartition)
   OR c.relkind IN ('c', 'f', 'm')
   OR d.classid IN ('pg_proc'::regclass, 'pg_type'::regclass, 'pg_cast'::regclass,
                    'pg_operator'::regclass)
ORDER BY cn.nspname, c.relname, a.attnum, 8
"""


def _sizes(alias: str, version: tuple[int, ...], exact: bool) -> tuple[str, str]:
    template = _EXACT_BYTES if exact else _ESTIMATED_BYTES
    size = template.replace("{c}", alias)
    analysed = "true" if version >= (14,) else "false"
    rows = _LEAF_ROWS.replace("{c}", alias).replace("{analysed}", analysed)
    empty = f"pg_relation_size({alias}.oid) = 0" if exact else "false"
    return rows.replace("{empty}", empty), size
