"""Require orders.status

Plan     rename-orders-status-code · validate · 6 of 6
Deploy   when the fill is done; then deploy the code that uses only status
Up       SHARE UPDATE EXCLUSIVE on orders while reading every row, 1–4 min: reads and writes go on;
         then ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless
"""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("app", "0008_prove_orders_status_has_no_nulls"),
    ]

    operations = [
        migrations.RunSQL(
            "SET LOCAL lock_timeout = '2s'", reverse_sql=migrations.RunSQL.noop
        ),
        # Done already, unless a downgrade came between.
        ValidateConstraint(model_name="order", name="orders_status_required"),
        migrations.RunSQL(
            "ALTER TABLE orders ALTER COLUMN status SET NOT NULL",
            reverse_sql="ALTER TABLE orders ALTER COLUMN status DROP NOT NULL",
        ),
        migrations.RunSQL(
            "ALTER TABLE orders DROP CONSTRAINT orders_status_required",
            reverse_sql="""
                ALTER TABLE orders
                    ADD CONSTRAINT orders_status_required
                    CHECK (status IS NOT NULL) NOT VALID
            """,
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql="SET LOCAL lock_timeout = '2s'"
        ),
    ]
