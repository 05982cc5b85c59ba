"""Add ix_visits_page_new

Plan     build-ix-visits-page-of-visits-anew · expand · 1 of 3
Deploy   at any time
Up       NOCOPY, LOCK=NONE on visits while building, 1–7 min: reads and writes go on, but queue at
         both ends, where it waits for open transactions, at most 2 s each time
Down     NOCOPY, LOCK=NONE on visits, < 10 ms, waits at most 2 s · lossless
Models   Visit: Meta.indexes: models.Index(fields=["page"], name="ix_visits_page_new")
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = []

    operations = [
        migrations.RunSQL(
            ["SET SESSION lock_wait_timeout = 2"], reverse_sql=migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            [
                """
                    ALTER TABLE visits ADD INDEX ix_visits_page_new (page), ALGORITHM=NOCOPY, LOCK=NONE
                """,
            ],
            reverse_sql=[
                """
                    ALTER TABLE visits DROP INDEX ix_visits_page_new, ALGORITHM=NOCOPY, LOCK=NONE
                """,
            ],
            state_operations=[
                migrations.AddIndex(
                    model_name="visit",
                    index=models.Index(fields=["page"], name="ix_visits_page_new"),
                ),
            ],
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql=["SET SESSION lock_wait_timeout = 2"]
        ),
    ]
