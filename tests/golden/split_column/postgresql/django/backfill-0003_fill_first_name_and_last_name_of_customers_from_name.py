"""Fill first_name and last_name of customers from name

Plan     split-customers-name · backfill · 1 of 1 · data only
Deploy   after expand
Up       row locks on one batch at a time, about 0.2 s each; safe to stop and to run again
Down     name still holds everything: nothing to undo · lossless
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
        UPDATE customers SET first_name = split_part(name, ' ', 1), last_name = nullif(substr(name, length(split_part(name, ' ', 1)) + 2), '')
        WHERE id > %(after_0)s AND id <= (SELECT id FROM batch) AND (first_name IS DISTINCT FROM split_part(name, ' ', 1) OR last_name IS DISTINCT FROM nullif(substr(name, length(split_part(name, ' ', 1)) + 2), '')) AND ((first_name IS NULL AND last_name IS NULL) OR name IS DISTINCT FROM concat_ws(' ', first_name, last_name))
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
            log.info(
                "customers.first_name, last_name: id <= %s, %s rows changed",
                after,
                changed,
            )


class Migration(migrations.Migration):
    # Each batch commits by itself.
    atomic = False

    dependencies = [
        ("app", "0002_sync_name_with_first_name_and_last_name_of_customers"),
    ]

    operations = [
        # Name still holds everything: nothing to undo.
        migrations.RunPython(fill_customers, migrations.RunPython.noop, elidable=True),
    ]
