"""Require customers.contact

Plan     merge-customers-contact · validate · 1 of 1
Deploy   when the fill is done; then deploy the code that uses only contact
Up       INPLACE, LOCK=NONE on customers while writing the table anew, 7–20 min: reads and writes go
         on, but queue at both ends, where it waits for open transactions, at most 2 s each time
Down     INPLACE, LOCK=NONE on customers while writing the table anew, 7–20 min: reads and writes go
         on, but queue at both ends, where it waits for open transactions, at most 2 s each time ·
         lossless
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
            ["SET SESSION lock_wait_timeout = 2"], reverse_sql=migrations.RunSQL.noop
        ),
        migrations.RunPython(check_rows, migrations.RunPython.noop, elidable=True),
        migrations.RunSQL(
            [
                """
                    SET STATEMENT sql_mode = CONCAT(@@SESSION.sql_mode, ',STRICT_ALL_TABLES') FOR ALTER TABLE customers MODIFY COLUMN contact varchar(420) NOT NULL,
                        ALGORITHM=INPLACE,
                        LOCK=NONE
                """,
            ],
            reverse_sql=[
                """
                    ALTER TABLE customers MODIFY COLUMN contact varchar(420) NULL DEFAULT NULL,
                        ALGORITHM=INPLACE,
                        LOCK=NONE
                """,
            ],
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql=["SET SESSION lock_wait_timeout = 2"]
        ),
    ]
