"""Add ck_orders_status_status to orders

Plan     rename-orders-status-code · validate · 2 of 3
Deploy   when the fill is done; then deploy the code that uses only status
Tool     pt-online-schema-change does this in production, where the table is large; then this file
         is marked as run
Up       COPY, LOCK=SHARED on orders while writing the table anew, 7–20 min, waits at most 2 s:
         writes wait, reads go on but for both ends
Down     INSTANT on orders, < 10 ms, waits at most 2 s · lossless
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("app", "0004_add_ix_orders_status"),
    ]

    operations = [
        migrations.RunSQL(
            ["SET SESSION lock_wait_timeout = 2"], reverse_sql=migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            [
                """
                    ALTER TABLE orders
                        ADD CONSTRAINT ck_orders_status_status
                        CHECK (status <> ''), ALGORITHM=COPY, LOCK=SHARED
                """,
            ],
            reverse_sql=[
                """
                    ALTER TABLE orders DROP CHECK ck_orders_status_status, ALGORITHM=INSTANT
                """,
            ],
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql=["SET SESSION lock_wait_timeout = 2"]
        ),
    ]
