"""Add index on orders (status_code, total)

Plan     add-index-on-orders-status-code-total · expand · 1 of 1
Deploy   at any time
Up       INPLACE, LOCK=NONE on orders while building, 1–7 min: reads and writes go on, but queue at
         both ends, where it waits for open transactions, at most 2 s each time
Down     INPLACE, LOCK=NONE on orders, < 10 ms, waits at most 2 s · lossless
Models   Order: Meta.indexes: models.Index(fields=["status_code", "total"],
         name="ix_orders_status_code_total")
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = []

    operations = [
        migrations.RunSQL(
            ["SET SESSION lock_wait_timeout = 2"], reverse_sql=migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            [
                """
                    ALTER TABLE orders
                        ADD INDEX ix_orders_status_code_total (status_code, total),
                            ALGORITHM=INPLACE,
                            LOCK=NONE
                """,
            ],
            reverse_sql=[
                """
                    ALTER TABLE orders DROP INDEX ix_orders_status_code_total,
                        ALGORITHM=INPLACE,
                        LOCK=NONE
                """,
            ],
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
            migrations.RunSQL.noop, reverse_sql=["SET SESSION lock_wait_timeout = 2"]
        ),
    ]
