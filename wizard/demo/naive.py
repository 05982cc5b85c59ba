"""What a one-line rename does to the same applications: the old code fails until it is replaced."""

from __future__ import annotations

import time
from collections.abc import Callable

from wizard.demo.application import Version
from wizard.demo.fleet import Fleet
from wizard.demo.ledger import Ledger
from wizard.demo.proof import connect
from wizard.demo.tally import Tally


def rename_at_once(
    url: str,
    say: Callable[[str], None],
    *,
    old: Version,
    new: Version,
    seconds: float,
    busy: int,
) -> Tally:
    """Rename the column in one statement, roll the new code out, and return what was counted.

    Afterwards the column has its old name again.
    """
    from psycopg import sql

    there = sql.SQL("ALTER TABLE orders RENAME COLUMN {} TO {}").format(
        sql.Identifier(old.reads), sql.Identifier(new.reads)
    )
    back = sql.SQL("ALTER TABLE orders RENAME COLUMN {} TO {}").format(
        sql.Identifier(new.reads), sql.Identifier(old.reads)
    )
    values = sql.SQL("SELECT id, {} FROM orders").format(sql.Identifier(old.reads))
    with connect(url) as connection:
        found = {int(row[0]): str(row[1]) for row in connection.execute(values)}
    tally = Tally()
    say("\nAnd the same in one line: the column is renamed, then the new code is deployed.\n")
    with Fleet(url, Ledger(found, busy=busy), tally) as fleet:
        tally.stage = "before"
        fleet.start(old)
        time.sleep(seconds)
        tally.stage = "renamed"
        with connect(url) as connection:
            connection.execute(there)
        say(f"          {'renamed':<16}{'ALTER TABLE orders RENAME COLUMN':<58}{fleet}")
        tally.stage = "deploy"
        fleet.deploy(new, seconds=seconds)
        say(
            f"          {'deploy':<16}{'the new code rolls out, one instance at a time':<58}{fleet}"
        )
        tally.stage = "after"
        time.sleep(seconds / 2)
    with connect(url) as connection:
        connection.execute(back)
    return tally
