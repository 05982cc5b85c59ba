"""Check that contact of customers says what name and email say

Plan     merge-customers-contact · contract · 3 of 4 · data only
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
            SELECT id FROM customers
            WHERE id > %(after_0)s
            ORDER BY id LIMIT %(size)s
        ) AS walked
        ORDER BY id DESC LIMIT 1
    ), changed AS (
        UPDATE customers SET name = split_part(contact, ' <', 1), email = nullif(rtrim(split_part(contact, ' <', 2), '>'), '')
        WHERE id > %(after_0)s AND id <= (SELECT id FROM batch) AND (name IS DISTINCT FROM split_part(contact, ' <', 1) OR email IS DISTINCT FROM nullif(rtrim(split_part(contact, ' <', 2), '>'), ''))
        RETURNING 1
    )
    SELECT (SELECT id FROM batch) AS last_0, (SELECT count(*) FROM changed) AS changed
"""


def check_rows(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("""
            SELECT id
            FROM customers
            WHERE name IS DISTINCT FROM split_part(contact, ' <', 1) OR email IS DISTINCT FROM nullif(rtrim(split_part(contact, ' <', 2), '>'), '')
            LIMIT 5
        """)
        if cursor.fetchone() is not None:
            raise RuntimeError(
                "name and email of customers hold values that contact would not bring "
                "back: mend them, in either form"
            )


def fill_customers_back(apps, schema_editor):
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
            log.info("customers.name, email: id <= %s, %s rows changed", after, changed)


class Migration(migrations.Migration):
    # Each batch commits by itself.
    atomic = False

    dependencies = [
        ("app", "0008_drop_the_proof_of_customers_name"),
    ]

    operations = [
        migrations.RunPython(check_rows, fill_customers_back, elidable=True),
    ]
