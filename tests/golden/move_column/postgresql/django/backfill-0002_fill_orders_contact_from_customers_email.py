"""Fill orders.contact from customers.email

Plan     move-customers-email · backfill · 1 of 1 · data only
Deploy   when every running instance writes both customers.email and orders.contact
Up       row locks on one batch at a time, about 0.2 s each; safe to stop and to run again
Again    looks at all of about 120,000,000 rows, 2–10 min, and changes those that are left; planned
         with --backfill runner, move-customers-email would go on where it was
Down     customers.email still holds everything: nothing to undo · lossless
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
            SELECT id FROM orders
            WHERE id > %(after_0)s
            ORDER BY id LIMIT %(size)s
        ) AS walked
        ORDER BY id DESC LIMIT 1
    ), changed AS (
        UPDATE orders SET contact = customers.email
        FROM customers
        WHERE orders.id > %(after_0)s AND orders.id <= (SELECT id FROM batch) AND customers.id = orders.customer_id AND orders.contact IS DISTINCT FROM customers.email
        RETURNING 1
    )
    SELECT (SELECT id FROM batch) AS last_0, (SELECT count(*) FROM changed) AS changed
"""

# While this finds a standby, the next batch waits: reads from standbys stay fresh.
LAGGING = """
    SELECT 1 FROM pg_stat_replication WHERE replay_lag > interval '5 s'
"""


def fill_orders(apps, schema_editor):
    """Each batch commits by itself: stopping and running again is safe."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT id FROM orders ORDER BY id DESC LIMIT 1")
        end = (cursor.fetchone() or [None])[0]
        log.info("orders.contact: up to %s; Ctrl-C is safe, run it again to go on", end)
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
                "orders.contact: id <= %s of %s, %s rows changed", after, end, changed
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
        ("app", "0001_add_contact_to_orders"),
    ]

    operations = [
        # customers.email still holds everything: nothing to undo.
        migrations.RunPython(fill_orders, migrations.RunPython.noop, elidable=True),
    ]
