"""Add contact to customers

Plan     merge-customers-contact · expand · 1 of 2
Deploy   before the deploy of the code that uses contact
Up       INSTANT on customers, < 10 ms, waits at most 2 s
Down     INSTANT on customers, < 10 ms, waits at most 2 s · lossless
"""

from django.db import migrations


def check_rows(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("""
            SELECT id
            FROM customers
            WHERE NOT (CAST(name AS binary) <=> CAST(substring_index(concat(name, coalesce(concat(' <', email, '>'), '')), ' <', 1) AS binary)) OR NOT (CAST(email AS binary) <=> CAST(nullif(substr(trim(trailing '>' from concat(name, coalesce(concat(' <', email, '>'), ''))), char_length(substring_index(concat(name, coalesce(concat(' <', email, '>'), '')), ' <', 1)) + 3), '') AS binary))
            LIMIT 5
        """)
        if cursor.fetchone() is not None:
            raise RuntimeError(
                "name and email of customers hold values that do not come back as they "
                "were from contact: mend them, write other expressions, or accept it "
                "with --normalise"
            )


def check_rows_2(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("""
            SELECT id
            FROM customers
            WHERE NOT (char_length(concat(name, coalesce(concat(' <', email, '>'), ''))) <= 420)
            LIMIT 5
        """)
        if cursor.fetchone() is not None:
            raise RuntimeError(
                "name and email of customers make texts that are too long for contact "
                "(varchar(420)): choose a wider type, or mend them"
            )


class Migration(migrations.Migration):
    dependencies = []

    operations = [
        migrations.RunSQL(
            ["SET SESSION lock_wait_timeout = 2"], reverse_sql=migrations.RunSQL.noop
        ),
        migrations.RunPython(check_rows, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(check_rows_2, migrations.RunPython.noop, elidable=True),
        # Name and email hold every value too.
        migrations.RunSQL(
            [
                """
                    ALTER TABLE customers
                        ADD COLUMN contact varchar(420) NULL DEFAULT NULL, ALGORITHM=INSTANT
                """,
            ],
            reverse_sql=[
                "ALTER TABLE customers DROP COLUMN contact, ALGORITHM=INSTANT"
            ],
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql=["SET SESSION lock_wait_timeout = 2"]
        ),
    ]
