"""Drop ix_visits_page

Plan     build-ix-visits-page-of-visits-anew · expand · 2 of 3
Deploy   at any time
Up       NOCOPY, LOCK=NONE on visits, < 10 ms, waits at most 2 s
Down     NOCOPY, LOCK=NONE on visits while building, 1–7 min: reads and writes go on, but queue at
         both ends, where it waits for open transactions, at most 2 s each time · lossless
Models   Visit: no index ix_visits_page
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("app", "0001_add_ix_visits_page_new"),
    ]

    operations = [
        migrations.RunSQL(
            ["SET SESSION lock_wait_timeout = 2"], reverse_sql=migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            [
                """
                    ALTER TABLE visits DROP INDEX ix_visits_page, ALGORITHM=NOCOPY, LOCK=NONE
                """,
            ],
            reverse_sql=[
                """
                    ALTER TABLE visits ADD INDEX ix_visits_page (page), ALGORITHM=NOCOPY, LOCK=NONE
                """,
            ],
            state_operations=[
                migrations.RemoveIndex(model_name="visit", name="ix_visits_page")
            ],
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql=["SET SESSION lock_wait_timeout = 2"]
        ),
    ]
