"""Drop the proof of customers.name

Plan     merge-customers-contact · contract · 2 of 4
Deploy   a release later, when every running instance uses only contact
Up       ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s · lossless until a NULL is
         written to name
Models   Customer: no constraint customers_name_required
"""

from django.db import migrations


def drop_constraint(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("ALTER TABLE customers DROP CONSTRAINT customers_name_required")


def add_check_back(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT id FROM customers WHERE name IS NULL LIMIT 5")
        if cursor.fetchone() is not None:
            raise RuntimeError(
                "customers.name still holds NULLs: fill them before it becomes required"
            )
        cursor.execute("""
            ALTER TABLE customers
                ADD CONSTRAINT customers_name_required
                CHECK (name IS NOT NULL) NOT VALID
        """)


class Migration(migrations.Migration):
    dependencies = [
        ("app", "0007_no_longer_require_customers_name"),
    ]

    operations = [
        migrations.RunSQL(
            "SET LOCAL lock_timeout = '2s'", reverse_sql=migrations.RunSQL.noop
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(drop_constraint, add_check_back)],
            state_operations=[
                migrations.RemoveConstraint(
                    model_name="customer", name="customers_name_required"
                ),
            ],
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql="SET LOCAL lock_timeout = '2s'"
        ),
    ]
