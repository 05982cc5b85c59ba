"""Add contact to orders

Plan     move-customers-email · expand · 1 of 1
Deploy   before the deploy of the code that uses orders.contact
Up       INSTANT on orders, < 10 ms, waits at most 2 s
Down     INSTANT on orders, < 10 ms, waits at most 2 s · lossless until code writes only
         orders.contact
Models   Order: contact = models.CharField(max_length=200, null=True, blank=True)
"""

from django.db import migrations, models


def check_rows(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("""
            SELECT customers.id
            FROM customers
            WHERE customers.email IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM orders WHERE customers.id = orders.customer_id)
            LIMIT 5
        """)
        if cursor.fetchone() is not None:
            raise RuntimeError(
                "customers holds rows with a value in email and without a row of "
                "orders, where it would be lost: add these rows first, or clear the "
                "value"
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
                    ALTER TABLE orders ADD COLUMN contact varchar(200) NULL DEFAULT NULL,
                        ALGORITHM=INSTANT
                """,
            ],
            reverse_sql=["ALTER TABLE orders DROP COLUMN contact, ALGORITHM=INSTANT"],
            state_operations=[
                migrations.AddField(
                    model_name="order",
                    name="contact",
                    field=models.CharField(max_length=200, null=True, blank=True),
                ),
            ],
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql=["SET SESSION lock_wait_timeout = 2"]
        ),
    ]
