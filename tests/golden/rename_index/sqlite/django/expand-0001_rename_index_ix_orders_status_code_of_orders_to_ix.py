"""Rename index ix_orders_status_code of orders to ix_orders_state

Plan     rename-index-ix-orders-status-code-to-ix-orders-state · expand · 1 of 1
Deploy   at any time
Up       RESERVED on orders while building, 1–7 min, waits at most 2 s: writes wait, reads go on;
         then RESERVED on orders, < 10 ms, waits at most 2 s
Down     RESERVED on orders while building, 1–7 min, waits at most 2 s: writes wait, reads go on;
         then RESERVED on orders, < 10 ms, waits at most 2 s · lossless
Models   Order: Meta.indexes: models.Index(fields=["status_code", "-created_at"],
         name="ix_orders_state")
Models   Order: no index ix_orders_status_code
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = []

    operations = [
        migrations.RunSQL(
            ["PRAGMA busy_timeout = 2000"], reverse_sql=migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            [
                """
                    CREATE INDEX ix_orders_state ON orders (status_code, created_at DESC)
                """,
            ],
            reverse_sql=["DROP INDEX ix_orders_state"],
            state_operations=[
                migrations.AddIndex(
                    model_name="order",
                    index=models.Index(
                        fields=["status_code", "-created_at"], name="ix_orders_state"
                    ),
                ),
            ],
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
