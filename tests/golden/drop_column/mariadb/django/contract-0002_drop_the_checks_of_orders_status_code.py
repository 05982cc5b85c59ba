"""Drop the checks of orders.status_code

Plan     drop-orders-status-code · contract · 2 of 6
Deploy   a release later, when no running instance names orders.status_code
Up       INSTANT on orders, < 10 ms, waits at most 2 s
Down     COPY, LOCK=SHARED on orders while writing the table anew, 7–20 min, waits at most 2 s:
         writes wait, reads go on but for both ends · lossless
Models   Order: no constraint ck_orders_status
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("app", "0001_drop_ix_orders_status_code"),
    ]

    operations = [
        migrations.RunSQL(
            ["SET SESSION lock_wait_timeout = 2"], reverse_sql=migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            [
                """
                    ALTER TABLE orders DROP CONSTRAINT ck_orders_status, ALGORITHM=INSTANT
                """,
            ],
            reverse_sql=[
                """
                    ALTER TABLE orders
                        ADD CONSTRAINT ck_orders_status
                        CHECK (status_code <> ''), ALGORITHM=COPY, LOCK=SHARED
                """,
            ],
            state_operations=[
                migrations.RemoveConstraint(model_name="order", name="ck_orders_status")
            ],
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql=["SET SESSION lock_wait_timeout = 2"]
        ),
    ]
