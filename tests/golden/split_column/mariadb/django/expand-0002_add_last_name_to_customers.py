"""Add last_name to customers

Plan     split-customers-name · expand · 2 of 3
Deploy   before the deploy of the code that uses first_name and last_name
Up       INSTANT on customers, < 10 ms, waits at most 2 s
Down     INSTANT on customers, < 10 ms, waits at most 2 s · lossless
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("app", "0001_add_first_name_to_customers"),
    ]

    operations = [
        migrations.RunSQL(
            ["SET SESSION lock_wait_timeout = 2"], reverse_sql=migrations.RunSQL.noop
        ),
        # Name holds every value too.
        migrations.RunSQL(
            [
                """
                    ALTER TABLE customers
                        ADD COLUMN last_name varchar(80) NULL DEFAULT NULL, ALGORITHM=INSTANT
                """,
            ],
            reverse_sql=[
                """
                    ALTER TABLE customers DROP COLUMN last_name, ALGORITHM=INSTANT
                """,
            ],
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql=["SET SESSION lock_wait_timeout = 2"]
        ),
    ]
