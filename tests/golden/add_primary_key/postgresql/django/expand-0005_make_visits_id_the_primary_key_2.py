"""Make visits (id) the primary key

Plan     make-visits-id-the-primary-key · expand · 4 of 4
Deploy   after the deploy whose code writes no two rows of visits with equal id, and no NULL there
Up       SHARE UPDATE EXCLUSIVE on visits while building, 1–7 min: reads and writes go on; then
         ACCESS EXCLUSIVE on visits, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on visits, < 10 ms, waits at most 2 s · lossless
File     2 of 2 of this migration
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("app", "0004_make_visits_id_the_primary_key_1"),
    ]

    operations = [
        migrations.RunSQL(
            "SET LOCAL lock_timeout = '2s'", reverse_sql=migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            """
                ALTER TABLE visits ADD CONSTRAINT visits_pkey PRIMARY KEY USING INDEX visits_pkey_idx
            """,
            reverse_sql="ALTER TABLE visits DROP CONSTRAINT visits_pkey",
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql="SET LOCAL lock_timeout = '2s'"
        ),
    ]
