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
    UPDATE customers SET contact = concat(name, coalesce(concat(' <', email, '>'), ''))
    WHERE id <= :upto_0
        AND (NOT (CAST(contact AS binary) <=> CAST(concat(name, coalesce(concat(' <', email, '>'), '')) AS binary)))
        AND ((contact IS NULL) OR NOT (CAST(name AS binary) <=> CAST(substring_index(contact, ' <', 1) AS binary)) OR NOT (CAST(email AS binary) <=> CAST(nullif(substr(trim(trailing '>' from contact), char_length(substring_index(contact, ' <', 1)) + 3), '') AS binary)))
""")

BATCH = sa.text("""
    UPDATE customers SET contact = concat(name, coalesce(concat(' <', email, '>'), ''))
    WHERE id > :after_0
        AND id <= :upto_0
        AND (NOT (CAST(contact AS binary) <=> CAST(concat(name, coalesce(concat(' <', email, '>'), '')) AS binary)))
        AND ((contact IS NULL) OR NOT (CAST(name AS binary) <=> CAST(substring_index(contact, ' <', 1) AS binary)) OR NOT (CAST(email AS binary) <=> CAST(nullif(substr(trim(trailing '>' from contact), char_length(substring_index(contact, ' <', 1)) + 3), '') AS binary)))
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
                "customers.contact: id <= %s, %s rows changed",
                after["after_0"],
                changed,
            )


def downgrade() -> None:
    """Name and email still hold everything: nothing to undo."""
