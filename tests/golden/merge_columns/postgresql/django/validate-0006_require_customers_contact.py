"""Require customers.contact

Plan     merge-customers-contact · validate · 3 of 3
Deploy   when the fill is done; then deploy the code that uses only contact
Up       SHARE UPDATE EXCLUSIVE on customers while reading every row, 1–4 min: reads and writes go
         on; then ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s · lossless
"""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("app", "0005_prove_customers_contact_has_no_nulls"),
    ]

    operations = [
        migrations.RunSQL(
            "SET LOCAL lock_timeout = '2s'", reverse_sql=migrations.RunSQL.noop
        ),
        # Done already, unless a downgrade came between.
        ValidateConstraint(model_name="customer", name="customers_contact_required"),
        migrations.RunSQL(
            "ALTER TABLE customers ALTER COLUMN contact SET NOT NULL",
            reverse_sql="ALTER TABLE customers ALTER COLUMN contact DROP NOT NULL",
        ),
        migrations.RunSQL(
            """
                ALTER TABLE customers DROP CONSTRAINT customers_contact_required
            """,
            reverse_sql="""
                ALTER TABLE customers
                    ADD CONSTRAINT customers_contact_required
                    CHECK (contact IS NOT NULL) NOT VALID
            """,
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql="SET LOCAL lock_timeout = '2s'"
        ),
    ]
