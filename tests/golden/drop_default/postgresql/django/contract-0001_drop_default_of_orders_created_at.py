"""Drop default of orders.created_at

Plan     drop-default-of-orders-created-at · contract · 1 of 1
Deploy   after the deploy whose code writes orders.created_at itself
Up       ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on orders, < 10 ms, waits at most 2 s · lossless
Models   Order: created_at = models.DateTimeField(null=True, blank=True)
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = []

    operations = [
        migrations.RunSQL(
            "SET LOCAL lock_timeout = '2s'", reverse_sql=migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            "ALTER TABLE orders ALTER COLUMN created_at DROP DEFAULT",
            reverse_sql="ALTER TABLE orders ALTER COLUMN created_at SET DEFAULT now()",
            state_operations=[
                migrations.AlterField(
                    model_name="order",
                    name="created_at",
                    field=models.DateTimeField(null=True, blank=True),
                ),
            ],
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql="SET LOCAL lock_timeout = '2s'"
        ),
    ]
