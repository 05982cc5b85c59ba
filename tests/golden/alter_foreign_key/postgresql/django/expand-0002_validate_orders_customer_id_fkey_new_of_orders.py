"""Validate orders_customer_id_fkey_new of orders

Plan     change-orders-customer-id-fkey-of-orders · expand · 2 of 3
Deploy   before the deploy of the code that counts on ON DELETE CASCADE
Up       SHARE UPDATE EXCLUSIVE on orders while reading every row, 1–4 min: reads and writes go on
Down     SHARE UPDATE EXCLUSIVE on orders while reading every row, 1–4 min: reads and writes go on ·
         lossless
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("app", "0001_add_orders_customer_id_fkey_new_to_orders"),
    ]

    operations = [
        migrations.RunSQL(
            """
                ALTER TABLE orders VALIDATE CONSTRAINT orders_customer_id_fkey_new
            """,
            reverse_sql="""
                ALTER TABLE orders VALIDATE CONSTRAINT orders_customer_id_fkey
            """,
        ),
    ]
