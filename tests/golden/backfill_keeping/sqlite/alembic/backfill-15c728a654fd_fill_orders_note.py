"""fill orders.note

Plan     fill-orders-note · backfill · 1 of 1 · data only
Deploy   at any time, best when there is little traffic
Up       row locks on one batch at a time, about 0.2 s each; safe to stop and to run again
Again    looks at all of about 120,000,000 rows, 2–10 min, and changes those that are left; planned
         with --backfill runner, fill-orders-note would go on where it was
Down     row locks on one batch at a time, about 0.2 s each; safe to stop and to run again ·
         lossless until orders_note_old is dropped

Revision ID: 15c728a654fd
Revises: 1669d07911c5
Create Date: 2026-11-23 10:21:30

"""
import logging
import time
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = "15c728a654fd"
down_revision: Union[str, Sequence[str], None] = "1669d07911c5"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None

log = logging.getLogger("alembic.runtime.migration")

# Pause after each batch, as a share of the time that it took; 1.0 halves the speed.
REST = 0.2

# Walks the key; each batch keeps in orders_note_old what its rows held before.
FIRST_KEYS = sa.text("""
    SELECT last.key_0 AS last_0 FROM (SELECT 1) LEFT JOIN (
        SELECT * FROM (
            SELECT id AS key_0 FROM orders ORDER BY id LIMIT :size
        )
        ORDER BY key_0 DESC LIMIT 1
    ) AS last ON true
""")

KEYS = sa.text("""
    SELECT last.key_0 AS last_0 FROM (SELECT 1) LEFT JOIN (
        SELECT * FROM (
            SELECT id AS key_0 FROM orders WHERE id > :after_0 ORDER BY id LIMIT :size
        )
        ORDER BY key_0 DESC LIMIT 1
    ) AS last ON true
""")

# Keeps old values, in the transaction of the batch.
FIRST_KEEP = sa.text("""
    INSERT INTO orders_note_old (id, old_note, new_note)
    SELECT id, note, ('new') FROM orders
    WHERE id <= :upto_0 AND note IS NOT 'new'
    ORDER BY id
    ON CONFLICT (id) DO UPDATE SET
        old_note = CASE WHEN excluded.old_note IS NOT orders_note_old.new_note THEN excluded.old_note ELSE orders_note_old.old_note END,
        new_note = excluded.new_note
""")

KEEP = sa.text("""
    INSERT INTO orders_note_old (id, old_note, new_note)
    SELECT id, note, ('new') FROM orders
    WHERE id > :after_0 AND id <= :upto_0 AND note IS NOT 'new'
    ORDER BY id
    ON CONFLICT (id) DO UPDATE SET
        old_note = CASE WHEN excluded.old_note IS NOT orders_note_old.new_note THEN excluded.old_note ELSE orders_note_old.old_note END,
        new_note = excluded.new_note
""")

FIRST_BATCH = sa.text("""
    UPDATE orders SET note = (SELECT kept.new_note FROM orders_note_old AS kept WHERE kept.id = orders.id)
    WHERE id <= :upto_0
        AND note IS NOT 'new'
        AND EXISTS (SELECT 1 FROM orders_note_old AS kept WHERE kept.id = orders.id)
""")

BATCH = sa.text("""
    UPDATE orders SET note = (SELECT kept.new_note FROM orders_note_old AS kept WHERE kept.id = orders.id)
    WHERE id > :after_0
        AND id <= :upto_0
        AND note IS NOT 'new'
        AND EXISTS (SELECT 1 FROM orders_note_old AS kept WHERE kept.id = orders.id)
""")

# Walks the key, then changes what lies between two keys: every batch is as fast.
FIRST_KEYS_2 = sa.text("""
    SELECT last.key_0 AS last_0 FROM (SELECT 1) LEFT JOIN (
        SELECT * FROM (
            SELECT id AS key_0 FROM orders ORDER BY id LIMIT :size
        )
        ORDER BY key_0 DESC LIMIT 1
    ) AS last ON true
""")

