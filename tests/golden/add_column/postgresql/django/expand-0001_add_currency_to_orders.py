"""Add currency to orders

Plan     add-currency-to-orders · expand · 1 of 1
Deploy   before the deploy of the code that uses orders.currency
Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless until currency is written
Models   Order: currency = models.CharField(max_length=3, db_default="EUR")
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = []

    operations = [
        migrations.RunSQL(
            "SET LOCAL lock_timeout = '2s'", reverse_sql=migrations.RunSQL.noop
        ),
        migrations.AddField(
            model_name="order",
            name="currency",
            field=models.CharField(max_length=3, db_default="EUR"),
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql="SET LOCAL lock_timeout = '2s'"
        ),
    ]
