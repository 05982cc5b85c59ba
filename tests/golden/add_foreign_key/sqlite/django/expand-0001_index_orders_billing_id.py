"""Index orders (billing_id)

Plan     add-foreign-key-orders-customers · expand · 1 of 2
Deploy   at any time
Up       RESERVED on orders while building, 1–7 min, waits at most 2 s: writes wait, reads go on
Down     RESERVED on orders, < 10 ms, waits at most 2 s · lossless
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = []

    operations = [
        migrations.RunSQL(
            ["PRAGMA busy_timeout = 2000"], reverse_sql=migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            ["CREATE INDEX ix_orders_billing_id ON orders (billing_id)"],
            reverse_sql=["DROP INDEX ix_orders_billing_id"],
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql=["PRAGMA busy_timeout = 2000"]
        ),
    ]
