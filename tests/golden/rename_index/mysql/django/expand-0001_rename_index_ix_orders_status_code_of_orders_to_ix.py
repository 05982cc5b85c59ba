"""Rename index ix_orders_status_code of orders to ix_orders_state

Plan     rename-index-ix-orders-status-code-to-ix-orders-state · expand · 1 of 1
Deploy   at any time
Up       INPLACE, LOCK=NONE on orders, < 10 ms, waits at most 2 s
Down     INPLACE, LOCK=NONE on orders, < 10 ms, waits at most 2 s · lossless
Models   Order: Meta.indexes: models.Index(name="ix_orders_state")
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
                        RENAME INDEX ix_orders_status_code TO ix_orders_state,
                            ALGORITHM=INPLACE,
                            LOCK=NONE
                """,
            ],
            reverse_sql=[
                """
                    ALTER TABLE orders
                        RENAME INDEX ix_orders_state TO ix_orders_status_code,
                            ALGORITHM=INPLACE,
                            LOCK=NONE
                """,
            ],
            state_operations=[
                migrations.RenameIndex(
                    model_name="order",
                    new_name="ix_orders_state",
                    old_name="ix_orders_status_code",
                ),
            ],
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql=["SET SESSION lock_wait_timeout = 2"]
        ),
    ]
