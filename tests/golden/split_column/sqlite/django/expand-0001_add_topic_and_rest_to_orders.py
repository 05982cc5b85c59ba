"""Add topic and rest to orders

Plan     split-orders-note · expand · 1 of 2
Deploy   before the deploy of the code that uses topic and rest
Up       RESERVED on orders, < 10 ms, waits at most 2 s
Down     EXCLUSIVE on orders while writing the table anew, 13–40 min, waits at most 2 s: reads and
         writes wait · lossless
"""

from django.db import migrations


def check_rows(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("""
            SELECT id
            FROM orders
            WHERE note IS NOT (substr(note, 1, instr(note || ' ', ' ') - 1) || coalesce(' ' || nullif(substr(note, instr(note || ' ', ' ') + 1), ''), ''))
            LIMIT 5
        """)
        if cursor.fetchone() is not None:
            raise RuntimeError(
                "note of orders holds values that do not come back as they were from "
                "topic and rest: mend them, write other expressions, or accept it with "
                "--normalise"
            )


class Migration(migrations.Migration):
    dependencies = []

    operations = [
        migrations.RunSQL(
            ["PRAGMA busy_timeout = 2000"], reverse_sql=migrations.RunSQL.noop
        ),
        migrations.RunPython(check_rows, migrations.RunPython.noop, elidable=True),
        # Note holds every value too.
        migrations.RunSQL(
            ["ALTER TABLE orders ADD COLUMN topic TEXT"],
            reverse_sql=["ALTER TABLE orders DROP COLUMN topic"],
        ),
        # Note holds every value too.
        migrations.RunSQL(
            ["ALTER TABLE orders ADD COLUMN rest TEXT"],
            reverse_sql=["ALTER TABLE orders DROP COLUMN rest"],
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql=["PRAGMA busy_timeout = 2000"]
        ),
    ]
