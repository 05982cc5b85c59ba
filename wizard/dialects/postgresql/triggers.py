"""What migwiz keeps in a database for a while, sync triggers; and guards."""

from __future__ import annotations

import re

from wizard.dialects.columns import rename_in
from wizard.dialects.postgresql import set_triggers
from wizard.dialects.postgresql.definitions import rename_column
from wizard.dialects.postgresql.words import (
    block,
    compared,
    dollars,
    literal,
    quote,
    table,
)
from wizard.model.names import TableName
from wizard.model.steps import Require, SwapColumns, Sync
from wizard.model.syncs import SyncSets


def create_sync(sync: Sync | SyncSets) -> tuple[str, ...]:
    """Return a function and a trigger that keep columns in step."""
    if isinstance(sync, SyncSets):
        body = set_triggers.body(sync)
    else:
        body = "\n".join(("BEGIN", *_actions(sync), "    RETURN NEW;", "END"))
    function = _function(sync)
    # Without a column list: UPDATE OF looks at the SET list only, and would miss a column that
    # another BEFORE trigger has changed.
    return (
        f"CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS {dollars(body)}",
        f"CREATE TRIGGER {quote(sync.name)} BEFORE INSERT OR UPDATE ON {table(sync.table)} "
        f"FOR EACH ROW EXECUTE FUNCTION {function}()",
    )


def _actions(sync: Sync) -> tuple[str, ...]:
    """Return the lines that set the column which follows.

    Where both may lead, on insert the new name wins when it has a value: the other order would let
    a DEFAULT of the old column overwrite what new code wrote. On update whichever changed wins, the
    new name first. Where one leads, what stands in the other is not looked at: its own default, or
    a value that nobody should have written, cannot win.
    """
    match sync.leads:
        case "old":
            return _follow(sync, sync.new, "    ")
        case "new":
            return (
                f"    IF TG_OP = 'INSERT' OR {_changed(sync, sync.new)} THEN",
                *_follow(sync, sync.old, "        "),
                "    END IF;",
            )
        case "both":
            return (
                "    IF TG_OP = 'INSERT' THEN",
                f"        IF NEW.{quote(sync.new)} IS NOT NULL THEN",
                *_follow(sync, sync.old, "            "),
                "        ELSE",
                *_follow(sync, sync.new, "            "),
                "        END IF;",
                f"    ELSIF {_changed(sync, sync.new)} THEN",
                *_follow(sync, sync.old, "        "),
                f"    ELSIF {_changed(sync, sync.old)} THEN",
                *_follow(sync, sync.new, "        "),
                "    END IF;",
            )


def _changed(sync: Sync, column: str) -> str:
    pair = (compared(f"{row}.{quote(column)}", sync.compare_as) for row in ("NEW", "OLD"))
    return " IS DISTINCT FROM ".join(pair)


def _follow(sync: Sync, follower: str, indent: str) -> tuple[str, ...]:
    """Return the lines that work one column out of the other."""
    forward = follower == sync.new
    leader, made = (sync.old, sync.to_new) if forward else (sync.new, sync.to_old)
    value = f"NEW.{quote(leader)}"
    if made is not None:
        value = rename_in(made, leader, value, "postgresql")
    target = f"NEW.{quote(follower)}"
    if not sync.forgiving:
        return (f"{indent}{target} := {value};",)
    return (
        f"{indent}BEGIN",
        f"{indent}    {target} := {value};",
        f"{indent}EXCEPTION WHEN data_exception OR integrity_constraint_violation THEN",
        f"{indent}    {target} := NULL;",
        f"{indent}END;",
    )


def drop_sync(sync: Sync | SyncSets) -> tuple[str, ...]:
    """Return the statements that drop the trigger, then its function."""
    return (
        f"DROP TRIGGER {quote(sync.name)} ON {table(sync.table)}",
        f"DROP FUNCTION {_function(sync)}()",
    )


def swap_columns(step: SwapColumns) -> tuple[str, ...]:
    """Return the statements of a swap; their transaction makes one moment of them."""
    renames = (rename_column(step.table, old, new) for old, new in step.renames)
    return (*drop_sync(step.before), *renames, *create_sync(step.after))


def _function(sync: Sync | SyncSets) -> str:
    return table(TableName(sync.name, sync.table.schema))


def require(step: Require) -> str:
    """Return a statement that fails with the message when the query returns a row."""
    query = step.query.strip().removesuffix(";").rstrip()
    if step.named:
        return _require_none(query, step.message)
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


def _require_none(query: str, message: str) -> str:
    """Return a statement that fails with the message and lists the names that the query returns."""
    lines = [
        "DECLARE",
        "    names text := (SELECT string_agg(name, ', ') FROM (",
        f"        {query}",
        "    ) AS objects (name));",
        "BEGIN",
        "    IF names IS NOT NULL THEN",
        "        RAISE EXCEPTION USING",
        f"            MESSAGE = {literal(message)},",
        "            DETAIL = names,",
        "            ERRCODE = 'integrity_constraint_violation';",
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
