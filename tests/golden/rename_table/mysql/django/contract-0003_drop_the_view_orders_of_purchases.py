"""Drop the view orders of purchases

Plan     rename-orders-to-purchases · contract · 1 of 1
Deploy   a release later, when nothing says orders any more
Up       metadata lock on orders, < 10 ms, waits at most 2 s
Down     no lock · lossless
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("app", "0002_rename_orders_to_purchases"),
    ]

    operations = [
        migrations.RunSQL(
            ["SET SESSION lock_wait_timeout = 2"], reverse_sql=migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            ["DROP VIEW orders"],
            reverse_sql=[
                """
                    CREATE VIEW orders AS
                    SELECT id, customer_id, billing_id, status_code, total, note, shown, created_at
                    FROM purchases
                """,
            ],
        ),
    ]
