"""Show orders as purchases too

Plan     rename-orders-to-purchases · expand · 1 of 1
Deploy   before the deploy of the code that uses purchases
Up       no lock
Down     metadata lock on purchases, < 10 ms, waits at most 2 s · lossless
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = []

    operations = [
        migrations.RunSQL(
            [
                """
                    CREATE VIEW purchases AS
                    SELECT id, customer_id, billing_id, status_code, total, note, shown, created_at
                    FROM orders
                """,
            ],
            reverse_sql=["DROP VIEW purchases"],
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql=["SET SESSION lock_wait_timeout = 2"]
        ),
    ]
