"""No longer require orders.customer_id

Plan     no-longer-require-orders-customer-id · expand · 1 of 2
Deploy   after the deploy whose code copes with NULL, before any code writes one
Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
Down     SHARE UPDATE EXCLUSIVE on orders while reading every row, 1–4 min: reads and writes go on;
         then ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless until a NULL is
         written to customer_id
Models   Order: customer_id = models.BigIntegerField(null=True)
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = []

    operations = [
        migrations.RunSQL(
            "SET LOCAL lock_timeout = '2s'", reverse_sql=migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            """
                ALTER TABLE orders
                    ADD CONSTRAINT orders_customer_id_required
                    CHECK (customer_id IS NOT NULL) NOT VALID
            """,
            reverse_sql=migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            "ALTER TABLE orders ALTER COLUMN customer_id DROP NOT NULL",
            reverse_sql=[
                """
                    ALTER TABLE orders VALIDATE CONSTRAINT orders_customer_id_required
                """,
                "ALTER TABLE orders ALTER COLUMN customer_id SET NOT NULL",
                """
                    ALTER TABLE orders DROP CONSTRAINT orders_customer_id_required
                """,
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="order",
                    name="customer_id",
                    field=models.BigIntegerField(null=True),
                ),
            ],
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql="SET LOCAL lock_timeout = '2s'"
        ),
    ]
