"""Validate ck_items_delivery_not_lost of items

Plan     rename-lost-of-delivery-to-missing · validate · 2 of 2
Deploy   when all rows are changed
Up       SHARE UPDATE EXCLUSIVE on items while reading every row, 1–4 min: reads and writes go on
Down     nothing to do: ck_items_delivery_not_lost stays validated, which harms nothing · lossless
"""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("app", "0003_forbid_lost_in_items_delivery"),
    ]

    operations = [
        # ck_items_delivery_not_lost stays validated, which harms nothing.
        ValidateConstraint(model_name="item", name="ck_items_delivery_not_lost"),
    ]
