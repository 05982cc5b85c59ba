"""Forbid new nulls in visits.id

Plan     make-visits-id-the-primary-key · expand · 1 of 4
Deploy   after the deploy whose code writes no two rows of visits with equal id, and no NULL there
Up       ACCESS EXCLUSIVE on visits, < 10 ms, waits at most 2 s
Down     ACCESS EXCLUSIVE on visits, < 10 ms, waits at most 2 s · lossless
"""

from django.db import migrations


def check_rows(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM visits WHERE id IS NULL LIMIT 5")
        if cursor.fetchone() is not None:
            raise RuntimeError(
                "visits.id still holds NULLs: fill them before it becomes required"
            )


class Migration(migrations.Migration):
    dependencies = []

    operations = [
        migrations.RunSQL(
            "SET LOCAL lock_timeout = '2s'", reverse_sql=migrations.RunSQL.noop
        ),
        migrations.RunPython(check_rows, migrations.RunPython.noop, elidable=True),
        migrations.RunSQL(
            """
                ALTER TABLE visits ADD CONSTRAINT visits_id_required CHECK (id IS NOT NULL) NOT VALID
            """,
            reverse_sql="ALTER TABLE visits DROP CONSTRAINT visits_id_required",
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql="SET LOCAL lock_timeout = '2s'"
        ),
    ]
