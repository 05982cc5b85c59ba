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
                    BEGIN NOT ATOMIC
                        IF EXISTS (
                            SELECT 1
                            FROM orders AS child
                            WHERE child.billing_id IS NOT NULL
                                AND NOT EXISTS (SELECT 1 FROM customers AS parent WHERE parent.id = child.billing_id)
                            LIMIT 1
                        ) THEN
                            SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'rows of orders point to rows of customers that do not exist';
                        END IF;
                    END
                """,
            ],
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]
