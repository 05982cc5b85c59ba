"""Add remark to orders

Plan     merge-orders-remark · expand · 1 of 2
Deploy   before the deploy of the code that uses remark
Up       RESERVED on orders, < 10 ms, waits at most 2 s
Down     EXCLUSIVE on orders while writing the table anew, 7–20 min, waits at most 2 s: reads and
         writes wait · lossless
"""

from django.db import migrations


def check_rows(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("""
            SELECT id
            FROM orders
            WHERE note IS NOT nullif(substr((coalesce(total, '') || '/' || coalesce(note, '')), instr((coalesce(total, '') || '/' || coalesce(note, '')), '/') + 1), '') OR total IS NOT cast(nullif(substr((coalesce(total, '') || '/' || coalesce(note, '')), 1, instr((coalesce(total, '') || '/' || coalesce(note, '')), '/') - 1), '') as numeric)
            LIMIT 5
        """)
        if cursor.fetchone() is not None:
            raise RuntimeError(
                "note and total of orders hold values that do not come back as they "
                "were from remark: mend them, write other expressions, or accept it "
                "with --normalise"
            )


class Migration(migrations.Migration):
    dependencies = []

    operations = [
        migrations.RunSQL(
            ["PRAGMA busy_timeout = 2000"], reverse_sql=migrations.RunSQL.noop
        ),
        migrations.RunPython(check_rows, migrations.RunPython.noop, elidable=True),
        # Note and total hold every value too.
        migrations.RunSQL(
            ["ALTER TABLE orders ADD COLUMN remark TEXT"],
            reverse_sql=["ALTER TABLE orders DROP COLUMN remark"],
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql=["PRAGMA busy_timeout = 2000"]
        ),
    ]
