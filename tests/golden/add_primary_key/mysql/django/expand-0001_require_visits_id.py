"""Require visits.id

Plan     make-visits-id-the-primary-key · expand · 1 of 2
Deploy   after the deploy whose code writes no two rows of visits with equal id, and no NULL there
Up       INPLACE, LOCK=NONE on visits while writing the table anew, 7–20 min: reads and writes go
         on, but queue at both ends, where it waits for open transactions, at most 2 s each time
Down     INPLACE, LOCK=NONE on visits while writing the table anew, 7–20 min: reads and writes go
         on, but queue at both ends, where it waits for open transactions, at most 2 s each time ·
         lossless
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
            ["SET SESSION lock_wait_timeout = 2"], reverse_sql=migrations.RunSQL.noop
        ),
        migrations.RunPython(check_rows, migrations.RunPython.noop, elidable=True),
        migrations.RunSQL(
            [
                "SET @sql_mode_before = @@SESSION.sql_mode",
                """
                    SET SESSION sql_mode = CONCAT(@@SESSION.sql_mode, ',STRICT_ALL_TABLES')
                """,
                """
                    ALTER TABLE visits MODIFY COLUMN id bigint NOT NULL, ALGORITHM=INPLACE, LOCK=NONE
                """,
                "SET SESSION sql_mode = @sql_mode_before",
            ],
            reverse_sql=[
                """
                    ALTER TABLE visits MODIFY COLUMN id bigint NULL DEFAULT NULL,
                        ALGORITHM=INPLACE,
                        LOCK=NONE
                """,
            ],
        ),
        # Operations are taken back last to first: this comes before the way back.
        migrations.RunSQL(
            migrations.RunSQL.noop, reverse_sql=["SET SESSION lock_wait_timeout = 2"]
        ),
    ]
