"""Add foreign key orders billing_id

Plan     add-foreign-key-orders-customers · expand · 2 of 2
Deploy   at any time
Up       INSTANT on orders, < 10 ms, waits at most 2 s
Down     INSTANT on orders, < 10 ms, waits at most 2 s · lossless
Models   Order: billing instead of billing_id
Models   Order: billing = models.ForeignKey(to="app.customer", on_delete=models.PROTECT)
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("app", "0001_index_orders_billing_id"),
    ]

    operations = [
        migrations.RunSQL(
            ["SET SESSION lock_wait_timeout = 2"], reverse_sql=migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            [
                """
                    SET STATEMENT foreign_key_checks = 0 FOR ALTER TABLE orders ADD CONSTRAINT orders_billing_id_fkey FOREIGN KEY (billing_id) REFERENCES customers (id),
                        ALGORITHM=INSTANT
                """,
            ],
            reverse_sql=[
                """
                    ALTER TABLE orders DROP FOREIGN KEY orders_billing_id_fkey, ALGORITHM=INSTANT
                """,
            ],
            state_operations=[
                migrations.RenameField(
                    model_name="order", old_name="billing_id", new_name="billing"
                ),
                migrations.AlterField(
                    model_name="order",
                    name="billing",
                    field=models.ForeignKey(
                        to="app.customer", on_delete=models.PROTECT
                    ),
                ),
            ],
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql=["SET SESSION lock_wait_timeout = 2"]
        ),
    ]
