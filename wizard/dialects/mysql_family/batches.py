"""Backfills and deletions on MySQL and MariaDB: at once, one batch, or a block that loops by itself.

Batches walk the key and filter inside (safety.md §2.2). Neither engine uses an index for a comparison
of rows such as ``(a, b) > (1, 2)`` (measured with EXPLAIN), so keys of several columns are compared
one column after the other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from wizard.dialects import sqltext
from wizard.dialects.base import Batch
from wizard.dialects.kept_batches import Words, changing, keeping
from wizard.dialects.keyset import (
    about_keeping,
    conditions,
    free_name,
    joined_values,
    key_names,
    last_key,
    texts,
    where,
)
from wizard.dialects.mysql_family.words import names, quote, table
from wizard.model.errors import AnswerError
from wizard.model.names import TableName, fit_name
from wizard.model.steps import Assignment, Backfill, Batched, CopyRows, DeleteRows

#: A batch aims at this many seconds, and stays between these numbers of rows.
TARGET_SECONDS = 0.2
LEAST_ROWS, MOST_ROWS = 100, 10_000
# How long a batch waits for a row that somebody else has locked, and how often it tries again.
_WAIT_SECONDS, _ATTEMPTS = 2, 10
#: It rests for this share of the time that the last batch took, so that others get their turn.
REST = 0.2


def whole(step: Batched, engine: str) -> tuple[str, ...]:
    """Return the statement for all rows, behind the one that keeps what they hold."""
    kept = _keep(step, (), engine)
    change = _change(step, (), engine)
    return (change,) if kept is None else (kept, change)


def _differ(left: str, right: str, compare_as: str | None) -> str:
    cast = (f"CAST({one} AS {compare_as})" if compare_as else one for one in (left, right))
    return f"NOT ({' <=> '.join(cast)})"


#: The table of old values has no other key, so that nothing else can clash.
_WORDS = Words(
    quote=quote,
    table=table,
    clash=lambda _: "ON DUPLICATE KEY UPDATE",
    fresh=lambda name: f"VALUES({name})",
    differ=_differ,
    locks=" FOR UPDATE",
)


def _keep(step: Batched, limits: Sequence[str], engine: str) -> str | None:
    if not isinstance(step, Backfill) or step.keep is None:
        return None
    return keeping(step, step.keep, (*limits, *conditions(step, engine)), _WORDS)


def _change(step: Batched, limits: Sequence[str], engine: str) -> str:
    wanted = where((*limits, *conditions(step, engine)))
    own = table(step.table)
    if isinstance(step, DeleteRows):
        return f"DELETE FROM {own}{wanted}"
    if isinstance(step, CopyRows):
        missing = where((*limits, *conditions(step, engine), _missing(step)))
        listed = names(step.columns)
        return f"INSERT INTO {table(step.target)} ({listed}) SELECT {listed} FROM {own}{missing}"
    if step.keep is not None:
        return changing(step, step.keep, (*limits, *conditions(step, engine)), _WORDS)
    source = joined_values(step)
    assignments = _ordered(step.assignments, engine)
    at = f"{own}." if source else ""
    written = [f"{at}{quote(one.column)} = {one.expression}" for one in assignments]
    # Set by name, if only to itself, a column with ON UPDATE stays as it is.
    written += [f"{at}{quote(one)} = {at}{quote(one)}" for one in step.keeps]
    changes = ", ".join(written)
    joined = f", {source}" if source else ""
    return f"UPDATE {own}{joined} SET {changes}{wanted}"


def _missing(step: CopyRows) -> str:
    """Return the condition that a row is not in the target yet, by its key or as a whole.

    INSERT IGNORE and ON DUPLICATE KEY would pass over every other clash without a word.
    """
    pairs = " AND ".join(
        f"copied.{quote(one)} <=> {table(step.table)}.{quote(one)}"
        for one in step.key or step.columns
    )
    return f"NOT EXISTS (SELECT 1 FROM {table(step.target)} AS copied WHERE {pairs})"


def _ordered(assignments: tuple[Assignment, ...], engine: str) -> tuple[Assignment, ...]:
    """Return the assignments so that each reads what was there before the statement.

    The server works them out from left to right and lets later ones see what earlier ones have set.
    """
    left, found = list(assignments), []
    while left:
        reads = {
            id(one): {each.lower() for each in sqltext.columns_in(one.expression, engine)}
            for one in left
        }
        free = next(
            (
                one
                for one in left
                if not any(
                    one.column.lower() in reads[id(other)] for other in left if other is not one
                )
            ),
            None,
        )
        if free is None:
            named = ", ".join(one.column for one in left)
            raise AnswerError(
                "unsupported",
                f"{named} are set from each other, which the server does one after the other",
                next_actions=("fill a new column first, and the others from it",),
                flag="--set",
            )
        left.remove(free)
        found.append(free)
    return tuple(found)


def batch(step: Batched, engine: str) -> Batch:
    """Return the SQL of one batch: the walk, then the change; raises AnswerError without a key."""
    if not step.key:
        raise AnswerError("no-key", f"{step.table} has no key to walk along")
    own = key_names(step, quote, _own(step))
    after = _beyond(own, [f":after_{at}" for at in range(len(own))])
    upto = _within(own, [f":upto_{at}" for at in range(len(own))])
    return Batch(
        first=_change(step, (upto,), engine),
        following=_change(step, (after, upto), engine),
        walk_first=_walk(step, first=True),
        walk_following=_walk(step, first=False),
        last=last_key(step, quote, table(step.table)),
        about=about_keeping(step),
        keep_first=_keep(step, (upto,), engine),
        keep_following=_keep(step, (after, upto), engine),
        begin=(f"SET SESSION innodb_lock_wait_timeout = {_WAIT_SECONDS}",),
        end=("SET SESSION innodb_lock_wait_timeout = DEFAULT",),
    )


def _own(step: Batched) -> str:
    """Return what qualifies the key in a statement that names several tables."""
    return table(step.table) if joined_values(step) or isinstance(step, CopyRows) else ""


def _beyond(keys: Sequence[str], values: Sequence[str], *, equal: bool = False) -> str:
    """Return the condition that a key lies behind some values, column after column."""
    return _compared(keys, values, ">", equal=equal)


def _within(keys: Sequence[str], values: Sequence[str]) -> str:
    return _compared(keys, values, "<", equal=True)


def _compared(keys: Sequence[str], values: Sequence[str], sign: str, *, equal: bool) -> str:
    last = f"{sign}=" if equal else sign
    if len(keys) == 1:
        return f"{keys[0]} {last} {values[0]}"
    rest = _compared(keys[1:], values[1:], sign, equal=equal)
    return f"({keys[0]} {sign} {values[0]} OR ({keys[0]} = {values[0]} AND {rest}))"


def _walk(step: Batched, *, first: bool) -> str:
    keys = key_names(step, quote)
    numbers = range(len(keys))
    begins = "" if first else f" WHERE {_beyond(keys, [f':after_{at}' for at in numbers])}"
    listed = ", ".join(f"{one} AS key_{at}" for at, one in enumerate(keys))
    descending = ", ".join(f"key_{at} DESC" for at in numbers)
    inner = (
        f"SELECT {listed} FROM {table(step.table)}{begins} ORDER BY {', '.join(keys)} LIMIT :size"
    )
    last = ", ".join(f"last_one.key_{at} AS last_{at}" for at in numbers)
    # The join makes one row of NULLs when there is no key left.
    return (
        f"SELECT {last} FROM (SELECT 1) AS always LEFT JOIN (\n"
        f"    SELECT * FROM (\n        {inner}\n    ) AS walked\n"
        f"    ORDER BY {descending} LIMIT 1\n) AS last_one ON true"
    )


def batch_script(step: Batched, engine: str) -> tuple[str, ...]:
    """Return statements that walk all batches and commit each; none for a step without a key.

    MariaDB takes a block; MySQL needs a procedure, which is dropped again, and the right to create
    it. Their variables hide columns of the same name, so that theirs are names which the step does
    not mention. A text key must have the collation of the database on MySQL, or the server refuses
    to compare it.
    """
    if not step.key:
        return ()
    prefix = free_name("walk", *texts(step))
    while any(one.startswith(f"{prefix}_") for one in _words(step)):
        prefix += "_"
    if engine == "mariadb":
        return (_script(step, engine, prefix, "BEGIN NOT ATOMIC"),)
    name = table(_procedure(step, prefix))
    body = _script(step, engine, prefix, "BEGIN")
    return (
        f"DROP PROCEDURE IF EXISTS {name}",
        f"CREATE PROCEDURE {name}()\n{body}",
        f"CALL {name}()",
        f"DROP PROCEDURE {name}",
    )


def _procedure(step: Batched, prefix: str) -> TableName:
    return TableName(fit_name(f"migwiz_{prefix}_{step.table.name}", limit=64), step.table.schema)


def _words(step: Batched) -> set[str]:
    return set(re.findall(r"\w+", " ".join(one.lower() for one in texts(step) if one)))


def _script(step: Batched, engine: str, prefix: str, begin: str) -> str:
    def own(name: str) -> str:
        return f"{prefix}_{name}"

    keys, qualified = key_names(step, quote), key_names(step, quote, _own(step))
    numbers = range(len(keys))
    begins = [own(f"from_{at}") for at in numbers]
    ends = [own(f"upto_{at}") for at in numbers]
    listed = ", ".join(keys)
    descending = ", ".join(f"{one} DESC" for one in keys)
    source = table(step.table)
    declared = [
        f"    DECLARE {name} {_kind(step, at, engine)};"
        for names_ in (begins, ends)
        for at, name in enumerate(names_)
    ]
    limits = (_beyond(qualified, begins, equal=True), _within(qualified, ends))
    busy, attempt, size = own("busy"), own("attempt"), own("size")
    started, wait, rest, took = own("started"), own("wait"), own("rest"), own("took")
    cleared = ", ".join(f"{one} = NULL" for one in begins)
    lines = [
        begin,
        f"    DECLARE {size} INT DEFAULT {max(1, step.batch)};",
        f"    DECLARE {busy}, {attempt} INT DEFAULT 0;",
        "    -- After each batch, as a share of the time that it took.",
        f"    DECLARE {rest} DOUBLE DEFAULT {REST};",
        f"    DECLARE {took} DOUBLE;",
        f"    DECLARE {started} DATETIME(6);",
        f"    DECLARE {wait} INT DEFAULT @@SESSION.innodb_lock_wait_timeout;",
        *declared,
        f"    DECLARE CONTINUE HANDLER FOR 1205, 1213 SET {busy} = 1;",
        f"    SET SESSION innodb_lock_wait_timeout = {_WAIT_SECONDS};",
        f"    SELECT {listed} INTO {', '.join(begins)} FROM {source} ORDER BY {listed} LIMIT 1;",
        f"    WHILE {begins[0]} IS NOT NULL DO",
        f"        SET {started} = NOW(6), {busy} = 0;",
        f"        SELECT {listed} INTO {', '.join(ends)} FROM (",
        f"            SELECT {listed} FROM {source} WHERE {_beyond(keys, begins, equal=True)}",
        f"            ORDER BY {listed} LIMIT {size}",
        f"        ) AS walked ORDER BY {descending} LIMIT 1;",
        *_changed(step, limits, engine, busy),
        f"        IF {busy} THEN",
        "            ROLLBACK;",
        f"            SET {attempt} = {attempt} + 1;",
        f"            IF {attempt} >= {_ATTEMPTS} THEN",
        "                SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT =",
        f"                    'a row stayed locked for {_ATTEMPTS} tries: run this again';",
        "            END IF;",
        "        ELSE",
        "            COMMIT;",
        f"            SET {attempt} = 0, {cleared};",
        f"            SELECT {listed} INTO {', '.join(begins)} FROM {source}",
        f"            WHERE {_beyond(keys, ends)} ORDER BY {listed} LIMIT 1;",
        "        END IF;",
        f"        SET {took} = TIMESTAMPDIFF(MICROSECOND, {started}, NOW(6)) / 1000000;",
        f"        IF NOT {busy} AND {took} < {TARGET_SECONDS} THEN",
        f"            SET {size} = LEAST({MOST_ROWS}, CEIL({size} * 1.2));",
        "        ELSE",
        f"            SET {size} = GREATEST({LEAST_ROWS}, {size} DIV 2);",
        "        END IF;",
        f"        DO SLEEP({attempt} + {rest} * {took});",
        "    END WHILE;",
        f"    SET SESSION innodb_lock_wait_timeout = {wait};",
        "END",
    ]
    return "\n".join(lines)


def _changed(step: Batched, limits: Sequence[str], engine: str, busy: str) -> tuple[str, ...]:
    """Return the lines that change one batch; a deadlock ends the transaction between two of them."""
    kept, change = _keep(step, limits, engine), _change(step, limits, engine)
    if kept is None:
        return (f"        {change};",)
    return (
        "        START TRANSACTION;",
        *(f"        {line}" for line in f"{kept};".splitlines()),
        f"        IF NOT {busy} THEN",
        f"            {change};",
        "        END IF;",
    )


def _kind(step: Batched, at: int, engine: str) -> str:
    """Return the type of a variable for a key: on MariaDB with the column's collation."""
    if engine == "mariadb":
        return f"TYPE OF {table(step.table)}.{quote(step.key[at])}"
    return step.key_types[at]
