"""Prove items_product_id_fkey on the way back

Plan     drop-items · switch · 1 of 3
Deploy   when nothing uses items any more
Up       no lock
Down     consistent read on items while reading every row, 1–4 min: reads and writes go on ·
         lossless
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = []

    operations = [
        # Only the downgrade has work to do: it proves items_product_id_fkey.
        migrations.RunSQL(
            migrations.RunSQL.noop,
            reverse_sql=[
                """
                    DO CASE WHEN EXISTS (
                        SELECT 1
                        FROM items AS child
                        WHERE child.product_id IS NOT NULL
                            AND NOT EXISTS (SELECT 1 FROM products AS parent WHERE parent.id = child.product_id)
                        LIMIT 1
                    ) THEN UUID_TO_BIN('rows of items point to rows of products that do not exist') END
                """,
            ],
        ),
    ]
