"""No longer require orders.status_code

Plan     rename-orders-status-code · contract · 2 of 5
Deploy   a release later, when every running instance uses only status
Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
Down     SHARE UPDATE EXCLUSIVE on orders while reading every row, 2–8 min: reads and writes go on;
         then ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("app", "0010_drop_ix_orders_status_code"),
    ]

    operations = [
        migrations.RunSQL(
            "SET LOCAL lock_timeout = '2s'", reverse_sql=migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            """
                ALTER TABLE orders
                    ADD CONSTRAINT orders_status_code_required
                    CHECK (status_code IS NOT NULL) NOT VALID
            """,
            reverse_sql=migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            "ALTER TABLE orders ALTER COLUMN status_code DROP NOT NULL",
            reverse_sql=[
                "ALTER TABLE orders VALIDATE CONSTRAINT ck_orders_status",
                """
                    ALTER TABLE orders VALIDATE CONSTRAINT orders_status_code_required
                """,
                "ALTER TABLE orders ALTER COLUMN status_code SET NOT NULL",
                """
                    ALTER TABLE orders DROP CONSTRAINT orders_status_code_required
                """,
            ],
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql="SET LOCAL lock_timeout = '2s'"
        ),
    ]
