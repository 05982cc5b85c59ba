"""Make customers (email) unique

Plan     make-customers-email-unique · expand · 1 of 1
Deploy   after the deploy whose code writes no doubles
Up       INPLACE, LOCK=NONE on customers while building, 1–7 min: reads and writes go on, but queue
         at both ends, where it waits for open transactions, at most 2 s each time
Down     INPLACE, LOCK=NONE on customers, < 10 ms, waits at most 2 s · lossless
Models   Customer: Meta.constraints: models.UniqueConstraint(fields=["email"],
         name="customers_email_key")
"""

from django.db import migrations, models


def check_rows(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("""
            SELECT email, count(*)
            FROM customers
            WHERE email IS NOT NULL
            GROUP BY email
            HAVING count(*) > 1
            LIMIT 5
        """)
        if cursor.fetchone() is not None:
            raise RuntimeError(
                "customers holds rows with equal email: customers_email_key cannot be "
                "unique before they differ"
            )


class Migration(migrations.Migration):
    dependencies = []

    operations = [
        migrations.RunSQL(
            ["SET SESSION lock_wait_timeout = 2"], reverse_sql=migrations.RunSQL.noop
        ),
        migrations.RunPython(check_rows, migrations.RunPython.noop, elidable=True),
        migrations.RunSQL(
            [
                """
                    ALTER TABLE customers
                        ADD CONSTRAINT customers_email_key
                        UNIQUE (email), ALGORITHM=INPLACE, LOCK=NONE
                """,
            ],
            reverse_sql=[
                """
                    ALTER TABLE customers DROP INDEX customers_email_key, ALGORITHM=INPLACE, LOCK=NONE
                """,
            ],
            state_operations=[
                migrations.AddConstraint(
                    model_name="customer",
                    constraint=models.UniqueConstraint(
                        fields=["email"], name="customers_email_key"
                    ),
                ),
            ],
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql=["SET SESSION lock_wait_timeout = 2"]
        ),
    ]
