"""fill orders.total_new from total

Plan     change-type-orders-total · backfill · 1 of 1 · data only
Deploy   after expand
Up       row locks on one batch at a time, about 0.2 s each; safe to stop and to run again
Down     both columns hold the same values: nothing to undo · lossless

Revision ID: ea14dbe9fc48
Revises: 2161b17ceca9
Create Date: 2026-11-23 10:22:30

"""
import logging
import time
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "ea14dbe9fc48"
down_revision: Union[str, Sequence[str], None] = "2161b17ceca9"
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
        UPDATE orders SET total_new = total
        WHERE id > :after_0
            AND id <= (SELECT id FROM batch)
            AND total_new IS DISTINCT FROM total
        RETURNING 1
    )
    SELECT (SELECT id FROM batch) AS last_0, (SELECT count(*) FROM changed) AS changed
""")


def upgrade() -> None:
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
            log.info("orders.total_new: id <= %s, %s rows changed", after, changed)


def downgrade() -> None:
    """Both columns hold the same values: nothing to undo."""
