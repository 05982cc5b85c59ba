"""Validate ck_orders_status_new of orders

Plan     change-ck-orders-status-of-orders · validate · 1 of 2
Deploy   after expand
Up       SHARE UPDATE EXCLUSIVE on orders while reading every row, 1–4 min: reads and writes go on
Down     SHARE UPDATE EXCLUSIVE on orders while reading every row, 1–4 min: reads and writes go on ·
         lossless
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("app", "0001_add_ck_orders_status_new_to_orders"),
    ]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE orders VALIDATE CONSTRAINT ck_orders_status_new",
            reverse_sql="ALTER TABLE orders VALIDATE CONSTRAINT ck_orders_status",
        ),
    ]
