"""Drop status_code from orders

Plan     drop-orders-status-code · contract · 7 of 7
Deploy   a release later, when no running instance names orders.status_code
Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless until
         orders_status_code_archive is dropped
Models   Order: no status_code
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("app", "0006_check_that_orders_status_code_archive_holds_orders"),
    ]

    operations = [
        migrations.RunSQL(
            "SET LOCAL lock_timeout = '2s'", reverse_sql=migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            "ALTER TABLE orders DROP COLUMN status_code",
            reverse_sql="""
                ALTER TABLE orders
                    ADD COLUMN status_code varchar(20) DEFAULT 'new'::character varying NOT NULL
            """,
            state_operations=[
                migrations.RemoveField(model_name="order", name="status_code")
            ],
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql="SET LOCAL lock_timeout = '2s'"
        ),
    ]
