"""Keep orders.status_code in orders_status_code_archive

Plan     drop-orders-status-code · contract · 5 of 7 · data only
Deploy   a release later
Up       row locks on one batch at a time, about 0.2 s each; safe to stop and to run again
Down     nothing to do: the rows go with orders_status_code_archive · lossless
"""

import logging
import time

from django.db import migrations

log = logging.getLogger("django.db.migrations")

# Walks the key, filters inside each batch.
BATCH = """
    WITH batch AS (
        SELECT id FROM (
            SELECT id FROM orders
            WHERE id > %(after_0)s
            ORDER BY id LIMIT %(size)s
        ) AS walked
        ORDER BY id DESC LIMIT 1
    ), changed AS (
        INSERT INTO orders_status_code_archive (id, status_code) SELECT id, status_code FROM orders
        WHERE id > %(after_0)s AND id <= (SELECT id FROM batch) AND status_code IS DISTINCT FROM 'new'::character varying
        ON CONFLICT (id) DO NOTHING
        RETURNING 1
    )
    SELECT (SELECT id FROM batch) AS last_0, (SELECT count(*) FROM changed) AS changed
"""


def copy_rows_to_orders_status_code_archive(apps, schema_editor):
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
                "orders_status_code_archive: id <= %s, %s rows changed", after, changed
            )


class Migration(migrations.Migration):
    # Each batch commits by itself.
    atomic = False

    dependencies = [
        ("app", "0004_create_orders_status_code_archive"),
    ]

    operations = [
        # The rows go with orders_status_code_archive.
        migrations.RunPython(
            copy_rows_to_orders_status_code_archive,
            migrations.RunPython.noop,
            elidable=True,
        ),
    ]
