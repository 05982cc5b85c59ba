"""Drop the checks of orders.status_code

Plan     rename-orders-status-code · contract · 3 of 5
Deploy   a release later, when every running instance uses only status
Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless
Models   Order: no constraint ck_orders_status
Models   Order: no constraint orders_status_code_required
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("app", "0011_no_longer_require_orders_status_code"),
    ]

    operations = [
        migrations.RunSQL(
            "SET LOCAL lock_timeout = '2s'", reverse_sql=migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            "ALTER TABLE orders DROP CONSTRAINT ck_orders_status",
            reverse_sql="""
                ALTER TABLE orders ADD CONSTRAINT ck_orders_status CHECK (status_code <> '') NOT VALID
            """,
            state_operations=[
                migrations.RemoveConstraint(model_name="order", name="ck_orders_status")
            ],
        ),
        migrations.RunSQL(
            """
                ALTER TABLE orders DROP CONSTRAINT orders_status_code_required
            """,
            reverse_sql="""
                ALTER TABLE orders
                    ADD CONSTRAINT orders_status_code_required
                    CHECK (status_code IS NOT NULL) NOT VALID
            """,
            state_operations=[
                migrations.RemoveConstraint(
                    model_name="order", name="orders_status_code_required"
                ),
            ],
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql="SET LOCAL lock_timeout = '2s'"
        ),
    ]
