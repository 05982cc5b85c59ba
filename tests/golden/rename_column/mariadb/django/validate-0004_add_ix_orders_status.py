"""Index orders status created_at

Plan     rename-orders-status-code · validate · 1 of 3
Deploy   when the fill is done; then deploy the code that uses only status
Up       NOCOPY, LOCK=NONE on orders while building, 1–7 min: reads and writes go on, but queue at
         both ends, where it waits for open transactions, at most 2 s each time
Down     NOCOPY, LOCK=NONE on orders, < 10 ms, waits at most 2 s · lossless
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("app", "0003_fill_orders_status_from_status_code"),
    ]

    operations = [
        migrations.RunSQL(
            ["SET SESSION lock_wait_timeout = 2"], reverse_sql=migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            [
                """
                    ALTER TABLE orders
                        ADD INDEX ix_orders_status (status, created_at DESC),
                            ALGORITHM=NOCOPY,
                            LOCK=NONE
                """,
            ],
            reverse_sql=[
                """
                    ALTER TABLE orders DROP INDEX ix_orders_status, ALGORITHM=NOCOPY, LOCK=NONE
                """,
            ],
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql=["SET SESSION lock_wait_timeout = 2"]
        ),
    ]
