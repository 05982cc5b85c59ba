"""fill total_old of orders on the way back

Plan     change-type-orders-total · contract · 1 of 2 · data only
Deploy   a release later, when every running instance uses orders.total as numeric(14,4)
Up       no lock
Down     row locks on one batch at a time, about 0.2 s each; safe to stop and to run again ·
         lossless

Revision ID: 0cb69bed6db7
Revises: fd4ada6b0524
Create Date: 2026-11-23 10:25:30

"""
import logging
import time
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "0cb69bed6db7"
down_revision: Union[str, Sequence[str], None] = "fd4ada6b0524"
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
        UPDATE orders SET total_old = CASE WHEN abs(total) < 100000000 AND total = round(total, 2) THEN total END
        WHERE id > :after_0
            AND id <= (SELECT id FROM batch)
            AND total_old IS DISTINCT FROM (CASE WHEN abs(total) < 100000000 AND total = round(total, 2) THEN total END)
        RETURNING 1
    )
    SELECT (SELECT id FROM batch) AS last_0, (SELECT count(*) FROM changed) AS changed
""")


def upgrade() -> None:
    """Only the downgrade has work to do: it fills total_old."""


def downgrade() -> None:
    # Each batch commits by itself: stopping and running again is safe.
    with op.get_context().autocommit_block():
        connection = op.get_bind()
        last = connection.scalar(
            sa.text("SELECT id FROM orders ORDER BY id DESC LIMIT 1")
        )
        log.info(
            "orders.total_old: up to %s; Ctrl-C is safe, run it again to go on", last
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
                "orders.total_old: id <= %s of %s, %s rows changed",
                after,
                last,
                changed,
            )
            time.sleep(seconds * REST)
            while connection.execute(LAGGING).first():
                log.info("a standby is behind: waiting")
                time.sleep(1)
