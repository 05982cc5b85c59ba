"""Change lost to missing in items.delivery

Plan     rename-lost-of-delivery-to-missing · backfill · 1 of 1 · data only
Deploy   after the deploy whose code writes missing
Up       row locks on one batch at a time, about 0.2 s each; safe to stop and to run again
Again    looks at all of about 120,000,000 rows, 2–10 min, and changes those that are left; planned
         with --backfill runner, rename-lost-of-delivery-to-missing would go on where it was
Down     row locks on one batch at a time, about 0.2 s each; safe to stop and to run again ·
         lossless
"""

import logging
import time

from django.db import DatabaseError, migrations

log = logging.getLogger("django.db.migrations")

# Pause after each batch, as a share of the time that it took; 1.0 halves the speed.
REST = 0.2

# Walks the key, filters inside each batch.
BATCH = """
    WITH batch AS (
        SELECT id, set_config('lock_timeout', '2s', true) FROM (
            SELECT id FROM items
            WHERE id > %(after_0)s
            ORDER BY id LIMIT %(size)s
        ) AS walked
        ORDER BY id DESC LIMIT 1
    ), changed AS (
        UPDATE items SET delivery = 'missing'
        WHERE id > %(after_0)s AND id <= (SELECT id FROM batch) AND delivery = 'lost'
        RETURNING 1
    )
    SELECT (SELECT id FROM batch) AS last_0, (SELECT count(*) FROM changed) AS changed
"""

# While this finds a standby, the next batch waits: reads from standbys stay fresh.
LAGGING = """
    SELECT 1 FROM pg_stat_replication WHERE replay_lag > interval '5 s'
"""

# Walks the key, filters inside each batch.
BATCH_2 = """
    WITH batch AS (
        SELECT id, set_config('lock_timeout', '2s', true) FROM (
            SELECT id FROM items
            WHERE id > %(after_0)s
            ORDER BY id LIMIT %(size)s
        ) AS walked
        ORDER BY id DESC LIMIT 1
    ), changed AS (
        UPDATE items SET delivery = 'lost'
        WHERE id > %(after_0)s AND id <= (SELECT id FROM batch) AND delivery = 'missing'
        RETURNING 1
    )
    SELECT (SELECT id FROM batch) AS last_0, (SELECT count(*) FROM changed) AS changed
"""


def fill_items(apps, schema_editor):
    """Each batch commits by itself: stopping and running again is safe."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT id FROM items ORDER BY id DESC LIMIT 1")
        end = (cursor.fetchone() or [None])[0]
        log.info("items.delivery: up to %s; Ctrl-C is safe, run it again to go on", end)
        after, size, changed, failed = -(2**63), 1_000, 0, 0
        while True:
            started = time.monotonic()
            try:
                cursor.execute(BATCH, {"after_0": after, "size": size})
                upto, count = cursor.fetchone()
            except DatabaseError as error:
                # A row stayed locked, or there was a deadlock: this batch changed nothing.
                code = getattr(error.__cause__, "pgcode", None)
                code = getattr(error.__cause__, "sqlstate", code)
                if failed == 10 or code not in ("40001", "40P01", "55P03"):
                    raise
                failed, size = failed + 1, max(100, size // 2)
                time.sleep(failed)
                continue
            if upto is None:
                break
            after, changed, failed = upto, changed + count, 0
            seconds = time.monotonic() - started
            size = max(100, min(10_000, int(size * (1.2 if seconds < 0.2 else 0.5))))
            log.info(
                "items.delivery: id <= %s of %s, %s rows changed", after, end, changed
            )
            time.sleep(seconds * REST)
            cursor.execute(LAGGING)
            while cursor.fetchone():
                log.info("a standby is behind: waiting")
                time.sleep(1)
                cursor.execute(LAGGING)


def fill_items_back(apps, schema_editor):
    """Each batch commits by itself: stopping and running again is safe."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT id FROM items ORDER BY id DESC LIMIT 1")
        end = (cursor.fetchone() or [None])[0]
        log.info("items.delivery: up to %s; Ctrl-C is safe, run it again to go on", end)
        after, size, changed, failed = -(2**63), 1_000, 0, 0
        while True:
            started = time.monotonic()
            try:
                cursor.execute(BATCH_2, {"after_0": after, "size": size})
                upto, count = cursor.fetchone()
            except DatabaseError as error:
                # A row stayed locked, or there was a deadlock: this batch changed nothing.
                code = getattr(error.__cause__, "pgcode", None)
                code = getattr(error.__cause__, "sqlstate", code)
                if failed == 10 or code not in ("40001", "40P01", "55P03"):
                    raise
                failed, size = failed + 1, max(100, size // 2)
                time.sleep(failed)
                continue
            if upto is None:
                break
            after, changed, failed = upto, changed + count, 0
            seconds = time.monotonic() - started
            size = max(100, min(10_000, int(size * (1.2 if seconds < 0.2 else 0.5))))
            log.info(
                "items.delivery: id <= %s of %s, %s rows changed", after, end, changed
            )
            time.sleep(seconds * REST)
            cursor.execute(LAGGING)
            while cursor.fetchone():
                log.info("a standby is behind: waiting")
                time.sleep(1)
                cursor.execute(LAGGING)


class Migration(migrations.Migration):
    # Each batch commits by itself.
    atomic = False

    dependencies = [
        ("app", "0001_add_missing_to_delivery"),
    ]

    operations = [
        migrations.RunPython(fill_items, fill_items_back, elidable=True),
    ]
