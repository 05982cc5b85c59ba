"""Rename items to items_tombstone

Plan     drop-items · switch · 1 of 1
Deploy   when nothing uses items any more
Up       RESERVED on items, < 10 ms, waits at most 2 s
Down     RESERVED on items_tombstone, < 10 ms, waits at most 2 s · lossless
Models   Item: delete the class
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = []

    operations = [
        migrations.RunSQL(
            ["PRAGMA busy_timeout = 2000"], reverse_sql=migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            ["ALTER TABLE items RENAME TO items_tombstone"],
            reverse_sql=["ALTER TABLE items_tombstone RENAME TO items"],
            state_operations=[migrations.DeleteModel(name="item")],
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql=["PRAGMA busy_timeout = 2000"]
        ),
    ]
