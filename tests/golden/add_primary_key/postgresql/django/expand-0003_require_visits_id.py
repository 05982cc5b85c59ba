"""Require visits.id

Plan     make-visits-id-the-primary-key · expand · 3 of 4
Deploy   after the deploy whose code writes no two rows of visits with equal id, and no NULL there
Up       SHARE UPDATE EXCLUSIVE on visits while reading every row, 1–4 min: reads and writes go on;
         then ACCESS EXCLUSIVE on visits, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on visits, < 10 ms, waits at most 2 s · lossless
Models   Visit: no constraint visits_id_required
"""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("app", "0002_prove_visits_id_has_no_nulls"),
    ]

    operations = [
        migrations.RunSQL(
            "SET LOCAL lock_timeout = '2s'", reverse_sql=migrations.RunSQL.noop
        ),
        # Done already, unless a downgrade came between.
        ValidateConstraint(model_name="visit", name="visits_id_required"),
        migrations.RunSQL(
            "ALTER TABLE visits ALTER COLUMN id SET NOT NULL",
            reverse_sql="ALTER TABLE visits ALTER COLUMN id DROP NOT NULL",
        ),
        migrations.RunSQL(
            "ALTER TABLE visits DROP CONSTRAINT visits_id_required",
            reverse_sql="""
                ALTER TABLE visits ADD CONSTRAINT visits_id_required CHECK (id IS NOT NULL) NOT VALID
            """,
            state_operations=[
                migrations.RemoveConstraint(
                    model_name="visit", name="visits_id_required"
                ),
            ],
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql="SET LOCAL lock_timeout = '2s'"
        ),
    ]
