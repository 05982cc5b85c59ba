"""Add contact to customers

Plan     merge-customers-contact · expand · 1 of 2
Deploy   before the deploy of the code that uses contact
Up       ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s · lossless
"""

from django.db import migrations


def check_rows(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("""
            SELECT id
            FROM customers
            WHERE name IS DISTINCT FROM split_part((name || coalesce(' <' || email || '>', '')), ' <', 1) OR email IS DISTINCT FROM nullif(rtrim(split_part((name || coalesce(' <' || email || '>', '')), ' <', 2), '>'), '')
            LIMIT 5
        """)
        if cursor.fetchone() is not None:
            raise RuntimeError(
                "name and email of customers hold values that do not come back as they "
                "were from contact: mend them, write other expressions, or accept it "
                "with --normalise"
            )


class Migration(migrations.Migration):
    dependencies = []

    operations = [
        migrations.RunSQL(
            "SET LOCAL lock_timeout = '2s'", reverse_sql=migrations.RunSQL.noop
        ),
        migrations.RunPython(check_rows, migrations.RunPython.noop, elidable=True),
        # Name and email hold every value too.
        migrations.RunSQL(
            "ALTER TABLE customers ADD COLUMN contact text",
            reverse_sql="ALTER TABLE customers DROP COLUMN contact",
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql="SET LOCAL lock_timeout = '2s'"
        ),
    ]
