"""Drop ix_orders_status_code

Plan     drop-orders-status-code · contract · 1 of 6
Deploy   a release later, when no running instance names orders.status_code
Up       NOCOPY, LOCK=NONE on orders, < 10 ms, waits at most 2 s
Down     NOCOPY, LOCK=NONE on orders while building, 1–7 min: reads and writes go on, but queue at
         both ends, where it waits for open transactions, at most 2 s each time · lossless
Models   Order: no index ix_orders_status_code
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = []

    operations = [
        migrations.RunSQL(
            ["SET SESSION lock_wait_timeout = 2"], reverse_sql=migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            [
                """
                    ALTER TABLE orders DROP INDEX ix_orders_status_code, ALGORITHM=NOCOPY, LOCK=NONE
                """,
            ],
            reverse_sql=[
                """
                    ALTER TABLE orders
                        ADD INDEX ix_orders_status_code (status_code, created_at DESC),
                            ALGORITHM=NOCOPY,
                            LOCK=NONE
                """,
            ],
            state_operations=[
                migrations.RemoveIndex(model_name="order", name="ix_orders_status_code")
            ],
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql=["SET SESSION lock_wait_timeout = 2"]
        ),
    ]
