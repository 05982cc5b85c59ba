"""Check that orders.contact says what customers.email says

Plan     move-customers-email · validate · 1 of 1
Deploy   when the fill is done; then deploy the code that reads the new place and still writes both
Up       no lock
Down     a comparison changes nothing: nothing to undo · lossless
"""

from django.db import migrations


def check_rows(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("""
            SELECT orders.id
            FROM orders, customers
            WHERE customers.id = orders.customer_id
                AND NOT (CAST(orders.contact AS binary) <=> CAST(customers.email AS binary))
            LIMIT 5
        """)
        if cursor.fetchone() is not None:
            raise RuntimeError(
                "orders.contact does not say yet what customers.email says: let all "
                "code write both, then run the backfill to its end"
            )


def check_rows_2(apps, schema_editor):
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
    dependencies = [
        ("app", "0002_fill_orders_contact_from_customers_email"),
    ]

    operations = [
        # A comparison changes nothing: nothing to undo.
        migrations.RunPython(check_rows, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(check_rows_2, migrations.RunPython.noop, elidable=True),
    ]
