"""check that orders_status_code_archive holds orders.status_code

Plan     drop-orders-status-code · contract · 6 of 7 · data only
Deploy   a release later, when no running instance names orders.status_code
Up       no lock
Down     row locks on one batch at a time, about 0.2 s each; safe to stop and to run again ·
         lossless

Revision ID: 4c21c9be6346
Revises: 66b94f78d910
Create Date: 2026-11-23 10:25:30

"""
import logging
import time
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "4c21c9be6346"
down_revision: Union[str, Sequence[str], None] = "66b94f78d910"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None

log = logging.getLogger("alembic.runtime.migration")

# While this finds a standby, the next batch waits: reads from standbys stay fresh.
LAGGING = sa.text("""
    SELECT 1 FROM pg_stat_replication WHERE replay_lag > interval '5 s'
""")

# Pause after each batch, as a share of the time that it took; 1.0 halves the speed.
REST = 0.2

# Walks the primary key, filters inside each batch: the last is as fast as the
# first.
BATCH = sa.text("""
    WITH batch AS (
        SELECT id, set_config('lock_timeout', '2s', true) FROM (
            SELECT id FROM orders
            WHERE id > :after_0
            ORDER BY id LIMIT :size
        ) AS walked
        ORDER BY id DESC LIMIT 1
    ), changed AS (
        UPDATE orders SET status_code = kept.status_code
        FROM orders_status_code_archive AS kept
        WHERE orders.id > :after_0
            AND orders.id <= (SELECT id FROM batch)
            AND kept.id = orders.id
            AND orders.status_code IS DISTINCT FROM kept.status_code
        RETURNING 1
    )
    SELECT (SELECT id FROM batch) AS last_0, (SELECT count(*) FROM changed) AS changed
""")


def upgrade() -> None:
    offending = sa.text("""
        SELECT source.id
        FROM orders AS source LEFT JOIN orders_status_code_archive AS kept ON kept.id = source.id
        WHERE source.status_code IS DISTINCT FROM (CASE WHEN kept.id IS NULL THEN 'new'::character varying ELSE kept.status_code END)
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
        after, size, changed, failed = -(2**63), 1_000, 0, 0
        while True:
            started = time.monotonic()
            try:
                row = connection.execute(BATCH, {"after_0": after, "size": size}).one()
            except sa.exc.DBAPIError as error:
                # A row stayed locked, or there was a deadlock: this batch changed
                # nothing.
                code = getattr(error.orig, "pgcode", None)
                code = getattr(error.orig, "sqlstate", code)
                if failed == 10 or code not in ("40001", "40P01", "55P03"):
                    raise
                failed, size = failed + 1, max(100, size // 2)
                time.sleep(failed)
                continue
            if row.last_0 is None:
                break
            after, changed, failed = row.last_0, changed + row.changed, 0
            seconds = time.monotonic() - started
            size = max(100, min(10_000, int(size * (1.2 if seconds < 0.2 else 0.5))))
            log.info(
                "orders.status_code: id <= %s of %s, %s rows changed",
                after,
                last,
                changed,
            )
            time.sleep(seconds * REST)
            while connection.execute(LAGGING).first():
                log.info("a standby is behind: waiting")
                time.sleep(1)
