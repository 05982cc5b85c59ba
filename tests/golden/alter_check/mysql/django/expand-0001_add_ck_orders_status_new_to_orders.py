"""Add ck_orders_status_new to orders

Plan     change-ck-orders-status-of-orders · expand · 1 of 2
Deploy   after the deploy whose code writes only rows with status_code IN ('new', 'paid', 'sent')
Tool     pt-online-schema-change does this in production, where the table is large; then this file
         is marked as run
Up       COPY, LOCK=SHARED on orders while writing the table anew, 7–20 min, waits at most 2 s:
         writes wait, reads go on but for both ends
Down     INSTANT on orders, < 10 ms, waits at most 2 s · lossless
Models   Order: Meta.constraints: models.CheckConstraint(condition=models.Q(status_code__in=["new",
         "paid", "sent"]), name="ck_orders_status_new")
"""

from django.db import migrations, models


def check_rows(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("""
            SELECT id FROM orders WHERE NOT (status_code IN ('new', 'paid', 'sent')) LIMIT 5
        """)
        if cursor.fetchone() is not None:
            raise RuntimeError(
                "orders holds rows for which status_code IN ('new', 'paid', 'sent') "
                "does not hold: mend them before ck_orders_status forbids them"
            )


class Migration(migrations.Migration):
    dependencies = []

    operations = [
        migrations.RunSQL(
            ["SET SESSION lock_wait_timeout = 2"], reverse_sql=migrations.RunSQL.noop
        ),
        migrations.RunPython(check_rows, migrations.RunPython.noop, elidable=True),
        migrations.RunSQL(
            [
                """
                    ALTER TABLE orders
                        ADD CONSTRAINT ck_orders_status_new
                        CHECK (status_code IN ('new', 'paid', 'sent')), ALGORITHM=COPY, LOCK=SHARED
                """,
            ],
            reverse_sql=[
                """
                    ALTER TABLE orders DROP CHECK ck_orders_status_new, ALGORITHM=INSTANT
                """,
            ],
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
            migrations.RunSQL.noop, reverse_sql=["SET SESSION lock_wait_timeout = 2"]
        ),
    ]
