"""Set default of orders.note

Plan     set-default-of-orders-note · expand · 1 of 1
Deploy   before the deploy of the code that uses the default of note
Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless
Models   Order: note = models.TextField(null=True, blank=True, db_default="none")
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = []

    operations = [
        migrations.RunSQL(
            "SET LOCAL lock_timeout = '2s'", reverse_sql=migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            "ALTER TABLE orders ALTER COLUMN note SET DEFAULT 'none'",
            reverse_sql="ALTER TABLE orders ALTER COLUMN note DROP DEFAULT",
            state_operations=[
                migrations.AlterField(
                    model_name="order",
                    name="note",
                    field=models.TextField(null=True, blank=True, db_default="none"),
                ),
            ],
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql="SET LOCAL lock_timeout = '2s'"
        ),
    ]
