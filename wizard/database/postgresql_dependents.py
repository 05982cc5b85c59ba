"""What PostgreSQL itself ties to a table, with all that it takes to make it again.

Facts are from the chapter "System Catalogs" of the manual and from what pg_dump writes. Two round
trips: the views, over any number of levels, then everything else around the table and its views.
The partitions of a table belong to it here: a change of a column reaches them too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from wizard.database.connection import Read, Row
from wizard.dialects.postgresql.privileges import LINES
from wizard.model.names import TableName
from wizard.model.schema import Dependent

# OFFSET 0 and ARRAY() keep the planner from reading whole catalogues for a handful of rows.
_READERS = """
    CROSS JOIN LATERAL (
        SELECT r.ev_class FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid
        WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = {0}.id
            AND d.classid = 'pg_rewrite'::regclass
            AND r.rulename = '_RETURN' AND r.ev_class <> {0}.id
        OFFSET 0
    ) AS readers
"""
_TREE = f"""
WITH RECURSIVE members(id) AS (
    SELECT %s::bigint::oid
    UNION
    SELECT parts.inhrelid FROM members CROSS JOIN LATERAL (
        SELECT i.inhrelid FROM pg_inherits i WHERE i.inhparent = members.id OFFSET 0
    ) AS parts
), views(id) AS (
    SELECT readers.ev_class FROM members {_READERS.format("members")}
    UNION
    SELECT readers.ev_class FROM views {_READERS.format("views")}
)
"""

# A rule and a trigger with their state and comment, as statements.
_RULE = """
ARRAY[rtrim(pg_get_ruledef(r.oid), ';'),
      'ALTER TABLE ' || r.ev_class::regclass || CASE r.ev_enabled WHEN 'D' THEN ' DISABLE RULE '
      WHEN 'R' THEN ' ENABLE REPLICA RULE ' WHEN 'A' THEN ' ENABLE ALWAYS RULE ' END
      || quote_ident(r.rulename),
      format('COMMENT ON RULE %%I ON %%s IS ', r.rulename, r.ev_class::regclass)
      || quote_literal(obj_description(r.oid, 'pg_rewrite'))]
"""
_TRIGGER = """
ARRAY[pg_get_triggerdef(t.oid),
      'ALTER TABLE ' || t.tgrelid::regclass || CASE t.tgenabled WHEN 'D' THEN ' DISABLE TRIGGER '
      WHEN 'R' THEN ' ENABLE REPLICA TRIGGER ' WHEN 'A' THEN ' ENABLE ALWAYS TRIGGER ' END
      || quote_ident(t.tgname),
      format('COMMENT ON TRIGGER %%I ON %%s IS ', t.tgname, t.tgrelid::regclass)
      || quote_literal(obj_description(t.oid, 'pg_trigger'))]
