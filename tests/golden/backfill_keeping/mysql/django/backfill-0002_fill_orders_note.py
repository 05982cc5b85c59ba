"""Fill orders.note

Plan     fill-orders-note · backfill · 1 of 1 · data only
Deploy   at any time, best when there is little traffic
Up       row locks on one batch at a time, about 0.2 s each; safe to stop and to run again
Again    looks at all of about 120,000,000 rows, 2–10 min, and changes those that are left; planned
         with --backfill runner, fill-orders-note would go on where it was
Down     row locks on one batch at a time, about 0.2 s each; safe to stop and to run again ·
         lossless until orders_note_old is dropped
"""

import logging
import time

from django.db import DatabaseError, migrations, transaction

log = logging.getLogger("django.db.migrations")

# Pause after each batch, as a share of the time that it took; 1.0 halves the speed.
REST = 0.2

# Walks the key; each batch keeps in orders_note_old what its rows held before.
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
    UPDATE orders SET note = (SELECT kept.new_note FROM orders_note_old AS kept WHERE kept.id = orders.id) WHERE id <= %(upto_0)s AND NOT (CAST(note AS binary) <=> CAST('new' AS binary)) AND EXISTS (SELECT 1 FROM orders_note_old AS kept WHERE kept.id = orders.id)
"""

BATCH = """
    UPDATE orders SET note = (SELECT kept.new_note FROM orders_note_old AS kept WHERE kept.id = orders.id) WHERE id > %(after_0)s AND id <= %(upto_0)s AND NOT (CAST(note AS binary) <=> CAST('new' AS binary)) AND EXISTS (SELECT 1 FROM orders_note_old AS kept WHERE kept.id = orders.id)
"""

# Keeps old values, in the transaction of the batch.
FIRST_KEEP = """
    INSERT INTO orders_note_old (id, old_note, new_note)
    SELECT id, note, ('new') FROM orders
    WHERE id <= %(upto_0)s AND NOT (CAST(note AS binary) <=> CAST('new' AS binary))
    ORDER BY id FOR UPDATE
    ON DUPLICATE KEY UPDATE
        old_note = CASE WHEN NOT (CAST(VALUES(old_note) AS binary) <=> CAST(orders_note_old.new_note AS binary)) THEN VALUES(old_note) ELSE orders_note_old.old_note END,
        new_note = VALUES(new_note)
"""

KEEP = """
    INSERT INTO orders_note_old (id, old_note, new_note)
    SELECT id, note, ('new') FROM orders
    WHERE id > %(after_0)s AND id <= %(upto_0)s AND NOT (CAST(note AS binary) <=> CAST('new' AS binary))
    ORDER BY id FOR UPDATE
    ON DUPLICATE KEY UPDATE
        old_note = CASE WHEN NOT (CAST(VALUES(old_note) AS binary) <=> CAST(orders_note_old.new_note AS binary)) THEN VALUES(old_note) ELSE orders_note_old.old_note END,
        new_note = VALUES(new_note)
"""

# Walks the key, then changes what lies between two keys.
FIRST_KEYS_2 = """
    SELECT last_one.key_0 AS last_0 FROM (SELECT 1) AS always LEFT JOIN (
        SELECT * FROM (
            SELECT id AS key_0 FROM orders ORDER BY id LIMIT %(size)s
        ) AS walked
        ORDER BY key_0 DESC LIMIT 1
    ) AS last_one ON true
"""

FIRST_BATCH_2 = """
    UPDATE orders, orders_note_old AS kept SET orders.note = kept.old_note WHERE orders.id <= %(upto_0)s AND kept.id = orders.id AND CAST(orders.note AS binary) <=> CAST(kept.new_note AS binary) AND NOT (CAST(orders.note AS binary) <=> CAST(kept.old_note AS binary))
"""

BATCH_2 = """
    UPDATE orders, orders_note_old AS kept SET orders.note = kept.old_note WHERE orders.id > %(after_0)s AND orders.id <= %(upto_0)s AND kept.id = orders.id AND CAST(orders.note AS binary) <=> CAST(kept.new_note AS binary) AND NOT (CAST(orders.note AS binary) <=> CAST(kept.old_note AS binary))
"""


def fill_orders(apps, schema_editor):
    """Each batch commits by itself: stopping and running again is safe."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SET SESSION innodb_lock_wait_timeout = 2")
        cursor.execute("SELECT id FROM orders ORDER BY id DESC LIMIT 1")
        end = (cursor.fetchone() or [None])[0]
        log.info("orders.note: up to %s; Ctrl-C is safe, run it again to go on", end)
        keys, keep, batch, after = FIRST_KEYS, FIRST_KEEP, FIRST_BATCH, {}
        size, changed, failed = 1_000, 0, 0
        while True:
            started = time.monotonic()
            try:
                cursor.execute(keys, {**after, "size": size})
                last = cursor.fetchone()
                if last[0] is None:
                    break
                upto = {"upto_" + str(at): one for at, one in enumerate(last)}
                with transaction.atomic(schema_editor.connection.alias):
                    cursor.execute(keep, {**after, **upto})
                    cursor.execute(batch, {**after, **upto})
            except DatabaseError as error:
                # A row stayed locked, or there was a deadlock: this batch changed nothing.
                if failed == 10 or error.__cause__.args[0] not in (1205, 1213):
                    raise
                failed, size = failed + 1, max(100, size // 2)
                time.sleep(failed)
                continue
            changed, failed = changed + cursor.rowcount, 0
            keys, keep, batch = KEYS, KEEP, BATCH
            after = {"after_" + str(at): one for at, one in enumerate(last)}
            seconds = time.monotonic() - started
            size = max(100, min(10_000, int(size * (1.2 if seconds < 0.2 else 0.5))))
            log.info(
                "orders.note: id <= %s of %s, %s rows changed", last[0], end, changed
            )
            time.sleep(seconds * REST)
        cursor.execute("SET SESSION innodb_lock_wait_timeout = DEFAULT")


def fill_orders_back(apps, schema_editor):
    """Each batch commits by itself: stopping and running again is safe."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SET SESSION innodb_lock_wait_timeout = 2")
        cursor.execute("SELECT id FROM orders ORDER BY id DESC LIMIT 1")
        end = (cursor.fetchone() or [None])[0]
        log.info("orders.note: up to %s; Ctrl-C is safe, run it again to go on", end)
        keys, batch, after = FIRST_KEYS_2, FIRST_BATCH_2, {}
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
            keys, batch = KEYS, BATCH_2
            after = {"after_" + str(at): one for at, one in enumerate(last)}
            seconds = time.monotonic() - started
            size = max(100, min(10_000, int(size * (1.2 if seconds < 0.2 else 0.5))))
            log.info(
                "orders.note: id <= %s of %s, %s rows changed", last[0], end, changed
            )
            time.sleep(seconds * REST)
        cursor.execute("SET SESSION innodb_lock_wait_timeout = DEFAULT")


class Migration(migrations.Migration):
    # Each batch commits by itself.
    atomic = False

    dependencies = [
        ("app", "0001_create_orders_note_old"),
    ]

    operations = [
        migrations.RunPython(fill_orders, fill_orders_back, elidable=True),
    ]
