"""Put orders_customer_id_fkey_new in the place of orders_customer_id_fkey

Plan     change-orders-customer-id-fkey-of-orders · expand · 3 of 3
Deploy   before the deploy of the code that counts on ON DELETE CASCADE
Up       ACCESS EXCLUSIVE on customers and orders, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on customers and orders, < 10 ms, waits at most 2 s · lossless
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("app", "0002_validate_orders_customer_id_fkey_new_of_orders"),
    ]

    operations = [
        migrations.RunSQL(
            "SET LOCAL lock_timeout = '2s'", reverse_sql=migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            "LOCK TABLE customers, orders IN ACCESS EXCLUSIVE MODE",
            reverse_sql=migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            "ALTER TABLE orders DROP CONSTRAINT orders_customer_id_fkey",
            reverse_sql="""
                ALTER TABLE orders
                    ADD CONSTRAINT orders_customer_id_fkey
                    FOREIGN KEY (customer_id) REFERENCES customers (id) NOT VALID
            """,
        ),
        migrations.RunSQL(
            """
                ALTER TABLE orders
                    RENAME CONSTRAINT orders_customer_id_fkey_new TO orders_customer_id_fkey
            """,
            reverse_sql=[
                "LOCK TABLE customers, orders IN ACCESS EXCLUSIVE MODE",
                """
                    ALTER TABLE orders
                        RENAME CONSTRAINT orders_customer_id_fkey TO orders_customer_id_fkey_new
                """,
            ],
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql="SET LOCAL lock_timeout = '2s'"
        ),
    ]
