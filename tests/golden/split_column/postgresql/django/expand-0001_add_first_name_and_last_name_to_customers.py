"""Add first_name and last_name to customers

Plan     split-customers-name · expand · 1 of 2
Deploy   before the deploy of the code that uses first_name and last_name
Up       ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s · lossless
"""

from django.db import migrations


def check_rows(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("""
            SELECT id
            FROM customers
            WHERE name IS DISTINCT FROM concat_ws(' ', split_part(name, ' ', 1), nullif(substr(name, length(split_part(name, ' ', 1)) + 2), ''))
            LIMIT 5
        """)
        if cursor.fetchone() is not None:
            raise RuntimeError(
                "name of customers holds values that do not come back as they were "
                "from first_name and last_name: mend them, write other expressions, or "
                "accept it with --normalise"
            )


def check_rows_2(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("""
            SELECT id
            FROM customers
            WHERE NOT (char_length(nullif(substr(name, length(split_part(name, ' ', 1)) + 2), '')) <= 80)
            LIMIT 5
        """)
        if cursor.fetchone() is not None:
            raise RuntimeError(
                "name of customers makes texts that are too long for last_name "
                "(character varying(80)): choose a wider type, or mend them"
            )


class Migration(migrations.Migration):
    dependencies = []

    operations = [
        migrations.RunSQL(
            "SET LOCAL lock_timeout = '2s'", reverse_sql=migrations.RunSQL.noop
        ),
        migrations.RunPython(check_rows, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(check_rows_2, migrations.RunPython.noop, elidable=True),
        # Name holds every value too.
        migrations.RunSQL(
            "ALTER TABLE customers ADD COLUMN first_name text",
            reverse_sql="ALTER TABLE customers DROP COLUMN first_name",
        ),
        # Name holds every value too.
        migrations.RunSQL(
            "ALTER TABLE customers ADD COLUMN last_name varchar(80)",
            reverse_sql="ALTER TABLE customers DROP COLUMN last_name",
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql="SET LOCAL lock_timeout = '2s'"
        ),
    ]
