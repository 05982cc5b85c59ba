"""Fill total_old of orders on the way back

Plan     change-type-orders-total · contract · 1 of 2 · data only
Deploy   a release later
Up       no lock
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
            SELECT id FROM orders
            WHERE id > %(after_0)s
            ORDER BY id LIMIT %(size)s
        ) AS walked
        ORDER BY id DESC LIMIT 1
    ), changed AS (
        UPDATE orders SET total_old = CASE WHEN abs(total) < 100000000 AND total = round(total, 2) THEN total END
        WHERE id > %(after_0)s AND id <= (SELECT id FROM batch) AND total_old IS DISTINCT FROM (CASE WHEN abs(total) < 100000000 AND total = round(total, 2) THEN total END)
        RETURNING 1
    )
    SELECT (SELECT id FROM batch) AS last_0, (SELECT count(*) FROM changed) AS changed
"""


def fill_orders(apps, schema_editor):
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
            log.info("orders.total_old: id <= %s, %s rows changed", after, changed)


class Migration(migrations.Migration):
    # Each batch commits by itself.
    atomic = False

    dependencies = [
        ("app", "0005_swap_orders_total_for_its_numeric_14_4_twin"),
    ]

    operations = [
        # Only the downgrade has work to do: it fills total_old.
        migrations.RunPython(migrations.RunPython.noop, fill_orders, elidable=True),
    ]
