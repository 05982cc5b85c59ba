"""Prove customers.email has no nulls

Plan     require-customers-email · validate · 2 of 3
Deploy   when the fill is done
Up       SHARE UPDATE EXCLUSIVE on customers while reading every row, 1–4 min: reads and writes go
         on
Down     nothing to do: customers_email_required stays validated, which harms nothing · lossless
"""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("app", "0002_forbid_new_nulls_in_customers_email"),
    ]

    operations = [
        # customers_email_required stays validated, which harms nothing.
        ValidateConstraint(model_name="customer", name="customers_email_required"),
    ]
