"""Prove ck_visits_seconds of visits

Plan     prove-ck-visits-seconds-of-visits · validate · 1 of 1
Deploy   at any time
Up       SHARE UPDATE EXCLUSIVE on visits while reading every row, 1–4 min: reads and writes go on
Down     nothing to do: ck_visits_seconds stays validated, which harms nothing · lossless
"""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = []

    operations = [
        # ck_visits_seconds stays validated, which harms nothing.
        ValidateConstraint(model_name="visit", name="ck_visits_seconds"),
    ]
