"""Forbid lost in items.delivery

Plan     rename-lost-of-delivery-to-missing · validate · 1 of 2
Deploy   when all rows are changed
Up       ACCESS EXCLUSIVE on items, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on items, < 10 ms, waits at most 2 s · lossless
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
    dependencies = [
        ("app", "0002_change_lost_to_missing_in_items_delivery"),
    ]

    operations = [
        migrations.RunSQL(
            "SET LOCAL lock_timeout = '2s'", reverse_sql=migrations.RunSQL.noop
        ),
        migrations.RunPython(check_rows, migrations.RunPython.noop, elidable=True),
        migrations.RunSQL(
            """
                ALTER TABLE items
                    ADD CONSTRAINT ck_items_delivery_not_lost
                    CHECK (delivery <> 'lost') NOT VALID
            """,
            reverse_sql="ALTER TABLE items DROP CONSTRAINT ck_items_delivery_not_lost",
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
            migrations.RunSQL.noop, reverse_sql="SET LOCAL lock_timeout = '2s'"
        ),
    ]
