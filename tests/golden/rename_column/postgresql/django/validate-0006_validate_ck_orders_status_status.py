"""Validate ck_orders_status_status

Plan     rename-orders-status-code · validate · 3 of 6
Deploy   when the fill is done; then deploy the code that uses only status
Up       SHARE UPDATE EXCLUSIVE on orders while reading every row, 1–4 min: reads and writes go on
Down     nothing to do: ck_orders_status_status stays validated, which harms nothing · lossless
"""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("app", "0005_add_ck_orders_status_status_to_orders"),
    ]

    operations = [
        # ck_orders_status_status stays validated, which harms nothing.
        ValidateConstraint(model_name="order", name="ck_orders_status_status"),
    ]
