"""Rename ix_visits_page_new to ix_visits_page

Plan     build-ix-visits-page-of-visits-anew · expand · 3 of 3
Deploy   at any time
Up       INPLACE, LOCK=NONE on visits, < 10 ms, waits at most 2 s
Down     INPLACE, LOCK=NONE on visits, < 10 ms, waits at most 2 s · lossless
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("app", "0002_drop_ix_visits_page"),
    ]

    operations = [
        migrations.RunSQL(
            ["SET SESSION lock_wait_timeout = 2"], reverse_sql=migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            [
                """
                    ALTER TABLE visits
                        RENAME INDEX ix_visits_page_new TO ix_visits_page, ALGORITHM=INPLACE, LOCK=NONE
                """,
            ],
            reverse_sql=[
                """
                    ALTER TABLE visits
                        RENAME INDEX ix_visits_page TO ix_visits_page_new, ALGORITHM=INPLACE, LOCK=NONE
                """,
            ],
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql=["SET SESSION lock_wait_timeout = 2"]
        ),
    ]
