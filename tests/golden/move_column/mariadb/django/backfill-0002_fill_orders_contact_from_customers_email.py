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

# Walks the key, then changes what lies between two keys.
FIRST_KEYS = """
    SELECT last_one.key_0 AS last_0 FROM (SELECT 1) AS always LEFT JOIN (
        SELECT * FROM (
            SELECT id AS key_0 FROM orders ORDER BY id LIMIT %(size)s
        ) AS walked
        ORDER BY key_0 DESC LIMIT 1
    ) AS last_one ON true
"""

KEYS = """
    SELECT last_one.key_0 AS last_0 FROM (SELECT 1) AS always LEFT JOIN (
        SELECT * FROM (
            SELECT id AS key_0 FROM orders WHERE id > %(after_0)s ORDER BY id LIMIT %(size)s
        ) AS walked
        ORDER BY key_0 DESC LIMIT 1
    ) AS last_one ON true
"""

FIRST_BATCH = """
    UPDATE orders, customers SET orders.contact = customers.email WHERE orders.id <= %(upto_0)s AND customers.id = orders.customer_id AND NOT (CAST(orders.contact AS binary) <=> CAST(customers.email AS binary))
"""

BATCH = """
    UPDATE orders, customers SET orders.contact = customers.email WHERE orders.id > %(after_0)s AND orders.id <= %(upto_0)s AND customers.id = orders.customer_id AND NOT (CAST(orders.contact AS binary) <=> CAST(customers.email AS binary))
"""


def fill_orders(apps, schema_editor):
    """Each batch commits by itself: stopping and running again is safe."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SET SESSION innodb_lock_wait_timeout = 2")
        cursor.execute("SELECT id FROM orders ORDER BY id DESC LIMIT 1")
        end = (cursor.fetchone() or [None])[0]
        log.info("orders.contact: up to %s; Ctrl-C is safe, run it again to go on", end)
        keys, batch, after = FIRST_KEYS, FIRST_BATCH, {}
        size, changed, failed = 1_000, 0, 0
        while True:
            started = time.monotonic()
            try:
                cursor.execute(keys, {**after, "size": size})
                last = cursor.fetchone()
                if last[0] is None:
                    break
                upto = {"upto_" + str(at): one for at, one in enumerate(last)}
                cursor.execute(batch, {**after, **upto})
            except DatabaseError as error:
                # A row stayed locked, or there was a deadlock: this batch changed nothing.
                if failed == 10 or error.__cause__.args[0] not in (1205, 1213):
                    raise
                failed, size = failed + 1, max(100, size // 2)
                time.sleep(failed)
                continue
            changed, failed = changed + cursor.rowcount, 0
            keys, batch = KEYS, BATCH
            after = {"after_" + str(at): one for at, one in enumerate(last)}
            seconds = time.monotonic() - started
            size = max(100, min(10_000, int(size * (1.2 if seconds < 0.2 else 0.5))))
            log.info(
                "orders.contact: id <= %s of %s, %s rows changed", last[0], end, changed
            )
            time.sleep(seconds * REST)
        cursor.execute("SET SESSION innodb_lock_wait_timeout = DEFAULT")


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
