"""Prove orders.status has no nulls

Plan     rename-orders-status-code · validate · 5 of 6
Deploy   when the fill is done; then deploy the code that uses only status
Up       SHARE UPDATE EXCLUSIVE on orders while reading every row, 1–4 min: reads and writes go on
Down     nothing to do: orders_status_required stays validated, which harms nothing · lossless
"""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("app", "0007_forbid_new_nulls_in_orders_status"),
    ]

    operations = [
        # orders_status_required stays validated, which harms nothing.
        ValidateConstraint(model_name="order", name="orders_status_required"),
    ]
