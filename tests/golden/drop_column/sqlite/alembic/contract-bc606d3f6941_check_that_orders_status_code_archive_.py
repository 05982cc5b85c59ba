"""check that orders_status_code_archive holds orders.status_code

Plan     drop-orders-status-code · contract · 4 of 5 · data only
Deploy   a release later, when no running instance names orders.status_code
Up       no lock
Down     row locks on one batch at a time, about 0.2 s each; safe to stop and to run again ·
         lossless

Revision ID: bc606d3f6941
Revises: 0e9d0a3d8234
Create Date: 2026-11-23 10:23:30

"""
import logging
import time
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "bc606d3f6941"
down_revision: Union[str, Sequence[str], None] = "0e9d0a3d8234"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None

log = logging.getLogger("alembic.runtime.migration")

# Pause after each batch, as a share of the time that it took; 1.0 halves the speed.
REST = 0.2

# Walks the key, then changes what lies between two keys: every batch is as fast.
FIRST_KEYS = sa.text("""
    SELECT last.key_0 AS last_0 FROM (SELECT 1) LEFT JOIN (
        SELECT * FROM (
            SELECT id AS key_0 FROM orders ORDER BY id LIMIT :size
        )
        ORDER BY key_0 DESC LIMIT 1
    ) AS last ON true
""")

KEYS = sa.text("""
    SELECT last.key_0 AS last_0 FROM (SELECT 1) LEFT JOIN (
        SELECT * FROM (
            SELECT id AS key_0 FROM orders WHERE id > :after_0 ORDER BY id LIMIT :size
        )
        ORDER BY key_0 DESC LIMIT 1
    ) AS last ON true
""")

FIRST_BATCH = sa.text("""
    UPDATE orders SET status_code = kept.status_code
    FROM orders_status_code_archive AS kept
    WHERE orders.id <= :upto_0
        AND kept.id = orders.id
        AND orders.status_code IS NOT kept.status_code
""")

BATCH = sa.text("""
    UPDATE orders SET status_code = kept.status_code
    FROM orders_status_code_archive AS kept
    WHERE orders.id > :after_0
        AND orders.id <= :upto_0
        AND kept.id = orders.id
        AND orders.status_code IS NOT kept.status_code
""")


def upgrade() -> None:
    offending = sa.text("""
        SELECT source.id
        FROM orders AS source LEFT JOIN orders_status_code_archive AS kept ON kept.id = source.id
        WHERE source.status_code IS NOT (CASE WHEN kept.id IS NULL THEN 'new' ELSE kept.status_code END)
        LIMIT 5
    """)
    if op.get_bind().execute(offending).first() is not None:
        raise RuntimeError(
            "orders_status_code_archive does not hold every value of "
            "orders.status_code: something still writes the column"
        )


def downgrade() -> None:
    # Each batch commits by itself: stopping and running again is safe.
    with op.get_context().autocommit_block():
        connection = op.get_bind()
        last = connection.scalar(
            sa.text("SELECT id FROM orders ORDER BY id DESC LIMIT 1")
        )
        log.info(
            "orders.status_code: up to %s; Ctrl-C is safe, run it again to go on", last
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
                if failed == 10 or "locked" not in str(error.orig):
                    raise
                failed, size = failed + 1, max(100, size // 2)
                time.sleep(failed)
                continue
            keys, batch, after = KEYS, BATCH, {"after_0": row.last_0}
            changed, failed = changed + count, 0
            seconds = time.monotonic() - started
            size = max(100, min(10_000, int(size * (1.2 if seconds < 0.2 else 0.5))))
            log.info(
                "orders.status_code: id <= %s of %s, %s rows changed",
                after["after_0"],
                last,
                changed,
            )
            time.sleep(seconds * REST)
