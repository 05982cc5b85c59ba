"""fill orders.contact from customers.email

Plan     move-customers-email · backfill · 1 of 1 · data only
Deploy   when every running instance writes both customers.email and orders.contact
Up       row locks on one batch at a time, about 0.2 s each; safe to stop and to run again
Again    looks at all of about 120,000,000 rows, 2–10 min, and changes those that are left; planned
         with --backfill runner, move-customers-email would go on where it was
Down     customers.email still holds everything: nothing to undo · lossless

Revision ID: a2be00559345
Revises: 49939997795a
Create Date: 2026-11-23 10:21:30

"""
import logging
import time
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "a2be00559345"
down_revision: Union[str, Sequence[str], None] = "49939997795a"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None

log = logging.getLogger("alembic.runtime.migration")

# Pause after each batch, as a share of the time that it took; 1.0 halves the speed.
REST = 0.2

# Walks the key, then changes what lies between two keys: every batch is as fast.
FIRST_KEYS = sa.text("""
    SELECT last_one.key_0 AS last_0 FROM (SELECT 1) AS always LEFT JOIN (
        SELECT * FROM (
            SELECT id AS key_0 FROM orders ORDER BY id LIMIT :size
        ) AS walked
        ORDER BY key_0 DESC LIMIT 1
    ) AS last_one ON true
""")

KEYS = sa.text("""
    SELECT last_one.key_0 AS last_0 FROM (SELECT 1) AS always LEFT JOIN (
        SELECT * FROM (
            SELECT id AS key_0 FROM orders WHERE id > :after_0 ORDER BY id LIMIT :size
        ) AS walked
        ORDER BY key_0 DESC LIMIT 1
    ) AS last_one ON true
""")

FIRST_BATCH = sa.text("""
    UPDATE orders, customers SET orders.contact = customers.email
    WHERE orders.id <= :upto_0
        AND customers.id = orders.customer_id
        AND NOT (CAST(orders.contact AS binary) <=> CAST(customers.email AS binary))
""")

BATCH = sa.text("""
    UPDATE orders, customers SET orders.contact = customers.email
    WHERE orders.id > :after_0
        AND orders.id <= :upto_0
        AND customers.id = orders.customer_id
        AND NOT (CAST(orders.contact AS binary) <=> CAST(customers.email AS binary))
""")


def upgrade() -> None:
    # Each batch commits by itself: stopping and running again is safe.
    with op.get_context().autocommit_block():
        connection = op.get_bind()
        connection.execute(sa.text("SET SESSION innodb_lock_wait_timeout = 2"))
        last = connection.scalar(
            sa.text("SELECT id FROM orders ORDER BY id DESC LIMIT 1")
        )
        log.info(
            "orders.contact: up to %s; Ctrl-C is safe, run it again to go on", last
        )
        keys, batch, after, size = FIRST_KEYS, FIRST_BATCH, {}, 1_000
        changed, failed = 0, 0
        while True:
            started = time.monotonic()
            try:
                row = connection.execute(keys, {**after, "size": size}).one()
                if row.last_0 is None:
                    break
                upto = {"upto_0": row.last_0}
                count = connection.execute(batch, {**after, **upto}).rowcount
            except sa.exc.DBAPIError as error:
                # A row stayed locked, or there was a deadlock: this batch changed
                # nothing.
                if failed == 10 or error.orig.args[0] not in (1205, 1213):
                    raise
                failed, size = failed + 1, max(100, size // 2)
                time.sleep(failed)
                continue
            keys, batch, after = KEYS, BATCH, {"after_0": row.last_0}
            changed, failed = changed + count, 0
            seconds = time.monotonic() - started
            size = max(100, min(10_000, int(size * (1.2 if seconds < 0.2 else 0.5))))
            log.info(
                "orders.contact: id <= %s of %s, %s rows changed",
                after["after_0"],
                last,
                changed,
            )
            time.sleep(seconds * REST)
        connection.execute(sa.text("SET SESSION innodb_lock_wait_timeout = DEFAULT"))


def downgrade() -> None:
    """customers.email still holds everything: nothing to undo."""
