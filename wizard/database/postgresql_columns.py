"""What a column of PostgreSQL has beside its definition: a domain's type, privileges, a counter.

Facts are from the chapters "System Catalogs" and "The Cumulative Statistics System" of the manual.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from wizard.database.connection import Row
from wizard.model.names import TableName
from wizard.model.schema import Column, Counter, Grant

# One row for each column that has any of it. A sequence belongs to a column when the server drops
# it with it. Rows a day: those inserted since the statistics were last cleared, when that was at
# least an hour ago; a server whose statistics were never cleared does not know since when it counts.
EXTRAS = """
SELECT a.attname,
       CASE WHEN t.typtype = 'd' AND b.typtype <> 'd' AND NOT t.typnotnull
                 AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.contypid = t.oid)
            THEN format_type(t.typbasetype, t.typtypmod) END,
       (SELECT array_agg(ARRAY[x.privilege_type, g.rolname, x.is_grantable::text]
                         ORDER BY x.grantee, x.privilege_type)
        FROM aclexplode(a.attacl) x LEFT JOIN pg_roles g ON g.oid = x.grantee),
       n.nspname, s.relname, q.seqincrement,
       CASE WHEN has_sequence_privilege(s.oid, 'SELECT, USAGE') THEN pg_sequence_last_value(s.oid)
       END,
       (SELECT pg_stat_get_tuples_inserted(a.attrelid) * 86400
               / extract(epoch FROM now() - d.stats_reset)
        FROM pg_stat_database d WHERE d.datname = current_database()
          AND d.stats_reset < now() - interval '1 hour')::bigint,
       current_date::text
FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_type b ON b.oid = t.typbasetype
LEFT JOIN pg_depend p ON p.classid = 'pg_class'::regclass AND p.refclassid = 'pg_class'::regclass
     AND p.refobjid = a.attrelid AND p.refobjsubid = a.attnum AND p.deptype IN ('a', 'i')
     AND EXISTS (SELECT FROM pg_class c WHERE c.oid = p.objid AND c.relkind = 'S')
LEFT JOIN pg_class s ON s.oid = p.objid
LEFT JOIN pg_namespace n ON n.oid = s.relnamespace
LEFT JOIN pg_sequence q ON q.seqrelid = s.oid
WHERE a.attrelid = %s::bigint::oid AND a.attnum > 0 AND NOT a.attisdropped
  AND (t.typtype = 'd' OR a.attacl IS NOT NULL OR s.oid IS NOT NULL)
ORDER BY a.attnum
"""


def with_extras(
    columns: Iterable[Column], rows: Iterable[Row], named: Callable[[str, str], TableName]
) -> tuple[Column, ...]:
    """Return the columns with what the rows of `EXTRAS` say of them."""
    found = {row[0]: row[1:] for row in rows}
    return tuple(_with(one, found.get(one.name), named) for one in columns)


def _with(column: Column, row: Row | None, named: Callable[[str, str], TableName]) -> Column:
    if row is None:
        return column
    base, grants, schema, sequence, increment, last, per_day, today = row
    counter = None
    if sequence is not None:
        counter = Counter(
            name=named(schema, sequence),
            increment=increment,
            last=last,
            per_day=per_day,
            read_on=today,
        )
    return replace(
        column,
        base=base,
        grants=tuple(
            Grant(privilege=privilege, role=role, grantable=grantable == "true")
            for privilege, role, grantable in grants or ()
        ),
        counter=counter,
    )
