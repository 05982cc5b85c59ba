"""Build ix_visits_page of visits anew

Plan     build-ix-visits-page-of-visits-anew · expand · 1 of 1
Deploy   at any time
Up       RESERVED on visits, < 10 ms, waits at most 2 s; then RESERVED on visits while building, 1–7
         min, waits at most 2 s: writes wait, reads go on
Down     ix_visits_page is what it was, built anew: nothing to undo · lossless
Models   Visit: no index ix_visits_page
Models   Visit: Meta.indexes: models.Index(fields=["page"], name="ix_visits_page")
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = []

    operations = [
        migrations.RunSQL(
            ["PRAGMA busy_timeout = 2000"], reverse_sql=migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            ["DROP INDEX ix_visits_page"],
            reverse_sql=migrations.RunSQL.noop,
            state_operations=[
                migrations.RemoveIndex(model_name="visit", name="ix_visits_page")
            ],
        ),
        # ix_visits_page is what it was, built anew: nothing to undo.
        migrations.RunSQL(
            ["CREATE INDEX ix_visits_page ON visits (page)"],
            reverse_sql=migrations.RunSQL.noop,
            state_operations=[
                migrations.AddIndex(
                    model_name="visit",
                    index=models.Index(fields=["page"], name="ix_visits_page"),
                ),
            ],
        ),
    ]
