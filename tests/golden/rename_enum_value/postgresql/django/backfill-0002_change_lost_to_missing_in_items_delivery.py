"""Change lost to missing in items.delivery

Plan     rename-lost-of-delivery-to-missing · backfill · 1 of 1 · data only
Deploy   after the deploy whose code writes missing
Up       row locks on one batch at a time, about 0.2 s each; safe to stop and to run again
Down     row locks on one batch at a time, about 0.2 s each; safe to stop and to run again ·
         lossless
"""

import logging
import time

from django.db import migrations

log = logging.getLogger("django.db.migrations")

# Walks the key, filters inside each batch.
BATCH = """
    WITH batch AS (
        SELECT id FROM (
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

# Walks the key, filters inside each batch.
BATCH_2 = """
    WITH batch AS (
        SELECT id FROM (
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
        after, size, changed = -(2**63), 1_000, 0
        while True:
            started = time.monotonic()
            cursor.execute(BATCH, {"after_0": after, "size": size})
            last, count = cursor.fetchone()
            if last is None:
                break
            after, changed = last, changed + count
            seconds = time.monotonic() - started
            size = max(100, min(10_000, int(size * (1.2 if seconds < 0.2 else 0.5))))
            log.info("items.delivery: id <= %s, %s rows changed", after, changed)


def fill_items_back(apps, schema_editor):
    """Each batch commits by itself: stopping and running again is safe."""
    with schema_editor.connection.cursor() as cursor:
        after, size, changed = -(2**63), 1_000, 0
        while True:
            started = time.monotonic()
            cursor.execute(BATCH_2, {"after_0": after, "size": size})
            last, count = cursor.fetchone()
            if last is None:
                break
            after, changed = last, changed + count
            seconds = time.monotonic() - started
            size = max(100, min(10_000, int(size * (1.2 if seconds < 0.2 else 0.5))))
            log.info("items.delivery: id <= %s, %s rows changed", after, changed)


class Migration(migrations.Migration):
    # Each batch commits by itself.
    atomic = False

    dependencies = [
        ("app", "0001_add_missing_to_delivery"),
    ]

    operations = [
        migrations.RunPython(fill_items, fill_items_back, elidable=True),
    ]
