"""Add total_new to orders

Plan     change-type-orders-total · expand · 1 of 2
Deploy   before the deploy of the code that uses orders.total as numeric(14,4)
Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = []

    operations = [
        migrations.RunSQL(
            "SET LOCAL lock_timeout = '2s'", reverse_sql=migrations.RunSQL.noop
        ),
        # Every value stands in total too.
        migrations.RunSQL(
            "ALTER TABLE orders ADD COLUMN total_new numeric(14,4)",
            reverse_sql="ALTER TABLE orders DROP COLUMN total_new",
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql="SET LOCAL lock_timeout = '2s'"
        ),
    ]
