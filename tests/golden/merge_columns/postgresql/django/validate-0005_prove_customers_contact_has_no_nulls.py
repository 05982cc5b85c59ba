"""Prove customers.contact has no nulls

Plan     merge-customers-contact · validate · 2 of 3
Deploy   when the fill is done; then deploy the code that uses only contact
Up       SHARE UPDATE EXCLUSIVE on customers while reading every row, 1–4 min: reads and writes go
         on
Down     nothing to do: customers_contact_required stays validated, which harms nothing · lossless
"""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("app", "0004_forbid_new_nulls_in_customers_contact"),
    ]

    operations = [
        # customers_contact_required stays validated, which harms nothing.
        ValidateConstraint(model_name="customer", name="customers_contact_required"),
    ]