"""

# One row for each view: what it reads, its statements in order, its privileges, what else needs it.
_VIEWS = f"""
SELECT c.oid::bigint, c.relkind, n.nspname, c.relname,
    (SELECT jsonb_agg(jsonb_build_array(d.refobjid::bigint, a.attname) ORDER BY b.relname, a.attnum)
     FROM pg_rewrite r
     JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
     JOIN pg_class b ON b.oid = d.refobjid
     LEFT JOIN pg_attribute a ON d.refobjsubid > 0 AND a.attrelid = d.refobjid
         AND a.attnum = d.refobjsubid
     WHERE r.ev_class = c.oid AND r.rulename = '_RETURN' AND d.refobjid <> c.oid
         AND d.refclassid = 'pg_class'::regclass
         AND d.refobjid = ANY (ARRAY(SELECT id FROM members UNION ALL SELECT id FROM views))),
    array_remove(ARRAY[
        CASE c.relkind WHEN 'm' THEN 'CREATE MATERIALIZED VIEW ' ELSE 'CREATE VIEW ' END
        || c.oid::regclass
        || CASE WHEN m.amname <> 'heap' THEN ' USING ' || quote_ident(m.amname) ELSE '' END
        || coalesce(' WITH (' || (
            SELECT string_agg(quote_ident(o.option_name) || '=' || quote_literal(o.option_value), ', ')
            FROM pg_options_to_table(c.reloptions) o) || ')', '')
        || coalesce(' TABLESPACE ' || quote_ident(s.spcname), '')
        || E' AS\\n' || rtrim(ltrim(pg_get_viewdef(c.oid)), ';')
        || CASE c.relkind WHEN 'm' THEN E'\\nWITH NO DATA' ELSE '' END,
        'COMMENT ON ' || CASE c.relkind WHEN 'm' THEN 'MATERIALIZED VIEW ' ELSE 'VIEW ' END
        || c.oid::regclass || ' IS ' || quote_literal(obj_description(c.oid, 'pg_class'))
    ], NULL)
    || ARRAY(
        SELECT line FROM (
            SELECT a.attnum, 1, format('ALTER VIEW %%s ALTER COLUMN %%I SET DEFAULT %%s',
                c.oid::regclass, a.attname, pg_get_expr(e.adbin, e.adrelid))
            FROM pg_attribute a JOIN pg_attrdef e ON e.adrelid = a.attrelid AND e.adnum = a.attnum
            WHERE a.attrelid = c.oid
            UNION ALL
            SELECT a.attnum, 2, format('COMMENT ON COLUMN %%s.%%I IS %%L',
                c.oid::regclass, a.attname, col_description(c.oid, a.attnum))
            FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0
                AND col_description(c.oid, a.attnum) IS NOT NULL
            UNION ALL
            SELECT a.attnum, 3, format('ALTER MATERIALIZED VIEW %%s ALTER COLUMN %%I SET STATISTICS %%s',
                c.oid::regclass, a.attname, a.attstattarget)
            FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND c.relkind = 'm'
                AND coalesce(a.attstattarget, -1) >= 0
        ) AS lines (number, place, line) ORDER BY number, place)
    || ARRAY(
        SELECT line FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
        LEFT JOIN pg_tablespace xs ON xs.oid = x.reltablespace, unnest(ARRAY[
            pg_get_indexdef(i.indexrelid),
            'ALTER INDEX ' || x.oid::regclass || ' SET TABLESPACE ' || quote_ident(xs.spcname),
            'COMMENT ON INDEX ' || x.oid::regclass || ' IS '
            || quote_literal(obj_description(x.oid, 'pg_class')),
            CASE WHEN i.indisclustered THEN format('ALTER MATERIALIZED VIEW %%s CLUSTER ON %%I',
                c.oid::regclass, x.relname) END
        ]) WITH ORDINALITY AS lines (line, place)
        WHERE i.indrelid = c.oid AND i.indisvalid AND line IS NOT NULL ORDER BY x.relname, place)
    || ARRAY(
        SELECT pg_get_statisticsobjdef(e.oid) FROM pg_statistic_ext e
        WHERE e.stxrelid = c.oid ORDER BY e.stxname)
    || ARRAY(
        SELECT line FROM pg_rewrite r, unnest({_RULE}) WITH ORDINALITY AS lines (line, place)
        WHERE r.ev_class = c.oid AND r.rulename <> '_RETURN' AND line IS NOT NULL
        ORDER BY r.rulename, place)
    || ARRAY(
        SELECT line FROM pg_trigger t, unnest({_TRIGGER}) WITH ORDINALITY AS lines (line, place)
        WHERE t.tgrelid = c.oid AND NOT t.tgisinternal AND line IS NOT NULL
        ORDER BY t.tgname, place)
    || CASE WHEN c.relkind = 'm' AND c.relispopulated
        THEN ARRAY['REFRESH MATERIALIZED VIEW ' || c.oid::regclass] ELSE '{{}}' END,
    ({LINES.replace("%", "%%")}),
    ARRAY(
        SELECT DISTINCT pg_describe_object(d.classid, d.objid, d.objsubid) || ' needs it'
        FROM pg_depend d
        WHERE d.deptype = 'n' AND d.classid NOT IN ('pg_rewrite'::regclass, 'pg_policy'::regclass)
            AND ((d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid)
                OR (d.refclassid = 'pg_type'::regclass AND d.refobjid IN (y.oid, y.typarray)))
        UNION ALL
        SELECT 'it belongs to ' || pg_describe_object(d.refclassid, d.refobjid, 0) FROM pg_depend d
        WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'
        UNION ALL
        SELECT DISTINCT 'it has a security label' FROM pg_seclabel l
        WHERE l.classoid = 'pg_class'::regclass AND l.objoid = c.oid)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_type y ON y.oid = c.reltype
