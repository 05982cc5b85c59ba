"""Forbid new nulls in orders.status

Plan     rename-orders-status-code · validate · 4 of 6
Deploy   when the fill is done; then deploy the code that uses only status
Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless
"""

from django.db import migrations


def check_rows(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT id FROM orders WHERE status IS NULL LIMIT 5")
        if cursor.fetchone() is not None:
            raise RuntimeError(
                "orders.status still holds NULLs: fill them before it becomes required"
            )


class Migration(migrations.Migration):
    dependencies = [
        ("app", "0006_validate_ck_orders_status_status"),
    ]

    operations = [
        migrations.RunSQL(
            "SET LOCAL lock_timeout = '2s'", reverse_sql=migrations.RunSQL.noop
        ),
        migrations.RunPython(check_rows, migrations.RunPython.noop, elidable=True),
        migrations.RunSQL(
            """
                ALTER TABLE orders
                    ADD CONSTRAINT orders_status_required
                    CHECK (status IS NOT NULL) NOT VALID
            """,
            reverse_sql="ALTER TABLE orders DROP CONSTRAINT orders_status_required",
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql="SET LOCAL lock_timeout = '2s'"
        ),
    ]
