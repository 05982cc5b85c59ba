"""Add index on orders (status_code, total)

Plan     add-index-on-orders-status-code-total · expand · 1 of 1
Deploy   at any time
Up       RESERVED on orders while building, 1–7 min, waits at most 2 s: writes wait, reads go on
Down     RESERVED on orders, < 10 ms, waits at most 2 s · lossless
Models   Order: Meta.indexes: models.Index(fields=["status_code", "total"],
         name="ix_orders_status_code_total")
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
                    CREATE INDEX ix_orders_status_code_total ON orders (status_code, total)
                """,
            ],
            reverse_sql=["DROP INDEX ix_orders_status_code_total"],
            state_operations=[
                migrations.AddIndex(
                    model_name="order",
                    index=models.Index(
                        fields=["status_code", "total"],
                        name="ix_orders_status_code_total",
                    ),
                ),
            ],
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql=["PRAGMA busy_timeout = 2000"]
        ),
    ]
