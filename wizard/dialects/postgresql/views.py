"""Views that stand for a table: with one column under two names, or all of it under a second one."""

from __future__ import annotations

from wizard.dialects.postgresql.triggers import refusal
from wizard.dialects.postgresql.words import block, literal, names, quote, table
from wizard.model.names import TableName
from wizard.model.steps import ShadowView, TableView


def create_shadow(view: ShadowView, version: tuple[int, ...]) -> tuple[str, ...]:
    """Return the statements that put a view with both names in the table's place."""
    base = TableName(view.base, view.table.schema)
    columns = ", ".join(
        (*(quote(one) for one in view.columns), f"{quote(view.old)} AS {quote(view.new)}")
    )
    return (
        f"ALTER TABLE {table(view.table)} RENAME TO {quote(view.base)}",
        _create(view.table, base, columns, version),
        _rights(view.table, base, version, both=(view.old, view.new)),
    )


def drop_shadow(view: ShadowView) -> tuple[str, ...]:
    """Return the statements that drop the view and give the table its name back."""
    base = TableName(view.base, view.table.schema)
    return (
        f"DROP VIEW {table(view.table)}",
        f"ALTER TABLE {table(base)} RENAME TO {quote(view.table.name)}",
    )


def create(view: TableView, version: tuple[int, ...]) -> tuple[str, ...]:
    """Return the statements that show a table under a second name."""
    return (
        _create(view.shown, view.table, names(view.columns), version),
        _rights(view.shown, view.table, version),
    )


def swap(view: TableView, version: tuple[int, ...]) -> tuple[str, ...]:
    """Return the statements, for one transaction, that let the table and the view change names.

    The view goes first, in the order in which its readers lock, so that nobody deadlocks.
    """
    return (
        f"DROP VIEW {table(view.shown)}",
        f"ALTER TABLE {table(view.table)} RENAME TO {quote(view.name)}",
        *create(view.swapped, version),
    )


def _create(shown: TableName, base: TableName, columns: str, version: tuple[int, ...]) -> str:
    # With the rights of its caller, so that row security asks for the right user.
    invoker = " WITH (security_invoker = true)" if version >= (15,) else ""
    return f"CREATE VIEW {table(shown)}{invoker} AS\nSELECT {columns}\nFROM {table(base)}"


def _rights(
    view: TableName, of: TableName, version: tuple[int, ...], *, both: tuple[str, str] | None = None
) -> str:
    """Return the statement that gives a view its table's owner and privileges.

    Without them the application could not use it. Where a view would weaken or lose a right
    (`_obstacle`) the statement fails and all is undone. ``both`` is a column under two names.
    """
    base, shown = literal(table(of)), literal(table(view))
    condition, message = _obstacle(of if both is None else view, version)
    body = (
        "DECLARE",
        f"    base regclass := {base};",
        "    item record;",
        "BEGIN",
        f"    IF {condition} THEN",
        *refusal(message, code="feature_not_supported", indent="        "),
        "    END IF;",
        f"    EXECUTE format('ALTER VIEW %s OWNER TO %I', {shown},",
        "        (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = base));",
        "    FOR item IN",
        "        SELECT a.privilege_type, a.grantee, a.is_grantable, '' AS columns",
        "        FROM pg_class c, aclexplode(c.relacl) a WHERE c.oid = base",
        *(() if version >= (15,) else _column_grants(both)),
        "    LOOP",
        "        EXECUTE format('GRANT %s%s ON %s TO %s%s',",
        f"            item.privilege_type, item.columns, {shown},",
        "            CASE item.grantee WHEN 0 THEN 'PUBLIC'",
        "            ELSE quote_ident(pg_get_userbyid(item.grantee)) END,",
        "            CASE WHEN item.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END);",
        "    END LOOP;",
        "END",
    )
    return block("\n".join(body))


def _obstacle(name: TableName, version: tuple[int, ...]) -> tuple[str, str]:
    """Return a condition under which a view cannot stand in for the table, and what to say.

    A view with the rights of its caller (15 and later) asks for SELECT on every column; one with
    the rights of its owner goes past row security.
    """
    if version >= (15,):
        return (
            "EXISTS (SELECT FROM pg_attribute WHERE attrelid = base AND attacl IS NOT NULL)",
            f"{name} has privileges on single columns, which a view cannot keep: "
            "map the name in the application instead",
        )
    return (
        "(SELECT relrowsecurity FROM pg_class WHERE oid = base)",
        f"{name} has row security, which a view before PostgreSQL 15 goes past: "
        "map the name in the application instead",
    )


def _column_grants(both: tuple[str, str] | None) -> tuple[str, ...]:
    shown = "format(' (%I)', t.attname)"
    if both is not None:
        # A privilege on the old column is one on the new name too.
        old, new = both
        pair = literal(f" ({quote(old)}, {quote(new)})")
        shown = f"CASE WHEN t.attname = {literal(old)} THEN {pair}\n            ELSE {shown} END"
    return (
        "        UNION ALL",
        "        SELECT a.privilege_type, a.grantee, a.is_grantable,",
        f"            {shown}",
        "        FROM pg_attribute t, aclexplode(t.attacl) a WHERE t.attrelid = base",
    )


def readers(name: TableName) -> str:
    """Return a query for the names of the views whose rules read a table or view."""
    return (
        "SELECT DISTINCT r.ev_class::regclass FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid "
        "WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass "
        f"AND d.refobjid = to_regclass({literal(table(name))}) AND r.ev_class <> d.refobjid LIMIT 5"
    )
