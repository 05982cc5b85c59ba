"""What the tools have in common: what none of them does, and how their command lines are written."""

from __future__ import annotations

import re

from wizard.handover.base import Need
from wizard.handover.clauses import bare_words, names_a_constraint

#: Names that need no care in any tool's own little languages (flag values, DSNs, file names).
_PLAIN = re.compile(r"[0-9A-Za-z_$-]+")
_LONGEST_NAME = 64


def seconds(milliseconds: int, *, most: int | None = None) -> int:
    """Return whole seconds that are not longer than asked for, but one at least."""
    whole = max(1, milliseconds // 1000)
    return whole if most is None else min(whole, most)


def short_of_a_second(milliseconds: int) -> tuple[str, ...]:
    """Return the warning that a lock may be waited for longer than was asked, if it may."""
    if milliseconds >= 1000:
        return ()
    return (
        f"It counts in whole seconds: it may wait 1 s for a lock, not {milliseconds} ms. "
        "Everybody who wants the table then waits as long.",
    )


def quoted(name: str) -> str:
    """Return a name as MySQL and MariaDB quote it."""
    return "`" + name.replace("`", "``") + "`"


def beside(name: str, suffix: str) -> str:
    """Return the name of a table that a tool keeps beside ``name``, cut where it would be too long."""
    return f"_{name[: _LONGEST_NAME - len(suffix) - 2]}_{suffix}"


def common_refusal(need: Need) -> str | None:
    """Return why no tool can do a need: awkward names, no key to walk by, or a rename in it."""
    if not need.alter:
        return "There is nothing to alter."
    if not _PLAIN.fullmatch(need.name):
        return (
            "Its flags cannot carry this table's name safely: only letters, digits, - _ and $ can."
        )
    if need.key is None:
        return (
            "It walks the table by a unique key without NULLs, and none is there before and after "
            "the change."
        )
    if any(names_a_constraint(clause) for clause in need.clauses):
        return (
            "Constraints have other names on its copy, so it would not find the one that is named. "
            "Dropping it directly takes an instant."
        )
    if any(_renames(clause) for clause in need.clauses):
        return (
            "It may lose the values of a renamed column. A rename copies nothing: run it directly."
        )
    return None


def renamed_checks(need: Need) -> tuple[str, ...]:
    """Return the warning of a tool which copies a table by CREATE TABLE … LIKE.

    MySQL then makes up the names of all CHECKs (its manual, "CREATE TABLE ... LIKE"); MariaDB, whose
    names need not be unique in a database, keeps them.
    """
    names = [check.name for check in need.checks if check.name]
    if not names or need.engine == "mariadb":
        return ()
    return (
        f"These constraints get other names, which MySQL makes up: {', '.join(names)}. Migrations "
        "and models that name them have to follow.",
    )


def undone_directly(need: Need) -> str:
    """Return the statement that undoes a need without a tool."""
    return f"ALTER TABLE {quoted(need.name)} {need.undo};"


def _renames(clause: str) -> bool:
    words = bare_words(clause)
    if words[:1] == ("RENAME",):
        return True
    if words[:1] != ("CHANGE",):
        return False
    names = re.findall(r"`(?:[^`]|``)+`|[\w$]+", clause)[1:]
    if names and names[0].upper() == "COLUMN":
        names = names[1:]
    old, new = [str(name).strip("`").lower() for name in (*names, "", "")[:2]]
    return old != new
