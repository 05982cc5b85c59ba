"""change lost to missing in items.delivery

Plan     rename-lost-of-delivery-to-missing · backfill · 1 of 1 · data only
Deploy   after the deploy whose code writes missing
Up       row locks on one batch at a time, about 0.2 s each; safe to stop and to run again
Down     row locks on one batch at a time, about 0.2 s each; safe to stop and to run again ·
         lossless

Revision ID: 68b6e5fb801a
Revises: d6b579d04539
Create Date: 2026-11-23 10:21:30

"""
import logging
import time
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "68b6e5fb801a"
down_revision: Union[str, Sequence[str], None] = "d6b579d04539"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None

log = logging.getLogger("alembic.runtime.migration")

# Walks the primary key, filters inside each batch: the last is as fast as the first.
BATCH = sa.text("""
    WITH batch AS (
        SELECT id FROM (
            SELECT id FROM items
            WHERE id > :after_0
            ORDER BY id LIMIT :size
        ) AS walked
        ORDER BY id DESC LIMIT 1
    ), changed AS (
        UPDATE items SET delivery = 'missing'
        WHERE id > :after_0 AND id <= (SELECT id FROM batch) AND delivery = 'lost'
        RETURNING 1
    )
    SELECT (SELECT id FROM batch) AS last_0, (SELECT count(*) FROM changed) AS changed
""")

# Walks the primary key, filters inside each batch: the last is as fast as the first.
BATCH_2 = sa.text("""
    WITH batch AS (
        SELECT id FROM (
            SELECT id FROM items
            WHERE id > :after_0
            ORDER BY id LIMIT :size
        ) AS walked
        ORDER BY id DESC LIMIT 1
    ), changed AS (
        UPDATE items SET delivery = 'lost'
        WHERE id > :after_0 AND id <= (SELECT id FROM batch) AND delivery = 'missing'
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
            log.info("items.delivery: id <= %s, %s rows changed", after, changed)


def downgrade() -> None:
    # Each batch commits by itself: stopping and running again is safe.
    with op.get_context().autocommit_block():
        connection = op.get_bind()
        after, size, changed = -(2**63), 1_000, 0
        while True:
            started = time.monotonic()
            row = connection.execute(BATCH_2, {"after_0": after, "size": size}).one()
            if row.last_0 is None:
                break
            after, changed = row.last_0, changed + row.changed
            seconds = time.monotonic() - started
            size = max(100, min(10_000, int(size * (1.2 if seconds < 0.2 else 0.5))))
            log.info("items.delivery: id <= %s, %s rows changed", after, changed)
