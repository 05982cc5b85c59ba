"""Prove visits.id has no nulls

Plan     make-visits-id-the-primary-key · expand · 2 of 4
Deploy   after the deploy whose code writes no two rows of visits with equal id, and no NULL there
Up       SHARE UPDATE EXCLUSIVE on visits while reading every row, 1–4 min: reads and writes go on
Down     nothing to do: visits_id_required stays validated, which harms nothing · lossless
"""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("app", "0001_forbid_new_nulls_in_visits_id"),
    ]

    operations = [
        # visits_id_required stays validated, which harms nothing.
        ValidateConstraint(model_name="visit", name="visits_id_required"),
    ]
