"""Rename orders to purchases

Plan     rename-orders-to-purchases · switch · 1 of 1
Deploy   when the deploy is done everywhere
Up       metadata lock on orders and purchases, < 10 ms, waits at most 2 s
Down     metadata lock on purchases and orders, < 10 ms, waits at most 2 s · lossless
Models   Order: Meta.db_table = "purchases\"
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("app", "0001_show_orders_as_purchases_too"),
    ]

    operations = [
        migrations.RunSQL(
            ["SET SESSION lock_wait_timeout = 2"], reverse_sql=migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            [
                """
                    CREATE OR REPLACE VIEW orders_view AS
                    SELECT id, customer_id, billing_id, status_code, total, note, shown, created_at
                    FROM purchases
                """,
                """
                    RENAME TABLE purchases TO purchases_gone, orders TO purchases, orders_view TO orders
                """,
                "DROP VIEW purchases_gone",
            ],
            reverse_sql=[
                """
                    CREATE OR REPLACE VIEW purchases_view AS
                    SELECT id, customer_id, billing_id, status_code, total, note, shown, created_at
                    FROM orders
                """,
                """
                    RENAME TABLE orders TO orders_gone, purchases TO orders, purchases_view TO purchases
                """,
                "DROP VIEW orders_gone",
            ],
            state_operations=[
                migrations.AlterModelTable(name="order", table="purchases")
            ],
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql=["SET SESSION lock_wait_timeout = 2"]
        ),
    ]
