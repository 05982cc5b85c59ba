"""Owner and grants of a view that is dropped and made again in one transaction.

They belong to a database, not to the migration: production knows other roles than a developer's
machine. So they are kept from the drop to the creation in a setting of the transaction. Only what
was dropped in an earlier transaction gets the grants that were read when the change was planned.
"""

from __future__ import annotations

import json

from wizard.dialects.postgresql.words import dollars, literal, quote, table
from wizard.model.names import TableName, parse_table_name
from wizard.model.schema import Dependent

_GRANTEE = "CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END"
_OPTION = "CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END"

#: A scalar query: the statements that restore owner and grants of the relation ``c``, as jsonb.
LINES = f"""\
    WITH owner (restricted) AS (
        SELECT c.relacl IS NOT NULL AND NOT ARRAY(
            SELECT a.privilege_type FROM aclexplode(c.relacl) a WHERE a.grantee = c.relowner
        ) @> ARRAY(
            SELECT a.privilege_type FROM aclexplode(acldefault('r', c.relowner)) a
        )
    )
    SELECT jsonb_agg(line ORDER BY place, line)
    FROM (
        SELECT 1, format(
            'ALTER %s %s OWNER TO %I',
            CASE c.relkind WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'VIEW' END,
            c.oid::regclass, pg_get_userbyid(c.relowner)
        )
        UNION ALL
        SELECT 2, format('REVOKE ALL ON %s FROM %I', c.oid::regclass, pg_get_userbyid(c.relowner))
        FROM owner WHERE restricted
        UNION ALL
        SELECT 3, format(
            'GRANT %s ON %s TO %s%s',
            string_agg(a.privilege_type, ', ' ORDER BY a.privilege_type), c.oid::regclass,
            {_GRANTEE},
            {_OPTION}
        )
        FROM aclexplode(c.relacl) a, owner
        WHERE a.grantee <> c.relowner OR restricted
        GROUP BY a.grantee, a.is_grantable
        UNION ALL
        SELECT 4, format(
            'GRANT %s ON %s TO %s%s',
            string_agg(
                format('%s (%I)', a.privilege_type, a.attname), ', ' ORDER BY a.attnum, a.privilege_type
            ),
            c.oid::regclass,
            {_GRANTEE},
            {_OPTION}
        )
        FROM (
            SELECT t.attname, t.attnum, (aclexplode(t.attacl)).*
            FROM pg_attribute t
            WHERE t.attrelid = c.oid AND t.attnum > 0
        ) a
        GROUP BY a.grantee, a.is_grantable
    ) AS found (place, line)"""


def keep(one: Dependent) -> str:
    """Return the statement that keeps owner and grants of a view until the transaction ends."""
    relation = parse_table_name(one.name)
    return f"""\
SELECT set_config({literal(_setting(relation))}, (
{LINES}
)::text, true)
FROM pg_class c
WHERE c.oid = {_oid(relation)}"""


def restore(one: Dependent) -> str:
    """Return the block that gives a view what was kept, else the grants read when planning.

    Default privileges may have granted more than that: it is revoked first.
    """
    relation = parse_table_name(one.name)
    name = literal(_setting(relation))
    # Whoever runs the migration owns what it makes: another owner cannot be foreseen.
    known = literal(json.dumps([line for line in one.privileges if line.startswith("GRANT ")]))
    body = f"""\
DECLARE
    line text;
BEGIN
    FOR line IN
        SELECT DISTINCT format(
            'REVOKE ALL ON %s FROM %s', c.oid::regclass,
            {_GRANTEE}
        )
        FROM pg_class c, aclexplode(c.relacl) a
        WHERE c.oid = {_oid(relation)} AND a.grantee <> c.relowner
    LOOP
        EXECUTE line;
    END LOOP;
    FOR line IN
        SELECT jsonb_array_elements_text(
            coalesce(nullif(current_setting({name}, true), ''), {known})::jsonb
        )
    LOOP
        BEGIN
            EXECUTE line;
        EXCEPTION WHEN undefined_object THEN
            RAISE WARNING 'not done, for there is no such role here: %', line;
        END;
    END LOOP;
END"""
    return f"DO {dollars(body)}"


def _oid(relation: TableName) -> str:
    return f"{literal(table(relation))}::regclass"


def _setting(relation: TableName) -> str:
    """Return the name of a setting that belongs to the relation alone."""
    parts = [one for one in (relation.schema, relation.name) if one]
    if all(quote(one) == one for one in parts):
        return ".".join(("migwiz", *parts))
    import hashlib

    return f"migwiz.view_{hashlib.sha256(table(relation).encode()).hexdigest()[:16]}"
