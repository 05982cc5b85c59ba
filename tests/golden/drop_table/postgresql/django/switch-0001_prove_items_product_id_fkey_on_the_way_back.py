"""Prove items_product_id_fkey on the way back

Plan     drop-items · switch · 1 of 3
Deploy   when nothing uses items any more
Up       no lock
Down     SHARE UPDATE EXCLUSIVE on items while reading every row, 1–4 min: reads and writes go on ·
         lossless
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = []

    operations = [
        # Only the downgrade has work to do: it proves items_product_id_fkey.
        migrations.RunSQL(
            migrations.RunSQL.noop,
            reverse_sql="ALTER TABLE items VALIDATE CONSTRAINT items_product_id_fkey",
        ),
    ]
