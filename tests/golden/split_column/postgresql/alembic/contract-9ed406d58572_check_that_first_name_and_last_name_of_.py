"""check that first_name and last_name of customers say what name says

Plan     split-customers-name · contract · 3 of 4 · data only
Deploy   a release later
Up       no lock
Down     row locks on one batch at a time, about 0.2 s each; safe to stop and to run again ·
         lossless

Revision ID: 9ed406d58572
Revises: 9047442aceaf
Create Date: 2026-11-23 10:28:30

"""
import logging
import time
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "9ed406d58572"
down_revision: Union[str, Sequence[str], None] = "9047442aceaf"
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
        UPDATE customers SET name = concat_ws(' ', first_name, last_name)
        WHERE id > :after_0
            AND id <= (SELECT id FROM batch)
            AND name IS DISTINCT FROM concat_ws(' ', first_name, last_name)
        RETURNING 1
    )
    SELECT (SELECT id FROM batch) AS last_0, (SELECT count(*) FROM changed) AS changed
""")


def upgrade() -> None:
    offending = sa.text("""
        SELECT id
        FROM customers
        WHERE name IS DISTINCT FROM concat_ws(' ', first_name, last_name)
        LIMIT 5
    """)
    if op.get_bind().execute(offending).first() is not None:
        raise RuntimeError(
            "name of customers holds values that first_name and last_name would not "
            "bring back: mend them, in either form"
        )


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
            log.info("customers.name: id <= %s, %s rows changed", after, changed)
