"""fill first_name and last_name of customers from name

Plan     split-customers-name · backfill · 1 of 1 · data only
Deploy   after expand
Up       row locks on one batch at a time, about 0.2 s each; safe to stop and to run again
Down     name still holds everything: nothing to undo · lossless

Revision ID: 24b0b172e918
Revises: 8d9e4bd99912
Create Date: 2026-11-23 10:23:30

"""
import logging
import time
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "24b0b172e918"
down_revision: Union[str, Sequence[str], None] = "8d9e4bd99912"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None

log = logging.getLogger("alembic.runtime.migration")

# Walks the key, then changes what lies between two keys: every batch is as fast.
FIRST_KEYS = sa.text("""
    SELECT last_one.key_0 AS last_0 FROM (SELECT 1) AS always LEFT JOIN (
        SELECT * FROM (
            SELECT id AS key_0 FROM customers ORDER BY id LIMIT :size
        ) AS walked
        ORDER BY key_0 DESC LIMIT 1
    ) AS last_one ON true
""")

KEYS = sa.text("""
    SELECT last_one.key_0 AS last_0 FROM (SELECT 1) AS always LEFT JOIN (
        SELECT * FROM (
            SELECT id AS key_0
            FROM customers
            WHERE id > :after_0
            ORDER BY id
            LIMIT :size
        ) AS walked
        ORDER BY key_0 DESC LIMIT 1
    ) AS last_one ON true
""")

FIRST_BATCH = sa.text("""
    UPDATE customers SET first_name = substring_index(name, ' ', 1),
        last_name = nullif(substr(name, char_length(substring_index(name, ' ', 1)) + 2), '')
    WHERE id <= :upto_0
        AND (NOT (CAST(first_name AS binary) <=> CAST(substring_index(name, ' ', 1) AS binary)) OR NOT (CAST(last_name AS binary) <=> CAST(nullif(substr(name, char_length(substring_index(name, ' ', 1)) + 2), '') AS binary)))
        AND ((first_name IS NULL AND last_name IS NULL) OR NOT (CAST(name AS binary) <=> CAST(concat_ws(' ', first_name, last_name) AS binary)))
""")

BATCH = sa.text("""
    UPDATE customers SET first_name = substring_index(name, ' ', 1),
        last_name = nullif(substr(name, char_length(substring_index(name, ' ', 1)) + 2), '')
    WHERE id > :after_0
        AND id <= :upto_0
        AND (NOT (CAST(first_name AS binary) <=> CAST(substring_index(name, ' ', 1) AS binary)) OR NOT (CAST(last_name AS binary) <=> CAST(nullif(substr(name, char_length(substring_index(name, ' ', 1)) + 2), '') AS binary)))
        AND ((first_name IS NULL AND last_name IS NULL) OR NOT (CAST(name AS binary) <=> CAST(concat_ws(' ', first_name, last_name) AS binary)))
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
                "customers.first_name, last_name: id <= %s, %s rows changed",
                after["after_0"],
                changed,
            )


def downgrade() -> None:
    """Name still holds everything: nothing to undo."""
