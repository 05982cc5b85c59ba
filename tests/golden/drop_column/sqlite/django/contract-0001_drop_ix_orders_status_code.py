"""Drop ix_orders_status_code

Plan     drop-orders-status-code · contract · 1 of 5
Deploy   a release later, when no running instance names orders.status_code
Up       RESERVED on orders, < 10 ms, waits at most 2 s
Down     RESERVED on orders while building, 1–7 min, waits at most 2 s: writes wait, reads go on ·
         lossless
Models   Order: no index ix_orders_status_code
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = []

    operations = [
        migrations.RunSQL(
            ["PRAGMA busy_timeout = 2000"], reverse_sql=migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            ["DROP INDEX ix_orders_status_code"],
            reverse_sql=[
                """
                    CREATE INDEX ix_orders_status_code ON orders (status_code, created_at DESC)
                """,
            ],
            state_operations=[
                migrations.RemoveIndex(model_name="order", name="ix_orders_status_code")
            ],
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql=["PRAGMA busy_timeout = 2000"]
        ),
    ]
