"""Fill customers.email on the way back

Plan     move-customers-email · contract · 1 of 2 · data only
Deploy   a release later, when every running instance uses only orders.contact
Up       no lock
Down     row locks on one batch at a time, about 0.2 s each; safe to stop and to run again ·
         lossless
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
            SELECT id AS key_0 FROM customers ORDER BY id LIMIT %(size)s
        ) AS walked
        ORDER BY key_0 DESC LIMIT 1
    ) AS last_one ON true
"""

KEYS = """
    SELECT last_one.key_0 AS last_0 FROM (SELECT 1) AS always LEFT JOIN (
        SELECT * FROM (
            SELECT id AS key_0 FROM customers WHERE id > %(after_0)s ORDER BY id LIMIT %(size)s
        ) AS walked
        ORDER BY key_0 DESC LIMIT 1
    ) AS last_one ON true
"""

FIRST_BATCH = """
    UPDATE customers, orders SET customers.email = orders.contact WHERE customers.id <= %(upto_0)s AND customers.id = orders.customer_id AND NOT EXISTS (SELECT 1 FROM orders AS earlier WHERE earlier.customer_id = orders.customer_id AND earlier.id < orders.id) AND NOT (CAST(orders.contact AS binary) <=> CAST(customers.email AS binary))
"""

BATCH = """
    UPDATE customers, orders SET customers.email = orders.contact WHERE customers.id > %(after_0)s AND customers.id <= %(upto_0)s AND customers.id = orders.customer_id AND NOT EXISTS (SELECT 1 FROM orders AS earlier WHERE earlier.customer_id = orders.customer_id AND earlier.id < orders.id) AND NOT (CAST(orders.contact AS binary) <=> CAST(customers.email AS binary))
"""


def fill_customers(apps, schema_editor):
    """Each batch commits by itself: stopping and running again is safe."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SET SESSION innodb_lock_wait_timeout = 2")
        cursor.execute("SELECT id FROM customers ORDER BY id DESC LIMIT 1")
        end = (cursor.fetchone() or [None])[0]
        log.info(
            "customers.email: up to %s; Ctrl-C is safe, run it again to go on", end
        )
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
                "customers.email: id <= %s of %s, %s rows changed",
                last[0],
                end,
                changed,
            )
            time.sleep(seconds * REST)
        cursor.execute("SET SESSION innodb_lock_wait_timeout = DEFAULT")


class Migration(migrations.Migration):
    # Each batch commits by itself.
    atomic = False

    dependencies = [
        ("app", "0003_check_that_orders_contact_says_what_customers_email"),
    ]

    operations = [
        # Only the downgrade has work to do: it copies orders.contact back.
        migrations.RunPython(migrations.RunPython.noop, fill_customers, elidable=True),
    ]
