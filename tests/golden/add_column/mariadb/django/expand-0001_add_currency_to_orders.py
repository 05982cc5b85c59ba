"""Add currency to orders

Plan     add-currency-to-orders · expand · 1 of 1
Deploy   before the deploy of the code that uses orders.currency
Up       INSTANT on orders, < 10 ms, waits at most 2 s
Down     INSTANT on orders, < 10 ms, waits at most 2 s · lossless until currency is written
Models   Order: currency = models.CharField(max_length=3, db_default="EUR")
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = []

    operations = [
        migrations.RunSQL(
            ["SET SESSION lock_wait_timeout = 2"], reverse_sql=migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            [
                """
                    ALTER TABLE orders
                        ADD COLUMN currency varchar(3) NOT NULL DEFAULT 'EUR', ALGORITHM=INSTANT
                """,
            ],
            reverse_sql=["ALTER TABLE orders DROP COLUMN currency, ALGORITHM=INSTANT"],
            state_operations=[
                migrations.AddField(
                    model_name="order",
                    name="currency",
                    field=models.CharField(max_length=3, db_default="EUR"),
                ),
            ],
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql=["SET SESSION lock_wait_timeout = 2"]
        ),
    ]
