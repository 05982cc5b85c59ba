"""fill customers.email on the way back

Plan     move-customers-email · contract · 1 of 2 · data only
Deploy   a release later, when every running instance uses only orders.contact
Up       no lock
Down     row locks on one batch at a time, about 0.2 s each; safe to stop and to run again ·
         lossless

Revision ID: 98bff0c5b8fc
Revises: e8d2dee5d8fd
Create Date: 2026-11-23 10:23:30

"""
import logging
import time
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "98bff0c5b8fc"
down_revision: Union[str, Sequence[str], None] = "e8d2dee5d8fd"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None

log = logging.getLogger("alembic.runtime.migration")

# Pause after each batch, as a share of the time that it took; 1.0 halves the speed.
REST = 0.2

# Walks the key, then changes what lies between two keys: every batch is as fast.
FIRST_KEYS = sa.text("""
    SELECT last_one.key_0 AS last_0 FROM (SELECT 1) AS always LEFT JOIN (
        SELECT * FROM (
            SELECT id AS key_0 FROM customers ORDER BY id LIMIT :size
        ) AS walked
        ORDER BY key_0 DESC LIMIT 1
    ) AS last_one ON true
""")

KEYS = sa.text("""
    SELECT last_one.key_0 AS last_0 FROM (SELECT 1) AS always LEFT JOIN (
        SELECT * FROM (
            SELECT id AS key_0
            FROM customers
            WHERE id > :after_0
            ORDER BY id
            LIMIT :size
        ) AS walked
        ORDER BY key_0 DESC LIMIT 1
    ) AS last_one ON true
""")

FIRST_BATCH = sa.text("""
    UPDATE customers, orders SET customers.email = orders.contact
    WHERE customers.id <= :upto_0
        AND customers.id = orders.customer_id
        AND NOT EXISTS (SELECT 1 FROM orders AS earlier WHERE earlier.customer_id = orders.customer_id AND earlier.id < orders.id)
        AND NOT (CAST(orders.contact AS binary) <=> CAST(customers.email AS binary))
""")

BATCH = sa.text("""
    UPDATE customers, orders SET customers.email = orders.contact
    WHERE customers.id > :after_0
        AND customers.id <= :upto_0
        AND customers.id = orders.customer_id
        AND NOT EXISTS (SELECT 1 FROM orders AS earlier WHERE earlier.customer_id = orders.customer_id AND earlier.id < orders.id)
        AND NOT (CAST(orders.contact AS binary) <=> CAST(customers.email AS binary))
""")


def upgrade() -> None:
    """Only the downgrade has work to do: it copies orders.contact back."""


def downgrade() -> None:
    # Each batch commits by itself: stopping and running again is safe.
    with op.get_context().autocommit_block():
        connection = op.get_bind()
        connection.execute(sa.text("SET SESSION innodb_lock_wait_timeout = 2"))
        last = connection.scalar(
            sa.text("SELECT id FROM customers ORDER BY id DESC LIMIT 1")
        )
        log.info(
            "customers.email: up to %s; Ctrl-C is safe, run it again to go on", last
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
                "customers.email: id <= %s of %s, %s rows changed",
                after["after_0"],
                last,
                changed,
            )
            time.sleep(seconds * REST)
        connection.execute(sa.text("SET SESSION innodb_lock_wait_timeout = DEFAULT"))
