"""Create orders_note_old

Plan     fill-orders-note · expand · 1 of 1
Deploy   at any time
Up       no lock
Down     metadata lock on orders_note_old, < 10 ms, waits at most 2 s · lossless
Models   OrdersNoteOld: id = models.BigIntegerField(primary_key=True, serialize=False)
Models   OrdersNoteOld: old_note = models.CharField(max_length=200, null=True, blank=True)
Models   OrdersNoteOld: new_note = models.CharField(max_length=200, null=True, blank=True)
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.RunSQL(
            [
                """
                    CREATE TABLE orders_note_old (
                        id bigint NOT NULL,
                        old_note varchar(200) NULL DEFAULT NULL,
                        new_note varchar(200) NULL DEFAULT NULL,
                        PRIMARY KEY (id)
                    ) COMMENT='Old values of orders.note, kept by the plan fill-orders-note; its contract phase drops this table.'
                """,
            ],
            reverse_sql=["DROP TABLE orders_note_old"],
            state_operations=[
                migrations.CreateModel(
                    name="OrdersNoteOld",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(primary_key=True, serialize=False),
                        ),
                        (
                            "old_note",
                            models.CharField(max_length=200, null=True, blank=True),
                        ),
                        (
                            "new_note",
                            models.CharField(max_length=200, null=True, blank=True),
                        ),
                    ],
                    options={"db_table": "orders_note_old"},
                ),
            ],
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql=["SET SESSION lock_wait_timeout = 2"]
        ),
    ]
