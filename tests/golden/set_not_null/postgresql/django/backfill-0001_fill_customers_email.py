"""Fill customers.email

Plan     require-customers-email · backfill · 1 of 1 · data only
Deploy   after the deploy whose code always writes customers.email
Up       row locks on one batch at a time, about 0.2 s each; safe to stop and to run again
Down     the filled values harm nothing: nothing to undo · lossless
"""

import logging
import time

from django.db import migrations

log = logging.getLogger("django.db.migrations")

# Walks the key, filters inside each batch.
BATCH = """
    WITH batch AS (
        SELECT id FROM (
            SELECT id FROM customers
            WHERE id > %(after_0)s
            ORDER BY id LIMIT %(size)s
        ) AS walked
        ORDER BY id DESC LIMIT 1
    ), changed AS (
        UPDATE customers SET email = ''
        WHERE id > %(after_0)s AND id <= (SELECT id FROM batch) AND email IS NULL
        RETURNING 1
    )
    SELECT (SELECT id FROM batch) AS last_0, (SELECT count(*) FROM changed) AS changed
"""


def fill_customers(apps, schema_editor):
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
            log.info("customers.email: id <= %s, %s rows changed", after, changed)


class Migration(migrations.Migration):
    # Each batch commits by itself.
    atomic = False

    dependencies = []

    operations = [
        # The filled values harm nothing: nothing to undo.
        migrations.RunPython(fill_customers, migrations.RunPython.noop, elidable=True),
    ]
