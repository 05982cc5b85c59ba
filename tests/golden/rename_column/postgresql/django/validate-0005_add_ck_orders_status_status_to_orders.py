"""Add ck_orders_status_status to orders

Plan     rename-orders-status-code · validate · 2 of 6
Deploy   when the fill is done; then deploy the code that uses only status
Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("app", "0004_add_ix_orders_status"),
    ]

    operations = [
        migrations.RunSQL(
            "SET LOCAL lock_timeout = '2s'", reverse_sql=migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            """
                ALTER TABLE orders
                    ADD CONSTRAINT ck_orders_status_status
                    CHECK (status <> '') NOT VALID
            """,
            reverse_sql="ALTER TABLE orders DROP CONSTRAINT ck_orders_status_status",
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql="SET LOCAL lock_timeout = '2s'"
        ),
    ]
