"""Index orders status created_at

Plan     rename-orders-status-code · validate · 1 of 6
Deploy   when the fill is done; then deploy the code that uses only status
Up       SHARE UPDATE EXCLUSIVE on orders while building, 1–7 min: reads and writes go on
Down     SHARE UPDATE EXCLUSIVE on orders: reads and writes go on · lossless
"""

from django.db import migrations


def build_ix_orders_status(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("""
            SELECT coalesce((
                SELECT CASE
                    WHEN (
                        i.indrelid = to_regclass('orders')
                        AND i.indisunique = false
                        AND m.amname = 'btree'
                        AND i.indnkeyatts = 2
                        AND (i.indpred IS NOT NULL) = false
                        AND ARRAY(
                            SELECT a.attname::text
                            FROM unnest(i.indkey) WITH ORDINALITY AS k (number, place)
                            LEFT JOIN pg_attribute a
                                ON a.attrelid = i.indrelid
                                    AND a.attnum = k.number
                                    AND k.number <> 0
                            ORDER BY k.place
                        ) = ARRAY['status', 'created_at']::text[]
                        AND i.indoption::text = '0 3'
                        AND i.indnullsnotdistinct = false
                    ) IS NOT TRUE THEN 'different'
                    WHEN i.indisvalid AND i.indisready AND i.indislive THEN 'valid'
                    ELSE 'invalid'
                END
                FROM pg_class c
                LEFT JOIN pg_index i ON i.indexrelid = c.oid
                LEFT JOIN pg_am m ON m.oid = c.relam
                WHERE c.relname = 'ix_orders_status'
                    AND c.relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = to_regclass('orders'))
            ), 'absent')
        """)
        state = cursor.fetchone()[0]
        if state == "different":
            raise RuntimeError(
                "ix_orders_status exists with another definition: rename or drop it, "
                "then run again"
            )
        if state == "invalid":
            cursor.execute("DROP INDEX CONCURRENTLY ix_orders_status")
        if state != "valid":
            cursor.execute("""
                CREATE INDEX CONCURRENTLY ix_orders_status ON orders (status, created_at DESC)
            """)


def drop_index_back(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_orders_status")


class Migration(migrations.Migration):
    # A concurrent build or drop cannot run in a transaction.
    atomic = False

    dependencies = [
        ("app", "0003_fill_orders_status_from_status_code"),
    ]

    operations = [
        migrations.RunPython(build_ix_orders_status, drop_index_back),
    ]
