"""Check that total_new of orders is complete

Plan     change-type-orders-total · switch · 1 of 2 · data only
Deploy   after the deploy that copes with both types; then recycle connections: prepared statements
         of orders fail until then
Up       no lock
Down     it only looks: nothing to undo · lossless
"""

from django.db import migrations


def check_rows(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("""
            SELECT id FROM orders WHERE total_new IS DISTINCT FROM total LIMIT 5
        """)
        if cursor.fetchone() is not None:
            raise RuntimeError(
                "total and total_new of orders still differ: run the backfill to its "
                "end first"
            )


class Migration(migrations.Migration):
    dependencies = [
        ("app", "0003_fill_orders_total_new_from_total"),
    ]

    operations = [
        # It only looks: nothing to undo.
        migrations.RunPython(check_rows, migrations.RunPython.noop, elidable=True),
    ]