LEFT JOIN pg_am m ON m.oid = c.relam LEFT JOIN pg_tablespace s ON s.oid = c.reltablespace
WHERE c.oid = ANY (ARRAY(SELECT id FROM views))
ORDER BY n.nspname, c.relname
"""

# One row for each object and relation that it needs: kind, name, where it stands, which columns of
# which relation it names, its statements. What stands on a view goes with that view.
_OBJECTS = f"""
, dep AS (
    SELECT d.classid, d.objid, d.refobjid,
        array_agg(DISTINCT d.refobjsubid) FILTER (WHERE d.refobjsubid > 0) AS nums
    FROM pg_depend d
    WHERE d.refclassid = 'pg_class'::regclass
        AND d.refobjid = ANY (ARRAY(SELECT id FROM members UNION ALL SELECT id FROM views))
        AND d.classid IN ('pg_rewrite'::regclass, 'pg_policy'::regclass, 'pg_trigger'::regclass,
                          'pg_proc'::regclass, 'pg_publication_rel'::regclass)
    GROUP BY d.classid, d.objid, d.refobjid
), found(kind, name, relation, refobjid, nums, lines) AS (
    SELECT 'trigger', t.tgname, t.tgrelid, dep.refobjid, dep.nums, {_TRIGGER}
    FROM dep JOIN pg_trigger t ON dep.classid = 'pg_trigger'::regclass AND t.oid = dep.objid
    WHERE NOT t.tgisinternal AND dep.nums IS NOT NULL {{own}}
        AND t.tgrelid NOT IN (SELECT id FROM views)
    UNION ALL
    SELECT 'rule', r.rulename, r.ev_class, dep.refobjid, dep.nums, {_RULE}
    FROM dep JOIN pg_rewrite r ON dep.classid = 'pg_rewrite'::regclass AND r.oid = dep.objid
    WHERE r.rulename <> '_RETURN' AND r.ev_class NOT IN (SELECT id FROM views)
    UNION ALL
    SELECT 'policy', p.polname, p.polrelid, dep.refobjid, dep.nums,
        ARRAY[format('CREATE POLICY %%I ON %%s', p.polname, p.polrelid::regclass)
            || CASE WHEN p.polpermissive THEN '' ELSE ' AS RESTRICTIVE' END
            || CASE p.polcmd WHEN 'r' THEN ' FOR SELECT' WHEN 'a' THEN ' FOR INSERT'
                WHEN 'w' THEN ' FOR UPDATE' WHEN 'd' THEN ' FOR DELETE' ELSE '' END
            || coalesce(' TO ' || (
                SELECT string_agg(quote_ident(pg_get_userbyid(one.role)), ', ' ORDER BY one.role)
                FROM unnest(p.polroles) AS one (role) WHERE one.role <> 0), '')
            || coalesce(' USING (' || pg_get_expr(p.polqual, p.polrelid) || ')', '')
            || coalesce(' WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')', ''),
            format('COMMENT ON POLICY %%I ON %%s IS ', p.polname, p.polrelid::regclass)
            || quote_literal(obj_description(p.oid, 'pg_policy'))]
    FROM dep JOIN pg_policy p ON dep.classid = 'pg_policy'::regclass AND p.oid = dep.objid
    UNION ALL
    SELECT 'function', p.oid::regprocedure::text, NULL, dep.refobjid, dep.nums, '{{}}'
    FROM dep JOIN pg_proc p ON dep.classid = 'pg_proc'::regclass AND p.oid = dep.objid
    WHERE dep.refobjid IN (SELECT id FROM members)
    UNION ALL
    SELECT 'publication', b.pubname, NULL, dep.refobjid, dep.nums, '{{}}'
    FROM dep JOIN pg_publication_rel x
        ON dep.classid = 'pg_publication_rel'::regclass AND x.oid = dep.objid
    JOIN pg_publication b ON b.oid = x.prpubid WHERE dep.nums IS NOT NULL
)
SELECT f.kind, f.name::text, f.relation::bigint, n.nspname, c.relname, f.refobjid::bigint,
    (SELECT array_agg(a.attname::text ORDER BY a.attnum) FROM pg_attribute a
     WHERE a.attrelid = f.refobjid AND a.attnum = ANY (f.nums)),
    array_remove(f.lines, NULL)
