"""keep orders.status_code in orders_status_code_archive

Plan     drop-orders-status-code · contract · 4 of 6 · data only
Deploy   a release later
Up       row locks on one batch at a time, about 0.2 s each; safe to stop and to run again
Down     nothing to do: the rows go with orders_status_code_archive · lossless

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
    INSERT INTO orders_status_code_archive (id, status_code) SELECT id, status_code
    FROM orders
    WHERE orders.id <= :upto_0
        AND NOT (CAST(status_code AS binary) <=> CAST('new' AS binary))
        AND NOT EXISTS (SELECT 1 FROM orders_status_code_archive AS copied WHERE copied.id <=> orders.id)
""")

BATCH = sa.text("""
    INSERT INTO orders_status_code_archive (id, status_code) SELECT id, status_code
    FROM orders
    WHERE orders.id > :after_0
        AND orders.id <= :upto_0
        AND NOT (CAST(status_code AS binary) <=> CAST('new' AS binary))
        AND NOT EXISTS (SELECT 1 FROM orders_status_code_archive AS copied WHERE copied.id <=> orders.id)
""")


def upgrade() -> None:
    # Each batch commits by itself: stopping and running again is safe.
    with op.get_context().autocommit_block():
        connection = op.get_bind()
        keys, batch, after, size, changed = FIRST_KEYS, FIRST_BATCH, {}, 1_000, 0
        while True:
            started = time.monotonic()
            row = connection.execute(keys, {**after, "size": size}).one()
            if row.last_0 is None:
                break
            upto = {"upto_0": row.last_0}
            changed += connection.execute(batch, {**after, **upto}).rowcount
            keys, batch, after = KEYS, BATCH, {"after_0": row.last_0}
            seconds = time.monotonic() - started
            size = max(100, min(10_000, int(size * (1.2 if seconds < 0.2 else 0.5))))
            log.info(
                "orders_status_code_archive: id <= %s, %s rows changed",
                after["after_0"],
                changed,
            )


def downgrade() -> None:
    """The rows go with orders_status_code_archive."""
