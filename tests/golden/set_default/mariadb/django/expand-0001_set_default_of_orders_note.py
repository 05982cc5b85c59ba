"""Set default of orders.note

Plan     set-default-of-orders-note · expand · 1 of 1
Deploy   before the deploy of the code that uses the default of note
Up       INSTANT on orders, < 10 ms, waits at most 2 s
Down     INSTANT on orders, < 10 ms, waits at most 2 s · lossless
Models   Order: note = models.CharField(max_length=200, null=True, blank=True, db_default="none")
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
                    ALTER TABLE orders ALTER COLUMN note SET DEFAULT 'none', ALGORITHM=INSTANT
                """,
            ],
            reverse_sql=[
                """
                    ALTER TABLE orders ALTER COLUMN note SET DEFAULT NULL, ALGORITHM=INSTANT
                """,
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="order",
                    name="note",
                    field=models.CharField(
                        max_length=200, null=True, blank=True, db_default="none"
                    ),
                ),
            ],
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql=["SET SESSION lock_wait_timeout = 2"]
        ),
    ]
