"""Reading a schema again costs only the tables whose rows in the catalogue have changed."""

from __future__ import annotations

from typing import Any

import psycopg

from wizard.model.names import TableName
from wizard.model.schema import Table
from wizard.session import Session

#: Each row of the catalogue that says something of a table, as the version that it is (xmin).
_ROWS = """
SELECT c.relname, md5(string_agg(found.version, ',' ORDER BY found.version))
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
CROSS JOIN LATERAL (
    SELECT 'c' || c.oid || ':' || c.xmin::text
    UNION ALL SELECT 'a' || attnum || ':' || xmin::text FROM pg_attribute WHERE attrelid = c.oid
    UNION ALL SELECT 'd' || oid || ':' || xmin::text FROM pg_attrdef WHERE adrelid = c.oid
    UNION ALL SELECT 'k' || oid || ':' || xmin::text FROM pg_constraint
        WHERE conrelid = c.oid OR confrelid = c.oid
    UNION ALL SELECT 'K' || o.oid || ':' || r.xmin::text || coalesce(a.xmin::text, '')
        FROM pg_constraint o JOIN pg_class r ON r.oid IN (o.conrelid, o.confrelid)
        LEFT JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum = ANY (o.conkey || o.confkey)
        WHERE c.oid IN (o.conrelid, o.confrelid)
    UNION ALL SELECT 'i' || i.indexrelid || ':' || i.xmin::text || ':' || r.xmin::text
        FROM pg_index i JOIN pg_class r ON r.oid = i.indexrelid WHERE i.indrelid = c.oid
    UNION ALL SELECT 'h' || h.inhrelid || ':' || h.inhparent || ':' || h.xmin::text || ':' || r.xmin::text
        FROM pg_inherits h JOIN pg_class r ON r.oid IN (h.inhrelid, h.inhparent)
        WHERE c.oid IN (h.inhrelid, h.inhparent)
        OR h.inhrelid IN (SELECT indexrelid FROM pg_index WHERE indrelid = c.oid)
    UNION ALL SELECT 't' || t.oid || ':' || t.xmin::text || ':' || p.xmin::text
        FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid WHERE t.tgrelid = c.oid
    UNION ALL SELECT 'p' || oid || ':' || xmin::text FROM pg_policy WHERE polrelid = c.oid
    UNION ALL SELECT 's' || objsubid || ':' || xmin::text FROM pg_description WHERE objoid = c.oid
    UNION ALL SELECT 'x' || classid || ':' || objid || ':' || xmin::text FROM pg_depend WHERE refobjid = c.oid
) found (version)
WHERE c.relkind IN ('r', 'p') GROUP BY c.relname
"""
#: What a table's details take from elsewhere: views and what reads them, types, functions.
_AROUND = """
SELECT md5(string_agg(version, ',' ORDER BY version)) FROM (
    SELECT 'v' || c.oid || ':' || c.xmin::text || ':' || coalesce(r.xmin::text, '')
        FROM pg_class c LEFT JOIN pg_rewrite r ON r.ev_class = c.oid
        WHERE c.relkind IN ('v', 'm') AND c.oid >= 16384
    UNION ALL SELECT 'i' || i.indexrelid || ':' || i.xmin::text
        FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid AND c.relkind = 'm'
    UNION ALL SELECT 'd' || objoid || ':' || xmin::text FROM pg_description
        WHERE objoid IN (SELECT oid FROM pg_class WHERE relkind IN ('v', 'm') AND oid >= 16384)
    UNION ALL SELECT 'e' || oid || ':' || xmin::text FROM pg_enum
    UNION ALL SELECT 't' || oid || ':' || xmin::text FROM pg_type WHERE typtype = 'e'
    UNION ALL SELECT 's' || seqrelid || ':' || xmin::text FROM pg_sequence
) found (version)
"""

#: What has been read so far, by the server, the table and the versions of its rows.
_READ: dict[tuple[Any, ...], Table] = {}


def read_tables(session: Session, url: str, server: object) -> list[Table]:
    """Return all tables and partitions, reading those that are not known as they are now.

    ``url`` is libpq's. A database made from a template has the template's rows in its catalogue,
    so that tests which start from one template share what they read.
    """
    with psycopg.connect(url) as connection:
        versions = dict(connection.execute(_ROWS.encode()).fetchall())
        around = connection.execute(_AROUND.encode()).fetchone()
    key = (id(server), around)

    def read(name: TableName) -> Table:
        one = (*key, str(name), versions.get(name.name))
        if one not in _READ:
            _READ[one] = session.table(name)
        return _READ[one]

    found = [read(one.name) for one in session.tables()]
    for one in found:
        found += [read(name) for name in one.partitions]
    return found
