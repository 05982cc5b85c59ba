"""Add orders_customer_id_fkey_new to orders

Plan     change-orders-customer-id-fkey-of-orders · expand · 1 of 3
Deploy   before the deploy of the code that counts on ON DELETE CASCADE
Up       SHARE ROW EXCLUSIVE on customers and orders, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on customers and orders, < 10 ms, waits at most 2 s · lossless
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = []

    operations = [
        migrations.RunSQL(
            "SET LOCAL lock_timeout = '2s'", reverse_sql=migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            "LOCK TABLE customers, orders IN SHARE ROW EXCLUSIVE MODE",
            reverse_sql=migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            """
                ALTER TABLE orders
                    ADD CONSTRAINT orders_customer_id_fkey_new
                    FOREIGN KEY (customer_id) REFERENCES customers (id) ON DELETE CASCADE NOT VALID
            """,
            reverse_sql=[
                "LOCK TABLE customers, orders IN ACCESS EXCLUSIVE MODE",
                """
                    ALTER TABLE orders DROP CONSTRAINT orders_customer_id_fkey_new
                """,
            ],
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql="SET LOCAL lock_timeout = '2s'"
        ),
    ]
