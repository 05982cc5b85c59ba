"""Drop the checks of orders.status_code

Plan     drop-orders-status-code · contract · 3 of 7
Deploy   a release later, when no running instance names orders.status_code
Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless
Models   Order: no constraint ck_orders_status
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("app", "0002_prove_the_checks_of_orders_status_code_on_the_way"),
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
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql="SET LOCAL lock_timeout = '2s'"
        ),
    ]
