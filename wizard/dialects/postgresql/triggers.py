"""What migwiz keeps in a database for a while: sync triggers, views with two names; and guards."""

from __future__ import annotations

import re

from wizard.dialects.postgresql.words import block, dollars, literal, quote, table
from wizard.model.names import TableName
from wizard.model.steps import Require, ShadowView, Sync


def create_sync(sync: Sync) -> tuple[str, ...]:
    """Return a function and a trigger that keep two columns equal.

    On insert the new name wins when it has a value: the other order would let a DEFAULT of the old
    column overwrite what new code wrote. On update whichever changed wins, the new name first.
    """
    new, old = quote(sync.new), quote(sync.old)

    def changed(column: str) -> str:
        pair = [f"NEW.{column}", f"OLD.{column}"]
        if sync.compare_as is not None:
            pair = [f"CAST({one} AS {sync.compare_as})" for one in pair]
        return " IS DISTINCT FROM ".join(pair)

    body = "\n".join(
        (
            "BEGIN",
            "    IF TG_OP = 'INSERT' THEN",
            f"        IF NEW.{new} IS NOT NULL THEN",
            f"            NEW.{old} := NEW.{new};",
            "        ELSE",
            f"            NEW.{new} := NEW.{old};",
            "        END IF;",
            f"    ELSIF {changed(new)} THEN",
            f"        NEW.{old} := NEW.{new};",
            f"    ELSIF {changed(old)} THEN",
            f"        NEW.{new} := NEW.{old};",
            "    END IF;",
            "    RETURN NEW;",
            "END",
        )
    )
    function = _function(sync)
    # Without a column list: UPDATE OF looks at the SET list only, and would miss a column that
    # another BEFORE trigger has changed.
    return (
        f"CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS {dollars(body)}",
        f"CREATE TRIGGER {quote(sync.name)} BEFORE INSERT OR UPDATE ON {table(sync.table)} "
        f"FOR EACH ROW EXECUTE FUNCTION {function}()",
    )


def drop_sync(sync: Sync) -> tuple[str, ...]:
    """Return the statements that drop the trigger, then its function."""
    return (
        f"DROP TRIGGER {quote(sync.name)} ON {table(sync.table)}",
        f"DROP FUNCTION {_function(sync)}()",
    )


def _function(sync: Sync) -> str:
    return table(TableName(sync.name, sync.table.schema))


def create_view(view: ShadowView, version: tuple[int, ...]) -> tuple[str, ...]:
    """Return the statements that put a view with both names in the table's place.

    The view gets the table's owner and privileges, or the application could not use it. Where it
    would weaken or lose a right (`_obstacle`) the last statement fails and all is undone.
    """
    base = TableName(view.base, view.table.schema)
    columns = [quote(one) for one in view.columns]
    columns.append(f"{quote(view.old)} AS {quote(view.new)}")
    invoker = " WITH (security_invoker = true)" if version >= (15,) else ""
    return (
        f"ALTER TABLE {table(view.table)} RENAME TO {quote(view.base)}",
        f"CREATE VIEW {table(view.table)}{invoker} AS\n"
        f"SELECT {', '.join(columns)}\nFROM {table(base)}",
        block(_grants(literal(table(base)), literal(table(view.table)), view, version)),
    )


def _grants(base: str, shown: str, view: ShadowView, version: tuple[int, ...]) -> str:
    """Return the body that copies owner and privileges; the names are literals already."""
    condition, message = _obstacle(view, version)
    return "\n".join(
        (
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
            *(() if version >= (15,) else _column_grants(view)),
            "    LOOP",
            "        EXECUTE format('GRANT %s%s ON %s TO %s%s',",
            f"            item.privilege_type, item.columns, {shown},",
            "            CASE item.grantee WHEN 0 THEN 'PUBLIC'",
            "            ELSE quote_ident(pg_get_userbyid(item.grantee)) END,",
            "            CASE WHEN item.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END);",
            "    END LOOP;",
            "END",
        )
    )


def _obstacle(view: ShadowView, version: tuple[int, ...]) -> tuple[str, str]:
    """Return a condition under which a view cannot stand in for the table, and what to say.

    A view with the rights of its caller (15 and later) asks for SELECT on every column; one with
    the rights of its owner goes past row security.
    """
    name = view.table
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


def _column_grants(view: ShadowView) -> tuple[str, ...]:
    # A privilege on the old column is one on the new name too.
    both = literal(f" ({quote(view.old)}, {quote(view.new)})")
    return (
        "        UNION ALL",
        "        SELECT a.privilege_type, a.grantee, a.is_grantable,",
        f"            CASE WHEN t.attname = {literal(view.old)} THEN {both}",
        "            ELSE format(' (%I)', t.attname) END",
        "        FROM pg_attribute t, aclexplode(t.attacl) a WHERE t.attrelid = base",
    )


def drop_view(view: ShadowView) -> tuple[str, ...]:
    """Return the statements that drop the view and give the table its name back."""
    base = TableName(view.base, view.table.schema)
    return (
        f"DROP VIEW {table(view.table)}",
        f"ALTER TABLE {table(base)} RENAME TO {quote(view.table.name)}",
    )


def require(step: Require) -> str:
    """Return a statement that fails with the message when the query returns a row."""
    query = step.query.strip().removesuffix(";").rstrip()
    # PL/pgSQL has a variable of this name, and refuses to guess.
    clash = re.search(r"\bfound\b", query, re.IGNORECASE)
    lines = ["#variable_conflict use_column"] if clash else []
    lines += [
        "BEGIN",
        "    IF EXISTS (",
        f"        {query}",
        "    ) THEN",
        *refusal(step.message, code="integrity_constraint_violation", indent="        "),
        "    END IF;",
        "END",
    ]
    return block("\n".join(lines))


def impossible(reason: str) -> str:
    """Return a statement that fails with the reason."""
    return block("\n".join(("BEGIN", *refusal(reason, code="feature_not_supported"), "END")))


def refusal(message: str, *, code: str, indent: str = "    ") -> tuple[str, ...]:
    """Return the lines that raise an error; the message is never read as a format."""
    return (
        f"{indent}RAISE EXCEPTION USING",
        f"{indent}    MESSAGE = {literal(message)},",
        f"{indent}    ERRCODE = '{code}';",
    )