FROM found f LEFT JOIN pg_class c ON c.oid = f.relation
LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
ORDER BY array_position(ARRAY['trigger', 'rule', 'policy', 'function', 'publication'], f.kind),
    n.nspname, c.relname, f.name, f.refobjid
"""

_OBSTACLES = {
    "function": "the server ties its body to the table, and other functions may call it",
    "publication": "subscribers would miss what is written meanwhile",
}

Named = Callable[[str, str], TableName]


def views() -> str:
    """Return the query of the views that read a table, directly or through others."""
    return _TREE + _VIEWS


def objects(version: tuple[int, ...]) -> str:
    """Return the query of policies, triggers, rules, functions and publications."""
    # A trigger that a partition has from its parent comes and goes with the parent's.
    own = "AND t.tgparentid = 0" if version >= (13,) else ""
    return _TREE + _OBJECTS.replace("{own}", own)


@dataclass(frozen=True, slots=True, kw_only=True)
class _View:
    dependent: Dependent
    own: frozenset[str]
    below: tuple[int, ...]


def read_dependents(
    read: Read,
    oid: int,
    *,
    version: tuple[int, ...],
    named: Named,
    order: tuple[str, ...],
    watched: Mapping[str, tuple[str, ...]],
) -> tuple[Dependent, ...]:
    """Return what depends on a table, in an order in which it can be created.

    ``order`` are the table's columns, ``watched`` those that each of its triggers waits for.
    """
    known = _views(read(views(), (oid,)), named)
    columns = {one: _columns(one, known, frozenset()) for one in known}
    found = [_with(known[one].dependent, columns[one], order) for one in _sorted(known)]
    used: dict[Dependent, frozenset[str]] = {}
    for kind, name, relation, schema, table, below, names, lines in read(objects(version), (oid,)):
        one = Dependent(
            kind=kind,
            name=name,
            definition=tuple(lines),
            on=named(schema, table) if relation not in (None, oid) else None,
            obstacle=_OBSTACLES.get(kind, ""),
        )
        own = frozenset(names or ()) if below not in known else columns[below]
        waits = watched.get(name, ()) if kind == "trigger" and relation == oid else ()
        used[one] = used.get(one, frozenset()) | own | frozenset(waits)
    return (*found, *(_with(one, names, order) for one, names in used.items()))


def _views(rows: Sequence[Row], named: Named) -> dict[int, _View]:
    ids = {row[0] for row in rows}
    found = {}
    for oid, kind, schema, name, reads, lines, privileges, obstacles in rows:
        obstacle = ", ".join(obstacles)
        found[oid] = _View(
            dependent=Dependent(
                kind="materialized view" if kind == "m" else "view",
                name=str(named(schema, name)),
                definition=() if obstacle else tuple(lines),
                privileges=() if obstacle else tuple(privileges),
                obstacle=obstacle,
            ),
            own=frozenset(column for below, column in reads if column and below not in ids),
            below=tuple(dict.fromkeys(below for below, _ in reads if below in ids)),
        )
    return found


def _columns(oid: int, known: Mapping[int, _View], seen: frozenset[int]) -> frozenset[str]:
    """Return the table's columns that a view needs, itself or through the views that it reads."""
    further = (one for one in known[oid].below if one not in seen)
    return known[oid].own.union(*(_columns(one, known, seen | {oid}) for one in further))


def _sorted(known: Mapping[int, _View]) -> tuple[int, ...]:
    """Return the views, each behind those that it reads."""
    found: dict[int, None] = {}
    begun: set[int] = set()

    def visit(oid: int) -> None:
        if oid not in begun:
            begun.add(oid)
            for below in known[oid].below:
                visit(below)
            found[oid] = None

    for one in known:
        visit(one)
    return tuple(found)


def _with(one: Dependent, names: frozenset[str], order: tuple[str, ...]) -> Dependent:
    return replace(one, columns=tuple(name for name in order if name in names))
