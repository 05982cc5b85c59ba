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

# While this finds a standby, the next batch waits: reads from standbys stay fresh.
LAGGING = sa.text("""
    SELECT 1 FROM pg_stat_replication WHERE replay_lag > interval '5 s'
""")

# Pause after each batch, as a share of the time that it took; 1.0 halves the speed.
REST = 0.2

# Walks the key; each batch keeps in orders_note_old what its rows held before.
BATCH = sa.text("""
    WITH batch AS (
        SELECT id, set_config('lock_timeout', '2s', true) FROM (
            SELECT id FROM orders
            WHERE id > :after_0
            ORDER BY id LIMIT :size
        ) AS walked
        ORDER BY id DESC LIMIT 1
    ), held AS (
        SELECT id, note FROM orders
        WHERE id > :after_0
        AND id <= (SELECT id FROM batch)
        AND note IS DISTINCT FROM 'new'
        ORDER BY id FOR UPDATE
    ), changed AS (
        UPDATE orders SET note = 'new'
        WHERE id > :after_0
        AND id <= (SELECT id FROM batch)
        AND note IS DISTINCT FROM 'new'
        AND id IN (SELECT id FROM held)
        RETURNING id, note
    ), counted AS (
        INSERT INTO orders_note_old AS kept (id, old_note, new_note)
        SELECT held.id, held.note, changed.note
        FROM held JOIN changed USING (id)
        ON CONFLICT (id) DO UPDATE SET
            old_note = CASE
                WHEN excluded.old_note IS DISTINCT FROM kept.new_note THEN excluded.old_note
                ELSE kept.old_note
            END,
            new_note = excluded.new_note
        RETURNING 1
    )
    SELECT (SELECT id FROM batch) AS last_0, (SELECT count(*) FROM changed) AS changed
""")

# Walks the primary key, filters inside each batch: the last is as fast as the
# first.
BATCH_2 = sa.text("""
    WITH batch AS (
        SELECT id, set_config('lock_timeout', '2s', true) FROM (
            SELECT id FROM orders
            WHERE id > :after_0
            ORDER BY id LIMIT :size
        ) AS walked
        ORDER BY id DESC LIMIT 1
    ), changed AS (
        UPDATE orders SET note = kept.old_note
        FROM orders_note_old AS kept
        WHERE orders.id > :after_0
            AND orders.id <= (SELECT id FROM batch)
            AND kept.id = orders.id
            AND NOT (orders.note IS DISTINCT FROM kept.new_note)
            AND orders.note IS DISTINCT FROM kept.old_note
        RETURNING 1
    )
    SELECT (SELECT id FROM batch) AS last_0, (SELECT count(*) FROM changed) AS changed
""")


def upgrade() -> None:
    # Each batch commits by itself: stopping and running again is safe.
    with op.get_context().autocommit_block():
        connection = op.get_bind()
        last = connection.scalar(
            sa.text("SELECT id FROM orders ORDER BY id DESC LIMIT 1")
        )
        log.info("orders.note: up to %s; Ctrl-C is safe, run it again to go on", last)
        after, size, changed, failed = -(2**63), 1_000, 0, 0
        while True:
            started = time.monotonic()
            try:
                row = connection.execute(BATCH, {"after_0": after, "size": size}).one()
            except sa.exc.DBAPIError as error:
                # A row stayed locked, or there was a deadlock: this batch changed
                # nothing.
                code = getattr(error.orig, "pgcode", None)
                code = getattr(error.orig, "sqlstate", code)
                if failed == 10 or code not in ("40001", "40P01", "55P03"):
                    raise
                failed, size = failed + 1, max(100, size // 2)
                time.sleep(failed)
                continue
            if row.last_0 is None:
                break
            after, changed, failed = row.last_0, changed + row.changed, 0
            seconds = time.monotonic() - started
            size = max(100, min(10_000, int(size * (1.2 if seconds < 0.2 else 0.5))))
            log.info(
                "orders.note: id <= %s of %s, %s rows changed", after, last, changed
            )
            time.sleep(seconds * REST)
            while connection.execute(LAGGING).first():
                log.info("a standby is behind: waiting")
                time.sleep(1)


def downgrade() -> None:
    # Each batch commits by itself: stopping and running again is safe.
    with op.get_context().autocommit_block():
        connection = op.get_bind()
        last = connection.scalar(
            sa.text("SELECT id FROM orders ORDER BY id DESC LIMIT 1")
        )
        log.info("orders.note: up to %s; Ctrl-C is safe, run it again to go on", last)
        after, size, changed, failed = -(2**63), 1_000, 0, 0
        while True:
            started = time.monotonic()
            try:
                row = connection.execute(
                    BATCH_2, {"after_0": after, "size": size}
                ).one()
            except sa.exc.DBAPIError as error:
                # A row stayed locked, or there was a deadlock: this batch changed
                # nothing.
                code = getattr(error.orig, "pgcode", None)
                code = getattr(error.orig, "sqlstate", code)
                if failed == 10 or code not in ("40001", "40P01", "55P03"):
                    raise
                failed, size = failed + 1, max(100, size // 2)
                time.sleep(failed)
                continue
            if row.last_0 is None:
                break
            after, changed, failed = row.last_0, changed + row.changed, 0
            seconds = time.monotonic() - started
            size = max(100, min(10_000, int(size * (1.2 if seconds < 0.2 else 0.5))))
            log.info(
                "orders.note: id <= %s of %s, %s rows changed", after, last, changed
            )
            time.sleep(seconds * REST)
            while connection.execute(LAGGING).first():
                log.info("a standby is behind: waiting")
                time.sleep(1)
