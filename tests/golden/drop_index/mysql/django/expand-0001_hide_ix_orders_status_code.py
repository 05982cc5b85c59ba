"""Hide ix_orders_status_code

Plan     drop-index-ix-orders-status-code-of-orders · expand · 1 of 1
Deploy   at any time; then watch the slowest queries for some days
Up       INPLACE, LOCK=NONE on orders, < 10 ms, waits at most 2 s
Down     INPLACE, LOCK=NONE on orders, < 10 ms, waits at most 2 s · lossless
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
                    ALTER TABLE orders
                        ALTER INDEX ix_orders_status_code INVISIBLE, ALGORITHM=INPLACE, LOCK=NONE
                """,
            ],
            reverse_sql=[
                """
                    ALTER TABLE orders
                        ALTER INDEX ix_orders_status_code VISIBLE, ALGORITHM=INPLACE, LOCK=NONE
                """,
            ],
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql=["SET SESSION lock_wait_timeout = 2"]
        ),
    ]
