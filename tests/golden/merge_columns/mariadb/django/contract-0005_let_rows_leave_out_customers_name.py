"""Let rows leave out customers.name

Plan     merge-customers-contact · contract · 1 of 5
Deploy   a release later, when every running instance uses only contact
Up       INSTANT on customers, < 10 ms, waits at most 2 s
Down     INSTANT on customers, < 10 ms, waits at most 2 s · lossless
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("app", "0004_require_customers_contact"),
    ]

    operations = [
        migrations.RunSQL(
            ["SET SESSION lock_wait_timeout = 2"], reverse_sql=migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            [
                """
                    ALTER TABLE customers ALTER COLUMN name SET DEFAULT '', ALGORITHM=INSTANT
                """,
            ],
            reverse_sql=[
                """
                    ALTER TABLE customers ALTER COLUMN name DROP DEFAULT, ALGORITHM=INSTANT
                """,
            ],
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql=["SET SESSION lock_wait_timeout = 2"]
        ),
    ]
