"""Make customers (email) unique

Plan     make-customers-email-unique · expand · 1 of 1
Deploy   after the deploy whose code writes no doubles
Up       SHARE UPDATE EXCLUSIVE on customers while building, 1–7 min: reads and writes go on; then
         ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on customers, < 10 ms, waits at most 2 s · lossless
File     2 of 2 of this migration
Models   Customer: Meta.constraints: models.UniqueConstraint(fields=["email"],
         name="customers_email_key")
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("app", "0001_make_customers_email_unique_1"),
    ]

    operations = [
        migrations.RunSQL(
            "SET LOCAL lock_timeout = '2s'", reverse_sql=migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            """
                ALTER TABLE customers
                    ADD CONSTRAINT customers_email_key
                    UNIQUE USING INDEX customers_email_key_idx
            """,
            reverse_sql="ALTER TABLE customers DROP CONSTRAINT customers_email_key",
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
            migrations.RunSQL.noop, reverse_sql="SET LOCAL lock_timeout = '2s'"
        ),
    ]
