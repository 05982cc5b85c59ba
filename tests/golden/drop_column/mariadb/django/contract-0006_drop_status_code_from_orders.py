"""Drop status_code from orders

Plan     drop-orders-status-code · contract · 6 of 6
Deploy   a release later, when no running instance names orders.status_code
Up       INSTANT on orders, < 10 ms, waits at most 2 s
Down     INSTANT on orders, < 10 ms, waits at most 2 s · lossless until orders_status_code_archive
         is dropped
Models   Order: no status_code
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("app", "0005_check_that_orders_status_code_archive_holds_orders"),
    ]

    operations = [
        migrations.RunSQL(
            ["SET SESSION lock_wait_timeout = 2"], reverse_sql=migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            ["ALTER TABLE orders DROP COLUMN status_code, ALGORITHM=INSTANT"],
            reverse_sql=[
                """
                    ALTER TABLE orders
                        ADD COLUMN status_code varchar(20) NOT NULL DEFAULT 'new', ALGORITHM=INSTANT
                """,
            ],
            state_operations=[
                migrations.RemoveField(model_name="order", name="status_code")
            ],
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql=["SET SESSION lock_wait_timeout = 2"]
        ),
    ]
