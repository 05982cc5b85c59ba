"""Require customers.email

Plan     require-customers-email · validate · 3 of 3
Deploy   when the fill is done
Up       SHARE UPDATE EXCLUSIVE on customers while reading every row, 1–4 min: reads and writes go
         on; then ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s · lossless
Models   Customer: no constraint customers_email_required
"""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("app", "0003_prove_customers_email_has_no_nulls"),
    ]

    operations = [
        migrations.RunSQL(
            "SET LOCAL lock_timeout = '2s'", reverse_sql=migrations.RunSQL.noop
        ),
        # Done already, unless a downgrade came between.
        ValidateConstraint(model_name="customer", name="customers_email_required"),
        migrations.RunSQL(
            "ALTER TABLE customers ALTER COLUMN email SET NOT NULL",
            reverse_sql="ALTER TABLE customers ALTER COLUMN email DROP NOT NULL",
        ),
        migrations.RunSQL(
            """
                ALTER TABLE customers DROP CONSTRAINT customers_email_required
            """,
            reverse_sql="""
                ALTER TABLE customers
                    ADD CONSTRAINT customers_email_required
                    CHECK (email IS NOT NULL) NOT VALID
            """,
            state_operations=[
                migrations.RemoveConstraint(
                    model_name="customer", name="customers_email_required"
                ),
            ],
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql="SET LOCAL lock_timeout = '2s'"
        ),
    ]
