"""Rename items to items_tombstone

Plan     drop-items · switch · 3 of 3
Deploy   when nothing uses items any more
Up       ACCESS EXCLUSIVE on items, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on items_tombstone, < 10 ms, waits at most 2 s · lossless
Models   Item: delete the class
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("app", "0002_drop_items_product_id_fkey_from_items"),
    ]

    operations = [
        migrations.RunSQL(
            "SET LOCAL lock_timeout = '2s'", reverse_sql=migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            "ALTER TABLE items RENAME TO items_tombstone",
            reverse_sql="ALTER TABLE items_tombstone RENAME TO items",
            state_operations=[migrations.DeleteModel(name="item")],
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql="SET LOCAL lock_timeout = '2s'"
        ),
    ]
