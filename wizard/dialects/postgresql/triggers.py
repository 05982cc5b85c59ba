"""What migwiz keeps in a database for a while, sync triggers; and guards."""

from __future__ import annotations

import re

from wizard.dialects.postgresql.words import block, dollars, literal, quote, table
from wizard.model.names import TableName
from wizard.model.steps import Require, Sync


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
