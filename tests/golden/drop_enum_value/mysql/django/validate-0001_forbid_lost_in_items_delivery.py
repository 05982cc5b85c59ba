"""Forbid lost in items.delivery

Plan     drop-lost-from-items-delivery · validate · 1 of 1
Deploy   when no row holds it any more
Tool     pt-online-schema-change does this in production, where the table is large; then this file
         is marked as run
Up       COPY, LOCK=SHARED on items while writing the table anew, 7–20 min, waits at most 2 s:
         writes wait, reads go on but for both ends
Down     INSTANT on items, < 10 ms, waits at most 2 s · lossless
Models   Item: Meta.constraints: models.CheckConstraint(condition=~models.Q(delivery="lost"),
         name="ck_items_delivery_not_lost")
"""

from django.db import migrations, models


def check_rows(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT id FROM items WHERE NOT (delivery <> 'lost') LIMIT 5")
        if cursor.fetchone() is not None:
            raise RuntimeError(
                "items holds rows for which delivery <> 'lost' does not hold: mend "
                "them before ck_items_delivery_not_lost forbids them"
            )


class Migration(migrations.Migration):
    dependencies = []

    operations = [
        migrations.RunSQL(
            ["SET SESSION lock_wait_timeout = 2"], reverse_sql=migrations.RunSQL.noop
        ),
        migrations.RunPython(check_rows, migrations.RunPython.noop, elidable=True),
        migrations.RunSQL(
            [
                """
                    ALTER TABLE items
                        ADD CONSTRAINT ck_items_delivery_not_lost
                        CHECK (delivery <> 'lost'), ALGORITHM=COPY, LOCK=SHARED
                """,
            ],
            reverse_sql=[
                """
                    ALTER TABLE items DROP CHECK ck_items_delivery_not_lost, ALGORITHM=INSTANT
                """,
            ],
            state_operations=[
                migrations.AddConstraint(
                    model_name="item",
                    constraint=models.CheckConstraint(
                        condition=~models.Q(delivery="lost"),
                        name="ck_items_delivery_not_lost",
                    ),
                ),
            ],
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql=["SET SESSION lock_wait_timeout = 2"]
        ),
    ]
