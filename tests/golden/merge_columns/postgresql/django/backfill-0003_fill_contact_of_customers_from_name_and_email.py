"""Fill contact of customers from name and email

Plan     merge-customers-contact · backfill · 1 of 1 · data only
Deploy   after expand
Up       row locks on one batch at a time, about 0.2 s each; safe to stop and to run again
Down     name and email still hold everything: nothing to undo · lossless
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
        UPDATE customers SET contact = name || coalesce(' <' || email || '>', '')
        WHERE id > %(after_0)s AND id <= (SELECT id FROM batch) AND (contact IS DISTINCT FROM (name || coalesce(' <' || email || '>', ''))) AND ((contact IS NULL) OR name IS DISTINCT FROM split_part(contact, ' <', 1) OR email IS DISTINCT FROM nullif(rtrim(split_part(contact, ' <', 2), '>'), ''))
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
            log.info("customers.contact: id <= %s, %s rows changed", after, changed)


class Migration(migrations.Migration):
    # Each batch commits by itself.
    atomic = False

    dependencies = [
        ("app", "0002_sync_name_and_email_with_contact_of_customers"),
    ]

    operations = [
        # Name and email still hold everything: nothing to undo.
        migrations.RunPython(fill_customers, migrations.RunPython.noop, elidable=True),
    ]
