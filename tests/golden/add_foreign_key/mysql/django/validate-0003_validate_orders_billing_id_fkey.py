"""Validate orders_billing_id_fkey

Plan     add-foreign-key-orders-customers · validate · 1 of 1
Deploy   after expand
Up       consistent read on orders while reading every row, 1–4 min: reads and writes go on
Down     nothing to do: orders_billing_id_fkey stays validated, which harms nothing · lossless
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("app", "0002_add_foreign_key_orders_billing_id"),
    ]

    operations = [
        # orders_billing_id_fkey stays validated, which harms nothing.
        migrations.RunSQL(
            [
                """
                    DO CASE WHEN EXISTS (
                        SELECT 1
                        FROM orders AS child
                        WHERE child.billing_id IS NOT NULL
                            AND NOT EXISTS (SELECT 1 FROM customers AS parent WHERE parent.id = child.billing_id)
                        LIMIT 1
                    ) THEN UUID_TO_BIN('rows of orders point to rows of customers that do not exist') END
                """,
            ],
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]
