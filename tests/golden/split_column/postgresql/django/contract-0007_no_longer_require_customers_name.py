"""No longer require customers.name

Plan     split-customers-name · contract · 1 of 4
Deploy   a release later, when every running instance uses only first_name and last_name
Up       ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s
Down     SHARE UPDATE EXCLUSIVE on customers while reading every row, 1–4 min: reads and writes go
         on; then ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s · lossless until a NULL
         is written to name
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("app", "0006_require_customers_first_name"),
    ]

    operations = [
        migrations.RunSQL(
            "SET LOCAL lock_timeout = '2s'", reverse_sql=migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            """
                ALTER TABLE customers
                    ADD CONSTRAINT customers_name_required
                    CHECK (name IS NOT NULL) NOT VALID
            """,
            reverse_sql=migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            "ALTER TABLE customers ALTER COLUMN name DROP NOT NULL",
            reverse_sql=[
                """
                    ALTER TABLE customers VALIDATE CONSTRAINT customers_name_required
                """,
                "ALTER TABLE customers ALTER COLUMN name SET NOT NULL",
                "ALTER TABLE customers DROP CONSTRAINT customers_name_required",
            ],
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql="SET LOCAL lock_timeout = '2s'"
        ),
    ]