KEYS_2 = sa.text("""
    SELECT last.key_0 AS last_0 FROM (SELECT 1) LEFT JOIN (
        SELECT * FROM (
            SELECT id AS key_0 FROM orders WHERE id > :after_0 ORDER BY id LIMIT :size
        )
        ORDER BY key_0 DESC LIMIT 1
    ) AS last ON true
""")

FIRST_BATCH_2 = sa.text("""
    UPDATE orders SET note = kept.old_note
    FROM orders_note_old AS kept
    WHERE orders.id <= :upto_0
        AND kept.id = orders.id
        AND NOT (orders.note IS NOT kept.new_note)
        AND orders.note IS NOT kept.old_note
""")

BATCH_2 = sa.text("""
    UPDATE orders SET note = kept.old_note
    FROM orders_note_old AS kept
    WHERE orders.id > :after_0
        AND orders.id <= :upto_0
        AND kept.id = orders.id
        AND NOT (orders.note IS NOT kept.new_note)
        AND orders.note IS NOT kept.old_note
""")


def upgrade() -> None:
    # Each batch commits by itself: stopping and running again is safe.
    with op.get_context().autocommit_block():
        connection = op.get_bind()
        last = connection.scalar(
            sa.text("SELECT id FROM orders ORDER BY id DESC LIMIT 1")
        )
        log.info("orders.note: up to %s; Ctrl-C is safe, run it again to go on", last)
        keys, keep, batch, after, size = FIRST_KEYS, FIRST_KEEP, FIRST_BATCH, {}, 1_000
        changed, failed = 0, 0
        while True:
            started = time.monotonic()
            try:
                row = connection.execute(keys, {**after, "size": size}).one()
                if row.last_0 is None:
                    break
                upto = {"upto_0": row.last_0}
                connection.execute(sa.text("BEGIN IMMEDIATE"))
                connection.execute(keep, {**after, **upto})
                count = connection.execute(batch, {**after, **upto}).rowcount
                connection.execute(sa.text("COMMIT"))
            except sa.exc.DBAPIError as error:
                # A row stayed locked, or there was a deadlock: this batch changed
                # nothing.
                connection.connection.rollback()
                if failed == 10 or "locked" not in str(error.orig):
                    raise
                failed, size = failed + 1, max(100, size // 2)
                time.sleep(failed)
                continue
            keys, keep, batch, after = KEYS, KEEP, BATCH, {"after_0": row.last_0}
            changed, failed = changed + count, 0
            seconds = time.monotonic() - started
            size = max(100, min(10_000, int(size * (1.2 if seconds < 0.2 else 0.5))))
            log.info(
                "orders.note: id <= %s of %s, %s rows changed",
                after["after_0"],
                last,
                changed,
            )
            time.sleep(seconds * REST)


def downgrade() -> None:
    # Each batch commits by itself: stopping and running again is safe.
    with op.get_context().autocommit_block():
        connection = op.get_bind()
        last = connection.scalar(
            sa.text("SELECT id FROM orders ORDER BY id DESC LIMIT 1")
        )
        log.info("orders.note: up to %s; Ctrl-C is safe, run it again to go on", last)
        keys, batch, after, size = FIRST_KEYS_2, FIRST_BATCH_2, {}, 1_000
        changed, failed = 0, 0
        while True:
            started = time.monotonic()
            try:
                row = connection.execute(keys, {**after, "size": size}).one()
                if row.last_0 is None:
                    break
                upto = {"upto_0": row.last_0}
                count = connection.execute(batch, {**after, **upto}).rowcount
            except sa.exc.DBAPIError as error:
                # A row stayed locked, or there was a deadlock: this batch changed
                # nothing.
                if failed == 10 or "locked" not in str(error.orig):
                    raise
                failed, size = failed + 1, max(100, size // 2)
                time.sleep(failed)
                continue
            keys, batch, after = KEYS_2, BATCH_2, {"after_0": row.last_0}
            changed, failed = changed + count, 0
            seconds = time.monotonic() - started
            size = max(100, min(10_000, int(size * (1.2 if seconds < 0.2 else 0.5))))
            log.info(
                "orders.note: id <= %s of %s, %s rows changed",
                after["after_0"],
                last,
                changed,
            )
            time.sleep(seconds * REST)
