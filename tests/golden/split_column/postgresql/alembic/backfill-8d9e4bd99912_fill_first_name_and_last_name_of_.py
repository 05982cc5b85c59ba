"""fill first_name and last_name of customers from name

Plan     split-customers-name · backfill · 1 of 1 · data only
Deploy   after expand
Up       row locks on one batch at a time, about 0.2 s each; safe to stop and to run again
Down     name still holds everything: nothing to undo · lossless

Revision ID: 8d9e4bd99912
Revises: a8ed1ec3e33d
Create Date: 2026-11-23 10:22:30

"""
import logging
import time
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "8d9e4bd99912"
down_revision: Union[str, Sequence[str], None] = "a8ed1ec3e33d"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None

log = logging.getLogger("alembic.runtime.migration")

# Walks the primary key, filters inside each batch: the last is as fast as the first.
BATCH = sa.text("""
    WITH batch AS (
        SELECT id FROM (
            SELECT id FROM customers
            WHERE id > :after_0
            ORDER BY id LIMIT :size
        ) AS walked
        ORDER BY id DESC LIMIT 1
    ), changed AS (
        UPDATE customers SET first_name = split_part(name, ' ', 1),
            last_name = nullif(substr(name, length(split_part(name, ' ', 1)) + 2), '')
        WHERE id > :after_0
            AND id <= (SELECT id FROM batch)
            AND (first_name IS DISTINCT FROM split_part(name, ' ', 1) OR last_name IS DISTINCT FROM nullif(substr(name, length(split_part(name, ' ', 1)) + 2), ''))
            AND ((first_name IS NULL AND last_name IS NULL) OR name IS DISTINCT FROM concat_ws(' ', first_name, last_name))
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
            log.info(
                "customers.first_name, last_name: id <= %s, %s rows changed",
                after,
                changed,
            )


def downgrade() -> None:
    """Name still holds everything: nothing to undo."""
