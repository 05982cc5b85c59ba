"""Validate orders_billing_id_fkey

Plan     add-foreign-key-orders-customers · validate · 1 of 1
Deploy   after expand
Up       SHARE UPDATE EXCLUSIVE on orders while reading every row, 1–4 min: reads and writes go on
Down     nothing to do: orders_billing_id_fkey stays validated, which harms nothing · lossless
"""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("app", "0002_add_foreign_key_orders_billing_id"),
    ]

    operations = [
        # orders_billing_id_fkey stays validated, which harms nothing.
        ValidateConstraint(model_name="order", name="orders_billing_id_fkey"),
    ]
