"""Build ix_visits_page of visits anew

Plan     build-ix-visits-page-of-visits-anew · expand · 1 of 1
Deploy   at any time
Up       SHARE UPDATE EXCLUSIVE on visits while building, 1–7 min: reads and writes go on; then
         SHARE UPDATE EXCLUSIVE on visits and ix_visits_page_new: reads and writes go on
Down     ix_visits_page is what it was, built anew: nothing to undo · lossless
File     2 of 2 of this migration
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("app", "0001_build_ix_visits_page_anew_1"),
    ]

    operations = [
        migrations.RunSQL(
            "SET LOCAL lock_timeout = '2s'", reverse_sql=migrations.RunSQL.noop
        ),
        # ix_visits_page is what it was, built anew: nothing to undo.
        migrations.RunSQL(
            "ALTER INDEX ix_visits_page_new RENAME TO ix_visits_page",
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]
