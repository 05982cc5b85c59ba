"""Rename constraint ck_orders_status of orders to ck_orders_status_code

Plan     rename-constraint-ck-orders-status-to-ck-orders-status-code · expand · 1 of 1
Deploy   at any time; the code that names it belongs to the same deploy
Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = []

    operations = [
        migrations.RunSQL(
            "SET LOCAL lock_timeout = '2s'", reverse_sql=migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            """
                ALTER TABLE orders RENAME CONSTRAINT ck_orders_status TO ck_orders_status_code
            """,
            reverse_sql="""
                ALTER TABLE orders RENAME CONSTRAINT ck_orders_status_code TO ck_orders_status
            """,
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql="SET LOCAL lock_timeout = '2s'"
        ),
    ]
