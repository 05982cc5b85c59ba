"""Forbid new nulls in customers.contact

Plan     merge-customers-contact · validate · 1 of 3
Deploy   when the fill is done; then deploy the code that uses only contact
Up       ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s · lossless
"""

from django.db import migrations


def check_rows(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT id FROM customers WHERE contact IS NULL LIMIT 5")
        if cursor.fetchone() is not None:
            raise RuntimeError(
                "customers.contact still holds NULLs: fill them before it becomes "
                "required"
            )


class Migration(migrations.Migration):
    dependencies = [
        ("app", "0003_fill_contact_of_customers_from_name_and_email"),
    ]

    operations = [
        migrations.RunSQL(
            "SET LOCAL lock_timeout = '2s'", reverse_sql=migrations.RunSQL.noop
        ),
        migrations.RunPython(check_rows, migrations.RunPython.noop, elidable=True),
        migrations.RunSQL(
            """
                ALTER TABLE customers
                    ADD CONSTRAINT customers_contact_required
                    CHECK (contact IS NOT NULL) NOT VALID
            """,
            reverse_sql="""
                ALTER TABLE customers DROP CONSTRAINT customers_contact_required
            """,
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql="SET LOCAL lock_timeout = '2s'"
        ),
    ]
