"""Drop orders_customer_id_fkey from orders

Plan     change-orders-customer-id-fkey-of-orders · expand · 3 of 3
Deploy   before the deploy of the code that counts on ON DELETE CASCADE
Up       INSTANT on orders, < 10 ms, waits at most 2 s
Down     INSTANT on orders, < 10 ms, waits at most 2 s · lossless
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("app", "0002_validate_orders_customer_id_fkey_new_of_orders"),
    ]

    operations = [
        migrations.RunSQL(
            ["SET SESSION lock_wait_timeout = 2"], reverse_sql=migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            [
                """
                    ALTER TABLE orders DROP FOREIGN KEY orders_customer_id_fkey, ALGORITHM=INSTANT
                """,
            ],
            reverse_sql=[
                """
                    SET STATEMENT foreign_key_checks = 0 FOR ALTER TABLE orders ADD CONSTRAINT orders_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers (id),
                        ALGORITHM=INSTANT
                """,
            ],
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql=["SET SESSION lock_wait_timeout = 2"]
        ),
    ]
