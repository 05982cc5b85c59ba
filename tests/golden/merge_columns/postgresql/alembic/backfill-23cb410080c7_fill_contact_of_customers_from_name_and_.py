"""fill contact of customers from name and email

Plan     merge-customers-contact · backfill · 1 of 1 · data only
Deploy   after expand
Up       row locks on one batch at a time, about 0.2 s each; safe to stop and to run again
Down     name and email still hold everything: nothing to undo · lossless

Revision ID: 23cb410080c7
Revises: e3966a4716f6
Create Date: 2026-11-23 10:22:30

"""
import logging
import time
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "23cb410080c7"
down_revision: Union[str, Sequence[str], None] = "e3966a4716f6"
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
        UPDATE customers SET contact = name || coalesce(' <' || email || '>', '')
        WHERE id > :after_0
            AND id <= (SELECT id FROM batch)
            AND (contact IS DISTINCT FROM (name || coalesce(' <' || email || '>', '')))
            AND ((contact IS NULL) OR name IS DISTINCT FROM split_part(contact, ' <', 1) OR email IS DISTINCT FROM nullif(rtrim(split_part(contact, ' <', 2), '>'), ''))
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
            log.info("customers.contact: id <= %s, %s rows changed", after, changed)


def downgrade() -> None:
    """Name and email still hold everything: nothing to undo."""
