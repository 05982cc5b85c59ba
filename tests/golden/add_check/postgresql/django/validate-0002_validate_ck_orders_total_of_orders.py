"""Validate ck_orders_total of orders

Plan     add-check-ck-orders-total-to-orders · validate · 1 of 1
Deploy   after expand
Up       SHARE UPDATE EXCLUSIVE on orders while reading every row, 1–4 min: reads and writes go on
Down     nothing to do: ck_orders_total stays validated, which harms nothing · lossless
"""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("app", "0001_add_check_ck_orders_total_to_orders"),
    ]

    operations = [
        # ck_orders_total stays validated, which harms nothing.
        ValidateConstraint(model_name="order", name="ck_orders_total"),
    ]
