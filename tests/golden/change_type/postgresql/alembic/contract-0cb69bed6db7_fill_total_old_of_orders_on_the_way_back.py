"""fill total_old of orders on the way back

Plan     change-type-orders-total · contract · 1 of 2 · data only
Deploy   a release later
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

# Walks the primary key, filters inside each batch: the last is as fast as the first.
BATCH = sa.text("""
    WITH batch AS (
        SELECT id FROM (
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
        after, size, changed = -(2**63), 1_000, 0
        while True:
            started = time.monotonic()
            row = connection.execute(BATCH, {"after_0": after, "size": size}).one()
            if row.last_0 is None:
                break
            after, changed = row.last_0, changed + row.changed
            seconds = time.monotonic() - started
            size = max(100, min(10_000, int(size * (1.2 if seconds < 0.2 else 0.5))))
            log.info("orders.total_old: id <= %s, %s rows changed", after, changed)
