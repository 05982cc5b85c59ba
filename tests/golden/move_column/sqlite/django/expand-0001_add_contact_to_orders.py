"""Add contact to orders

Plan     move-customers-email · expand · 1 of 1
Deploy   before the deploy of the code that uses orders.contact
Up       RESERVED on orders, < 10 ms, waits at most 2 s
Down     EXCLUSIVE on orders while writing the table anew, 7–20 min, waits at most 2 s: reads and
         writes wait · lossless until code writes only orders.contact
Models   Order: contact = models.TextField(null=True, blank=True)
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
            ["PRAGMA busy_timeout = 2000"], reverse_sql=migrations.RunSQL.noop
        ),
        migrations.RunPython(check_rows, migrations.RunPython.noop, elidable=True),
        migrations.RunSQL(
            ["ALTER TABLE orders ADD COLUMN contact TEXT"],
            reverse_sql=["ALTER TABLE orders DROP COLUMN contact"],
            state_operations=[
                migrations.AddField(
                    model_name="order",
                    name="contact",
                    field=models.TextField(null=True, blank=True),
                ),
            ],
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql=["PRAGMA busy_timeout = 2000"]
        ),
    ]
