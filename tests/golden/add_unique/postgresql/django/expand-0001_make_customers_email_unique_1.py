"""Make customers (email) unique

Plan     make-customers-email-unique · expand · 1 of 1
Deploy   after the deploy whose code writes no doubles
Up       SHARE UPDATE EXCLUSIVE on customers while building, 1–7 min: reads and writes go on; then
         ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s · lossless
File     1 of 2 of this migration
"""

from django.db import migrations


def check_rows(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("""
            SELECT email, count(*)
            FROM customers
            WHERE email IS NOT NULL
            GROUP BY email
            HAVING count(*) > 1
            LIMIT 5
        """)
        if cursor.fetchone() is not None:
            raise RuntimeError(
                "customers holds rows with equal email: customers_email_key cannot be "
                "unique before they differ"
            )


def build_customers_email_key_idx(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("""
            SELECT coalesce((
                SELECT CASE
                    WHEN (
                        i.indrelid = to_regclass('customers')
                        AND i.indisunique = true
                        AND m.amname = 'btree'
                        AND i.indnkeyatts = 1
                        AND (i.indpred IS NOT NULL) = false
                        AND ARRAY(
                            SELECT a.attname::text
                            FROM unnest(i.indkey) WITH ORDINALITY AS k (number, place)
                            LEFT JOIN pg_attribute a
                                ON a.attrelid = i.indrelid
                                    AND a.attnum = k.number
                                    AND k.number <> 0
                            ORDER BY k.place
                        ) = ARRAY['email']::text[]
                        AND i.indoption::text = '0'
                        AND i.indnullsnotdistinct = false
                    ) IS NOT TRUE THEN 'different'
                    WHEN i.indisvalid AND i.indisready AND i.indislive THEN 'valid'
                    ELSE 'invalid'
                END
                FROM pg_class c
                LEFT JOIN pg_index i ON i.indexrelid = c.oid
                LEFT JOIN pg_am m ON m.oid = c.relam
                WHERE c.relname = 'customers_email_key_idx'
                    AND c.relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = to_regclass('customers'))
            ), 'absent')
        """)
        state = cursor.fetchone()[0]
        if state == "different":
            raise RuntimeError(
                "customers_email_key_idx exists with another definition: rename or "
                "drop it, then run again"
            )
        if state == "invalid":
            cursor.execute("DROP INDEX CONCURRENTLY customers_email_key_idx")
        if state != "valid":
            cursor.execute("""
                CREATE UNIQUE INDEX CONCURRENTLY customers_email_key_idx ON customers (email)
            """)


def drop_index_back(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("DROP INDEX CONCURRENTLY IF EXISTS customers_email_key_idx")


class Migration(migrations.Migration):
    # A concurrent build or drop cannot run in a transaction.
    atomic = False

    dependencies = []

    operations = [
        migrations.RunPython(check_rows, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(build_customers_email_key_idx, drop_index_back),
    ]
