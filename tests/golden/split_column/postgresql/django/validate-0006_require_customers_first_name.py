"""Require customers.first_name

Plan     split-customers-name · validate · 3 of 3
Deploy   when the fill is done; then deploy the code that uses only first_name and last_name
Up       SHARE UPDATE EXCLUSIVE on customers while reading every row, 1–4 min: reads and writes go
         on; then ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s · lossless
"""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("app", "0005_prove_customers_first_name_has_no_nulls"),
    ]

    operations = [
        migrations.RunSQL(
            "SET LOCAL lock_timeout = '2s'", reverse_sql=migrations.RunSQL.noop
        ),
        # Done already, unless a downgrade came between.
        ValidateConstraint(model_name="customer", name="customers_first_name_required"),
        migrations.RunSQL(
            "ALTER TABLE customers ALTER COLUMN first_name SET NOT NULL",
            reverse_sql="ALTER TABLE customers ALTER COLUMN first_name DROP NOT NULL",
        ),
        migrations.RunSQL(
            """
                ALTER TABLE customers DROP CONSTRAINT customers_first_name_required
            """,
            reverse_sql="""
                ALTER TABLE customers
                    ADD CONSTRAINT customers_first_name_required
                    CHECK (first_name IS NOT NULL) NOT VALID
            """,
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql="SET LOCAL lock_timeout = '2s'"
        ),
    ]
