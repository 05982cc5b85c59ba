"""Add ck_orders_status_new to orders

Plan     change-ck-orders-status-of-orders · expand · 1 of 1
Deploy   after the deploy whose code writes only rows with status_code IN ('new', 'paid', 'sent')
Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless
Models   Order: Meta.constraints: models.CheckConstraint(condition=models.Q(status_code__in=["new",
         "paid", "sent"]), name="ck_orders_status_new")
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
                    ADD CONSTRAINT ck_orders_status_new
                    CHECK (status_code IN ('new', 'paid', 'sent')) NOT VALID
            """,
            reverse_sql="ALTER TABLE orders DROP CONSTRAINT ck_orders_status_new",
            state_operations=[
                migrations.AddConstraint(
                    model_name="order",
                    constraint=models.CheckConstraint(
                        condition=models.Q(status_code__in=["new", "paid", "sent"]),
                        name="ck_orders_status_new",
                    ),
                ),
            ],
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql="SET LOCAL lock_timeout = '2s'"
        ),
    ]
